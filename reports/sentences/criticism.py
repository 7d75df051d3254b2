"""What the press criticises and how it was answered, in sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from domain.figures import MonthReport
from domain.highlights import Criticism
from reports.answers import UNCONFIRMED, Standing, counted, standing, today, told
from reports.articles import names_of
from reports.cells import printable
from reports.sentences.names import one_line
from reports.sentences.stories import story
from reports.vietnamese import minute, span

#: Stories named in the text; table 7 holds all of them.
NAMED: Final = 5


def summary(report: MonthReport) -> str:
    """How much is criticised and how it was answered, in one sentence."""
    found = report.highlights.criticism
    if not found:
        if report.figures.totals.stories.value is None:
            return "Không rõ báo chí có phản ánh, phê bình hay không, vì quan sát chưa đủ."
        return "Trong các nguồn quan sát được không thấy câu chuyện nào có nội dung phê bình."
    counts = counted(found, today(report)).removesuffix(".")
    return f"{counts} (Bảng 7).{' Trong đó có:' if len(found) > NAMED else ''}"


def named(report: MonthReport) -> list[dict[str, str]]:
    """The stories that the text names: the most pressing first, of these the most placed.

    Of whom no agency is known, nobody can be asked to answer: they come last.
    """
    on = today(report)
    ranked = sorted(
        report.highlights.criticism,
        key=lambda each: (
            not each.story.agencies,
            list(Standing).index(standing(each, on)),
            -each.story.outlets,
            -each.story.placements,
            -round(each.story.relevance, 2),
        ),
    )
    return [critical(each, report) for each in ranked[:NAMED]]


def critical(each: Criticism, report: MonthReport) -> dict[str, str]:
    """A critical story as fields, with the agencies and the standing of its answer."""
    names = printable(names_of(each.story.agencies, report.figures.names))
    return {**story(each.story), "co_quan": names, "phan_hoi": _answer(each, report)}


def _answer(each: Criticism, report: MonthReport) -> str:
    answer = each.answer
    if answer is None or standing(each, today(report)) is not Standing.SUGGESTED:
        return one_line(told(each, report.figures.names, today(report)))
    after = span(timedelta(minutes=answer.after // timedelta(minutes=1)))
    return (
        f"có tin được cho là phản hồi sau {after} ({printable(answer.outlet_name)}, "
        f"{minute(answer.at)}; {UNCONFIRMED})"
    )
