"""The stage that measures: findings and a period -> numbers, and the reports made of them."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence

from domain.agencies import AgencyRegister
from domain.errors import UsageError
from domain.figures import MonthReport, Phrase
from domain.periods import Period
from domain.plans import read_plans
from domain.records import ArticleRow
from domain.taxonomy import read_taxonomy
from measures.month import listed_rows, measure_month
from nlp.phrases import key_phrases
from pipeline.context import Context
from pipeline.report_parts import with_parts
from reports.names import report_title
from storage.database import reading
from storage.rows import article_rows, outlet_days, source_days

_PHRASES = 30


def month_report(
    context: Context, register: AgencyRegister, period: Period, *, agency: str | None = None
) -> MonthReport:
    """Everything a report of the period is written from; `agency` None is the whole country.

    Of what is not about the subject only the number is read: a year's report holds in memory what
    it tells, not what was collected.
    """
    since, until = period.bounds()
    earlier, _ = period.previous().bounds()
    with reading(context.engine) as connection:
        # Of both periods at once: a story may have begun before the first text that is relevant.
        known = article_rows(connection, earlier, until, whole_stories=True)
        read = outlet_days(connection, earlier, until)
        days = source_days(connection, earlier, until)
    rows = [row for row in known if row.counted_at >= since]
    before = [row for row in known if row.counted_at < since]
    figures = measure_month(
        rows,
        days,
        register,
        period,
        context.outlets,
        context.settings.measure,
        previous_rows=before,
        agency=agency,
        read=read,
    )
    listed = listed_rows(rows, register, period, agency=agency)
    report = MonthReport(
        title=report_title(period, figures.scope),
        figures=figures,
        rows=listed,
        generated_at=context.clock(),
        phrases=_phrases(listed, _background(before, register, period.previous(), agency)),
        versions=_versions(context, rows, register, period),
        office=context.settings.co_quan,
        scope_note=_scope_note(register, period, agency),
    )
    return with_parts(context, register, report, before)


def _scope_note(register: AgencyRegister, period: Period, agency: str | None) -> str:
    """Which agencies went into that of the scope: the one asked for, and those of the period."""
    if agency is None:
        return ""
    heir = register.rolled_up(agency, period.end)
    gone = {
        each.id: each
        for each in register.all()
        if each.level != "sub"
        and each.id != heir
        and each.valid_to is not None
        and (each.id == agency or period.start <= each.valid_to <= period.end)
        and register.rolled_up(each.id, period.end) == heir
    }
    if not gone:
        return ""
    told = ", ".join(
        f"{each.official_name} (đến hết ngày {each.valid_to:%d/%m/%Y})" for each in gone.values()
    )
    name = register.get(heir, period.end).official_name
    return f"Số liệu của {name} gồm cả tin, bài về cơ quan đã sáp nhập, hợp nhất: {told}."


def _phrases(rows: Sequence[ArticleRow], before: Sequence[ArticleRow]) -> list[Phrase]:
    """What is talked about, and rises: phrases of the relevant texts, against those before."""
    texts = [_text(row) for row in rows if row.is_original]
    background = [_text(row) for row in before if row.is_original]
    return [
        Phrase(words=found.words, articles=found.count, score=found.score)
        for found in key_phrases(texts, background, count=_PHRASES)
    ]


def _background(
    before: Sequence[ArticleRow], register: AgencyRegister, earlier: Period, agency: str | None
) -> Sequence[ArticleRow]:
    """The relevant articles of the period before, of the same agency where there are any."""
    own = listed_rows(before, register, earlier, agency=agency)
    return own or listed_rows(before, register, earlier)


def _text(row: ArticleRow) -> str:
    return f"{row.headline}.\n{row.description}"


def _versions(
    context: Context, rows: Sequence[ArticleRow], register: AgencyRegister, period: Period
) -> dict[str, str]:
    models = sorted({row.model_version for row in rows if row.model_version})
    return {
        "Chương trình": importlib.metadata.version("diembao"),
        "Mô hình gắn nhãn": ", ".join(models) or "chưa gắn nhãn",
        "Danh mục cơ quan": register.version,
        "Bộ thuật ngữ": read_taxonomy().version,
        "Kế hoạch": _plan_of(context, period),
    }


def _plan_of(context: Context, period: Period) -> str:
    try:
        return read_plans(context.own_plans).of_day(period.end).id
    except UsageError:
        return f"chưa có kế hoạch của năm {period.end.year}"
