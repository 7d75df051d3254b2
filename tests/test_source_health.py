from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from domain.clock import VIETNAM
from domain.codes import SourceState
from domain.health import LastPoll, PageTally, PollDay, SourceHealth, SourceHistory
from measures.outlet_health import outlet_health
from measures.source_health import HISTORY, anomaly, source_health
from storage.database import Engine, connect, database_url, reading
from storage.forms import init_database
from storage.health import list_overlaps, newest_pages, pages_since, poll_history
from storage.tables import articles, outlets, pages, polls, sources

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=VIETNAM)
TODAY = NOW.date()
URL = "https://bao_a.test/rss"


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def day(back: int, *, new: int = 5, **changes: Any) -> PollDay:
    values: dict[str, Any] = {
        "day": TODAY - timedelta(days=back), "polls": 8, "ok": 8, "outcomes": {"ok": 8},
        "items": 240, "new_items": new, "newest_at": ago(days=back, hours=1),
    }  # fmt: skip
    return PollDay(**(values | changes))


#: A source that answers eight times a day and has something new every few hours.
WELL = SourceHistory(
    url=URL,
    outlet_id="bao_a",
    days=tuple(day(back) for back in range(35, -1, -1)),
    last=(LastPoll(at=ago(hours=1), outcome="ok", items=30, new_items=1),),
    ok_at=ago(hours=1),
    new_at=ago(hours=1),
    changed_at=ago(hours=1),
    gaps={3: 100, 10: 6},
)


def failed(outcome: str, detail: str = "", **changes: Any) -> SourceHistory:
    last = LastPoll(at=ago(hours=1), outcome=outcome, detail=detail)
    return replace(WELL, last=(last,), ok_at=ago(days=3), failing_since=ago(days=2), **changes)


def quiet_for(hours: float) -> SourceHistory:
    return replace(WELL, new_at=ago(hours=hours))


@pytest.mark.parametrize(
    ("history", "state", "since", "evidence", "remedy"),
    [
        (WELL, SourceState.OK, None, "30 bài, bài mới nhất lúc 24/11/2026 09:00", "Không cần"),
        (SourceHistory(url=URL, outlet_id="bao_a"), SourceState.NEW, None, "Chưa hỏi",
         "outlets check bao_a"),
        (failed("robots"), SourceState.UNOBSERVABLE, ago(days=2), "robots.txt", "Hỏi tòa soạn"),
        (failed("blocked"), SourceState.BLOCKED, ago(days=2), "trang xác minh", "user_agent"),
        (failed("http_403"), SourceState.BLOCKED, ago(days=2), "mã 403", "trình duyệt"),
        (failed("http_451"), SourceState.BLOCKED, ago(days=2), "mã 451", "trình duyệt"),
        (failed("http_404"), SourceState.FAILING, ago(days=2), "mã 404",
         "sửa dòng url trong tệp khai báo bao_a.toml"),
        (failed("dns"), SourceState.FAILING, ago(days=2),
         "lần cuối trả lời được lúc 21/11/2026 10:00", "sửa dòng url"),
        (failed("timeout", "máy chủ không trả lời"), SourceState.FAILING, ago(days=2),
         "máy chủ không trả lời", "Chờ"),
        (failed("http_503"), SourceState.FAILING, ago(days=2), "mã 503", "hỏi tòa soạn"),
        (failed("private_address"), SourceState.FAILING, ago(days=2), "nội bộ",
         "allow_private_hosts"),
        (failed("tls"), SourceState.FAILING, ago(days=2), "bảo mật", "chứng thư"),
        (failed("something_new"), SourceState.FAILING, ago(days=2), "lỗi something_new", "Chờ"),
        (replace(failed("timeout"), ok_at=None), SourceState.FAILING, ago(days=2),
         "chưa lần nào trả lời được", "Chờ"),
        # a crawl that ran out of time says nothing of the source
        (replace(WELL, last=(LastPoll(at=NOW, outcome="time_up"), *WELL.last)), SourceState.OK,
         None, "30 bài", "Không cần"),
        (replace(WELL, last=(LastPoll(at=ago(hours=1), outcome="ok"),), empty_since=ago(days=4)),
         SourceState.EMPTY, ago(days=4), "không liệt kê bài nào từ 20/11/2026 10:00", "links"),
        (replace(WELL, days=(day(0, newest_at=ago(days=8)),)), SourceState.ROTTING, ago(days=8),
         "từ 16/11/2026 10:00", "sửa dòng url"),
        # a monthly review: eight days are nothing to it
        (replace(WELL, days=(day(0, newest_at=ago(days=8)),), gaps={24 * 7: 10}, new_at=ago(days=5)
                 ), SourceState.OK, None, "Trả lời", "Không cần"),
        (replace(WELL, days=(day(0, newest_at=None),), changed_at=ago(days=15)),
         SourceState.ROTTING, ago(days=15), "không đổi một chữ nào từ 09/11/2026 10:00", "url"),
        (replace(WELL, days=(day(0, malformed=60),)), SourceState.ROTTING,
         datetime(2026, 11, 24, tzinfo=VIETNAM), "60 trên 240 mục không đọc được", "url"),
        (replace(WELL, days=(day(0, malformed=48),)), SourceState.OK, None, "Trả lời", "Không"),
        (quiet_for(30), SourceState.QUIET, ago(hours=30), "từ 23/11/2026 04:00", "Chờ"),
        (quiet_for(20), SourceState.OK, None, "Trả lời", "Không"),
        # usually silent for two days over a weekend
        (replace(quiet_for(30), gaps={3: 90, 48: 10}), SourceState.OK, None, "Trả lời", "Không"),
        # too little is known of its rhythm
        (replace(quiet_for(90), gaps={1: 2}), SourceState.OK, None, "Trả lời", "Không"),
    ],
)  # fmt: skip
def test_how_a_source_stands(
    history: SourceHistory, state: SourceState, since: datetime | None, evidence: str, remedy: str
) -> None:
    health = source_health(history, now=NOW)
    assert (health.state, health.since) == (state, since)
    assert evidence in health.evidence
    assert remedy in health.remedy


