"""The digest as one HTML page: inline styles, no picture, fit to be mailed."""

from __future__ import annotations

from typing import BinaryIO

from domain.figures import Digest
from reports import digest_view as view
from reports.wording import DIGEST_PAGE, fill, template_text


def write(digest: Digest, stream: BinaryIO) -> None:
    """Write the page; everything that came from outside is escaped."""
    page = fill(
        DIGEST_PAGE,
        template_text(DIGEST_PAGE, digest.templates),
        view.fields(digest),
        is_html=True,
    )
    stream.write(page.encode("utf-8"))
