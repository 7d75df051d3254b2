"""What a report holds beside its figures: table 1, stories, qualities, events, activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from domain.agencies import AgencyRegister
from domain.breakdown import Breakdown
from domain.codes import OutletKind
from domain.errors import UsageError, os_reason
from domain.feedback import Feedback, FeedbackStep
from domain.figures import MonthReport
from domain.highlights import Highlights
from domain.periods import Period
from domain.records import ArticleRow
from measures.breakdown import break_down
from measures.catalogue import CATALOGUE
from measures.event_lines import event_lines
from measures.highlights import criticised, highlights
from measures.month import listed_rows
from measures.placements import count, rolling_up
from pipeline.context import Context
from pipeline.profile import measured_profile
from reports.wording import TEMPLATES
from storage.activities import activities_of
from storage.database import Connection, reading
from storage.feedback import feedback_of_stories
from storage.rows import article_rows, source_days, statements


def with_parts(
    context: Context,
    register: AgencyRegister,
    report: MonthReport,
    before: Sequence[ArticleRow],
) -> MonthReport:
    """The report with its parts; `before` are the placements of the period before it."""
    period, agency = report.figures.period, report.figures.agency
    earlier = listed_rows(before, register, period.previous(), agency=agency)
    opened = measured_profile(context, register, period, agency=agency)
    with reading(context.engine) as connection:
        done = activities_of(connection, period.start, period.end, agency=agency)
        said = rolling_up(
            _said(connection, context, register, period, criticised(report.rows)),
            register,
            period.end,
        )
        found = _answered(
            connection, highlights(report.rows, said, context.outlets), register, period, agency
        )
    return replace(
        report,
        breakdown=_year_before(context, register, period, agency, break_down(report.rows, earlier)),
        highlights=found,
        measured=opened.measured,
        figure_names={entry.id: entry.name for entry in CATALOGUE.values()},
        events=event_lines(opened.events.values(), list(opened.articles.values()), period),
        activities=done,
        templates=own_templates(context),
    )


def _answered(
    connection: Connection,
    found: Highlights,
    register: AgencyRegister,
    period: Period,
    agency: str | None,
) -> Highlights:
    """The criticism with what people recorded of its answer, of the agency in scope."""
    told = feedback_of_stories(connection, {each.story.story_id for each in found.criticism})

    def of_scope(story: int) -> tuple[Feedback, ...]:
        by_heir: dict[str, list[FeedbackStep]] = defaultdict(list)
        for each in told.get(story, ()):
            by_heir[register.rolled_up(each.agency_id, period.end)] += each.steps
        return tuple(
            Feedback(
                story_id=story,
                agency_id=heir,
                steps=tuple(sorted(steps, key=lambda step: step.at)),
            )
            for heir, steps in by_heir.items()
            if agency is None or heir == agency
        )

    return replace(
        found,
        criticism=tuple(
            replace(each, feedback=of_scope(each.story.story_id)) for each in found.criticism
        ),
    )


def _said(
    connection: Connection,
    context: Context,
    register: AgencyRegister,
    period: Period,
    agencies: Collection[str],
) -> Iterator[ArticleRow]:
    """What agencies may have said in a period, one after the other; nothing if none is asked."""
    if not agencies:
        return iter(())
    named = {
        each.id for each in register.all() if register.rolled_up(each.id, period.end) in agencies
    }
    portals = [
        outlet.id
        for outlet in context.outlets
        if outlet.kind is OutletKind.PORTAL and outlet.agency in named
    ]
    return statements(connection, *period.bounds(), agencies=named, portals=portals)


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
        days = source_days(connection, since, until)
        if not any(each.polls_ok or each.caught_up for each in days):
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