def test_a_source_that_nobody_asked_is_not_blamed_for_it() -> None:
    before = source_health(WELL, now=NOW)
    after = source_health(WELL, now=NOW + timedelta(days=60))
    assert (before.state, after.state) == (SourceState.OK, SourceState.OK)
    assert "Đã 60 ngày chương trình không hỏi nguồn này" in after.evidence
    assert "không hỏi" not in before.evidence


def test_a_note_has_no_hole_in_it() -> None:
    for outcome in ("dns", "http_500", "unreadable", "not_a_list", "too_large", "retry_later"):
        health = source_health(failed(outcome), now=NOW)
        assert health.evidence.endswith(".") and health.remedy.endswith(".")
        assert "None" not in health.evidence + health.remedy


def counts(recent: list[int | None], usual: list[int | None]) -> list[PollDay]:
    """Days back from yesterday; None is a day on which the source did not answer."""
    return [
        day(back, new=new or 0, ok=0 if new is None else 8)
        for back, new in enumerate([*recent, *usual], start=1)
    ]


USUAL: list[int | None] = [10, 12, 8, 10] * 7


@pytest.mark.parametrize(
    ("recent", "usual", "told"),
    [
        ([10] * 7, USUAL, ""),
        ([1] * 7, USUAL, "Ít bài bất thường: 1,0 bài mới mỗi ngày trong 7 ngày qua, thường là"),
        ([30] * 7, USUAL, "Nhiều bài bất thường: 30,0"),
        # days without an answer are gaps, not zeros
        ([10, None, None, 10, 10, 10, None], USUAL, ""),
        ([0, 0, 0, 0, 0, None, None], USUAL, "Ít bài bất thường: 0,0"),
        ([0, 0, 0, None, None, None, None], USUAL, ""),
        ([0] * 7, [10] * 5 + [None] * 23, ""),
        ([0] * 7, [0] * 28, ""),
    ],
)  # fmt: skip
def test_what_is_odd_in_a_week(
    recent: list[int | None], usual: list[int | None], told: str
) -> None:
    found = anomaly([day(0, new=999), *counts(recent, usual)], today=TODAY)
    assert found.startswith(told) if told else found == ""


