"""The search page: words, filters with counts, pages, and searches kept under a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from domain.errors import UsageError
from domain.validation import unknown
from storage.api_keys import forget_search, save_search, saved_of
from storage.database import beside_writers, reading
from storage.search import Question
from storage.search_page import SearchCounts, SearchPage, search_first, search_page
from web.agencies import listed, naming, today
from web.asking import LONGEST_WORDS, asked_agency, asked_area, asked_day
from web.desk import Desk
from web.languages import NAMES
from web.passages import asked_phrases, found_spans, marked
from web.visits import Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
_HITS: Final = 20
_FACETS: Final = 12
_KEPT: Final = ("q", "agency", "area", "outlet", "from", "to", "focus", "all", "before")
_NUMBER: Final = re.compile(r"\d{1,18}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """This is one page of a search with the counts beside it."""

    page: SearchPage
    counts: SearchCounts


def asked_question(desk: Desk, asked: Mapping[str, str], *, relevant_only: bool) -> Question:
    """What an address asks the search; what cannot be meant is a `UsageError`."""
    outlet = asked.get("outlet", "")
    outlets = desk.context.outlets
    if outlet and outlet not in outlets:
        raise UsageError(unknown("cơ quan báo chí", outlet[:60], (each.id for each in outlets)))
    since, until = asked_day(asked.get("from", "")), asked_day(asked.get("to", ""))
    if since and until and until < since:
        raise UsageError("Ngày cuối ở trước ngày đầu. Đổi chỗ hai ngày.")
    return Question(
        words=asked.get("q", "")[:LONGEST_WORDS],
        agency=asked_agency(desk, asked.get("agency", "")),
        focus_only=asked.get("focus") == "1",
        area=asked_area(asked.get("area", "")),
        outlet=outlet,
        since=since,
        until=until,
        relevant_only=relevant_only,
    )


def asked_place(asked: Mapping[str, str]) -> int | None:
    """The place in time to go on from; None for the newest."""
    written = asked.get("before", "")
    if not written:
        return None
    if not _NUMBER.fullmatch(written) or not written.isascii():
        raise UsageError("Chỗ tiếp theo (before) không đúng; lấy từ trang trước.")
    return int(written)


@router.get("/search")
def search(visit: SignedIn) -> Response:
    """The newest articles that answer, with filters that say how many each would leave."""
    desk = visit.desk
    asked = visit.request.query_params
    problem, found = "", None
    question = Question(relevant_only=True)
    try:
        question = asked_question(desk, asked, relevant_only=asked.get("all") != "1")
        found = _found(desk, question, asked_place(asked))
    except UsageError as error:
        problem = visit.say(str(error))
    with reading(desk.context.engine) as connection:
        saved = saved_of(connection, visit.person.id)
    return visit.page(
        "search.html",
        status=400 if problem else 200,
        asked_for=question,
        problem=problem,
        page=found.page if found else None,
        counts=found.counts if found else None,
        before=asked.get("before", ""),
        facets=_facets(visit, question, found.counts) if found else (),
        saved=saved,
        mark=_marking(question.words, found.page if found else None),
        query=_query(visit.request),
        agency_query=_agency_query(visit.request),
        agencies=listed(desk, question.until or today(desk)),
        outlets=sorted(desk.context.outlets, key=lambda outlet: outlet.name),
        agency_name=naming(desk, question.until),
    )


def _found(desk: Desk, question: Question, before: int | None) -> Found:
    def first() -> Found:
        with reading(desk.context.engine) as connection:
            page, counts = search_first(connection, question, limit=_HITS)
        return Found(page=page, counts=counts)

    def later() -> SearchPage:
        with reading(desk.context.engine) as connection:
            return search_page(connection, question, limit=_HITS, before=before)

    version = desk.version()
    found = desk.searches.get(("search", version, question), first)
    if before is None:
        return found
    page = desk.searches.get(("search", version, question, before), later)
    return Found(page=page, counts=found.counts)


def _marking(words: str, page: SearchPage | None) -> Callable[[str], Markup]:
    among = "\n".join(f"{hit.headline}\n{hit.description}" for hit in (page.hits if page else ()))
    phrases = asked_phrases(words, among)
    return lambda text: marked(text, found_spans(text, phrases))


def _query(request: Request) -> Callable[..., str]:
    """The question as part of an address, with some of it changed; None leaves a part out."""
    standing = {key: value for key, value in request.query_params.items() if key in _KEPT and value}

    def query(**changed: Any) -> str:
        return urlencode(
            {key: value for key, value in (standing | changed).items() if value is not None}
        )

    return query


def _agency_query(request: Request) -> str:
    """What the page of an agency is asked for the same: days, area and words."""
    asked = request.query_params
    return urlencode({key: asked[key] for key in ("q", "area", "from", "to") if asked.get(key)})


def _facets(visit: Visit, question: Question, counts: SearchCounts) -> list[Any]:
    desk = visit.desk
    agency = naming(desk, question.until)
    outlets = desk.context.outlets
    areas = NAMES["area"]
    return [
        (
            visit.say("Lĩnh vực"), "area",
            _rows(counts.areas, lambda code: visit.say(areas[code]), question.area or ""),
        ),
        (visit.say("Cơ quan"), "agency", _rows(counts.agencies, agency, question.agency)),
        (
            visit.say("Nơi đăng"), "outlet",
            _rows(
                counts.outlets,
                lambda code: outlets[code].name if code in outlets else code,
                question.outlet,
            ),
        ),
    ]  # fmt: skip


def _rows(counts: Mapping[str, int], name: Callable[[str], str], chosen: str) -> list[Any]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FACETS]
    return [(code, name(code), count, code == chosen) for code, count in ranked]


@router.post("/search/save")
def save(visit: SignedIn, form: Posted) -> Response:
    """Keep a search under a name."""
    name = str(form.get("name", "")).strip()[:80]
    query = str(form.get("query", ""))[:1_000]
    if not name:
        raise UsageError("Ghi tên cho câu tìm.")
    with beside_writers(visit.desk.context.engine) as connection:
        save_search(
            connection, visit.person.id, name=name, query=query, now=visit.desk.context.clock()
        )
    return back(f"/search?{query}")


@router.post("/search/forget")
def forget(visit: SignedIn, form: Posted) -> Response:
    """Drop a search that was kept."""
    written = str(form.get("id", ""))
    if _NUMBER.fullmatch(written) and written.isascii():
        with beside_writers(visit.desk.context.engine) as connection:
            forget_search(connection, visit.person.id, int(written))
    return back("/search")
