"""The files that a browser is given: our own, and the live parts where they are installed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

_FOLDER: Final = Path(__file__).parent
OWN: Final = _FOLDER / "static"
#: Fetched from the npm registry by `make setup`; the pages work without them.
LIVE: Final = _FOLDER / "front" / "node_modules" / "htmx.org" / "dist"
_LIVE_FILE: Final = "htmx.min.js"
_KEPT: Final = "public, max-age=31536000, immutable"


class KeptFiles(StaticFiles):
    """This hands out files that browsers keep: their addresses change with what is in them."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        """The file, to be kept."""
        answer = super().file_response(*args, **named)
        answer.headers["Cache-Control"] = _KEPT
        return answer


@cache
def address(name: str) -> str:
    """The address of one of our files, as it is today.

    >>> address("diembao.css").startswith("/static/diembao.css?")
    True
    """
    return f"/static/{name}?{_print(OWN / name)}"


@cache
def live_address() -> str:
    """The address of the live parts; "" where they are not installed."""
    file = LIVE / _LIVE_FILE
    return f"/static/live/{_LIVE_FILE}?{_print(file)}" if file.is_file() else ""


def _print(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
