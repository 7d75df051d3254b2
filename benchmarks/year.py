"""A year of the whole country from a large database, and one agency's month.

    make bench-year

A database of `--articles` articles is made up (seeded; the declared outlets, stories, tags, every
source polled `--polls` times a day with an outage, but no bodies: no figure reads them), once with
2 % and once with 20 % of them relevant. Then it is asked, by the functions that measuring uses, for
the year of 51 agencies x 7 areas x 12 months with the state of every cell (covered, empty or
unknown), and for the profile of one agency's month. Exit 1 where the processor's time is above its
limit: that of the clock depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

import crawlers
from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM, system_clock
from domain.codes import Area, Role
from domain.figures import CellState
from domain.outlets import OutletBook, read_outlets
from domain.periods import Window, month
from domain.settings import Settings
from pipeline.context import Context
from pipeline.profile import measured_profile
from pipeline.year import month_cells
from storage.database import Engine, connect
from storage.declared import register_outlet
from storage.forms import init_database
from storage.tables import article_agencies, article_areas, articles, polls, sources

YEAR_LIMIT, MONTH_LIMIT = 5.0, 0.3
_BATCH = 20_000
_FIRST = datetime(2026, 1, 1, tzinfo=VIETNAM)
_MINUTES = 365 * 24 * 60
#: A story is printed this often, on the average.
_COPIES = (1, 1, 1, 1, 2, 2, 3, 5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """This says how large the made-up press is."""

    articles: int
    relevant: float
    polls: int
    seed: int


def build(engine: Engine, size: Size, book: OutletBook, agencies: list[str]) -> None:
    """Fill the database with a made-up year."""
    chance = random.Random(size.seed)
    names = [outlet.id for outlet in book]
    with engine.begin() as connection:
        for outlet in book:
            register_outlet(connection, outlet)
        numbers = list(connection.scalars(select(sources.c.id)))
        for number in numbers:
            connection.execute(insert(polls), list(_polls(number, size, chance)))
    number = 0
    while number < size.articles:
        wanted = min(_BATCH, size.articles - number)
        rows = list(_articles(number, wanted, names, size, chance))
        number += len(rows)
        with engine.begin() as connection:
            connection.execute(insert(articles), rows)
            _tag(connection, [row for row in rows if row["relevant"]], agencies, chance)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _polls(source: int, size: Size, chance: random.Random) -> Iterator[dict[str, Any]]:
    outage = chance.randrange(365)
    for number in range(365 * size.polls):
        at = _FIRST + timedelta(days=number / size.polls)
        down = outage <= number // size.polls < outage + 20
        yield {"source_id": source, "at": at, "outcome": "timeout" if down else "ok",
               "items": 0 if down else 30,
               "reaches_to": None if down else at - timedelta(days=1)}  # fmt: skip


def _articles(
    first: int, count: int, names: list[str], size: Size, chance: random.Random
) -> Iterator[dict[str, Any]]:
    done = 0
    while done < count:
        relevant = chance.random() < size.relevant
        begun = _FIRST + timedelta(minutes=chance.randrange(_MINUTES))
        copies = min(chance.choice(_COPIES), count - done)
        story = None
        for copy in range(copies):
            # Numbers of real articles are digests of addresses: they lie in no order.
            number = ((first + done) * 2_862_933_555_777_941_757 + 3_037_000_493) % (1 << 52)
            story = number if story is None else story
            at = begun + timedelta(hours=copy)
            yield _article(number, story, at, relevant, chance.choice(names))
            done += 1


def _article(
    number: int, story: int, at: datetime, relevant: bool, outlet_id: str
) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://bao.test/mot-bai-co-dia-chi-dai-nhu-that-{number}.html",
        "outlet_id": outlet_id,
        "headline": f"Một tít dài như tít thật của một bài báo, mang số {number}",
        "description": "Sapo cũng dài như thật, vì mỗi dòng lớn thì đọc mỗi trang được ít dòng. "
        * 3,
        "content": "page",
        "published_at": at,
        "date_precision": "minute",
        "date_origin": "page_meta",
        "first_seen_at": at,
        "captured_at": at,
        "counted_at": at,
        "text_hash": f"{number:032x}",
        "time_key": (int(at.timestamp()) << 20) | (number & 0xFFFFF),
        "tag_version": "v1",
        "relevance": 0.9 if relevant else 0.1,
        "relevant": relevant,
        "story_id": story,
        "is_original": number == story,
        "indexed": True,
    }


def _tag(
    connection: Connection, rows: list[dict[str, Any]], agencies: list[str], chance: random.Random
) -> None:
    areas, named = [], []
    for row in rows:
        for area in chance.sample(list(Area), chance.choice((1, 1, 2))):
            areas.append({"article_id": row["id"], "area": area})
        for place, agency in enumerate(chance.sample(agencies, chance.choice((1, 1, 2, 3)))):
            role = Role.FOCUS if place < 2 else Role.MENTION
            named.append({"article_id": row["id"], "agency_id": agency, "role": role})
    if rows:
        connection.execute(insert(article_areas), areas)
        connection.execute(insert(article_agencies), named)


def year(context: Context, register: AgencyRegister) -> int:
    """The year's table of agencies, areas and months; how many of its cells are covered."""
    months = [month(f"2026-{number:02}", Window.LICH) for number in range(1, 13)]
    table = month_cells(context, register, months)
    assert len(table) == 51 * 7 * 12
    return sum(cell.state is CellState.COVERED for cell in table)


