"""Near-copies: what is one text in several places, what only looks like it, who wrote it first."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import VIETNAM
from nlp.copies import (
    CopyItem,
    are_copies,
    group_copies,
    group_sketched,
    holds_whole,
    original_of,
)
from nlp.sketches import Sketched, sketch

MORNING = datetime(2026, 7, 1, 7, tzinfo=VIETNAM)
TITLE = "Sở Nội vụ rà soát hồ sơ trễ hạn ở các xã miền núi"
SAPO = (
    "Đoàn kiểm tra làm việc tại mười hai xã, yêu cầu công khai nguyên nhân trễ hạn và xin lỗi "
    "người dân bằng văn bản trước ngày cuối tháng."
)
#: Words of no particular article; each story draws its own sentences from them.
WORDS = """
    cán bộ xã phường hồ sơ người dân kết quả thời gian giải quyết bộ phận tiếp nhận cổng dữ liệu
    kiểm tra báo cáo lãnh đạo sở tỉnh văn bản hướng dẫn tháng quý năm nay tăng giảm so với cùng
    kỳ địa phương đơn vị trách nhiệm tập thể cá nhân đề nghị xem xét bổ sung sửa đổi quy định mới
    phòng họp sáng chiều phát biểu kết luận giao nhiệm vụ theo dõi đôn đốc tổng hợp
