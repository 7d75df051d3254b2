"""How each source of an outlet answered, day by day, over the last two months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.clock import VIETNAM
from domain.periods import Period, between
from domain.records import SourceDay
from storage.database import reading
from storage.rows import source_days
from web.desk import Desk

_DAYS: Final = 60


class Answer(StrEnum):
    """This is how a source answered on one day."""

    ANSWERED = "answered"
    PARTLY = "partly"
    CAUGHT_UP = "caught-up"
    FAILED = "failed"
    UNASKED = "unasked"


ANSWER_NAMES: Final = {
    Answer.ANSWERED: "trả lời mọi lần hỏi",
    Answer.PARTLY: "có lần không trả lời",
    Answer.CAUGHT_UP: "không trả lời, sau đọc bù được",
    Answer.FAILED: "không trả lời",
    Answer.UNASKED: "không hỏi",
}
#: How high a day stands, of 20: the strip is read without its colours too.
HEIGHTS: Final = {
    Answer.ANSWERED: 20,
    Answer.PARTLY: 15,
    Answer.CAUGHT_UP: 11,
    Answer.FAILED: 7,
    Answer.UNASKED: 2,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """This is one source, day by day, the oldest day first."""

    url: str
    days: Sequence[tuple[date, Answer]]

    @property
    def counts(self) -> dict[Answer, int]:
        """How many days of each kind, the best kind first; kinds without a day are left out."""
        found = Counter(answer for _, answer in self.days)
        return {answer: found[answer] for answer in Answer if found[answer]}


def strips(desk: Desk, outlet: str, urls: Sequence[str]) -> list[Strip]:
    """The sources of an outlet in the order given, up to today."""
    today = desk.context.clock().astimezone(VIETNAM).date()
    period = between(today - timedelta(days=_DAYS - 1), today)
    told = {
        (each.source_id, each.day): each
        for each in _source_days(desk, period)
        if each.outlet_id == outlet
    }
    return [
        Strip(
            url=url,
            days=[(day, _answer(told.get((url, day.isoformat())))) for day in period.each_day()],
        )
        for url in urls
    ]


def _source_days(desk: Desk, period: Period) -> Sequence[SourceDay]:
    def read() -> Sequence[SourceDay]:
        with reading(desk.context.engine) as connection:
            return source_days(connection, *period.bounds())

    return desk.cache.get(("polled", desk.version(), period), read)


def _answer(told: SourceDay | None) -> Answer:
    if told is None:
        return Answer.UNASKED
    if told.polls_ok:
        return Answer.ANSWERED if told.polls_ok == told.polls else Answer.PARTLY
    if told.caught_up:
        return Answer.CAUGHT_UP
    return Answer.FAILED if told.polls else Answer.UNASKED
