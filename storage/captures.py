"""Captures: every response that was read, and every try that none answered, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.records import RawPage
from storage.links import chunks
from storage.tables import pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """This is a response, or a try without one, and what came of reading it."""

    page: RawPage
    #: A kind of list, ``page``, or ``try`` where no response came.
    kind: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """This is a capture on record: its number, and whether it was not on record before."""

    id: int
    fresh: bool


def record_page(
    connection: Connection, page: RawPage, *, kind: str, outcome: str, detail: str = ""
) -> Kept:
    """Keep a capture; the same capture read again keeps its number.

    A try that no response answered is kept too, with status 0 and no digest.
    """
    capture = Capture(page=page, kind=kind, outcome=outcome, detail=detail)
    return record_pages(connection, [capture])[0]


def record_pages(connection: Connection, captures: Sequence[Capture]) -> list[Kept]:
    """Keep captures; the answers stand in the order given."""
    held = _on_record(connection, captures)
    fresh = {key: each for each in captures if (key := _key(each)) not in held}
    made: dict[tuple[str, datetime, str], int] = {}
    if fresh:
        numbers = connection.scalars(
            insert(pages).returning(pages.c.id, sort_by_parameter_order=True),
            [_row(each) for each in fresh.values()],
        )
        made = dict(zip(fresh, numbers, strict=True))
    kept: list[Kept] = []
    for key in map(_key, captures):
        kept.append(Kept(id=held[key] if key in held else made[key], fresh=key not in held))
        held.setdefault(key, kept[-1].id)
    return kept


def _key(capture: Capture) -> tuple[str, datetime, str]:
    page = capture.page
    assert page.archive is not None, "a page is archived before anything reads it"
    # Moments are kept as whole seconds.
    return page.url, page.fetched_at.replace(microsecond=0), page.archive.sha256


def _on_record(
    connection: Connection, captures: Sequence[Capture]
) -> dict[tuple[str, datetime, str], int]:
    moments = [each.page.fetched_at for each in captures]
    held: dict[tuple[str, datetime, str], int] = {}
    for urls in chunks(sorted({each.page.url for each in captures})):
        rows = connection.execute(
            select(pages.c.url, pages.c.fetched_at, pages.c.sha256, pages.c.id).where(
                pages.c.url.in_(urls),
                pages.c.fetched_at >= min(moments),
                pages.c.fetched_at <= max(moments),
            )
        )
        held.update(((row.url, row.fetched_at, row.sha256), row.id) for row in rows)
    return held


def _row(capture: Capture) -> dict[str, object]:
    page = capture.page
    assert page.archive is not None
    return {
        "url": page.url,
        "fetched_at": page.fetched_at,
        "status": page.status,
        "kind": capture.kind,
        "outcome": capture.outcome,
        "detail": capture.detail,
        "archive_path": page.archive.path,
        "archive_offset": page.archive.offset,
        "sha256": page.archive.sha256,
    }
