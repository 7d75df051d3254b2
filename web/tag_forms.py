"""What a person says of an article's tags in a form: read, and held against what stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from starlette.datastructures import FormData

from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, UNKNOWN, Area, Role
from domain.errors import UsageError
from domain.review import Verdict
from domain.validation import unknown
from storage.article_pages import ArticleText

#: Fields that have one code, with the codes.
CODES: Final[Mapping[str, Sequence[str]]] = {
    "form": (*FORMS, UNKNOWN),
    "tone": (*TONES, UNKNOWN),
    "audience": (*AUDIENCES, UNKNOWN),
    "aspect": (*ASPECTS, UNKNOWN),
}
FIELD_NAMES: Final = {
    "relevant": "Về cải cách hành chính",
    "areas": "Lĩnh vực",
    "agencies": "Cơ quan",
    "form": "Thể loại",
    "tone": "Sắc thái",
    "audience": "Đối tượng",
    "aspect": "Khía cạnh",
    "story": "Thuộc câu chuyện",
    "original": "Bản gốc",
}
LONGEST_REASON: Final = 500
_AGENCY: Final = "agency:"


def verdict_of(article: ArticleText) -> Verdict:
    """The tags that stand."""
    return Verdict(
        relevant=article.relevant,
        areas=article.areas,
        agencies=dict(article.agencies),
        form=article.form,
        tone=article.tone,
        audience=article.audience,
        aspect=article.aspect,
    )


def read_verdict(form: FormData, standing: Verdict, *, is_agency: Callable[[str], bool]) -> Verdict:
    """The tags as the form gives them; a code that is not known is a `UsageError`."""
    relevant = form.get("relevant") == "1"
    areas = tuple(_area(str(code)) for code in form.getlist("areas")) if relevant else ()
    codes = {field: _code(field, str(form.get(field, ""))) for field in CODES}
    return Verdict(
        relevant=relevant,
        areas=tuple(area for area in Area if area in areas),
        agencies=_agencies(form, standing.agencies, is_agency),
        **codes,
    )


def _area(code: str) -> Area:
    if code not in set(Area):
        raise UsageError(unknown("lĩnh vực", code[:40], Area))
    return Area(code)


def _code(field: str, code: str) -> str:
    if code not in CODES[field]:
        raise UsageError(unknown(FIELD_NAMES[field].lower(), code[:40], CODES[field]))
    return code


def _agencies(
    form: FormData, standing: Mapping[str, Role], is_agency: Callable[[str], bool]
) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for agency, role in standing.items():
        said = form.get(f"{_AGENCY}{agency}")
        if said is None:  # not asked in this form: it stays as it is
            found[agency] = role
        elif said:
            found[agency] = _role(str(said))
    if added := str(form.get("add_agency", "")):
        if not is_agency(added):
            raise UsageError(unknown("cơ quan", added[:80], ()))
        found[added] = _role(str(form.get("add_role", Role.FOCUS)))
    return found


def _role(code: str) -> Role:
    if code not in set(Role):
        raise UsageError(unknown("vai trò", code[:40], Role))
    return Role(code)


def changes(before: Verdict, after: Verdict) -> dict[str, Any]:
    """The fields that were said anew, as corrections keep them."""
    old, new = before.as_json(), after.as_json()
    return {field: value for field, value in new.items() if value != old[field]}


def check_whole(verdict: Verdict) -> None:
    """A relevant article without an area counts nowhere: that is a `UsageError`."""
    if verdict.relevant and not verdict.areas:
        raise UsageError("Bài về cải cách hành chính cần ít nhất một lĩnh vực.")
