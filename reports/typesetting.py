"""The typesetting program: pages and pictures without a system library, letters included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal


def typeset(
    files: Mapping[str, bytes],
    form: Literal["pdf", "png"],
    *,
    made: datetime | None = None,
    dots_per_inch: float | None = None,
) -> bytes:
    """Typeset ``main.typ`` of `files`; only the letters that come with the program are used.

    `made` is the time written into a PDF: with it, equal input gives equal bytes.
    """
    # Starting it takes a while: only who typesets waits for it.
    import typst

    # Its declared types leave out that files may be handed in as bytes by name.
    compile_files: Any = typst.compile
    made_bytes = compile_files(
        dict(files),
        format=form,
        ppi=dots_per_inch,
        timestamp=made.astimezone(UTC).replace(microsecond=0) if made else None,
        ignore_system_fonts=True,
    )
    assert isinstance(made_bytes, bytes)
    return made_bytes