def agency_month(context: Context, register: AgencyRegister) -> int:
    """The whole profile of one agency's month, with what it is compared to; its articles."""
    opened = measured_profile(context, register, month("2026-07", Window.BAO_CAO), agency="BNV")
    return len(opened.articles)


def best_of(times: int, work: Callable[[], int]) -> tuple[float, float, int]:
    """Seconds of the best run, by the clock and of the processor, and what the work gave."""
    walls, processor, given = [], [], 0
    for _ in range(times):
        wall, spent = time.perf_counter(), time.process_time()
        given = work()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - spent)
    return min(walls), min(processor), given


def measure(size: Size, folder: Path) -> bool:
    """Build and time one database; whether it is within the limits."""
    register = read_register()
    day = datetime(2026, 12, 31, tzinfo=VIETNAM).date()
    agencies = [each.id for each in (*register.ministries(day), *register.provinces(day))]
    book = read_outlets(Path(crawlers.__file__).parent / "outlets")
    engine = connect(f"sqlite:///{folder / 'year.sqlite'}")
    init_database(engine)
    build(engine, size, book, agencies)
    context = Context(
        settings=Settings(), home=folder, engine=engine, outlets=book, clock=system_clock
    )
    megabytes = (folder / "year.sqlite").stat().st_size / 1e6
    print(f"{size.articles:,} articles, {size.relevant:.0%} relevant, {megabytes:,.0f} MB")
    within = True
    for name, limit, work in (
        ("year, 51 x 7 x 12", YEAR_LIMIT, partial(year, context, register)),
        ("one agency's month", MONTH_LIMIT, partial(agency_month, context, register)),
    ):
        wall, spent, given = best_of(3, work)
        print(
            f"  {name}: clock {wall:.3f} s, processor {spent:.3f} s, limit {limit} s "
            f"({given:,} found)"
        )
        within = within and spent <= limit
    return within


def main() -> None:
    """Measure both shares of relevant articles."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--relevant", type=float, nargs="*", default=[0.02, 0.2])
    parser.add_argument("--polls", type=int, default=4)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    good = True
    for share in asked.relevant:
        with tempfile.TemporaryDirectory() as folder:
            size = Size(articles=asked.articles, relevant=share, polls=asked.polls, seed=asked.seed)
            good = measure(size, Path(folder)) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
