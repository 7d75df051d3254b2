"""What hosts said in robots.txt, kept for a day (RFC 9309, 2.4): one file a host."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

log = logging.getLogger(__name__)

#: A copy older than this must not be used (RFC 9309, 2.4).
LONGEST_KEPT = timedelta(hours=24)
#: What a crawler must read at least (RFC 9309, 2.5); a longer one is asked anew in each crawl.
LARGEST_KEPT = 500 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """This is what a host answered: its rules, or none where it has no robots.txt."""

    #: The address that answered, after redirects.
    url: str
    body: bytes
    fetched_at: datetime


class RobotsMemory:
    """This keeps the answers of hosts in a folder, each written aside and renamed.

    Answers alone are to be kept: where a host failed, nothing is known of what it allows.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, host: str, *, now: datetime) -> Told | None:
        """What a host (with its port) answered within a day before `now`, else None."""
        path = self._path(host)
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            told = Told(
                url=said["url"],
                body=said["body"].encode("utf-8", "surrogateescape"),
                fetched_at=datetime.fromisoformat(said["fetched_at"]),
            )
            fresh = timedelta() <= now - told.fetched_at < LONGEST_KEPT
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Asked anew, and written over.
            log.warning(
                "robots.txt kept is damaged", extra={"url": str(path), "reason": str(error)}
            )
            return None
        return told if fresh else None

    def keep(self, host: str, told: Told) -> None:
        """Keep an answer; where that cannot be done the host is asked again in the next crawl."""
        if len(told.body) > LARGEST_KEPT:
            return
        path = self._path(host)
        aside = path.with_suffix(".part")
        said = {
            "url": told.url,
            "fetched_at": told.fetched_at.isoformat(),
            # What is no UTF-8 comes back as it was.
            "body": told.body.decode("utf-8", "surrogateescape"),
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(said), encoding="utf-8")
            aside.replace(path)
        except OSError as error:
            log.warning("robots.txt not kept", extra={"url": told.url, "reason": str(error)})

    def _path(self, host: str) -> Path:
        return self._folder / f"{quote(host.lower(), safe='')}.json"
