"""Grouping what is stored: equal stories whatever the order of arrival, and whose text it was."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from domain.codes import Content, DateOrigin, DatePrecision
from domain.errors import UsageError
from domain.records import PublishedTime
from nlp.happenings import group_happenings
from pipeline import happenings
from pipeline.context import Context
from pipeline.group import group
from pipeline.story_moves import Move, move, target_of
from storage import stories as storage_stories
from storage.incoming import Incoming
from storage.intake import store_articles
from storage.tables import article_id, article_sketches, articles, stories
from tests.stored_press import DAY, NOW, open_house
from tests.test_copies import STORY, body, replaced, reworded

HOUR = timedelta(hours=1)
TITLE = "Sở Nội vụ rà soát hồ sơ trễ hạn ở các xã miền núi"


def url(name: str, outlet: str) -> str:
    return f"https://{outlet}.test/{name}.html"


def arriving(
    name: str,
    outlet: str = "bao_mot",
    at: datetime = DAY,
    text: Sequence[str] = STORY,
    *,
    title: str = TITLE,
    credit: str = "",
) -> Incoming:
    return Incoming(
        url=url(name, outlet),
        outlet_id=outlet,
        source_id=None,
        page_id=None,
        captured_at=NOW,
        content=Content.PAGE,
        headline=title,
        description="Sapo của bài.",
        body="\n".join(text),
        credit=credit,
        published=PublishedTime(at=at, precision=DatePrecision.MINUTE, origin=DateOrigin.PAGE_META),
    )


def store(house: Context, *new: Incoming) -> None:
    with house.engine.begin() as connection:
        store_articles(connection, list(new))


def told(house: Context) -> dict[str, tuple[int, bool, int | None]]:
    """Of each article, by address: story, whether original, the portal's text it repeats."""
    with house.engine.begin() as connection:
        return {
            row.url: (row.story_id, row.is_original, row.portal_text_id)
            for row in connection.execute(select(articles))
        }


PRESS = [
    arriving("a", "bao_mot"),
    arriving("b", "bao_hai", DAY + HOUR, replaced(STORY, 0.05)),
    arriving("c", "tong_hop", DAY - HOUR),
    arriving("d", "bao_hai", DAY + timedelta(days=5), reworded(STORY, 0.2), title="Tin dân sinh"),
    arriving("e", "bao_mot", DAY + timedelta(days=11), STORY, title="Nhìn lại việc hồ sơ trễ hạn"),
    arriving("f", "bao_mot", DAY, body(7), title="Chuyện khác hẳn ở một tỉnh khác"),
    arriving("g", "cong_bnv", DAY, body(8), title="Bộ Nội vụ thông cáo về việc thi tuyển"),
    arriving("h", "bao_hai", DAY + HOUR, body(8), title="Thi tuyển: thông cáo của Bộ"),
]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(PRESS), cuts=st.sets(st.integers(1, len(PRESS) - 1), max_size=3))
def test_stories_are_the_same_whatever_the_order_and_however_often_grouped(
    tmp_path_factory: pytest.TempPathFactory, order: list[Incoming], cuts: set[int]
) -> None:
    house = open_house(tmp_path_factory.mktemp("house"))
    edges = [0, *sorted(cuts), len(order)]
    for start, stop in pairwise(edges):
        store(house, *order[start:stop])
        group(house)
    found = told(house)
    number = {name: article_id(url(name, outlet)) for name, outlet in [
        ("a", "bao_mot"), ("b", "bao_hai"), ("c", "tong_hop"), ("d", "bao_hai"), ("e", "bao_mot"),
    ]}  # fmt: skip
    assert {found[each.url][0] for each in PRESS[:5]} == {min(number.values())}
    # The aggregator's text is earlier, but an aggregator repeats.
    assert [each.url for each in PRESS[:5] if found[each.url][1]] == [PRESS[0].url]
    assert found[PRESS[5].url] == (article_id(PRESS[5].url), True, None)
    assert found[PRESS[6].url][1] and found[PRESS[7].url][2] == article_id(PRESS[6].url)
    assert group(house) == 0


def test_a_portals_text_reprinted_whole_is_marked_and_one_merely_used_is_not(
    tmp_path: Path,
) -> None:
    house = open_house(tmp_path)
    store(
        house,
        arriving("goc", "cong_bnv"),
        arriving("nguyen-van", "bao_mot", DAY + HOUR),
        arriving("lay-mot-phan", "bao_hai", DAY + HOUR, [*STORY[:26], *body(5, 14)]),
    )
    group(house)
    found = told(house)
    portal = article_id(url("goc", "cong_bnv"))
    assert found[url("nguyen-van", "bao_mot")] == (found[url("goc", "cong_bnv")][0], False, portal)
    assert found[url("lay-mot-phan", "bao_hai")][2] is None


