"""One year of the press in both databases: every search and every measure answers the same.

    make proof-parity

The archive is replayed into a home folder with the embedded database, and carried to a PostgreSQL
started for it by the command `diembao move`. Then both are asked the same: searches drawn by a seed
from the words of the stored headlines (bare, quoted, without diacritics, with odd characters, with
every filter, further pages, the numbers beside the results), and every measure: the profile of each
month, of agencies and areas, the rows behind each figure, the tables by agency and by month, the
facts of the monthly report and the day's digest. Each answer is compared whole; exit 1 where one
differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from cli.measure_agencies import agencies_json
from cli.measure_months import months_json
from cli.measure_rows import rows_json
from domain.agencies import AgencyRegister, read_register
from domain.clock import system_clock
from domain.codes import Area
from domain.errors import UsageError
from domain.periods import Period, between, reporting_period
from domain.settings import Settings
from domain.text import fold_for_search
from measures.catalogue import CATALOGUE
from pipeline.context import Context
from pipeline.digest import day_digest
from pipeline.measure import month_report
from pipeline.opening import open_context
from pipeline.profile import Opened, measured_profile
from pipeline.year import month_cells, months_between
from reports.facts import facts
from reports.json import write as write_json
from reports.profile import profile_json
from storage.database import ADDRESS_VARIABLE, reading
from storage.search import Question, search
from storage.search_page import SearchCounts, search_counts, search_first, search_page
from storage.tables import articles
from tests.postgres_server import discard, start_server

_DEFINITIONS: Final = {each.id: each.definition for each in CATALOGUE.values()}
_AGENCIES: Final = ("BNV", "BTC", "BCA", "BYT", "P34:ha_noi", "P34:ho_chi_minh", "KTNN")
#: What people type by mistake, and what has a meaning in one database's language of search.
_ODD: Final = (
    "'", "\\", "&", "|", "!", "(", ")", ":*", "<->", "*", "NOT", "OR", "AND", "NEAR(", "-", "%",
    "_", "🙂", "\u200b", "title:", "''", ";--",
)  # fmt: skip

#: How the answer to a refused question begins, and that of a search to which nothing answers.
_REFUSED: Final = "refused: "
_NOTHING: Final = '[\n"SearchResult(total=0,'
#: A question to an installation, and its answer as plain values.
Ask = Callable[[Context], Any]


def replay(archive: Path, home: Path) -> None:
    """The main job over the archive, by the command."""
    _diembao(home, "run", "--replay", str(archive))


def carry(home: Path, url: str) -> float:
    """Move the database by the command; how many seconds it took."""
    began = time.perf_counter()
    _diembao(home, "move", "--to", url)
    return time.perf_counter() - began


def _diembao(home: Path, *arguments: str) -> None:
    program = Path(sys.executable).with_name("diembao")
    without = {name: value for name, value in os.environ.items() if name != ADDRESS_VARIABLE}
    subprocess.run([str(program), "--home", str(home), *arguments], check=True, env=without,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def questions(context: Context, count: int, chance: random.Random) -> Iterator[Question]:
    """Searches out of the words that are stored."""
    with reading(context.engine) as connection:
        rows = connection.execute(
            select(articles.c.headline, articles.c.outlet_id, articles.c.counted_at).order_by(
                articles.c.id
            )
        ).all()
    for _ in range(count):
        row = chance.choice(rows)
        yield _filtered(_words(row.headline, chance), row.outlet_id, row.counted_at.date(), chance)


def _words(headline: str, chance: random.Random) -> str:
    words = headline.split() or ["tin"]
    first, length = chance.randrange(len(words)), chance.choice((1, 1, 2, 2, 3, 4))
    chosen = words[first : first + length]
    match chance.randrange(7):
        case 0:
            return f'"{" ".join(chosen)}"'
        case 1:
            return fold_for_search(" ".join(chosen)) or "tin"
        case 2:
            return " ".join(chosen).upper()
        case 3:
            return f'"{" ".join(chosen)}" {chance.choice(words)}'
        case 4:
            chosen.insert(chance.randrange(len(chosen) + 1), chance.choice(_ODD))
            return " ".join([*chosen, "bộ"])
        case 5:
            return ""
        case _:
            return " ".join(chosen)


def _filtered(words: str, outlet: str, day: date, chance: random.Random) -> Question:
    question = Question(words=words, relevant_only=chance.random() < 0.4)
    if chance.random() < 0.2:
        question = replace(question, outlet=outlet)
    if chance.random() < 0.2:
        question = replace(question, area=chance.choice(list(Area)))
    if chance.random() < 0.25:
        focus = chance.random() < 0.5
        question = replace(question, agency=chance.choice(_AGENCIES), focus_only=focus)
    if chance.random() < 0.4:
        question = replace(question, since=day - timedelta(days=chance.randrange(60)))
    if chance.random() < 0.3:
        question = replace(question, until=day + timedelta(days=chance.randrange(30)))
    return question


def searches(context: Context, count: int, seed: int) -> Iterator[tuple[str, Ask]]:
    """The searches as questions to an installation."""
    chance = random.Random(seed)
    for question in questions(context, count, chance):
        yield f"search {question}", _search(question, chance.choice((0, 0, 0, 20, 100)))


def _search(question: Question, offset: int) -> Ask:
    def ask(context: Context) -> Any:
        with reading(context.engine) as connection:
            found = search(connection, question, limit=50, offset=offset)
            page, beside = search_first(connection, question, limit=20)
            further = search_page(connection, question, limit=20, before=page.next_before)
            counts = search_counts(connection, question)
            # Mappings are compared in their order too: it is that of the filters on the page.
            return [repr(found), repr(page), repr(further), _ordered(counts), _ordered(beside)]

    return ask


def _ordered(counts: SearchCounts) -> list[Any]:
    kinds = (counts.areas, counts.agencies, counts.outlets, counts.tones)
    return [counts.total, counts.is_more, counts.sampled, *(list(each.items()) for each in kinds)]


def measures(register: AgencyRegister, months: Sequence[Period]) -> Iterator[tuple[str, Ask]]:
    """Every measure as questions to an installation."""
    whole = between(months[0].start, months[-1].end)
    for month in months:
        yield f"profile {month.title}", _profile(register, month, rows=False)
        yield f"report {month.title}", _report(register, month, None)
        yield f"digest {month.end}", _digest(register, month.end)
    for each in (reporting_period(2026, "quy-1"), reporting_period(2026, "6-thang")):
        yield f"report {each.title}", _report(register, each, None)
    yield "profile of the whole", _profile(register, whole, rows=True)
    yield "months", lambda context: months_json(month_cells(context, register, months), register)
    for month in months[-2:]:
        for agency in _AGENCIES:
            yield f"profile {month.title} {agency}", _profile(register, month, agency=agency)
            yield f"report {month.title} {agency}", _report(register, month, agency)
        for area in Area:
            yield f"profile {month.title} {area}", _profile(register, month, area=area)


def _profile(
    register: AgencyRegister,
    period: Period,
    *,
    agency: str | None = None,
    area: Area | None = None,
    rows: bool = True,
) -> Ask:
    def ask(context: Context) -> Any:
        opened = measured_profile(context, register, period, agency=agency, area=area)
        return {
            "profile": profile_json(opened.measured, _DEFINITIONS),
            "agencies": agencies_json(opened.indexes, period),
            "rows": _rows(opened) if rows else None,
        }

    return ask


def _rows(opened: Opened) -> dict[str, list[Any]]:
    figures = [figure for quality in opened.measured.qualities for figure in quality.figures]
    return {figure.id: list(rows_json(opened, figure)) for figure in figures}


def _report(register: AgencyRegister, month: Period, agency: str | None) -> Ask:
    def ask(context: Context) -> Any:
        report, stream = month_report(context, register, month, agency=agency), BytesIO()
        write_json(report, stream)
        return [facts(report), stream.getvalue().decode()]

    return ask


def _digest(register: AgencyRegister, day: date) -> Ask:
    return lambda context: asdict(day_digest(context, register, day))


def compare(
    asked: Iterable[tuple[str, Ask]], one: Context, other: Context
) -> tuple[Counter[str], int]:
    """Ask both; how many answers of each kind, and how many differ."""
    kinds: Counter[str] = Counter()
    different = 0
    for name, ask in asked:
        here, there = (_plain(ask, context) for context in (one, other))
        kind = name.partition(" ")[0]
        kinds[kind] += 1
        kinds[f"{kind} refused by both"] += here == there and here.startswith(_REFUSED)
        kinds[f"{kind} that found nothing"] += here.startswith(_NOTHING)
        if here != there:
            different += 1
            print(f"DIFFERS: {name}\n  {_first_difference(here, there)}", flush=True)
    return kinds, different


def _plain(ask: Ask, context: Context) -> str:
    try:
        return json.dumps(ask(context), ensure_ascii=False, indent=0, default=str)
    except UsageError as error:  # compared too: both must refuse, in the same words
        return f"{_REFUSED}{error}"


def _first_difference(here: str, there: str) -> str:
    pairs = zip(here.splitlines(), there.splitlines(), strict=False)
    return next((f"{a!r} != {b!r}" for a, b in pairs if a != b), f"{len(here)} != {len(there)}")


def main() -> None:
    """Replay, carry over, ask both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--home", type=Path, help="a home that holds the archive's year already")
    asked = parser.parse_args()
    register = read_register()
    server = start_server()
    try:
        with tempfile.TemporaryDirectory() as made:
            home = asked.home or Path(made)
            if not asked.home:
                replay(asked.archive, home)
            url = server.url("nam")
            print(f"moved in {carry(home, url):.0f} s", flush=True)
            os.environ.pop(ADDRESS_VARIABLE, None)
            moment = system_clock()
            one = open_context(Settings(), home, clock=lambda: moment)
            os.environ[ADDRESS_VARIABLE] = url
            other = open_context(Settings(), home, clock=lambda: moment)
            months = months_between(date(2025, 8, 1), date(2026, 8, 31))
            different = 0
            for every in (searches(one, asked.searches, asked.seed), measures(register, months)):
                kinds, differing = compare(every, one, other)
                told = [f"{count} x {kind}" for kind, count in kinds.items() if count]
                print(f"{', '.join(told)}: {differing} answers differ", flush=True)
                different += differing
    finally:
        discard(server)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
