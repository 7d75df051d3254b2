"""The pace of asking: sooner where much is new, later where little is, never never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pace import FIRST_MINUTES, LONGEST_MINUTES, Poll, Standing, after_poll

START = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def standing(interval: int = 120, **changes) -> Standing:
    values = {
        "interval_minutes": interval,
        "failures": 0.0,
        "outcome": "ok",
        "outcome_since": START - 5 * DAY,
        "asked_at": START - interval * MINUTE,
        "ok_at": START - interval * MINUTE,
        "new_at": START - DAY,
        "due_at": START,
    }
    return Standing(**(values | changes))


def poll(outcome: str = "ok", at: datetime = START, **changes) -> Poll:
    values = {"items": 30, "new_items": 15} | changes
    return Poll(at=at, outcome=outcome, **(values if outcome == "ok" else changes))


@pytest.mark.parametrize(
    ("before", "answer", "minutes"),
    [
        (None, poll(), FIRST_MINUTES),
        (None, poll("dns"), FIRST_MINUTES),
        (standing(120), poll(new_items=21), 60),
        (standing(60), poll(new_items=30), 10),
        (standing(10), poll(new_items=30), 10),
        (standing(120), poll(new_items=15), 120),
        (standing(120), poll(new_items=9), 130),
        (standing(120), poll(new_items=0, unchanged=True), 130),
        (standing(120, new_at=START - 32 * DAY), poll(new_items=0, unchanged=True), 180),
        (standing(120, new_at=None), poll(items=0, new_items=0), 180),
        (standing(LONGEST_MINUTES), poll(new_items=0), LONGEST_MINUTES),
        (standing(120, outcome="dns", failures=0.5), poll(new_items=30), 120),
        (standing(120), poll("http_503"), 120),
        # What came in three hours says nothing of two, nor does an early look.
        (standing(120, due_at=START - HOUR), poll(new_items=30), 120),
        (standing(120, due_at=START + HOUR), poll(new_items=0), 120),
        (standing(120, due_at=START + HOUR), poll(new_items=30), 60),
    ],
)
def test_the_interval_follows_what_is_new(before, answer, minutes):
    after = after_poll(before, answer)
    assert after.interval_minutes == minutes


@pytest.mark.parametrize(
    ("outcome", "failures"),
    [
        ("robots", 1.0), ("unsupported", 1.0), ("not_a_list", 1.0), ("unreadable", 1.0),
        ("http_404", 0.5), ("http_410", 0.5), ("http_429", 0.5), ("http_503", 0.5),
        ("http_403", 0.5), ("dns", 0.5), ("tls", 0.5), ("timeout", 0.5), ("refused", 0.5),
        ("blocked", 0.5), ("incomplete", 0.25), ("time_up", 0.25), ("failed", 0.25),
    ],
)  # fmt: skip
def test_failures_weigh_by_their_kind(outcome, failures):
    assert after_poll(standing(), poll(outcome)).failures == failures


def test_a_source_that_fails_on_is_asked_ever_later_and_never_forgotten():
    now, at = standing(60), START
    waits = []
    for _ in range(40):
        now = after_poll(now, poll("robots", at=at))
        waits.append(now.due_at - at)
        at = now.due_at
    assert waits[:4] == [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]
    assert set(waits[23:29]) == {DAY}
    assert set(waits[29:]) == {30 * DAY}
    assert (now.outcome, now.outcome_since, now.ok_at) == ("robots", START, START - HOUR)
    back = after_poll(now, poll(at=at))
    assert (back.failures, back.due_at) == (0.0, at + HOUR)


def test_the_tries_of_one_crawl_are_one_failure():
    now = standing()
    for seconds in (0, 4, 9):
        now = after_poll(now, poll("http_503", at=START + timedelta(seconds=seconds)))
    assert now.failures == 0.5


@pytest.mark.parametrize(
    ("asked", "granted"),
    [(3 * HOUR, 3 * HOUR), (3 * DAY, DAY), (10 * MINUTE, 2 * HOUR), (-HOUR, 2 * HOUR)],
    ids=["kept", "a day at most", "shorter than our own pace", "past"],
)
def test_retry_after_is_honoured_up_to_a_day(asked, granted):
    after = after_poll(standing(120), poll("http_429", retry_after=START + asked))
    assert after.due_at - START == granted


OUTCOMES = ("ok", "robots", "http_404", "timeout", "incomplete", "gì đó mới")
POLLS = st.lists(
    st.builds(
        lambda outcome, gap, items, new, unchanged, pause: (
            gap,
            {
                "outcome": outcome,
                "items": items,
                "new_items": min(items, new),
                "unchanged": unchanged,
                "retry_after": pause,
            },
        ),
        st.sampled_from(OUTCOMES),
        st.integers(1, 40 * 86_400),
        st.integers(0, 200),
        st.integers(0, 200),
        st.booleans(),
        st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    min_size=1,
    max_size=40,
)


@given(POLLS)
def test_a_source_is_always_asked_again_within_30_days(answers):
    now, at = None, START
    for gap, said in answers:
        at += timedelta(seconds=gap)
        now = after_poll(now, Poll(at=at, **said))
        assert at < now.due_at <= at + timedelta(days=30)
        assert 10 <= now.interval_minutes <= LONGEST_MINUTES
        assert now.asked_at == at
