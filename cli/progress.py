"""Progress: one moving line on a terminal, silence elsewhere (the summary says it all)."""

from __future__ import annotations

from typing import TextIO

from pipeline.context import Progress, no_progress
from reports.vietnamese import number


def progress_on(stream: TextIO) -> Progress:
    """Progress told on `stream` if a person looks at it."""
    if not stream.isatty():
        return no_progress

    def tell(stage: str, done: int, total: int | None) -> None:
        of = f"/{number(total)}" if total else ""
        stream.write(f"\r\033[K{stage}: {number(done)}{of}")
        if total is not None and done >= total:
            stream.write("\r\033[K")
        stream.flush()

    return tell
