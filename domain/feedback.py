"""Press feedback: what the press criticises of an agency, who answers it and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.codes import DatePrecision
from domain.errors import UsageError

#: Tones that criticise, the plain one first.
CRITICAL_TONES = ("phe_phan", "hon_hop")


class FeedbackState(StrEnum):
    """This names how far the answer to a criticism has come."""

    NEW = "moi"
    ASSIGNED = "da_giao"
    ANSWERED = "da_phan_hoi"
    #: A person looked at it: nothing there asks for an answer.
    NOT_FEEDBACK = "khong_phai"


FEEDBACK_NAMES = {
    FeedbackState.NEW: "mới",
    FeedbackState.ASSIGNED: "đã giao",
    FeedbackState.ANSWERED: "đã phản hồi",
    FeedbackState.NOT_FEEDBACK: "không phải phản hồi",
}
#: Nothing more is to be done about these.
CLOSED = frozenset({FeedbackState.ANSWERED, FeedbackState.NOT_FEEDBACK})


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackStep:
    """This is what a person said of one criticism: the newest step of a story and agency counts."""

    #: The critical article that was looked at: the step follows it where stories are made anew.
    article_id: int
    agency_id: str
    state: FeedbackState
    #: Who has to answer.
    person: str = ""
    #: The last day for it.
    deadline: date | None = None
    #: Where the answer can be read.
    answer_url: str = ""
    note: str = ""
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """This is one story's criticism of one agency, and how its answer stands."""

    story_id: int
    agency_id: str
    #: The steps, the newest last; none where nobody has looked at it.
    steps: tuple[FeedbackStep, ...] = ()

    @property
    def last(self) -> FeedbackStep | None:
        """The step that counts."""
        return self.steps[-1] if self.steps else None

    @property
    def state(self) -> FeedbackState:
        """How far the answer has come."""
        return self.last.state if self.last else FeedbackState.NEW

    def is_overdue(self, day: date) -> bool:
        """Whether the deadline has passed on `day` without an answer."""
        last = self.last
        return (
            last is not None
            and last.deadline is not None
            and last.deadline < day
            and self.state not in CLOSED
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackItem:
    """This is a criticism as a list shows it: its first critical text, and how it stands."""

    feedback: Feedback
    #: The first text of the story that criticises.
    article_id: int
    headline: str
    description: str
    url: str
    outlet_name: str
    tone: str
    counted_at: datetime
    precision: DatePrecision
    #: Outlets and texts that criticise.
    outlets: int
    articles: int


def check_step(step: FeedbackStep) -> None:
    """Refuse a step that leaves open what it must say, with a `UsageError`."""
    if step.state is FeedbackState.ASSIGNED and not step.person:
        raise UsageError("Ghi người được giao trả lời.")
    if step.state is FeedbackState.ANSWERED and not (step.answer_url or step.note):
        raise UsageError("Ghi đường dẫn tới phản hồi, hoặc ghi chú đã phản hồi bằng cách nào.")
    if step.state is FeedbackState.NOT_FEEDBACK and not step.note:
        raise UsageError("Ghi lý do không phải phản hồi.")
    if step.answer_url and not step.answer_url.startswith(("https://", "http://")):
        raise UsageError("Đường dẫn tới phản hồi phải bắt đầu bằng https:// hoặc http://.")
