"""The days on which sources answered: the quick question says what the thorough one says."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.periods import Window, month
from measures.observation import answers, answers_within
from storage.database import reading
from storage.polls import record_poll
from storage.rows import source_days
from storage.tables import sources
from storage.watching import watched_days
from tests.stored_press import open_house

JULY = month("2026-07", Window.LICH)


@pytest.mark.parametrize("seed", range(12))
def test_the_quick_question_knows_what_the_thorough_one_knows(tmp_path, seed):
    house, chance = open_house(tmp_path), random.Random(seed)
    start, end = JULY.bounds()
    with house.engine.begin() as connection:
        for number in connection.scalars(select(sources.c.id)).all():
            kept = chance.choice([0.0, 0.5, 1.0])
            for hours in range(0, (JULY.days + 40) * 24, 12):
                if chance.random() > kept:
                    continue
                at, is_ok = start + timedelta(hours=hours), chance.random() < 0.8
                back = chance.choice([None, timedelta(hours=6), timedelta(days=3)])
                record_poll(
                    connection, source_id=number, at=at, outcome="ok" if is_ok else "timeout",
                    detail="", items=9, new_items=1, malformed=0,
                    reaches_to=at - back if back and is_ok else None,
                )  # fmt: skip
    with reading(house.engine) as connection:
        thorough = answers(source_days(connection, start, end), JULY)
        quick = answers_within(watched_days(connection, start, end), JULY)
    assert quick == thorough
