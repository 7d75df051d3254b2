"""How the answer to a criticism stands: what people recorded, else what the headlines suggest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from domain.feedback import FEEDBACK_NAMES, Feedback, FeedbackState
from domain.figures import MonthReport
from domain.highlights import Criticism
from reports.vietnamese import day, local, number

NOT_ANSWERED: Final = "chưa thấy phản hồi"
UNCONFIRMED: Final = "theo tiêu đề, chưa được xác nhận"


class Standing(StrEnum):
    """This names how the answer to a criticism stands, the most pressing first."""

    OVERDUE = "overdue"
    ASSIGNED = "assigned"
    UNANSWERED = "unanswered"
    #: A text looks like the answer by its headline: nobody has confirmed it.
    SUGGESTED = "suggested"
    ANSWERED = "answered"
    #: A person looked: nothing in it asks for an answer.
    DISMISSED = "dismissed"


#: Standings in which somebody still has to do something.
WAITING: Final = frozenset({Standing.OVERDUE, Standing.ASSIGNED, Standing.UNANSWERED})
_COUNTED: Final[Mapping[Standing, str]] = {
    Standing.ANSWERED: "đã phản hồi",
    Standing.ASSIGNED: "đã giao trả lời, còn hạn",
    Standing.OVERDUE: "đã giao trả lời, quá hạn",
    Standing.DISMISSED: "được xác định là không cần phản hồi",
    Standing.SUGGESTED: f"có tin được cho là phản hồi ({UNCONFIRMED})",
    Standing.UNANSWERED: "chưa thấy phản hồi",
}


def today(report: MonthReport) -> date:
    """The day on which the report is made: deadlines are held against it."""
    return local(report.generated_at).date()


def standing(each: Criticism, on: date) -> Standing:
    """How a criticism stands on a day; of several agencies the most pressing."""
    looked_at = [one for one in each.feedback if one.state is not FeedbackState.NEW]
    if looked_at:
        found = {_recorded(one, on) for one in looked_at}
        return next(one for one in Standing if one in found)
    return Standing.SUGGESTED if each.answer else Standing.UNANSWERED


def _recorded(one: Feedback, on: date) -> Standing:
    if one.is_overdue(on):
        return Standing.OVERDUE
    return {
        FeedbackState.ASSIGNED: Standing.ASSIGNED,
        FeedbackState.ANSWERED: Standing.ANSWERED,
        FeedbackState.NOT_FEEDBACK: Standing.DISMISSED,
    }.get(one.state, Standing.UNANSWERED)


def counted(found: Iterable[Criticism], on: date) -> str:
    """How many criticisms stand how, in one sentence; "" where there are none."""
    counts = Counter(standing(each, on) for each in found)
    if not counts:
        return ""
    told = [f"{number(counts[one])} {name}" for one, name in _COUNTED.items() if counts[one]]
    return f"{number(counts.total())} câu chuyện có nội dung phê bình: {'; '.join(told)}."


def told(each: Criticism, names: Mapping[str, str], on: date) -> str:
    """How a criticism stands, in words, without the address of its answer."""
    looked_at = [one for one in each.feedback if one.state is not FeedbackState.NEW]
    if looked_at:
        several = len(looked_at) > 1
        return "; ".join(
            f"{names.get(one.agency_id, one.agency_id)}: {_said(one, on)}"
            if several
            else _said(one, on)
            for one in looked_at
        )
    if each.answer:
        return f"{UNCONFIRMED}: {each.answer.outlet_name}: {each.answer.headline}"
    return NOT_ANSWERED


def _said(one: Feedback, on: date) -> str:
    last = one.last
    assert last is not None
    if one.state is FeedbackState.NOT_FEEDBACK:
        return f"không cần phản hồi: {last.note}" if last.note else "không cần phản hồi"
    parts = [FEEDBACK_NAMES[one.state]]
    if one.state is FeedbackState.ASSIGNED:
        parts[0] = f"đã giao {last.person}"
        if last.deadline:
            parts.append(f"hạn {day(last.deadline)}" + (", quá hạn" if one.is_overdue(on) else ""))
    if last.note:
        parts.append(last.note)
    return "; ".join(parts)


def people(each: Criticism) -> str:
    """Who was told to answer, "" where nobody was."""
    return "; ".join(
        dict.fromkeys(one.last.person for one in each.feedback if one.last and one.last.person)
    )


def deadline(each: Criticism) -> date | None:
    """The earliest day by which an answer is due, None where none was set."""
    days = [one.last.deadline for one in each.feedback if one.last and one.last.deadline]
    return min(days, default=None)


def address(each: Criticism) -> str:
    """Where the answer can be read, as recorded or as suggested; "" where nowhere."""
    recorded = [one.last.answer_url for one in each.feedback if one.last and one.last.answer_url]
    if recorded:
        return recorded[0]
    looked_at = any(one.state is not FeedbackState.NEW for one in each.feedback)
    return "" if looked_at or each.answer is None else each.answer.url
