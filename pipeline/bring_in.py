"""Bringing in articles kept elsewhere, so that past months can be measured too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import UsageError
from domain.outlets import OutletBook
from domain.validation import unknown
from pipeline.article_file import read_article_file
from pipeline.context import Context
from pipeline.record import on_record
from pipeline.row_files import RowError
from storage.declared import register_outlet
from storage.imports import Imported, store_imported

#: Articles between two commits.
_BATCH = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class BroughtIn:
    """This is what bringing a file in did."""

    stored: Imported
    errors: tuple[RowError, ...]
    #: Headings of columns that were not used.
    unused: tuple[str, ...]
    #: Rows that tell an article once more, and which row tells it first.
    repeated: tuple[str, ...] = ()


def bring_in(
    context: Context,
    outlets: OutletBook,
    path: Path,
    *,
    outlet: str = "",
    told: Mapping[str, str],
) -> BroughtIn:
    """Store the articles of a file; `outlets` are all that are declared, watched or not."""
    if outlet and outlet not in outlets:
        raise UsageError(unknown("cơ quan báo chí", outlet, (each.id for each in outlets)))
    file = read_article_file(path, outlets, outlet=outlet, told=told, now=context.clock())
    stored = Imported()
    with on_record(context, "import") as counts:
        for start in range(0, len(file.articles), _BATCH):
            batch = file.articles[start : start + _BATCH]
            with context.engine.begin() as connection:
                for outlet_id in sorted({each.outlet_id for each in batch}):
                    register_outlet(connection, outlets[outlet_id])
                stored += store_imported(connection, batch)
            context.progress("Nhập bài", start + len(batch), len(file.articles))
        counts |= {"new": stored.new, "updated": stored.updated, "errors": len(file.errors)}
    return BroughtIn(stored=stored, errors=file.errors, unused=file.unused, repeated=file.repeated)
