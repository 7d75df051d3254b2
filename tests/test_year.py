"""The cells of many months: what is covered, what is a true nothing, and what nobody watched."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cli.measure import measure
from domain.agencies import read_register
from domain.codes import Area
from domain.errors import UsageError
from domain.figures import CellState
from domain.periods import Window, month
from pipeline.year import month_cells, months_between
from storage.polls import record_poll
from storage.tables import sources
from tests.stored_press import DAY, open_house, put

MONTHS = [month(f"2026-0{number}", Window.LICH) for number in (6, 7, 8)]


@pytest.fixture
def house(tmp_path):
    return open_house(tmp_path)


def watch(house, first, last) -> None:
    """Poll every source once a day."""
    with house.engine.begin() as connection:
        for number in list(connection.scalars(select(sources.c.id))):
            for day in range((last - first).days + 1):
                record_poll(
                    connection, source_id=number, at=first + timedelta(days=day), outcome="ok",
                    detail="", items=9, new_items=1, malformed=0, reaches_to=None,
                )  # fmt: skip


def test_every_cell_says_what_is_known(house):
    put(house, 1)
    start, end = MONTHS[1].bounds()
    watch(house, start, end - timedelta(days=1))
    cells = month_cells(house, read_register(), MONTHS)
    assert len(cells) == 51 * 7 * 3
    states = {(cell.agency_id, cell.area, cell.month.slug): cell for cell in cells}
    covered = states["BNV", Area.SO, MONTHS[1].slug]
    assert (covered.state, covered.stories, covered.placements) == (CellState.COVERED, 1, 1)
    assert states["BNV", Area.BO_MAY, MONTHS[1].slug].state is CellState.EMPTY
    for unwatched in (MONTHS[0], MONTHS[2]):
        assert states["BNV", Area.SO, unwatched.slug].state is CellState.UNKNOWN


def test_a_story_makes_its_cell_covered_whoever_watched(house):
    put(house, 1, at=DAY - timedelta(days=20))
    states = {
        (cell.agency_id, cell.area, cell.month.slug): cell.state
        for cell in month_cells(house, read_register(), MONTHS)
    }
    assert states["BNV", Area.SO, MONTHS[0].slug] is CellState.COVERED
    assert list(states.values()).count(CellState.COVERED) == 1
    assert list(states.values()).count(CellState.EMPTY) == 0


def asked(house, *words: str) -> str:
    """What the command prints of the months around the stories."""
    months = ["--by-month", "--from", "2026-06-01", "--to", "2026-08-31"]
    said = CliRunner().invoke(
        measure, [*months, *words], obj=SimpleNamespace(open=lambda: house), catch_exceptions=False
    )
    assert said.exit_code == 0, said.output
    return said.output


def test_the_command_gives_every_cell_of_the_months_to_machines(house):
    put(house, 1)
    start, end = MONTHS[1].bounds()
    watch(house, start, end - timedelta(days=1))
    found = json.loads(asked(house, "--json"))
    assert [each["month"] for each in found["months"]] == ["2026-06", "2026-07", "2026-08"]
    cells = {(each["agency"], each["area"], each["month"]): each for each in found["cells"]}
    assert len(cells) == 51 * 7 * 3
    assert cells["BNV", "so", "2026-07"]["stories"] == 1
    assert cells["BNV", "bo_may", "2026-07"]["stories"] == 0
    # Nobody watched: nothing is known, which is not 0.
    assert cells["BNV", "so", "2026-06"] == {
        "agency": "BNV", "area": "so", "month": "2026-06", "state": "unknown", "expected": True,
        "stories": None, "placements": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "line", "columns"),
    [
        ((), "Bộ Nội vụ", ["–", "1", "–"]),
        ((), "Bộ Tài chính", ["–", "0", "–"]),
        (("--agency", "BNV"), "Chính phủ điện tử, Chính phủ số", ["–", "1", "–"]),
        # An agency of the past stands under its heir of the last day.
        (("--agency", "BLDTBXH"), "Tổ chức bộ máy", ["–", "0", "–"]),
        (("--area", "so"), "Bộ Nội vụ", ["–", "1", "–"]),
    ],
)
def test_the_command_shows_the_months_side_by_side(house, words, line, columns):
    put(house, 1)
    start, end = MONTHS[1].bounds()
    watch(house, start, end - timedelta(days=1))
    lines = asked(house, *words).splitlines()
    assert [each.removeprefix(line).split() for each in lines if each.startswith(line)] == [columns]


def test_half_watched_months_are_a_range(house):
    put(house, 1)
    lines = asked(house).splitlines()
    assert [each.split()[-2] for each in lines if each.startswith("Bộ Nội vụ")] == ["1–7"]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 7, 1), date(2026, 7, 30)),
        (date(2026, 7, 2), date(2026, 8, 1)),
        (date(2026, 6, 15), date(2026, 7, 31)),
        (date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_parts_of_months_are_refused_with_what_to_write(since, until):
    with pytest.raises(UsageError, match="từ ngày 15 đến ngày 14"):
        months_between(since, until)