def test_a_portal_that_repeats_the_press_makes_no_reprint(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    store(house, arriving("goc", "bao_mot"), arriving("lai", "cong_bnv", DAY + HOUR))
    group(house)
    assert told(house)[url("goc", "bao_mot")][1:] == (True, None)


def test_a_changed_text_gets_a_new_sketch(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    store(house, arriving("a", "bao_mot"), arriving("b", "bao_hai", DAY + HOUR))
    group(house)
    with house.engine.begin() as connection:
        # As intake leaves it where an outlet rewrote its page: another hash, no story.
        connection.execute(update(articles).values(story_id=None))
        connection.execute(delete(stories))
        connection.execute(
            update(article_sketches)
            .where(article_sketches.c.article_id == article_id(url("b", "bao_hai")))
            .values(text_hash="cu", sketch=b"\0" * 40)
        )
    group(house)
    found = told(house)
    assert found[url("a", "bao_mot")][0] == found[url("b", "bao_hai")][0]


def test_small_chunks_give_the_stories_of_large_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(4)
    press = [
        arriving(f"{n}-{copy}", f"bao_{'mot' if copy else 'hai'}", DAY + n * 7 * HOUR + copy * HOUR,
                 body(100 + n), title=f"Bài thứ {dice.randint(1, 10**6)} của báo trong mùa này")
        for n in range(12) for copy in range(2)
    ]  # fmt: skip
    found = []
    for size in (3, 20_000):
        monkeypatch.setattr(storage_stories, "_CHUNK", size)
        (tmp_path / str(size)).mkdir()
        house = open_house(tmp_path / str(size))
        store(house, *press)
        assert group(house) == 24
        found.append(told(house))
    assert found[0] == found[1]
    assert len({story for story, _, _ in found[0].values()}) == 12


HAPPENING = [
    arriving("h1", "bao_mot", DAY, body(21), title="Bộ Nội vụ công bố Chỉ số PAR INDEX năm 2025"),
    arriving("h2", "bao_hai", DAY + 20 * HOUR, body(22),
             title="PAR INDEX 2025: Bộ Nội vụ công bố Chỉ số cải cách hành chính"),
    arriving("h3", "bao_hai", DAY + timedelta(days=9), body(23),
             title="PAR INDEX 2025: Bộ Nội vụ công bố Chỉ số cải cách hành chính bộ, tỉnh"),
    arriving("h4", "bao_mot", DAY + HOUR, body(24), title="Mưa lớn, nhiều tuyến phố ngập sâu"),
]  # fmt: skip


ABOUT = HAPPENING[:3]


def tag(house: Context, *about: Incoming, relevant: bool = True) -> None:
    """As tagging leaves articles that are about the subject, or not."""
    numbers = [article_id(each.url) for each in about]
    with house.engine.begin() as connection:
        connection.execute(
            update(articles).where(articles.c.id.in_(numbers)).values(relevant=relevant)
        )


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_two_stories_of_one_happening_within_three_days(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    house = open_house(tmp_path)
    for place in order:
        store(house, HAPPENING[place])
        tag(house, *ABOUT)
        group(house)
    first, second, later, rain = (article_id(each.url) for each in HAPPENING)
    # Rain is not what the press is watched for: nothing counts its happenings.
    assert happenings_of(house) == {
        first: min(first, second), second: min(first, second), later: later, rain: None,
    }  # fmt: skip


def test_a_story_comes_to_its_happening_and_leaves_it_as_it_is_tagged(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    store(house, *ABOUT[:2])
    first, second = (article_id(each.url) for each in ABOUT[:2])
    tag(house, ABOUT[0])
    group(house)
    assert happenings_of(house) == {first: first, second: None}
    tag(house, ABOUT[1])
    group(house)
    assert happenings_of(house) == dict.fromkeys((first, second), min(first, second))
    one, other = sorted(ABOUT[:2], key=lambda each: article_id(each.url))
    tag(house, one, relevant=False)
    group(house)
    # Not even its number is left behind with the other.
    assert happenings_of(house) == {
        article_id(one.url): None,
        article_id(other.url): article_id(other.url),
    }


def happenings_of(house: Context) -> dict[int, int | None]:
    with house.engine.begin() as connection:
        rows = connection.execute(select(stories.c.id, stories.c.happening_id))
        return {row.id: row.happening_id for row in rows}


def test_other_writers_do_not_wait_while_happenings_are_thought_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(tmp_path)
    store(house, *ABOUT[:2])
    tag(house, *ABOUT[:2])
    thought: list[int] = []

    def while_a_person_moves_an_article(items, **given):
        thought.append(len(items))
        if len(thought) == 1:
            correction(house, HAPPENING[1], Move.JOIN, HAPPENING[0])
        return group_happenings(items, **given)

    monkeypatch.setattr(happenings, "group_happenings", while_a_person_moves_an_article)
    group(house)
    # What was found before the move is thought over again: the second has no story of its own now.
    first = article_id(HAPPENING[0].url)
    assert happenings_of(house) == {first: first}
    assert thought[0] == 2 and thought[-1] == 1


def test_happenings_that_a_killed_run_left_are_found_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house(tmp_path)
    store(house, *ABOUT)
    tag(house, *ABOUT)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(happenings, "group_happenings", killed)
        group(house)
    assert set(happenings_of(house).values()) == {None}
    group(house)
    first, second, *_ = (article_id(each.url) for each in HAPPENING)
    found = happenings_of(house)
    assert found[first] == found[second] == min(first, second) and None not in found.values()


def correction(house: Context, of: Incoming, how: Move, to: Incoming | None = None) -> None:
    with house.engine.begin() as connection:
        move(
            connection, article_id(of.url), how, house.outlets,
            target=article_id(to.url) if to else 0, author="lan", at=NOW, reason="đọc cả hai bài",
        )  # fmt: skip


def stories_of(house: Context, *named: Incoming) -> list[int]:
    found = told(house)
    return [found[each.url][0] for each in named]


A, B, C, D, E, F, *_ = PRESS


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(PRESS), when=st.integers(2, len(PRESS)))
def test_what_a_person_placed_stays_whatever_comes_later_and_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[Incoming], when: int
) -> None:
    # D is moved to F's story once both are there; D was the bridge between A, B, C and E.
    house = open_house(tmp_path_factory.mktemp("house"))
    order = [D, F, *(each for each in order if each not in (D, F))]
    store(house, *order[:when])
    group(house)
    correction(house, D, Move.JOIN, F)
    correction(house, D, Move.ORIGINAL)
    store(house, *order[when:])
    group(house)
    assert stories_of(house, D)[0] == stories_of(house, F)[0]
    one, two, three, five = stories_of(house, A, B, C, E)
    assert one == two == three != stories_of(house, D)[0]
    assert five != one, "only the moved article joined them"
    assert told(house)[D.url][1] and not told(house)[F.url][1]
    assert group(house) == 0


def test_a_changed_text_and_a_new_copy_do_not_undo_what_a_person_said(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    store(house, *PRESS)
    group(house)
    correction(house, B, Move.ALONE)
    correction(house, C, Move.ORIGINAL)
    with house.engine.begin() as connection:
        # As intake leaves a story one of whose texts was changed.
        connection.execute(update(articles).values(story_id=None, is_original=False))
        connection.execute(delete(stories))
    store(house, arriving("b2", "cong_bnv", DAY + 2 * HOUR, replaced(STORY, 0.05)))
    group(house)
    assert stories_of(house, B) == [article_id(B.url)]
    assert [told(house)[each.url][1] for each in (A, B, C)] == [False, True, True]


def test_a_move_is_taken_back_by_another_word(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    store(house, *PRESS)
    group(house)
    before = told(house)
    correction(house, B, Move.JOIN, F)
    correction(house, E, Move.JOIN, B)
    assert len(set(stories_of(house, B, E, F))) == 1
    correction(house, A, Move.JOIN, F)
    correction(house, A, Move.ORIGINAL)
    correction(house, F, Move.ORIGINAL)
    for each in (A, B, E):
        correction(house, each, Move.MACHINE)
    correction(house, A, Move.NOT_ORIGINAL)
    correction(house, F, Move.NOT_ORIGINAL)
    assert told(house) == before
    with house.engine.begin() as connection:
        assert {row.original_id for row in connection.execute(select(stories))} == {
            article_id(url) for url, (_, original, _) in before.items() if original
        }


@pytest.mark.parametrize(
    ("how", "to", "said"),
    [
        (Move.JOIN, B, "đã nằm trong câu chuyện này"),
        (Move.MACHINE, None, "Chưa có ai chuyển"),
        (Move.ORIGINAL, None, "đã là bản gốc"),
        (Move.NOT_ORIGINAL, None, "Chưa có ai chọn"),
    ],
)
def test_a_move_that_changes_nothing_is_refused(
    tmp_path: Path, how: Move, to: Incoming | None, said: str
) -> None:
    house = open_house(tmp_path)
    store(house, A, B)
    group(house)
    with pytest.raises(UsageError, match=said):
        correction(house, A, how, to)


@pytest.mark.parametrize(
    "written",
    [
        "{id}",
        "https://bao_hai.test/b.html?utm_source=zalo",
        "http://may:8080/articles/{id}#story",
        "/stories/{id}",
    ],
)
def test_an_article_is_named_by_number_or_address(tmp_path: Path, written: str) -> None:
    house = open_house(tmp_path)
    store(house, B)
    with house.engine.begin() as connection:
        assert target_of(connection, written.format(id=article_id(B.url))) == article_id(B.url)
        for wrong in ("", "1", "mot cua", "https://bao_hai.test/khac.html"):
            with pytest.raises(UsageError):
                target_of(connection, wrong)
