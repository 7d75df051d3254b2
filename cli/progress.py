"""Progress: one moving line on a terminal, silence elsewhere (the summary says it all)."""

from __future__ import annotations

from typing import TextIO

from pipeline.context import Progress, Remark, no_progress, no_remark
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


def remarks_on(stream: TextIO) -> Remark:
    """Sentences told on `stream` if a person looks at it, each on a line that stays."""
    if not stream.isatty():
        return no_remark

    def tell(sentence: str) -> None:
        stream.write(f"\r\033[K{sentence}\n")
        stream.flush()

    return tell
