"""A page read: it touches nothing but the bytes of that page, so it can be done in any process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.extract import extract as read_page
from crawlers.list_reading import wall_in
from domain.errors import SetAside
from domain.outlets import Outlet
from domain.records import ExtractedArticle, RawPage
from pipeline.orphans import leave_with_parent


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTask:
    """This is a page to be read: the canonical address its article is kept under, its outlet."""

    page: RawPage
    url: str
    outlet: Outlet
    #: What is wrong with the response itself, by name and in words; ``ok`` where nothing is.
    fault: tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """This is what one page said: an article, or the reason why there is none."""

    outcome: str
    detail: str = ""
    article: ExtractedArticle | None = None


def read(page: RawPage, outlet: Outlet, fault: tuple[str, str]) -> Reading:
    """Read a page, unless its response is at fault."""
    outcome, detail = fault
    if outcome != "ok":
        return Reading(outcome=outcome, detail=detail)
    try:
        return Reading(outcome=outcome, article=read_page(page, outlet=outlet))
    except SetAside as error:
        outcome, detail = set_aside(page, error)
        return Reading(outcome=outcome, detail=detail)


def set_aside(page: RawPage, refusal: SetAside) -> tuple[str, str]:
    """How a response that cannot be read is kept: behind a wall, or unreadable; and why."""
    wall = wall_in(page.body)
    return ("blocked", wall) if wall else ("unreadable", str(refusal))


#: The outlets of a reading process, by id; set once, when it starts.
_outlets: dict[str, Outlet] = {}


def begin(outlets: dict[str, Outlet]) -> None:
    """Begin a reading process, which is to know these outlets."""
    leave_with_parent()
    _outlets.update(outlets)


def read_known(asked: Sequence[tuple[RawPage, str, tuple[str, str]]]) -> list[Reading]:
    """Read pages of known outlets, each with its outlet's id and its response's fault."""
    return [read(page, _outlets[outlet_id], fault) for page, outlet_id, fault in asked]
