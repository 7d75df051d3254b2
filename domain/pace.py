"""The pace: how a source stands after a poll, and when it is due again.

The rules are those by which Media Cloud has polled 180,000 feeds for years (rss-fetcher,
``fetcher/tasks.py`` and ``fetcher/config.py``), with our own first interval:

- Where less than a third of a poll was known already, the source is asked an hour sooner; where
  more than two thirds were, or the body is the same, ten minutes later if it gave something new
  within 31 days, else an hour later. Between 10 minutes and 24 hours; only after two successes in
  a row, and never on the word of a poll that came early or late, for it tells of another interval.
- Failures in a row are weighed: hard 1, soft 0.5 ("feeds do return 404 and come back to life"),
  temporary 0.25. The interval is multiplied by their sum, up to 24 hours; from 30 on the source is
  asked every 30 days. It is never forgotten.
- A Retry-After is honoured up to one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_MINUTES = 60
SHORTEST_MINUTES = 10
LONGEST_MINUTES = 24 * 60
_SOONER_MINUTES = 60
_LATER_MINUTES = 10
_LATER_MINUTES_WHERE_QUIET = 60
_QUIET_AFTER = timedelta(days=31)
#: A poll that came this much off its time tells of another interval.
_OFF_TIME = timedelta(minutes=20)
_HOPELESS = 30
_HOPELESS_WAIT = timedelta(days=30)
_LONGEST_RETRY_AFTER = timedelta(days=1)
_HARD, _SOFT, _TEMPORARY = 1.0, 0.5, 0.25
_SOFT_OUTCOMES = frozenset(
    {"dns", "tls", "timeout", "refused", "blocked", "retry_later", "robots_unreachable"}
)
_TEMPORARY_OUTCOMES = frozenset({"incomplete", "time_up", "failed", "damaged"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """This is one answer of a source, as far as it tells when to ask again."""

    at: datetime
    #: ``ok`` or why there was nothing to read.
    outcome: str
    #: Usable items listed, and those of them that nobody knew.
    items: int = 0
    new_items: int = 0
    #: The body is the same, byte for byte, as at the poll before.
    unchanged: bool = False
    #: Until when the server asked to be left alone.
    retry_after: datetime | None = None
    #: Of the body, in hexadecimal; "" where none came.
    body_sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """This is where a source stands after its last poll."""

    interval_minutes: int
    #: Failures in a row, weighed.
    failures: float
    outcome: str
    #: The first poll of the unbroken run of polls that ended as the last one did.
    outcome_since: datetime
    asked_at: datetime
    ok_at: datetime | None = None
    #: The last poll that listed something new.
    new_at: datetime | None = None
    due_at: datetime
    #: Until when the source must not be asked; a day after the poll at the latest.
    retry_after: datetime | None = None
    #: Of the last body that could be read.
    body_sha256: str = ""


def after_poll(standing: Standing | None, poll: Poll) -> Standing:
    """Where a source stands after `poll`; `standing` is None where it was never asked before."""
    good = poll.outcome == "ok"
    interval = _interval(standing, poll)
    failures = 0.0 if good else _failures(standing, poll)
    pause = _pause(poll)
    due = poll.at + _wait(interval, failures)
    return Standing(
        interval_minutes=interval,
        failures=failures,
        outcome=poll.outcome,
        outcome_since=(
            standing.outcome_since if standing and standing.outcome == poll.outcome else poll.at
        ),
        asked_at=poll.at,
        ok_at=poll.at if good else standing.ok_at if standing else None,
        new_at=poll.at if poll.new_items else standing.new_at if standing else None,
        due_at=max(due, pause) if pause else due,
        retry_after=pause,
        body_sha256=poll.body_sha256 if good else standing.body_sha256 if standing else "",
    )


def weight(outcome: str) -> float:
    """How heavily a failure weighs.

    >>> weight("robots"), weight("http_404"), weight("incomplete")
    (1.0, 0.5, 0.25)
    """
    if outcome in _TEMPORARY_OUTCOMES:
        return _TEMPORARY
    return _SOFT if outcome in _SOFT_OUTCOMES or outcome.startswith("http_") else _HARD


def _interval(standing: Standing | None, poll: Poll) -> int:
    if standing is None:
        return FIRST_MINUTES
    held = standing.interval_minutes
    if poll.outcome != "ok" or standing.outcome != "ok":
        return held
    off = poll.at - standing.due_at
    known = 1.0 if poll.unchanged or not poll.items else 1 - poll.new_items / poll.items
    if known < 1 / 3 and off <= _OFF_TIME:
        return max(SHORTEST_MINUTES, held - _SOONER_MINUTES)
    if known > 2 / 3 and off >= -_OFF_TIME:
        return min(LONGEST_MINUTES, held + _later(standing, poll))
    return held


def _later(standing: Standing, poll: Poll) -> int:
    news = poll.at if poll.new_items else standing.new_at
    quiet = news is None or poll.at - news > _QUIET_AFTER
    return _LATER_MINUTES_WHERE_QUIET if quiet else _LATER_MINUTES


def _failures(standing: Standing | None, poll: Poll) -> float:
    """Failures in a row; the tries of one crawl follow each other closely and are one failure."""
    before = standing.failures if standing else 0.0
    if standing and before and poll.at - standing.asked_at < timedelta(minutes=SHORTEST_MINUTES):
        return max(before, weight(poll.outcome))
    return before + weight(poll.outcome)


def _wait(interval: int, failures: float) -> timedelta:
    if failures >= _HOPELESS:
        return _HOPELESS_WAIT
    return timedelta(minutes=min(LONGEST_MINUTES, interval * max(1.0, failures)))


def _pause(poll: Poll) -> datetime | None:
    if poll.retry_after is None or poll.retry_after <= poll.at:
        return None
    return min(poll.retry_after, poll.at + _LONGEST_RETRY_AFTER)