"""


def body(seed: int, sentences: int = 40) -> list[str]:
    dice = random.Random(seed)
    return [
        " ".join(dice.choices(WORDS.split(), k=14)).capitalize() + "." for _ in range(sentences)
    ]


def replaced(sentences: Sequence[str], share: float) -> list[str]:
    """Every n-th sentence written anew."""
    other = body(99, len(sentences))
    step = round(1 / share)
    return [other[i] if i % step == 0 else text for i, text in enumerate(sentences)]


def reworded(sentences: Sequence[str], share: float) -> list[str]:
    """Single words exchanged all over the text."""
    dice = random.Random(5)
    return [
        " ".join("khác" if dice.random() < share else word for word in text.split())
        for text in sentences
    ]


def in_runs(sentences: Sequence[str], share: float) -> list[str]:
    """Runs of three to eight words replaced, dropped or moved, all over the text."""
    dice = random.Random(6)
    words, kept, moved = " ".join(sentences).split(), [], []
    while words:
        length = dice.randint(3, 8)
        run, words = words[:length], words[length:]
        way = dice.choice(("replace", "drop", "move")) if dice.random() < share else "keep"
        if way == "keep":
            kept += run
        elif way == "replace":
            kept += dice.choices(WORDS.split(), k=len(run))
        elif way == "move":
            moved.append(run)
    for run in moved:
        place = dice.randint(0, len(kept))
        kept[place:place] = run
    return [" ".join(kept)]


def item(
    key: int,
    title: str = TITLE,
    text: str | Sequence[str] = SAPO,
    *,
    outlet: str = "",
    after: timedelta = timedelta(),
) -> CopyItem:
    whole = text if isinstance(text, str) else "\n".join([SAPO, *text])
    return CopyItem(
        key=key, outlet_id=outlet or f"bao_{key}", title=title, text=whole, at=MORNING + after
    )


STORY = body(1)

COPIES = [
    ("the very same", item(1), item(2)),
    ("a reprint with a credit line", item(1, text=STORY),
     item(2, text=[*STORY, "Theo TTXVN", "Nguồn: baotintuc.vn"])),
    ("one sentence in twenty rewritten", item(1, text=STORY), item(2, text=replaced(STORY, 0.05))),
    ("one sentence in five rewritten", item(1, text=STORY), item(2, text=replaced(STORY, 0.2))),
    ("one word in twenty exchanged", item(1, text=STORY), item(2, text=reworded(STORY, 0.05))),
    ("one word in five exchanged under the same headline", item(1, text=STORY),
     item(2, text=reworded(STORY, 0.2))),
    ("one word in five exchanged under another headline", item(1, text=STORY),
     item(2, "Phải xin lỗi dân khi hồ sơ chậm", reworded(STORY, 0.2))),
    ("two words in five exchanged under another headline", item(1, text=STORY),
     item(2, "Phải xin lỗi dân khi hồ sơ chậm", reworded(STORY, 0.4))),
    ("a twentieth replaced, dropped or moved in runs", item(1, text=STORY),
     item(2, "Phải xin lỗi dân khi hồ sơ chậm", in_runs(STORY, 0.05))),
    ("a fifth replaced, dropped or moved in runs", item(1, text=STORY),
     item(2, "Phải xin lỗi dân khi hồ sơ chậm", in_runs(STORY, 0.2))),
    ("nearly half replaced, dropped or moved in runs", item(1, text=STORY),
     item(2, "Phải xin lỗi dân khi hồ sơ chậm", in_runs(STORY, 0.45))),
    ("two headlines with other numbers over one page reworded",
     item(1, "Rà soát 12 xã có hồ sơ trễ hạn", STORY),
     item(2, "Phải xin lỗi dân trước ngày 30/7", reworded(STORY, 0.05))),
    ("another headline over the same page", item(1, text=STORY),
     item(2, "Hồ sơ trễ hạn: phải xin lỗi dân bằng văn bản", STORY)),
    ("another headline and one sentence in five rewritten", item(1, text=STORY),
     item(2, "Phải xin lỗi dân bằng văn bản khi hồ sơ trễ hạn", replaced(STORY, 0.2))),
    ("a headline touched up over the same sapo", item(1),
     item(2, "Sở Nội vụ rà soát hồ sơ trễ hạn tại các xã vùng cao")),
    ("cut to three quarters", item(1, text=STORY), item(2, text=STORY[:30])),
    ("the line of a list and the page behind it", item(1), item(2, text=STORY)),
    ("a long title alone and the page behind it", item(1, text=""), item(2, text=STORY)),
    ("a long title alone, twice", item(1, text=""), item(2, text="")),
    ("capitals, another place of the tone mark, other dashes", item(1),
     item(2, TITLE.upper(), SAPO.replace("kiểm tra", "kiểm  tra").replace(",", " –"))),
    ("a changed headline with another number over the same page",
     item(1, "Rà soát 12 xã có hồ sơ trễ hạn", body(1, 120)),
     item(2, "Rà soát hồ sơ trễ hạn trước ngày 30/7", body(1, 120))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"), [case[1:] for case in COPIES], ids=[case[0] for case in COPIES]
)
def test_one_text_in_two_places(one: CopyItem, other: CopyItem) -> None:
    assert are_copies(one, other) and are_copies(other, one)
    assert group_copies([one, other]) == [(1, 2)]


GOLD = "Giá vàng hôm nay {}: tiếp tục biến động mạnh"
PRICES = "Cập nhật giá vàng miếng, giá vàng nhẫn mới nhất tại các cửa hàng lớn trong nước sáng nay."
TABLE = body(3, 60)

STRANGERS = [
    ("two different articles", item(1, text=STORY), item(2, "Chuyện khác hẳn", body(2))),
    ("two articles under one telling headline",
     item(1, "Tăng lương cơ sở từ ngày 1/7 cho cán bộ", body(1)[0] + body(1)[1]),
     item(2, "Tăng lương cơ sở từ ngày 1/7 cho cán bộ", body(2)[0] + body(2)[1])),
    ("the price of two days", item(1, GOLD.format("12/8"), PRICES),
     item(2, GOLD.format("13/8"), PRICES)),
    ("a table of two days, full pages", item(1, GOLD.format("12/8"), TABLE),
     item(2, GOLD.format("13/8"), replaced(TABLE, 0.1))),
    ("the count rises", item(1, "Lũ quét ở vùng cao: 3 người chết, giao thông chia cắt"),
     item(2, "Lũ quét ở vùng cao: 5 người chết, giao thông chia cắt")),
    ("a series repeats its sapo", item(1, "Nhà báo kể chuyện cũ ở phố cổ"),
     item(2, "Món ăn đường phố mùa mưa miền Trung")),
    ("a short title alone", item(1, "Tin vắn", ""), item(2, "Tin vắn", "")),
    ("a column's name alone", item(1, "Ảnh đẹp trong ngày", ""), item(2, "Ảnh đẹp trong ngày", "")),
    ("nothing at all", item(1, "", ""), item(2, "", "")),
    ("one template of one outlet, two matches, half the page the same",
     item(1, "Trực tiếp Hải Phòng gặp Quảng Nam", [*body(11, 12), *TABLE[:20]], outlet="bao"),
     item(2, "Trực tiếp Hà Nội gặp Nam Định", [*body(12, 12), *TABLE[:20]], outlet="bao")),
    ("a round-up holds two whole articles among others", item(1, text=STORY),
     item(2, "Điểm tin trong tuần", [*body(21), *STORY, *body(22), *body(23)])),
    ("eight days apart", item(1, text=STORY), item(2, text=STORY, after=timedelta(days=8))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"), [case[1:] for case in STRANGERS], ids=[case[0] for case in STRANGERS]
)
def test_what_only_looks_like_a_copy(one: CopyItem, other: CopyItem) -> None:
    assert group_copies([one, other]) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("apart", "days", "joined"),
    [
        (timedelta(days=7), 7, True),
        (timedelta(days=7, seconds=1), 7, False),
        (timedelta(days=2), 1, False),
        (timedelta(), 0, True),
    ],
)
def test_the_window(apart: timedelta, days: int, joined: bool) -> None:
    pair = [item(1, text=STORY), item(2, text=STORY, after=apart)]
    assert group_copies(pair, days=days) == ([(1, 2)] if joined else [(1,), (2,)])


def test_a_chain_may_outlast_the_window() -> None:
    chain = [item(n, text=STORY, after=timedelta(days=5 * n)) for n in range(4)]
    assert group_copies(chain) == [(0, 1, 2, 3)]
    assert group_copies([chain[0], *chain[2:]]) == [(0,), (2, 3)]


def small_press() -> list[CopyItem]:
    items = [
        item(0, text=STORY),
        item(1, text=replaced(STORY, 0.05), after=timedelta(hours=2)),
        item(2, "Phải xin lỗi dân khi hồ sơ trễ hạn", STORY, after=timedelta(days=6)),
        item(3, text=STORY, after=timedelta(days=12)),
        item(4, text=STORY, after=timedelta(days=30)),
        item(5, GOLD.format("12/8"), PRICES),
        item(6, GOLD.format("13/8"), PRICES),
        item(7, "Chuyện khác hẳn ở một tỉnh khác", body(2)),
        item(8, "Tin vắn", ""),
        item(9, "Tin vắn", ""),
    ]
    return items + [
        item(10 + n, f"Bài số {n} của một loạt bài dài", body(40 + n)) for n in range(5)
    ]


PRESS = small_press()


@settings(max_examples=40, deadline=None)
@given(st.permutations(PRESS))
def test_the_order_of_arrival_makes_no_difference(shuffled: list[CopyItem]) -> None:
    assert group_copies(shuffled) == [(0, 1, 2, 3), *((key,) for key in range(4, 15))]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(PRESS), unique_by=lambda each: each.key))
def test_every_key_stands_in_one_group(some: list[CopyItem]) -> None:
    groups = group_copies(some)
    assert sorted(key for group in groups for key in group) == sorted(each.key for each in some)
    assert groups == sorted(groups) and all(list(group) == sorted(group) for group in groups)


def test_no_items_no_groups() -> None:
    assert group_copies([]) == []


def test_a_thousand_equal_templates_are_compared_and_left_apart() -> None:
    daily = [
        item(n, GOLD.format(f"{n % 28 + 1}/{n // 28 + 1}"), PRICES, after=timedelta(hours=n))
        for n in range(300)
    ]
    assert len(group_copies(daily)) == 300


ORIGINALS = [
    ("the earliest", [("a", 3), ("b", 1), ("c", 2)], {}, set(), "b"),
    ("the credited outlet, though its text was seen later", [("a", 0), ("b", 5)], {"a": "b"},
     set(), "b"),
    ("the earliest that credits nobody", [("a", 0), ("b", 1), ("c", 2)], {"a": "x"}, set(), "b"),
    ("never an aggregator", [("a", 0), ("b", 1)], {}, {"a"}, "b"),
    ("an aggregator where nobody else is there", [("a", 0)], {}, {"a"}, "a"),
    ("a credit to an aggregator does not count", [("a", 0), ("b", 1), ("c", 2)], {"c": "a"},
     {"a"}, "b"),
    ("all credit somebody outside: the earliest", [("a", 1), ("b", 0)], {"a": "x", "b": "x"},
     set(), "b"),
    ("two that credit each other: the earliest", [("a", 1), ("b", 0)], {"a": "b", "b": "a"},
     set(), "b"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("placements", "credits", "never", "original"),
    [case[1:] for case in ORIGINALS],
    ids=[case[0] for case in ORIGINALS],
)
def test_who_wrote_it_first(
    placements: list[tuple[str, int]], credits: dict[str, str], never: set[str], original: str
) -> None:
    items = [
        item(key, outlet=outlet, after=timedelta(hours=hours))
        for key, (outlet, hours) in enumerate(placements)
    ]
    keys = {each.outlet_id: each.key for each in items}
    named = {keys[outlet]: source for outlet, source in credits.items()}
    for order in (items, items[::-1]):
        found = original_of(order, credits=named, never_original=never)
        assert found == keys[original]


def test_at_the_same_moment_the_lesser_key_is_first() -> None:
    assert original_of([item(2), item(1)]) == 1


def test_no_items_no_original() -> None:
    with pytest.raises(ValueError, match="no items"):
        original_of([])


def test_only_fresh_texts_are_compared_and_only_likely_ones_are_read() -> None:
    items = {each.key: each for each in PRESS}
    kept = [Sketched(key, each.at, sketch(each.title, each.text)) for key, each in items.items()]
    read: set[int] = set()

    def texts(keys: Collection[int]) -> list[CopyItem]:
        read.update(keys)
        return [items[key] for key in keys]

    assert (2, 3) in group_sketched(kept, texts, fresh={3})
    assert read == {2, 3}
    assert group_sketched(kept, texts, fresh=set()) == [(key,) for key in sorted(items)]
    assert group_sketched(kept, texts) == group_copies(PRESS)


def test_sketches_are_small_and_equal_for_equal_text() -> None:
    assert sketch(TITLE, SAPO) == sketch(TITLE.upper(), SAPO.replace(",", " –"))
    assert sketch(TITLE, SAPO) != sketch(TITLE, SAPO + " Hết.")
    assert len(sketch("", "")) < 100
    assert len(sketch(TITLE, " ".join(body(1, 400)))) < 600


def test_whole_or_only_a_part() -> None:
    release = item(1, text=STORY)
    assert holds_whole(item(2, "Toàn văn", ["Chiều nay,", *STORY, *body(4)]), release)
    assert not holds_whole(item(2, text=[*STORY[:25], *body(4, 15)]), release)
    assert not holds_whole(item(2, "", ""), item(1, "", ""))