def standing(*states: SourceState) -> list[SourceHealth]:
    well = source_health(WELL, now=NOW)
    return [
        replace(well, url=f"{URL}/{number}", state=state, evidence=f"{state} {number}.")
        for number, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("states", "pages", "state", "told"),
    [
        ((), {}, SourceState.NEW, "Chưa khai nguồn nào"),
        ((SourceState.FAILING, SourceState.OK), {}, SourceState.OK, "1 trên 2 nguồn chưa ổn"),
        ((SourceState.FAILING, SourceState.QUIET), {}, SourceState.QUIET, "1 trên 2 nguồn"),
        ((SourceState.UNOBSERVABLE, SourceState.FAILING), {}, SourceState.FAILING, "1 trên 2"),
        ((SourceState.NEW, SourceState.BLOCKED), {}, SourceState.BLOCKED, "blocked 1"),
        ((SourceState.OK,), {"ok": 2, "unreadable": 6}, SourceState.ROTTING,
         "6 trên 8 trang bài trong 3 ngày qua không đọc được"),
        ((SourceState.OK,), {"ok": 6, "unreadable": 6}, SourceState.OK, "ok 0"),
        ((SourceState.OK,), {"unreadable": 2}, SourceState.OK, "ok 0"),
        # pages that did not come say nothing of the layout
        ((SourceState.OK,), {"ok": 2, "http_404": 60}, SourceState.OK, "ok 0"),
    ],
)  # fmt: skip
def test_an_outlet_stands_as_its_best_list(
    states: tuple[SourceState, ...], pages: dict[str, int], state: SourceState, told: str
) -> None:
    health = outlet_health("bao_a", standing(*states), pages=PageTally(outcomes=pages), now=NOW)
    assert health.state is state
    assert told in " ".join(health.evidence)
    assert health.remedy


# The rows behind it


@pytest.fixture
def engine(tmp_path: Any) -> Engine:
    made = connect(database_url(tmp_path, ""))
    init_database(made)
    with made.begin() as connection:
        connection.execute(
            insert(outlets),
            [
                {"id": name, "name": name, "kind": "press", "level": "national", "province": "",
                 "agency": "", "domain": f"{name}.test"}
                for name in ("bao_a", "bao_b")
            ],
        )  # fmt: skip
        connection.execute(
            insert(sources),
            [
                {"id": number, "outlet_id": outlet, "url": url, "kind": kind, "section": "",
                 "certainty": "guessed"}
                for number, outlet, url, kind in (
                    (1, "bao_a", URL, "feed"),
                    (2, "bao_a", "https://bao_a.test/muc", "section"),
                    (3, "bao_b", "https://bao_b.test/rss", "feed"),
                )
            ],
        )  # fmt: skip
    return made


def poll(at: datetime, outcome: str = "ok", source: int = 1, **changes: Any) -> dict[str, Any]:
    ok = outcome == "ok"
    values = {
        "source_id": source, "at": at, "outcome": outcome, "detail": "",
        "items": 30 if ok else 0, "new_items": 1 if ok else 0, "malformed": 0,
        "newest_at": at - timedelta(hours=1) if ok else None, "unchanged": False,
    }  # fmt: skip
    return values | changes


def keep(engine: Engine, *rows: dict[str, Any]) -> SourceHistory:
    with engine.begin() as connection:
        connection.execute(insert(polls), list(rows))
        return poll_history(connection, NOW - HISTORY, NOW)[URL]


def test_polls_are_counted_by_vietnamese_day(engine: Engine) -> None:
    # 17:30 UTC is half past midnight in Vietnam
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    history = keep(
        engine, poll(late - timedelta(hours=1)), poll(late), poll(late + timedelta(hours=1), "dns")
    )
    before, after = history.days
    assert (before.day, before.polls, before.ok) == (date(2026, 11, 22), 1, 1)
    assert (after.day, after.polls, after.ok) == (date(2026, 11, 23), 2, 1)
    assert after.outcomes == {"ok": 1, "dns": 1}
    assert before.newest_at == late - timedelta(hours=2)


