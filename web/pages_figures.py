"""The pages of figures: overview, agencies, areas, the map, and a figure opened to its rows."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from domain.codes import AREA_NAMES, Area
from domain.errors import UsageError
from domain.qualities import QUALITY_NAMES
from domain.validation import unknown
from measures.catalogue import CATALOGUE
from measures.cells import ABSENCE_NAMES, CellLine
from measures.month import NATIONWIDE
from web.agencies import listed, naming
from web.asking import AskedSpan, Span, asked_agency, asked_words
from web.charts import CHARTS, Chart, Telling, drawn, drawn_before, picture
from web.figures import STATE_NAMES, View, health_counts, opened_of, view_of
from web.pages_articles import NotFound
from web.tiles import tiles_of
from web.visits import SignedIn, Visit

router = APIRouter(include_in_schema=False)
_CELLS: Final = "complete.cells"
#: Figures whose rows are events, not articles.
_OF_EVENTS: Final = frozenset({"complete.events", "context.text_reuse"})
_ROWS_SHOWN: Final = 200


@router.get("/")
def overview(visit: SignedIn, span: AskedSpan) -> Response:
    """The profile of a period, what changed, what is missing, how sources stand."""
    view = view_of(visit.desk, span)
    return visit.page(
        "overview.html",
        **_common(visit, view),
        agencies=listed(visit.desk, span.period.end),
        health=health_counts(visit.desk),
        charts=_charts(visit, view, "weeks"),
        state_names=STATE_NAMES,
    )


def _common(visit: Visit, view: View) -> dict[str, Any]:
    span = view.span
    return {
        "view": view,
        "scope_name": _scope_name(visit, span),
        "titles": QUALITY_NAMES,
        "absences": ABSENCE_NAMES,
        "agency_name": naming(visit.desk, span.period.end),
        "search_query": span.query(focus="1" if span.agency else ""),
    }


def _scope_name(visit: Visit, span: Span) -> str:
    if not span.agency:
        return visit.say(NATIONWIDE)
    return naming(visit.desk, span.period.end)(span.agency)


@router.get("/figures/{figure_id}")
def figure(visit: SignedIn, span: AskedSpan, figure_id: str) -> Response:
    """A figure opened down to the rows that made it."""
    entry = CATALOGUE.get(figure_id)
    if entry is None:
        raise UsageError(unknown("số liệu", figure_id[:60], CATALOGUE))
    opened = opened_of(visit.desk, span)
    found = next(
        each
        for quality in opened.measured.qualities
        for each in quality.figures
        if each.id == figure_id
    )
    cells = events = None
    articles: Sequence[Any] = ()
    rows_of = len(found.rows)
    shown = found.rows[:_ROWS_SHOWN]
    if figure_id == _CELLS:
        cells, rows_of = opened.cells[:_ROWS_SHOWN], len(opened.cells)
    elif figure_id.startswith("timely.") or figure_id in _OF_EVENTS:
        events = [opened.events[row] for row in shown if row in opened.events]
    else:
        articles = [opened.articles[row] for row in shown if row in opened.articles]
    return visit.page(
        "figure.html",
        span=span,
        name=entry.name,
        figure=found,
        definition=inspect.getdoc(entry.measure) or "",
        scope_name=_scope_name(visit, span),
        rows_of=rows_of,
        limit=_ROWS_SHOWN,
        cells=cells,
        events=events,
        articles=articles,
        absences=ABSENCE_NAMES,
        agency_name=naming(visit.desk, span.period.end),
    )


@router.get("/agencies")
def agencies(visit: SignedIn, span: AskedSpan) -> Response:
    """Every ministry and province by area: stories, a true 0, or not known."""
    desk = visit.desk
    view = view_of(desk, _of_country(span))
    cells = _cells(view)
    day = span.period.end
    groups = [
        (visit.say(title), [_agency_row(each, cells, view) for each in found])
        for title, found in (
            ("Bộ, cơ quan ngang bộ", desk.register.ministries(day)),
            ("Tỉnh, thành phố", desk.register.provinces(day)),
        )
    ]
    return visit.page(
        "agencies.html",
        view=view,
        groups=groups,
        most=max((cell.stories for cell in cells.values()), default=0),
    )


def _of_country(span: Span) -> Span:
    return Span(period=span.period, agency="", area=span.area)


def _cells(view: View) -> dict[tuple[str, Area], CellLine]:
    return {(cell.agency, cell.area): cell for cell in view.cells}


def _agency_row(agency: Any, cells: dict[tuple[str, Area], CellLine], view: View) -> Any:
    return agency, [cells.get((agency.id, area)) for area in Area], view.by_agency.get(agency.id, 0)


@router.get("/agencies/{agency_id}")
def agency(visit: SignedIn, span: AskedSpan, agency_id: str) -> Response:
    """One agency: stories, who was first, what was released and not carried, gaps, weeks."""
    desk = visit.desk
    found = desk.register.get(asked_agency(desk, agency_id), span.period.end)
    view = view_of(desk, _with_words(visit, span, agency=found.id, area=span.area))
    return visit.page(
        "agency.html",
        **_common(visit, view),
        **_weeks(visit, view),
        charts=_charts(visit, view, "weeks", "arrivals", "tones"),
        agency=found,
        predecessors=desk.register.predecessors(found.id),
    )


def _with_words(visit: Visit, span: Span, *, agency: str, area: Area | None) -> Span:
    """The same days, with the words that articles are to have."""
    words = asked_words(visit.request.query_params)
    return Span(period=span.period, agency=agency, area=area, words=words)


def _weeks(visit: Visit, view: View) -> dict[str, Any]:
    rows = [
        (
            visit.say(AREA_NAMES[area]),
            f"/areas/{area}?{view.span.query(area='', agency='')}",
            view.by_week[area],
        )
        for area in Area
    ]
    return {
        "week_rows": rows,
        "week_names": [f"{week:%d/%m}" for week in view.weeks],
        "most": max((count or 0 for row in view.by_week.values() for count in row), default=0),
    }


@router.get("/areas")
def areas(visit: SignedIn, span: AskedSpan) -> Response:
    """Every area, week by week."""
    view = view_of(visit.desk, Span(period=span.period, agency="", area=None))
    return visit.page("areas.html", view=view, **_weeks(visit, view))


@router.get("/areas/{code}")
def area(visit: SignedIn, span: AskedSpan, code: str) -> Response:
    """One area: who is written about most, who was first, the stories."""
    if code not in set(Area):
        raise UsageError(unknown("lĩnh vực", code[:40], Area))
    view = view_of(visit.desk, _with_words(visit, span, agency="", area=Area(code)))
    most = sorted(view.by_agency.items(), key=lambda item: (-item[1], item[0]))[:15]
    return visit.page(
        "area.html",
        **_common(visit, view),
        charts=_charts(visit, view, "weeks"),
        agencies_most=most,
    )


@router.get("/map")
def province_map(visit: SignedIn, span: AskedSpan) -> Response:
    """The provinces of the period's last day as tiles, coloured by their stories."""
    desk, country = visit.desk, _of_country(span)
    provinces = desk.register.provinces(span.period.end)
    view = view_of(desk, country)
    tiles = tiles_of(provinces, view.by_agency, _cells(view), country.area)
    return visit.page(
        "map.html",
        span=country,
        units=len(provinces),
        tiles=tiles,
        width=1 + max((tile.column for tile in tiles), default=0),
        height=1 + max((tile.row for tile in tiles), default=0),
    )


