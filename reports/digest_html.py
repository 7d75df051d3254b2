"""The digest as one HTML page: inline styles, no picture, fit to be mailed."""

from __future__ import annotations

from importlib.resources import files
from typing import BinaryIO

from jinja2 import Environment, StrictUndefined

from domain.figures import Digest
from reports import digest_view as view


def write(digest: Digest, stream: BinaryIO) -> None:
    """Write the page; everything that came from outside is escaped."""
    template = (files("reports") / "templates" / "digest.html").read_text(encoding="utf-8")
    pages = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = pages.from_string(template).render(
        title=view.title(digest),
        lead=view.lead(digest),
        sections=view.sections(digest),
        nothing=view.nothing(digest),
        limits=view.limits(digest),
    )
    stream.write(page.encode("utf-8"))
