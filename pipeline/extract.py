"""The stage that extracts: a page as archived -> an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.extract import extract as read_page
from crawlers.list_reading import wall_in
from domain.errors import SetAside
from domain.outlets import Outlet
from domain.records import RawPage
from storage.captures import record_page
from storage.database import Connection
from storage.incoming import from_page
from storage.intake import Stored, store_articles
from storage.links import mark_try


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """This is what one page gave."""

    outcome: str
    detail: str = ""
    answers: Sequence[Stored] = ()


def extract(
    connection: Connection, page: RawPage, url: str, *, outlet: Outlet, fault: tuple[str, str]
) -> Extracted:
    """Read a page and store its article under the canonical address `url`.

    A page that cannot be read leaves its reason on the capture and on the listed article, which
    goes on counting by its line in the feed, or on the link.
    """
    outcome, detail = fault
    if outcome == "ok":
        try:
            article = read_page(page, outlet=outlet)
        except SetAside as error:
            outcome, detail = set_aside(page, error)
    if outcome != "ok":
        keep_try(connection, page, url, kind="page", outcome=outcome, detail=detail)
        return Extracted(outcome=outcome, detail=detail)
    kept = record_page(connection, page, kind="page", outcome=outcome)
    incoming = from_page(
        article, url, outlet_id=outlet.id, page_id=kept.id, fetched_at=page.fetched_at
    )
    return Extracted(outcome=outcome, answers=store_articles(connection, [incoming]))


def set_aside(page: RawPage, refusal: SetAside) -> tuple[str, str]:
    """How a response that cannot be read is kept: behind a wall, or unreadable; and why."""
    wall = wall_in(page.body)
    return ("blocked", wall) if wall else ("unreadable", str(refusal))


def keep_try(
    connection: Connection, page: RawPage, url: str, *, kind: str, outcome: str, detail: str
) -> None:
    """Keep a page that was asked for in vain; one that is on record already changes nothing."""
    kept = record_page(connection, page, kind=kind, outcome=outcome, detail=detail)
    if kept.fresh:
        mark_try(connection, url, at=page.fetched_at, outcome=outcome, asked=page.url)
