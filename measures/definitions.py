"""The words of a measure: its function's docstring is what the report prints."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from domain.figures import Definition


def definition(measure_id: str, name: str, measure: Callable[..., object]) -> Definition:
    """The declared words of a measure, without the worked example."""
    words = (inspect.getdoc(measure) or "").partition(">>>")[0]
    paragraphs = (" ".join(part.split()) for part in words.split("\n\n"))
    return Definition(id=measure_id, name=name, text="\n".join(filter(None, paragraphs)))
