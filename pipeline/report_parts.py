"""What a report holds beside its figures: table 1, stories, qualities, events, activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from domain.agencies import AgencyRegister
from domain.breakdown import Breakdown
from domain.errors import UsageError, os_reason
from domain.figures import MonthReport
from domain.periods import Period
from domain.records import ArticleRow
from measures.breakdown import break_down
from measures.catalogue import CATALOGUE
from measures.event_lines import event_lines
from measures.highlights import highlights
from measures.month import listed_rows
from measures.placements import count, in_period, rolled_up
from pipeline.context import Context
from pipeline.profile import measured_profile
from reports.wording import TEMPLATES
from storage.activities import activities_of
from storage.database import reading
from storage.rows import article_rows, source_days


def with_parts(
    context: Context,
    register: AgencyRegister,
    report: MonthReport,
    rows: Sequence[ArticleRow],
    before: Sequence[ArticleRow],
) -> MonthReport:
    """The report with its parts; `rows` are all placements read, `before` those before it."""
    period, agency = report.figures.period, report.figures.agency
    earlier = listed_rows(before, register, period.previous(), agency=agency)
    opened = measured_profile(context, register, period, agency=agency)
    read = in_period(rolled_up(rows, register, period.end), period)
    with reading(context.engine) as connection:
        done = activities_of(connection, period.start, period.end, agency=agency)
    return replace(
        report,
        breakdown=_year_before(context, register, period, agency, break_down(report.rows, earlier)),
        highlights=highlights(report.rows, read, context.outlets),
        measured=opened.measured,
        figure_names={entry.id: entry.name for entry in CATALOGUE.values()},
        events=event_lines(opened.events.values(), list(opened.articles.values()), period),
        activities=done,
        templates=own_templates(context),
    )


def _year_before(
    context: Context,
    register: AgencyRegister,
    period: Period,
    agency: str | None,
    found: Breakdown,
) -> Breakdown:
    """Table 1 with the counts of a year before, where anything was observed then."""
    earlier = period.year_before()
    since, until = earlier.bounds()
    with reading(context.engine) as connection:
        if not source_days(connection, since, until):
            return found
        rows = article_rows(connection, since, until, relevant_only=True)
    counted = count(listed_rows(rows, register, earlier, agency=agency))
    return replace(
        found,
        year_before_stories=counted.stories,
        year_before_placements=counted.placements,
    )


def own_templates(context: Context) -> Mapping[str, bytes]:
    """The officer's own templates in the folder that the settings name, by file name."""
    folder = context.settings.report.templates_folder
    if not folder:
        return {}
    if not Path(folder).is_dir():
        raise UsageError(
            f"Không có thư mục mẫu {folder} ([report] templates_folder). Tạo bằng diembao "
            "templates export THƯ_MỤC, hoặc để trống để dùng mẫu đi kèm chương trình."
        )
    try:
        return {
            name: path.read_bytes() for name in TEMPLATES if (path := Path(folder) / name).is_file()
        }
    except OSError as error:
        raise UsageError(f"Không đọc được mẫu trong {folder}: {os_reason(error)}.") from error
