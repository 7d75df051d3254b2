"""Workers of one queue: the same content as one, no host asked too soon, nothing lost by a kill."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import UsageError
from pipeline.engine_postgres import open_app, submit_crawl
from pipeline.engine_stalled import STALLED_SECONDS
from pipeline.jobs_collecting import crawl, poll
from storage.database import connect
from storage.forms import init_database
from storage.postgres_turns import HostTurns, prepare_turns
from tests.fault_press.server import FaultPress, by_host
from tests.fault_press.twists import FIRST_CRAWL, PRINTED
from tests.postgres_server import Server
from tests.worker_child import DELAY, SLACK, content, hands, houses, prepared, start, unfinished

pytestmark = pytest.mark.postgres


def crawled(server: Server, name: str, home: Path, count: int) -> list[tuple[object, ...]]:
    press_houses = houses()
    url = server.url(name)
    with FaultPress(by_host(press_houses), now=FIRST_CRAWL) as press:
        engine = prepared(url)
        told = hands(url, home, press, press_houses, count)
        assert submit_crawl(told[0].context(), due_only=False) == len(press_houses)
        assert submit_crawl(told[0].context(), due_only=False) == 0  # all of it waits already
        workers = [start(hand, once=True) for hand in told]
        for worker in workers:
            worker.join(120)
            assert worker.exitcode == 0
        peers = {asked.peer for house in press_houses for asked in press.asked(house.host)}
        assert peers == {f"127.0.0.{number + 2}" for number in range(count)}
        for house in press_houses:
            ticks = [asked.tick for asked in press.asked(house.host)]
            gaps = [after - before for before, after in itertools.pairwise(ticks)]
            assert min(gaps) >= DELAY - SLACK, (house.host, gaps)
    assert unfinished(engine) == 0
    return content(engine)


def test_two_workers_store_what_one_stores(postgres, tmp_path):
    one = crawled(postgres, "mot_nguoi", tmp_path / "mot", 1)
    two = crawled(postgres, "hai_nguoi", tmp_path / "hai", 2)
    assert len(one) == 4 * len(PRINTED)
    assert two == one


def test_the_work_of_a_killed_worker_is_done_by_another(postgres, tmp_path, monkeypatch):
    press_houses = houses()
    url = postgres.url("bi_giet")
    with FaultPress(by_host(press_houses), now=FIRST_CRAWL) as press:
        engine = prepared(url)
        first, second = hands(url, tmp_path, press, press_houses, 2)
        submit_crawl(first.context(), due_only=False)
        killed = start(first, once=False)
        until = time.monotonic() + 60
        while press.count < 6 and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(killed.pid or 0, signal.SIGKILL)
        killed.join()
        assert unfinished(engine) > 0
        other = start(second, once=False)
        until = time.monotonic() + 150
        while unfinished(engine) and time.monotonic() < until:
            time.sleep(0.5)
        other.terminate()
        other.join(30)
        other.kill()
    assert unfinished(engine) == 0
    rows = content(engine)
    assert [row[0] for row in rows] == sorted(
        house.url(story) for house in press_houses for story in house.stories
    )


def test_one_host_is_asked_by_one_crawler_at_a_time(postgres):
    url = postgres.url("luot")
    engine = connect(url)
    init_database(engine)
    prepare_turns(engine)
    spans: list[tuple[float, float]] = []

    def crawler(name: str) -> None:
        turns = HostTurns(url, name, lease=timedelta(seconds=30))
        for _ in range(4):
            while wait := turns.take("bao.test"):
                time.sleep(wait)
            sent = time.monotonic()
            time.sleep(0.02)
            spans.append((sent, time.monotonic()))
            turns.give_back("bao.test", DELAY)
        turns.close()

    threads = [threading.Thread(target=crawler, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spans) == 12
    spans.sort()
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(spans)]
    assert min(gaps) >= DELAY - SLACK


def test_the_turn_of_a_dead_crawler_is_free_after_a_while(postgres):
    url = postgres.url("luot_chet")
    engine = connect(url)
    init_database(engine)
    prepare_turns(engine)
    dead = HostTurns(url, "a", lease=timedelta(seconds=0.5))
    other = HostTurns(url, "b", lease=timedelta(seconds=0.5))
    assert dead.take("bao.test") == 0
    assert other.take("bao.test") > 0
    time.sleep(0.6)
    assert other.take("bao.test") == 0
    for each in (dead, other):
        each.close()


def test_while_the_database_is_away_no_host_is_asked(tmp_path):
    turns = HostTurns(f"postgresql://ai@/so?host={tmp_path}", "a", lease=timedelta(seconds=5))
    assert turns.take("bao.test") == 1.0
    turns.give_back("bao.test", 1.0)
    turns.close()


def test_a_queue_needs_a_server(tmp_path):
    with pytest.raises(UsageError, match="diembao move"):
        open_app(connect(f"sqlite:///{tmp_path / 'so.sqlite'}"))
    assert STALLED_SECONDS < 60


def test_the_clock_hands_the_crawl_out_and_does_none_of_it(postgres, tmp_path):
    press_houses = houses()
    engine = prepared(postgres.url("lich_giao"))
    with FaultPress(by_host(press_houses), now=FIRST_CRAWL) as press:
        [hand] = hands(postgres.url("lich_giao"), tmp_path, press, press_houses, 1)
        for job in (crawl, poll, crawl):
            job(hand.context(), FIRST_CRAWL)
        assert press.count == 0
    assert unfinished(engine) == len(press_houses)
