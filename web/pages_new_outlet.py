"""Adding an outlet: a form that becomes a declaration of the operator's own."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from domain.codes import Level, SourceKind
from domain.errors import DiembaoError, UsageError
from pipeline.own_outlets import NewOutlet, checked_outlet, keep_outlet
from web.agencies import listed, today
from web.languages import NAMES
from web.visits import Administrator, Posted, Visit, back

router = APIRouter(include_in_schema=False)
LEVEL_NAMES: Final = {Level.NATIONAL: "cả nước", Level.PROVINCIAL: "một tỉnh, thành phố"}
SOURCE_NAMES: Final = {
    SourceKind.FEED: "nguồn tin RSS",
    SourceKind.SITEMAP: "sơ đồ tin (sitemap)",
    SourceKind.SECTION: "trang chuyên mục",
}
#: Fields of the form, each with the most letters that it takes.
FIELDS: Final = {
    "name": 200, "id": 60, "kind": 40, "level": 20, "province": 60, "agency": 80,
    "governing_body": 200, "domain": 200,
    "url1": 500, "kind1": 20, "url2": 500, "kind2": 20, "url3": 500, "kind3": 20,
}  # fmt: skip
_LISTS: Final = (1, 2, 3)


@router.get("/outlets/new")
def new_outlet(visit: Administrator) -> Response:
    """The form to declare an outlet."""
    return _form(visit, {name: "" for name in FIELDS})


def _form(visit: Visit, given: dict[str, str], problem: str = "", *, status: int = 200) -> Response:
    desk = visit.desk
    day = today(desk)
    return visit.page(
        "outlet_new.html",
        status=status,
        given=given,
        problems=problem.splitlines(),
        kinds=NAMES["kind"],
        levels=LEVEL_NAMES,
        provinces=desk.register.provinces(day),
        agencies=listed(desk, day),
        source_kinds=SOURCE_NAMES,
        lists=_LISTS,
    )


@router.post("/outlets/new")
def add_outlet(visit: Administrator, form: Posted) -> Response:
    """Keep a declaration that passes the rules of the shipped ones; it is crawled from then on."""
    given = {name: str(form.get(name, "")).strip()[:most] for name, most in FIELDS.items()}
    told = NewOutlet(
        **{name: given[name] for name in FIELDS if not name[-1].isdigit()},
        sources=tuple(
            (given[f"url{n}"], given[f"kind{n}"] or SourceKind.FEED)
            for n in _LISTS
            if given[f"url{n}"]
        ),
    )
    context = visit.desk.context
    try:
        checked = checked_outlet(context, visit.desk.register, told)
        outlet_id = checked.outlet.id
        with context.engine.begin() as connection:
            visit.note(connection, "outlet add", object_=outlet_id, detail=f"{outlet_id}.toml")
            # Last: a line without its file is taken back, a file without its line would stay.
            keep_outlet(context, checked)
    except UsageError as error:
        return _form(visit, given, visit.say(str(error)), status=400)
    except DiembaoError as error:
        return _form(visit, given, visit.say(str(error)), status=503)
    return back(f"/outlets?added={outlet_id}")
