"""Telling the operator: a trouble is told once, kept until somebody took it, then told again."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import DiembaoError
from pipeline.context import Context
from pipeline.couriers import Courier, couriers
from storage.database import reading
from storage.notices import end_trouble, mark_sent, raise_notice, unsent

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """This is one thing to be told, in Vietnamese."""

    #: job, backup, source, disk, weekly.
    kind: str
    #: The trouble: what has the same key is the same trouble.
    key: str
    subject: str
    #: What is the matter and what to do.
    text: str


def tell(context: Context, notice: Notice) -> None:
    """Keep a notice and send it, unless the same trouble was told not long ago."""
    now = context.clock()
    silent = timedelta(days=context.settings.notices.repeat_days)
    with context.engine.begin() as connection:
        new = raise_notice(
            connection,
            kind=notice.kind,
            key=notice.key,
            subject=notice.subject,
            text=notice.text,
            now=now,
            silent_since=now - silent,
        )
    if new:
        level = logging.INFO if notice.kind == "weekly" else logging.WARNING
        # Where nobody is to be told by mail, the log has it whole.
        log.log(level, "notice: %s", notice.subject, extra={"key": notice.key, "text": notice.text})
        send_waiting(context)


def over(context: Context, keys: Iterable[str]) -> None:
    """These troubles are over."""
    with context.engine.begin() as connection:
        end_trouble(connection, keys, context.clock())


def send_waiting(context: Context) -> int:
    """Hand over what waits, by every way that is configured; how many notices were taken.

    A notice that no way takes stays and is tried again at the next look.
    """
    with reading(context.engine) as connection:
        waiting = unsent(connection)
    ways = couriers(context.settings.notices)
    taken = []
    for notice in waiting:
        subject, text = f"[diembao] {notice.subject}", notice.text
        if not ways or any([_handed(way, subject, text) for way in ways]):
            taken.append(notice.id)
    if taken:
        with context.engine.begin() as connection:
            mark_sent(connection, taken, context.clock())
    return len(taken)


def send_now(context: Context, subject: str, text: str) -> None:
    """Tell at once and keep nothing: for when nothing can be kept."""
    for way in couriers(context.settings.notices):
        _handed(way, f"[diembao] {subject}", text)


def _handed(way: Courier, subject: str, text: str) -> bool:
    try:
        way(subject, text)
    except DiembaoError as error:
        log.error("notice not sent", extra={"subject": subject, "reason": str(error)})
        return False
    return True
