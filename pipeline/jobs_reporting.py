"""The jobs that count and report: called for one moment of the timetable, of which they speak.

A slot that is run late reports the day and the month it was meant for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.periods import Period, Window, month
from pipeline.alerts import tell_people
from pipeline.context import Context
from pipeline.digest import digest_on_record
from pipeline.export import export
from pipeline.files import write_whole
from pipeline.measure import month_report
from pipeline.record import on_record
from pipeline.review import export_queue
from reports.formats import FORMATS

#: Rows of the workbook of a monthly audit.
_AUDIT_ROWS = 200


def measure(context: Context, slot: datetime) -> None:
    """The figures of the month that runs, or hand them out to the workers."""
    _made(context, "measure", slot)


def digest(context: Context, slot: datetime) -> None:
    """The digest of the day, or hand it out to the workers."""
    _made(context, "digest", slot)


def export_closed_month(context: Context, slot: datetime) -> None:
    """The report of the month that is over, or hand it out to the workers."""
    _made(context, "export", slot)


def _made(context: Context, job: str, slot: datetime) -> None:
    if not context.has_workers:
        REPORTS[job](context, slot)
        return
    # The queue's library is an extra: it is there where it is used.
    from pipeline.engine_postgres import hand_out_report

    hand_out_report(context, job, slot)


def _measure(context: Context, slot: datetime) -> None:
    """The figures of the month that runs, for whoever will not wait for its end."""
    period = month_of(slot, Window(context.settings.report.window))
    with on_record(context, "measure") as counts:
        report = month_report(context, read_register(), period)
        path = context.report_folder / f"so-lieu-{period.slug}.json"
        write_whole(path, lambda stream: FORMATS["json"](report, stream))
        counts |= {"period": period.title, "rows": len(report.rows), "file": str(path)}


def _digest(context: Context, slot: datetime) -> None:
    digest_on_record(context, slot.astimezone(VIETNAM).date())


def _export(context: Context, slot: datetime) -> None:
    period = closed_month(slot, Window(context.settings.report.window))
    formats = context.settings.schedule.export_formats
    with on_record(context, "export") as counts:
        _, paths = export(
            context, read_register(), period, formats=formats, folder=context.report_folder
        )
        counts |= {"period": period.title, "files": [str(path) for path in paths]}


#: Name of a job -> the report it makes, wherever that is done.
REPORTS: Final[Mapping[str, Callable[[Context, datetime], None]]] = {
    "measure": _measure,
    "digest": _digest,
    "export": _export,
}


def draw_audit(context: Context, slot: datetime) -> None:
    """A workbook of articles drawn for review."""
    day = slot.astimezone(VIETNAM).date()
    path = context.report_folder / f"ra-soat-{day:%Y-%m-%d}.xlsx"
    export_queue(context, read_register(), path, count=_AUDIT_ROWS)


def alert(context: Context, slot: datetime) -> None:
    """Tell people what they asked to be told."""
    tell_people(context, read_register())


def month_of(moment: datetime, window: Window) -> Period:
    """The month, as reports count it, that a moment lies in."""
    day = moment.astimezone(VIETNAM).date()
    if window is Window.BAO_CAO and day.day >= 15:
        day = day.replace(day=1) + timedelta(days=32)
    return month(f"{day:%Y-%m}", window)


def closed_month(moment: datetime, window: Window) -> Period:
    """The newest month that is over at a moment.

    >>> closed_month(datetime(2026, 7, 15, 8, tzinfo=VIETNAM), Window.BAO_CAO).title
    'Tháng 07/2026 (15/06/2026–14/07/2026)'
    >>> closed_month(datetime(2026, 7, 15, 8, tzinfo=VIETNAM), Window.LICH).slug
    '2026-06-lich'
    """
    start, _ = month_of(moment, window).bounds()
    return month_of(start - timedelta(hours=1), window)
