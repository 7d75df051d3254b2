"""Worlds whose truth is known: how often each interval of a profile holds, at each n.

`python -m benchmarks.worlds` makes 1,000 worlds for each figure and n, asks the measure for its
interval, and writes `docs/worlds.md`. A part of the worlds goes through the whole profile: events,
outlets, outages, copies, tagging errors.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from tests.world_press import press_rows
from tests.worlds import FIGURES, minimum, prove, table


def main() -> None:
    """Make the worlds and write what they show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--press", type=int, default=1000, help="worlds of the whole profile")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=None, help="docs/worlds.md to renew the page")
    arguments = parser.parse_args()
    started = time.perf_counter()
    top = list(head(arguments.worlds, arguments.press, arguments.seed))
    press = list(press_rows(arguments.press, arguments.seed))
    print("\n".join(press), flush=True)
    parts = ["", "## Figure by figure", ""]
    for figure in FIGURES:
        lines = prove(figure, arguments.worlds, arguments.seed)
        parts += table(figure, lines)
        print(f"{figure.name}: from n = {minimum(lines)}", flush=True)
    if arguments.out is not None:
        page = "\n".join([*top, *press, *parts, *tail()]).rstrip() + "\n"
        arguments.out.write_text(page, encoding="utf-8")
    print(f"{time.perf_counter() - started:.0f} s")


def head(worlds: int, press: int, seed: int) -> Iterator[str]:
    """What the page says before its tables."""
    yield "# Worlds whose truth is known"
    yield ""
    yield (
        "A figure of a profile comes with a 95 % interval. Here the truth is made first, and the "
        "measure is asked afterwards: how often does its interval hold? What must hold is 93 % at "
        "every n that is reported; where an interval holds more often than 95 % it is wider than "
        "it need be, and the table says so."
    )
    yield ""
    yield (
        f"Made by `make proof-worlds`: {worlds:,} worlds a line, {press:,} worlds of the whole "
        f"profile, seed {seed}. What each figure means is in [measures.md](measures.md)."
    )
    yield ""


def tail() -> Iterator[str]:
    """Which figures have no world of their own, and why."""
    yield "## Figures without a world of their own"
    yield ""
    yield (
        "- The interval is that of a share, proven above, but the whole profile's worlds do not "
        "follow the figure: `timely.working_3d`, `timely.before`, `audience.local`, "
        "`audience.own_province`, `audience.level`, `regular.promised` (a share times what was "
        "promised, over stretches as `regular.weeks` is over weeks), `context.picked_up_72h`, "
        "`context.portal_text`. What is not proven there is how outages and copies reach them: "
        "the worlds have neither provincial outlets nor portals."
    )
    yield (
        "- The interval is that of a waiting time, proven above for the first outlet; the third "
        "outlet's (`timely.third_median`, `timely.third_p90`) and `context.answer_median` go "
        "through the same function, and no world follows them. An outlet out of service for a day "
        "hides that it was the third; only gaps of the whole press end the watching."
    )
    yield (
        "- Counts and ends of what was seen carry no interval, so nothing is to be covered: "
        "`complete.owned`, `regular.longest_gap`, `regular.p90_gap`, `regular.burstiness`, "
        "`regular.campaign`, `context.stories` (as tagged), `context.placements`, "
        "`context.continuing`, `context.attention` (as tagged). Each says why beside its value."
    )
    yield (
        "- A place in the table of all agencies is a range: an agency stands behind those whose "
        "interval lies wholly above its own. The intervals are proven one by one; that all of a "
        "group hold at once is less often so."
    )
    yield (
        "- The evenness of tags (`diverse.*`) and the fit of audiences are not corrected for the "
        "tagger's errors: a matrix of errors between several classes needs some thirty audited "
        "articles of each class that was predicted, and no interval of an index made from it was "
        "shown to hold. They say so beside their value."
    )
    yield ""


if __name__ == "__main__":
    main()
