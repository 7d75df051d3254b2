"""The stage that extracts: a page as archived -> an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.extract import extract as read_page
from domain.errors import SetAside
from domain.outlets import Outlet
from domain.records import RawPage
from storage.database import Connection
from storage.intake import Stored, from_page, mark_page_outcome, record_page, store_articles


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
    goes on counting by its line in the feed.
    """
    outcome, detail = fault
    if outcome == "ok":
        try:
            article = read_page(page, outlet=outlet)
        except SetAside as error:
            outcome, detail = "unreadable", str(error)
    page_id = record_page(connection, page, kind="page", outcome=outcome, detail=detail)
    if outcome != "ok":
        mark_page_outcome(connection, url, outcome)
        return Extracted(outcome=outcome, detail=detail)
    incoming = from_page(
        article, url, outlet_id=outlet.id, page_id=page_id, fetched_at=page.fetched_at
    )
    return Extracted(outcome=outcome, answers=store_articles(connection, [incoming]))
