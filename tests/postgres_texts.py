"""Made-up texts and questions for comparing two databases."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision
from domain.records import PublishedTime
from storage.incoming import Incoming
from storage.search import Question

SYLLABLES = [
    "cải", "cách", "hành", "chính", "thủ", "tục", "một", "cửa", "số", "hóa", "bộ", "máy", "công",
    "vụ", "tỉnh", "xã", "dịch", "2026", "1e5", "12", "3a", "đề", "án", "để", "dân", "x9", "ủy",
]  # fmt: skip
OUTLETS = ("bao_mot", "bao_hai", "cong_bnv", "tong_hop")
START = datetime(2025, 12, 1, tzinfo=VIETNAM)


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(SYLLABLES, k=count))


def incoming(chance: random.Random, number: int) -> Incoming:
    outlet_id = chance.choice(OUTLETS)
    at = START + timedelta(minutes=chance.randrange(250 * 24 * 60))
    return Incoming(
        url=f"https://{outlet_id}.test/bai-{number}.html",
        outlet_id=outlet_id,
        source_id=None,
        page_id=None,
        captured_at=at + timedelta(hours=1),
        content=Content.PAGE,
        headline=words(chance, 6),
        description=words(chance, 8),
        body=words(chance, chance.randrange(4, 40)),
        published=PublishedTime(at=at, precision=DatePrecision.MINUTE, origin=DateOrigin.FEED),
    )


def question(chance: random.Random) -> Question:
    """A question of one to three words or phrases, with filters now and then."""
    pieces = []
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        length = chance.choice([1, 1, 2, 3])
        piece = words(chance, length)
        pieces.append(f'"{piece}"' if length > 1 else piece)
    since = START.date() + timedelta(days=chance.randrange(200))
    return Question(
        words=" ".join(pieces),
        agency=chance.choice(["", "", "BNV", "P01"]),
        focus_only=chance.random() < 0.3,
        area=chance.choice([None, None, *Area]),
        outlet=chance.choice(["", "", "", *OUTLETS]),
        since=chance.choice([None, since]),
        until=chance.choice([None, None, since + timedelta(days=chance.randrange(60))]),
        relevant_only=chance.random() < 0.3,
    )
