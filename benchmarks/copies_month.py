"""A month of articles at once: how much memory and time finding likely copies takes.

    python -m benchmarks.copies_month [--days 30] [--daily 30000]

The stream is synthetic: of four sketches three are new, one is that of an earlier text of the week
with a third of its sample changed. A new sample is half of shingles that many texts have, drawn by
Zipf's law, half of its own. Comparing the texts of a pair exactly and making sketches of texts is
measured by `benchmarks.copies`.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
import numpy as np

from nlp.sketches import Sketched, likely_pairs

_SAMPLE = 58
_COMMON = 200_000
_LEVEL = 3
_BANDS = 8
_START = datetime(2026, 7, 1, tzinfo=UTC)
_SEED = 2026


def stream(days: int, daily: int) -> Iterator[tuple[Sketched, int | None]]:
    """Sketches in the order of time, each with the key it copies."""
    dice = np.random.default_rng(_SEED)
    limit = (1 << 32) >> _LEVEL
    common = dice.integers(0, limit, _COMMON, dtype=np.uint32)
    week = 7 * daily
    samples: dict[int, np.ndarray] = {}
    for key in range(days * daily):
        known = dice.integers(0, limit, _SAMPLE, dtype=np.uint32)
        origin: int | None = None
        if key and dice.random() < 0.25:
            origin = int(dice.integers(max(0, key - week), key))
            known[_SAMPLE // 3 :] = samples[origin][_SAMPLE // 3 :]
        else:
            ranks = np.minimum(dice.zipf(1.2, _SAMPLE // 2), _COMMON) - 1
            known[: _SAMPLE // 2] = common[ranks]
        samples[key] = known
        samples.pop(key - week, None)
        head = np.concatenate(
            [[0, _LEVEL], dice.integers(1, 1 << 32, _BANDS, dtype=np.uint32)]
        ).astype("<u4")
        sketch = np.concatenate([head, np.unique(known)]).astype("<u4").tobytes()
        yield Sketched(key, _START + timedelta(days=1) / daily * key, sketch), origin


@click.command()
@click.option("--days", default=30, show_default=True)
@click.option("--daily", default=30_000, show_default=True)
def main(days: int, daily: int) -> None:
    """Find the likely copies of a synthetic month."""
    items, copies = [], set()
    for item, origin in stream(days, daily):
        items.append(item)
        if origin is not None:
            copies.add((item.key, origin))
    began = time.perf_counter()
    found = pairs = 0
    for block in likely_pairs(items, days=7):
        pairs += len(block)
        found += sum(pair in copies for pair in block)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(
        f"{len(items)} sketches: {pairs} likely pairs, {found} of {len(copies)} copies, "
        f"{seconds:.0f} s, peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