@router.get("/charts/{name}.svg")
def chart_file(visit: SignedIn, span: AskedSpan, name: str) -> Response:
    """A chart as a picture of its own, for a page without scripts."""
    found = _asked_chart(visit, span, name)
    return Response(picture(visit.desk, found), media_type="image/svg+xml")


@router.get("/charts/{name}")
def chart(visit: SignedIn, span: AskedSpan, name: str) -> Response:
    """A chart as part of a page, which asks for it once it is shown."""
    return HTMLResponse(drawn(visit.desk, _asked_chart(visit, span, name)))


def _asked_chart(visit: Visit, span: Span, name: str) -> Chart:
    if name not in CHARTS:
        raise NotFound(unknown("biểu đồ", name[:40], CHARTS))
    found = CHARTS[name](view_of(visit.desk, span), _telling(visit))
    if found is None:
        raise NotFound("Kỳ này không đủ số liệu để vẽ biểu đồ.")
    return found


def _charts(visit: Visit, view: View, *names: str) -> list[tuple[Chart, Markup | None]]:
    """The charts of a page that have something to show, with those that were drawn before."""
    made = (CHARTS[name](view, _telling(visit)) for name in names)
    return [(each, drawn_before(visit.desk, each)) for each in made if each is not None]


def _telling(visit: Visit) -> Telling:
    filters = visit.desk.templates[visit.language].filters
    return Telling(say=visit.say, number=filters["number"], percent=filters["percent"])
