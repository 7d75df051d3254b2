"""Thinning the archive: old pages that nothing rests on go, whatever a report cites stays.

A segment is written anew without them, record by record as they lie, and takes the old one's place
only when it is whole; the database then points into the new one. Killed at any moment, every page
that stays can still be read: from the old file or from the new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from domain.settings import RetentionSettings
from pipeline.context import Context
from pipeline.record import on_record
from storage.archive import segments
from storage.archive_index import IndexEntry, index_path, make_index, read_index, write_index
from storage.database import reading
from storage.lock import writer_lock
from storage.retention import (
    ArchivedPage,
    archived_pages,
    evidence_pages,
    forget_archive,
    move_pages,
    newest_capture,
    pointed_at,
)
from storage.runs import ingested

#: A segment that would give back less than this share is left as it is.
_WORTH = 0.05
_REVISIT = "warc/revisit"
_ENDING = ".warc.gz"
_THINNED = "-gon"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thinned:
    """This is what retention did to one segment, or would do."""

    path: str
    records: int
    dropped: int
    bytes: int
    freed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """This is what retention did, or would do."""

    applied: bool
    #: Segments looked at; those too young are not.
    looked_at: int
    segments: tuple[Thinned, ...]

    @property
    def freed(self) -> int:
        """Bytes given back."""
        return sum(each.freed for each in self.segments)

    @property
    def dropped(self) -> int:
        """Records deleted."""
        return sum(each.dropped for each in self.segments)


def retain(context: Context, *, apply: bool) -> Retention:
    """Say what may go, and let it go if `apply`."""
    if not apply:
        return _retain(context, apply=False)
    with writer_lock(context.home):
        return _retain(context, apply=True)


def retain_on_record(context: Context, *, apply: bool) -> Retention:
    """Retention as a run of its own."""
    with on_record(context, "retention") as counts:
        done = _retain(context, apply=apply)
        counts |= {"applied": apply, "records": done.dropped, "bytes": done.freed}
    return done


def _retain(context: Context, *, apply: bool) -> Retention:
    settings, now = context.settings.retention, context.clock()
    with reading(context.engine) as connection:
        evidence = evidence_pages(connection)
    if apply:
        _sweep(context)
    done, looked_at = [], 0
    for path, pages in _old_segments(context, settings, now):
        looked_at += 1
        plan = _plan(path, pages, evidence, settings, now)
        thinned = _summary(context, path, plan)
        if thinned.freed < _WORTH * thinned.bytes:
            continue
        if apply:
            _thin(context, path, pages, plan, now)
        done.append(thinned)
    return Retention(applied=apply, looked_at=looked_at, segments=tuple(done))


def _old_segments(
    context: Context, settings: RetentionSettings, now: datetime
) -> Iterator[tuple[Path, list[ArchivedPage]]]:
    """Segments all of whose pages are old, and that were read to their end."""
    youngest = now - timedelta(days=min(settings.pages_days, settings.lists_days))
    paths = segments(context.archive_folder)
    with reading(context.engine) as connection:
        read = ingested(connection)
    for number, path in enumerate(paths):
        context.progress("Xem kho lưu trữ", number, len(paths))
        shown = _shown(context, path)
        with reading(context.engine) as connection:
            newest = newest_capture(connection, shown)
            if shown not in read or newest is None or newest > youngest:
                continue
            pages = archived_pages(connection, shown)
        yield path, pages


def _plan(
    path: Path,
    pages: Sequence[ArchivedPage],
    evidence: set[int],
    settings: RetentionSettings,
    now: datetime,
) -> tuple[list[IndexEntry], list[IndexEntry]]:
    """The records of a segment that stay, and those that go.

    A body is kept once for an address in a segment, so an address goes as a whole or not at all.
    """
    entries = read_index(path)
    if entries is None:
        make_index(path)
        entries = read_index(path) or []
    old = {
        "page": now - timedelta(days=settings.pages_days),
        **dict.fromkeys(("feed", "sitemap", "section"), now - timedelta(days=settings.lists_days)),
    }
    by_offset = {page.offset: page for page in pages}
    staying = {
        page.url
        for page in pages
        if page.id in evidence or page.kind not in old or page.fetched_at > old[page.kind]
    }
    keep: list[IndexEntry] = []
    drop: list[IndexEntry] = []
    for entry in entries:
        page = by_offset.get(entry.offset)
        # What the database does not know (a failure put down, robots.txt) is small and stays.
        goes = page is not None and page.kind in old and page.url not in staying
        (drop if goes else keep).append(entry)
    addresses = {entry.url for entry in keep if entry.mime == _REVISIT}
    back = [entry for entry in drop if entry.url in addresses]
    return sorted([*keep, *back], key=_place), [one for one in drop if one not in back]


def _place(entry: IndexEntry) -> int:
    return entry.offset


def _summary(
    context: Context, path: Path, plan: tuple[list[IndexEntry], list[IndexEntry]]
) -> Thinned:
    keep, drop = plan
    return Thinned(
        path=_shown(context, path),
        records=len(keep) + len(drop),
        dropped=len(drop),
        bytes=path.stat().st_size,
        freed=sum(entry.length for entry in drop),
    )


def _thin(
    context: Context,
    path: Path,
    pages: list[ArchivedPage],
    plan: tuple[list[IndexEntry], list[IndexEntry]],
    now: datetime,
) -> None:
    keep, _ = plan
    new_path = _new_name(path)
    places = _copy_records(path, new_path, keep) if keep else {}
    with context.engine.begin() as connection:
        move_pages(
            connection,
            pages,
            new_path=_shown(context, new_path),
            places=places,
            now=now,
        )
    _remove(context, path)


def _remove(context: Context, path: Path) -> None:
    index_path(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    with context.engine.begin() as connection:
        forget_archive(connection, _shown(context, path))


def _sweep(context: Context) -> None:
    """Finish what was cut off: files that were replaced already, rows of files that are gone."""
    inside = f"{_shown(context, context.archive_folder)}/"
    with reading(context.engine) as connection:
        read = {shown for shown in ingested(connection) if shown.startswith(inside)}
        idle = [shown for shown in sorted(read) if not pointed_at(connection, shown)]
    for shown in idle:
        path = context.home / shown
        replaced = _shown(context, _new_name(path)) in read
        if replaced or not path.exists() or _is_all_responses(path):
            _remove(context, path)


def _is_all_responses(path: Path) -> bool:
    entries = read_index(path) or []
    return bool(entries) and all(entry.status for entry in entries)


def _copy_records(path: Path, new_path: Path, keep: Sequence[IndexEntry]) -> dict[int, int]:
    """Write the records that stay, bit by bit as they are; their new places by the old ones."""
    aside = new_path.with_name(f"{new_path.name}.aside")
    places: dict[int, int] = {}
    entries = []
    with path.open("rb") as old, aside.open("wb") as new:
        for entry in keep:
            places[entry.offset] = new.tell()
            entries.append(replace(entry, offset=new.tell()))
            old.seek(entry.offset)
            new.write(old.read(entry.length))
        new.flush()
        os.fsync(new.fileno())
    write_index(new_path, entries)
    aside.replace(new_path)
    return places


def _new_name(path: Path) -> Path:
    """``….warc.gz`` -> ``…-gon.warc.gz``, then ``…-gon-gon.warc.gz``: sorted where it stood."""
    return path.with_name(f"{path.name.removesuffix(_ENDING)}{_THINNED}{_ENDING}")


def _shown(context: Context, path: Path) -> str:
    return path.relative_to(context.home).as_posix()
