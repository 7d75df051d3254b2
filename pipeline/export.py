"""Making the files of a month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from domain.agencies import AgencyRegister
from domain.errors import UsageError
from domain.figures import MonthReport
from domain.periods import Period
from domain.validation import unknown
from pipeline.context import Context
from pipeline.files import write_whole
from pipeline.measure import month_report
from reports.formats import FORMATS
from reports.names import file_name
from storage.database import beside_writers
from storage.runs import record_export


def check_formats(formats: Sequence[str]) -> None:
    """A format that is not known is a `UsageError` naming those that are."""
    for each in formats:
        if each not in FORMATS:
            raise UsageError(
                f"{unknown('định dạng', each, FORMATS)} Các định dạng: {', '.join(FORMATS)}."
            )


def export(
    context: Context,
    register: AgencyRegister,
    period: Period,
    *,
    formats: Sequence[str],
    folder: Path,
    agency: str | None = None,
) -> tuple[MonthReport, list[Path]]:
    """Write the report of a period in each format; each file appears whole or not at all."""
    check_formats(formats)
    report = month_report(context, register, period, agency=agency)
    paths = []
    for each in formats:
        path = folder / file_name(report, each)
        digest = write_whole(path, partial(FORMATS[each], report))
        with beside_writers(context.engine) as connection:
            record_export(
                connection,
                kind=each,
                period=period.title,
                scope=report.figures.scope,
                path=str(path),
                sha256=digest,
                rows=len(report.rows),
                versions=dict(report.versions),
                made_at=report.generated_at,
            )
        paths.append(path)
    return report, paths
