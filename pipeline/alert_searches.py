"""What is new for the searches that a person saved."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from domain.alerts import AlertFound, AlertKind, Subscriber
from domain.clock import VIETNAM
from domain.codes import Area
from domain.errors import UsageError
from domain.validation import unknown
from storage.alert_signs import WatchedSearch, keep_seen, watched_searches
from storage.database import Connection
from storage.search import Hit, Question
from storage.search_page import search_page

log = logging.getLogger(__name__)
#: Articles of the last days are looked at, the newest first, so many of them.
_DAYS: Final = 3
_MOST: Final = 300
#: So many of the articles told are remembered: more than one look can bring back.
_REMEMBERED: Final = 1_000
#: So many headlines are named.
_NAMED: Final = 5


def look_at_searches(connection: Connection, person: Subscriber, now: datetime) -> list[AlertFound]:
    """An alert for each saved search with new articles; they are remembered at once."""
    found = []
    for saved in watched_searches(connection, person.user.id):
        if saved.id in person.wishes.muted:
            continue
        try:
            hits = _newest(connection, saved, now)
        except UsageError as error:
            # Saved long ago, over what is not there any more: the search page says so to its owner.
            log.warning("saved search not usable", extra={"id": saved.id, "reason": str(error)})
            continue
        new = _new(saved, hits)
        seen = [hit.id for hit in hits]
        kept = [*seen, *(each for each in saved.seen or () if each not in set(seen))]
        if saved.seen is None or new:
            keep_seen(connection, saved.id, kept[:_REMEMBERED])
        if new:
            found.append(_alert(saved, new))
    return found


def _newest(connection: Connection, saved: WatchedSearch, now: datetime) -> Sequence[Hit]:
    question = asked(saved.query)
    first = now.astimezone(VIETNAM).date() - timedelta(days=_DAYS)
    if question.until is not None and question.until < first:
        return ()
    since = first if question.since is None else max(first, question.since)
    fresh = Question(
        words=question.words, agency=question.agency, focus_only=question.focus_only,
        area=question.area, outlet=question.outlet, since=since, until=question.until,
        relevant_only=question.relevant_only,
    )  # fmt: skip
    return search_page(connection, fresh, limit=_MOST).hits


def _new(saved: WatchedSearch, hits: Sequence[Hit]) -> list[Hit]:
    """What its owner was not told of; the first time, what came after it was saved."""
    if saved.seen is None:
        return [hit for hit in hits if hit.first_seen_at >= saved.created_at]
    known = set(saved.seen)
    return [hit for hit in hits if hit.id not in known]


def asked(query: str) -> Question:
    """The question of a saved search; what cannot be meant is a `UsageError`.

    >>> asked("q=m%E1%BB%99t+c%E1%BB%ADa&agency=BNV&from=2026-07-01").agency
    'BNV'
    """
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    area = given.get("area", "")
    if area and area not in set(Area):
        raise UsageError(unknown("lĩnh vực", area[:40], Area))
    return Question(
        words=given.get("q", ""),
        agency=given.get("agency", ""),
        focus_only=given.get("focus") == "1",
        area=Area(area) if area else None,
        outlet=given.get("outlet", ""),
        since=_day(given.get("from", "")),
        until=_day(given.get("to", "")),
        relevant_only=given.get("all") != "1",
    )


def _day(written: str) -> date | None:
    """A day as the search form sends it, or as a person writes it."""
    if not written.strip():
        return None
    iso = "-".join(written.strip().split("/")[::-1]) if "/" in written else written.strip()
    try:
        year, month, day = (int(part) for part in iso.split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise UsageError(f"“{written[:40]}” không phải ngày.") from error


def _alert(saved: WatchedSearch, new: Sequence[Hit]) -> AlertFound:
    named = "; ".join(f"{hit.headline} ({hit.outlet_name})" for hit in new[:_NAMED])
    more = f"; và {len(new) - _NAMED} bài khác" if len(new) > _NAMED else ""
    ids = ",".join(str(hit.id) for hit in new)
    return AlertFound(
        kind=AlertKind.SEARCH,
        key=f"search:{saved.id}:{hashlib.sha256(ids.encode()).hexdigest()[:32]}",
        title=f"{saved.name}: {len(new)} bài mới",
        text=f"{named}{more}.",
        path=f"/search?{saved.query}",
    )
