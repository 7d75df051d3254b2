"""One happening in different words: what is joined, what is only near it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import VIETNAM
from nlp.happenings import HappeningItem, group_happenings

MORNING = datetime(2026, 7, 1, 7, tzinfo=VIETNAM)
DAY = timedelta(days=1)


def item(
    key: int, title: str, text: str = "", *, after: timedelta = timedelta(), agencies: str = ""
) -> HappeningItem:
    return HappeningItem(
        key=key, at=MORNING + after, title=title, text=text, agencies=frozenset(agencies.split())
    )


LPBANK = "Ông Hồ Nam Tiến được bầu làm Chủ tịch Hội đồng quản trị LPBank từ ngày 22/12."
FIRST = item(1, "Ông Hồ Nam Tiến làm Chủ tịch LPBank", LPBANK)
SECOND = item(
    2,
    "LPBank thay Chủ tịch Hội đồng quản trị",
    "Ông Hồ Nam Tiến ngồi ghế Chủ tịch LPBank thay người tiền nhiệm.",
    after=DAY,
)

CASES = [
    ("two outlets, two wordings", FIRST, SECOND, True),
    ("the same, told four days later", FIRST,
     item(2, SECOND.title, SECOND.text, after=4 * DAY), False),
    ("the price of two days", item(1, "Giá USD hôm nay 20.12.2025: tự do giảm mạnh"),
     item(2, "Giá USD hôm nay 21.12.2025: đô tự do lao dốc", after=DAY), False),
    ("two things of one office", item(1, "Bộ Nội vụ kiểm tra công vụ tại ba tỉnh miền núi"),
     item(2, "Bộ Nội vụ trình dự án Luật Lưu trữ sửa đổi"), False),
    ("a round-up tells several", FIRST,
     item(2, "Điểm tin 6h: Ông Hồ Nam Tiến làm Chủ tịch LPBank", LPBANK), False),
    ("nothing to read", item(1, ""), item(2, ""), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "joined"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_one_happening_or_two(one: HappeningItem, other: HappeningItem, joined: bool) -> None:
    assert group_happenings([other, one]) == ([(1, 2)] if joined else [(1,), (2,)])


def test_agencies_tip_the_balance() -> None:
    one = "Công bố kết quả xếp hạng chuyển đổi số cấp tỉnh năm nay"
    other = "Xếp hạng chuyển đổi số: những tỉnh nào dẫn đầu năm nay"
    apart = [item(1, one, agencies="BKHCN"), item(2, other, agencies="BNV")]
    together = [item(1, one, agencies="BKHCN"), item(2, other, agencies="BKHCN BNV")]
    assert len(group_happenings(apart)) >= len(group_happenings(together))


def test_a_long_affair_is_cut_into_happenings_of_three_days() -> None:
    affair = [
        item(n, "LPBank thay Chủ tịch: ông Hồ Nam Tiến ngồi ghế nóng", after=n * DAY)
        for n in range(8)
    ]
    groups = group_happenings(affair)
    assert sorted(key for group in groups for key in group) == list(range(8))
    assert all(group[-1] - group[0] <= 3 for group in groups)


PRESS = [FIRST, SECOND, *(case[1] for case in CASES[2:4])]
PRESS = [item(n, each.title, each.text, after=n * DAY / 4) for n, each in enumerate(PRESS)]


@settings(max_examples=20, deadline=None)
@given(st.permutations(PRESS))
def test_the_order_makes_no_difference(shuffled: list[HappeningItem]) -> None:
    assert group_happenings(shuffled) == group_happenings(PRESS)


def test_no_items_no_happenings() -> None:
    assert group_happenings([]) == []