def test_failing_since_the_first_failure_after_the_last_answer(engine: Engine) -> None:
    history = keep(
        engine,
        poll(ago(days=9), "timeout"),
        poll(ago(days=8)),
        poll(ago(days=7), "dns"),
        poll(ago(days=6), "time_up"),
        poll(ago(days=5), "timeout"),
    )
    assert history.ok_at == ago(days=8)
    assert history.failing_since == ago(days=7)
    assert [each.outcome for each in history.last] == ["timeout", "dns", "ok", "timeout"]


def test_a_failure_older_than_the_days_looked_at_keeps_its_date(engine: Engine) -> None:
    history = keep(engine, poll(ago(days=90), "dns"), poll(ago(days=1), "dns"))
    assert history.failing_since == ago(days=90)
    assert source_health(history, now=NOW).since == ago(days=90)


def test_when_it_went_empty_changed_and_had_something_new(engine: Engine) -> None:
    history = keep(
        engine,
        poll(ago(days=6)),
        poll(ago(days=5), new_items=0, unchanged=True),
        poll(ago(days=4), items=0, new_items=0, unchanged=True),
        poll(ago(days=3), items=0, new_items=0, unchanged=True),
    )
    assert (history.new_at, history.changed_at) == (ago(days=6), ago(days=6))
    assert history.empty_since == ago(days=4)


def test_gaps_are_those_between_polls_with_something_new(engine: Engine) -> None:
    history = keep(
        engine,
        poll(ago(hours=30)),
        poll(ago(hours=29), new_items=0),
        poll(ago(hours=20.5)),
        poll(ago(hours=18.2)),
        poll(ago(hours=16)),
    )
    assert history.gaps == {9: 1, 2: 2}


def test_a_source_never_asked_is_there(engine: Engine) -> None:
    history = keep(engine, poll(ago(days=1), source=3))
    assert (history.last, history.days) == ((), ())


def article(number: int, lists: int, *, outlet: str = "bao_a", at: datetime | None = None) -> dict:
    at = at or ago(days=1)
    return {
        "id": number, "url": f"https://{outlet}.test/{number}.html", "outlet_id": outlet,
        "headline": "Một", "content": "feed", "lists": lists, "published_at": at,
        "date_precision": "minute", "date_origin": "feed", "first_seen_at": at, "text_hash": "",
        "captured_at": at, "counted_at": at, "time_key": number,
    }  # fmt: skip


def test_overlaps_leave_out_lists_that_were_not_observed(engine: Engine) -> None:
    undated = article(7, 1) | {"published_at": None}
    with engine.begin() as connection:
        connection.execute(insert(polls), [poll(ago(days=2)), poll(ago(days=2), source=2)])
        connection.execute(insert(polls), [poll(ago(days=2), "dns", source=3)])
        rows = [article(1, 1), article(2, 5), article(3, 5), article(4, 2), article(5, 7),
                article(6, 0), undated, article(8, 1, at=ago(days=40)),
                article(9, 1, outlet="bao_b")]  # fmt: skip
        for row in rows:
            connection.execute(insert(articles), [row])
    with reading(engine) as connection:
        found = list_overlaps(connection, ago(days=30), NOW)
    # no sitemap answered: what only it could have named counts for nothing, 7 becomes 5
    assert found == {"bao_a": {1: 1, 5: 3}}


def test_pages_are_those_of_articles(engine: Engine) -> None:
    kinds = [("page", "ok"), ("page", "unreadable"), ("page", "http_404"), ("feed", "ok")]
    with engine.begin() as connection:
        connection.execute(
            insert(pages),
            [
                {"url": f"https://bao_a.test/{number}", "fetched_at": ago(days=number),
                 "status": 200, "kind": kind, "outcome": outcome, "detail": "",
                 "archive_path": "archive/a.warc.gz", "archive_offset": 0, "sha256": ""}
                for number, (kind, outcome) in enumerate(kinds)
            ],
        )  # fmt: skip
    with reading(engine) as connection:
        seen = list(pages_since(connection, ago(days=1, hours=1)))
        newest = [page.url for page in newest_pages(connection, most=5)]
    assert seen == [("https://bao_a.test/0", "ok"), ("https://bao_a.test/1", "unreadable")]
    assert newest == ["https://bao_a.test/1", "https://bao_a.test/0"]
