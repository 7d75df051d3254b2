"""The JSON API: the same questions as the command, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from domain.errors import UsageError
from measures.catalogue import CATALOGUE
from reports.profile import profile_json
from storage.article_pages import article_text, story_texts_of
from storage.database import reading
from storage.search import Question
from storage.search_page import search_counts, search_page
from web.api_doors import ApiProblem, ApiRefusal, Exporting, Measuring, Reading
from web.api_forms import (
    ApiAgencies,
    ApiArticlePage,
    ApiArticleWhole,
    ApiOutlets,
    ApiStory,
    agency_of,
    article_of_hit,
    article_of_text,
    outlet_of,
    placement_of,
)
from web.asking import Span, asked_agency, asked_area, asked_day, checked_period
from web.desk import Desk
from web.figures import healths, view_of
from web.pages_search import asked_place, asked_question

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ApiProblem, "description": "The question cannot be meant"},
    401: {"model": ApiProblem, "description": "No key, or one that is not known"},
    403: {"model": ApiProblem, "description": "The key may not ask this"},
    429: {"model": ApiProblem, "description": "Asked too often; see Retry-After"},
}
_MISSING: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": ApiProblem, "description": "There is no such thing"}
}
router = APIRouter(prefix="/api/v1", responses=_PROBLEMS)
_STREAMED: Final = 1_000
#: Numbers of rows: what a database and JSON both hold.
_Number = Annotated[int, Path(ge=0, lt=2**53)]
_Words = Annotated[str, Query(max_length=300, description="words; a phrase in double quotes")]
_Agency = Annotated[str, Query(max_length=80, description="an agency that is named, e.g. BNV")]
_Area = Annotated[str, Query(max_length=40, description="a reform area, e.g. thu_tuc")]
_Outlet = Annotated[str, Query(max_length=64, description="an outlet")]
_Since = Annotated[str, Query(alias="from", max_length=10, description="first day, 2026-07-01")]
_Until = Annotated[str, Query(alias="to", max_length=10, description="last day, 2026-07-31")]
_Relevant = Annotated[bool, Query(description="only articles on administrative reform")]
_Before = Annotated[str, Query(max_length=18, description="`next` of the page before")]
_Limit = Annotated[int, Query(ge=1, le=200, description="articles on a page")]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """This is what every question to articles can be narrowed by."""

    q: _Words = ""
    agency: _Agency = ""
    area: _Area = ""
    outlet: _Outlet = ""
    since: _Since = ""
    until: _Until = ""
    relevant: _Relevant = False

    def question(self, desk: Desk) -> Question:
        """The question as the store takes it; a `UsageError` where it cannot be meant."""
        asked = {
            "q": self.q, "agency": self.agency, "area": self.area, "outlet": self.outlet,
            "from": self.since, "to": self.until,
        }  # fmt: skip
        return asked_question(desk, asked, relevant_only=self.relevant)


_Question = Annotated[_Asked, Depends()]


@router.get("/articles", response_model=ApiArticlePage, tags=["articles"])
def articles(
    call: Reading,
    asked: _Question,
    before: _Before = "",
    limit: _Limit = 50,
) -> Response:
    """Articles that answer a question, the newest first, a page at a time."""
    desk = call.desk
    question = asked.question(desk)
    with reading(desk.context.engine) as connection:
        page = search_page(
            connection, question, limit=limit, before=asked_place({"before": before})
        )
    return call.answer(
        ApiArticlePage(
            articles=[article_of_hit(hit) for hit in page.hits],
            next=str(page.next_before) if page.next_before is not None else None,
        )
    )


@router.get("/articles/count", tags=["articles"])
def count(
    call: Reading,
    asked: _Question,
) -> Response:
    """How many articles answer a question; counting stops at 5,000 and says so."""
    desk = call.desk
    question = asked.question(desk)
    with reading(desk.context.engine) as connection:
        found = search_counts(connection, question)
    return call.answer(
        {
            "total": found.total,
            "is_more": found.is_more,
            "sampled": found.sampled,
            "topics": dict(found.areas),
            "agencies": dict(found.agencies),
            "outlets": dict(found.outlets),
        }
    )


@router.get("/export/articles.ndjson", tags=["articles"], response_class=StreamingResponse)
def export_articles(
    call: Exporting,
    asked: _Question,
) -> Response:
    """Every article that answers a question, one JSON object a line, the newest first."""
    desk = call.desk
    question = asked.question(desk)
    with reading(desk.context.engine) as connection:
        search_page(connection, question, limit=1)  # a bad question is told before the first byte
    desk.note(
        f"key {call.key.name}", "export", address=call.address, detail=call.request.url.query[:500]
    )
    return StreamingResponse(
        _lines(desk, question), media_type="application/x-ndjson", headers=call.headers()
    )


def _lines(desk: Desk, question: Question) -> Iterator[str]:
    before = None
    while True:
        with reading(desk.context.engine) as connection:
            page = search_page(connection, question, limit=_STREAMED, before=before)
        yield "".join(f"{article_of_hit(hit).model_dump_json()}\n" for hit in page.hits)
        before = page.next_before
        if before is None:
            return


@router.get(
    "/articles/{number}", response_model=ApiArticleWhole, responses=_MISSING, tags=["articles"]
)
def article(call: Reading, number: _Number) -> Response:
    """One article with its text and tags."""
    with reading(call.desk.context.engine) as connection:
        found = article_text(connection, number)
    if found is None:
        raise ApiRefusal(404, "not_found", f"Không có bài số {number}.", call.headers())
    return call.answer(article_of_text(found))


@router.get("/stories/{number}", response_model=ApiStory, responses=_MISSING, tags=["articles"])
def story(call: Reading, number: _Number) -> Response:
    """One story with its placements."""
    with reading(call.desk.context.engine) as connection:
        texts = story_texts_of(connection, number)
    if not texts:
        raise ApiRefusal(404, "not_found", f"Không có câu chuyện số {number}.", call.headers())
    original = next((text for text in texts if text.is_original), texts[0])
    return call.answer(
        ApiStory(
            id=number,
            original=original.id,
            outlets=len({text.outlet_id for text in texts}),
            placements=[placement_of(text) for text in texts],
        )
    )


@router.get("/measure", tags=["figures"])
def measure(
    call: Measuring,
    since: Annotated[str, Query(alias="from", max_length=10, description="first day")],
    until: Annotated[str, Query(alias="to", max_length=10, description="last day")],
    agency: _Agency = "",
    area: _Area = "",
) -> Response:
    """The profile of a period, as `diembao measure --json` writes it."""
    first, last = asked_day(since), asked_day(until)
    if first is None or last is None:
        raise UsageError("Cần cả ngày đầu (from) và ngày cuối (to).")
    span = Span(
        period=checked_period(first, last),
        agency=asked_agency(call.desk, agency),
        area=asked_area(area),
    )
    definitions = {each.id: each.definition for each in CATALOGUE.values()}
    return call.answer(profile_json(view_of(call.desk, span).measured, definitions))


@router.get("/agencies", response_model=ApiAgencies, tags=["registers"])
def agencies(call: Reading) -> Response:
    """The register of agencies, one line a span of validity."""
    register = call.desk.register
    return call.answer(
        ApiAgencies(version=register.version, agencies=[agency_of(each) for each in register.all()])
    )


@router.get("/outlets", response_model=ApiOutlets, tags=["registers"])
def outlets(call: Reading) -> Response:
    """The watched outlets and how each stands."""
    states = {health.outlet_id: health.state for health in healths(call.desk)}
    return call.answer(
        ApiOutlets(
            outlets=[outlet_of(outlet, states[outlet.id]) for outlet in call.desk.context.outlets]
        )
    )
