"""The archive's segments, read as they grow and again when they are whole.

What a segment holds is stored while its writer goes on; only a whole segment is marked as read. A
run that is killed in between reads the segment anew: what was stored is found there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawlers.archive_reading import read_archive
from domain.errors import ArchiveError
from pipeline.context import Context
from pipeline.ingest import Ingestion
from storage.archive import PART, adopt, left_open, segments
from storage.database import reading
from storage.runs import ingested, mark_ingested


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """This is how far a segment was read: the next record's start, and the responses before it."""

    offset: int = 0
    responses: int = 0


class Segments:
    """This reads the segments of one installation, each response once."""

    def __init__(self, context: Context, ingestion: Ingestion) -> None:
        self._context = context
        self._ingestion = ingestion
        self._places: dict[str, _Place] = {}

    def read_new(self) -> None:
        """Store what came since the last time, in whole segments and in the one being written."""
        self.read_whole()
        for part in left_open(self._context.archive_folder):
            try:
                self._read(part)
            except FileNotFoundError:
                return  # whole by now, and read under its name the next time

    def read_whole(self) -> None:
        """Store what whole segments hold and was not stored yet."""
        with reading(self._context.engine) as connection:
            done = ingested(connection)
        for path in segments(self._context.archive_folder):
            shown = self._shown(path)
            if shown in done:
                continue
            responses = self._read_to_the_end(path)
            with self._context.engine.begin() as connection:
                mark_ingested(connection, shown, responses, self._context.clock())

    def recover(self) -> None:
        """Store whatever lies in the archive unread, segments of a killed crawl included."""
        for part in left_open(self._context.archive_folder):
            adopt(part, whole_bytes=_whole_bytes(part))
        self.read_whole()

    def _read(self, path: Path) -> None:
        shown = self._shown(path)
        place = self._places.get(shown, _Place())
        responses, offset = self._ingestion.growing(path, shown, place.offset)
        self._places[shown] = _Place(offset=offset, responses=place.responses + responses)

    def _read_to_the_end(self, path: Path) -> int:
        shown = self._shown(path)
        place = self._places.pop(shown, _Place())
        return place.responses + self._ingestion.file(path, shown, offset=place.offset)

    def _shown(self, path: Path) -> str:
        """The name under which a segment is on record, whether it is whole by now or not."""
        return path.relative_to(self._context.home).as_posix().removesuffix(PART)


def _whole_bytes(part: Path) -> int:
    """Where the last whole record of a segment left open ends."""
    records = read_archive(part)
    try:
        for _ in records:
            pass
    except ArchiveError:
        return records.offset
    return part.stat().st_size
