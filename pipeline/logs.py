"""The log of a program that runs for months: lines for people or objects for machines, in turn."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from domain.errors import StorageError, os_reason
from domain.settings import LogSettings

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: What every record has; the rest was given as ``extra`` and belongs to the event.
_OWN = frozenset(
    (*logging.LogRecord("", 0, "", 0, "", None, None).__dict__, "message", "asctime", "taskName")
)


class Lines(logging.Formatter):
    """This writes an event as a line, what belongs to it behind it as ``key=value``."""

    def __init__(self) -> None:
        super().__init__(_LINE)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line."""
        given = " ".join(f"{key}={value!r}" for key, value in _given(record).items())
        return f"{super().formatMessage(record)} {given}".rstrip()


class JsonLines(logging.Formatter):
    """This writes an event as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **_given(record),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        elif record.exc_text:
            said["exception"] = record.exc_text
        return json.dumps(said, ensure_ascii=False, default=str)


def _given(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in record.__dict__.items() if key not in _OWN}


def set_up_log(settings: LogSettings, home: Path, *, part: str = "") -> None:
    """Let the root log go where the settings say, in their form.

    A program that runs beside the clock names its `part`: a file has one writer that rotates it.
    """
    root = logging.getLogger()
    handler = _file(settings, home, part) if settings.file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.format == "json" else Lines())
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(settings.level)
    quiet_neighbours(settings)


def quiet_neighbours(settings: LogSettings) -> None:
    """Libraries that tell each step they take are heard from a warning on, unless debugging."""
    for name in ("apscheduler", "alembic", "scrapy", "py.warnings"):
        logging.getLogger(name).setLevel("DEBUG" if settings.level == "DEBUG" else "WARNING")


def _file(settings: LogSettings, home: Path, part: str) -> logging.Handler:
    path = home / settings.file
    if part:
        path = path.with_name(f"{path.stem}.{part}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return RotatingFileHandler(
            path,
            maxBytes=int(settings.max_mb * 1_000_000),
            backupCount=settings.keep,
            encoding="utf-8",
        )
    except OSError as error:
        raise StorageError(
            f"Không ghi được nhật ký {path}: {os_reason(error)}. Sửa file ở mục [log]."
        ) from error
