"""`docs/faults.md` out of the table of faults: ``python -m tests.fault_press.table``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fault_press.faults import DIRECT, FAULTS, Fault, Held

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_HEAD = """<!-- Made by `python -m tests.fault_press.table`; do not edit. -->

# What goes wrong at a press, and what becomes of it

A press that fails on purpose stands in `tests/fault_press/`: one outlet for each fault below. The
tests crawl all of them at once through the whole program, lift the faults and crawl again
(`tests/test_fault_press.py`); the same faults strike at random in the simulated week
(`make proof-week`). Nothing that was listed and served may be missing at the end.

*Recorded* is the outcome of the list's poll (`polls.outcome`) and, where the pages fail,
`articles.page_outcome`; *health* is what the health page calls the outlet. *Retried* says how often
within the crawl; whatever failed is asked again when it is next due. *Meanwhile* is what is stored
while the fault lasts. *Lost* is what is missing once it is over.

| fault | what the server does | recorded | health | retried | meanwhile | lost |
|---|---|---|---|---|---|---|
"""


def rows() -> Iterator[str]:
    """One line for each fault."""
    for fault in (*FAULTS, *DIRECT):
        lost = "nothing" + (f"; {fault.note}" if fault.note else "")
        yield (
            f"| `{fault.name}` | {fault.what} | {_recorded(fault)} | {fault.health} | "
            f"{_retried(fault)} | {_meanwhile(fault)} | {lost} |"
        )


def _recorded(fault: Fault) -> str:
    told = " or ".join(f"`{outcome}`" for outcome in fault.poll)
    return told + (f"; page {' or '.join(f'`{o}`' for o in fault.page)}" if fault.page else "")


def _retried(fault: Fault) -> str:
    if fault.page:
        return "the page, in later crawls"
    if fault.asks == 0:
        return "not asked"
    return f"{fault.asks - 1} times at once" if fault.asks > 1 else "at the next poll"


def _meanwhile(fault: Fault) -> str:
    if fault.held is Held.PAGES and not fault.timed:
        return f"{fault.held.value}, without a time"
    return fault.held.value


def table() -> str:
    """The whole page."""
    return _HEAD + "\n".join(rows()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
