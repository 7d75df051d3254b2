"""The messages that alerts leave in: one for each person and turn, held back in quiet hours."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

from domain.alerts import ALERT_KIND_NAMES, Alert, AlertKind, Subscriber, is_quiet
from domain.clock import VIETNAM
from domain.errors import DiembaoError
from domain.settings import Settings
from pipeline.context import Context
from pipeline.couriers import post, send_mail
from storage.alerts import keep_problem, mark_mailed, mark_posted, subscribers, waiting_of
from storage.database import reading

log = logging.getLogger(__name__)
#: A message names so many alerts; the page has them all.
_NAMED: Final = 50
_FOOT: Final = "Chọn điều muốn được báo, giờ yên lặng ở trang “Cảnh báo” của Điểm Báo."


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """This is what became of the messages: how many left, were held back, were not taken."""

    mails: int = 0
    posts: int = 0
    #: People whose alerts wait for the end of their quiet hours.
    held: int = 0
    #: Why messages were not taken, a sentence each.
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """This is one message."""

    subject: str
    text: str
    html: str


def ways_of(settings: Settings, person: Subscriber) -> tuple[bool, bool]:
    """Whether a person's alerts leave by mail, and by webhook."""
    wishes = person.wishes
    return bool(wishes.email and settings.notices.smtp_host), bool(wishes.webhook)


def send_messages(context: Context) -> Sent:
    """Send each person what waits for them, unless they want to be left alone now.

    What was taken is marked at once, way by way: a way that fails is tried again the next time and
    the other is not used twice.
    """
    mails = posts = held = 0
    problems: list[str] = []
    with reading(context.engine) as connection:
        waiting = [
            (person, rows)
            for person in subscribers(connection)
            if (rows := waiting_of(connection, person.user.id))
        ]
    for person, rows in waiting:
        if is_quiet(person.wishes, context.clock()):
            held += 1
            continue
        mailed, posted, problem = _send(context, person, rows)
        mails, posts = mails + mailed, posts + posted
        if problem:
            problems.append(f"{person.user.name}: {problem}")
    return Sent(mails=mails, posts=posts, held=held, problems=tuple(problems))


def _send(context: Context, person: Subscriber, rows: Sequence[Alert]) -> tuple[bool, bool, str]:
    """Whether a mail and a post left, and why one did not."""
    now, settings, problems = context.clock(), context.settings, []
    done = {}
    ways = {
        "mail": ([row for row in rows if row.to_mail], partial(_mail, settings, person)),
        "post": ([row for row in rows if row.to_post], partial(_post, settings, person)),
    }
    marks = {"mail": mark_mailed, "post": mark_posted}
    for way, (mine, hand) in ways.items():
        problem = _handed(hand, mine, settings.web.public_url) if mine else ""
        done[way] = bool(mine) and not problem
        if done[way]:
            with context.engine.begin() as connection:
                marks[way](connection, [row.id for row in mine], now)
        if problem:
            problems.append(problem)
            log.error("alert not sent", extra={"user": person.user.name, "reason": problem})
    told = " ".join(problems)
    if told != person.problem:
        with context.engine.begin() as connection:
            keep_problem(connection, person.user.id, told)
    return done["mail"], done["post"], told


def _handed(
    hand: Callable[[Message, Sequence[Alert]], None], rows: Sequence[Alert], public_url: str
) -> str:
    """Why a message was not taken; "" where it was."""
    try:
        hand(message_of(rows, public_url), rows)
    except DiembaoError as error:
        return str(error)
    return ""


def _mail(settings: Settings, person: Subscriber, message: Message, rows: Sequence[Alert]) -> None:
    to = settings.notices.model_copy(update={"email_to": (person.wishes.email,)})
    send_mail(
        to, message.subject, message.text,
        html=message.html, message_id=_message_id(rows, settings.notices.email_from),
    )  # fmt: skip


def _message_id(rows: Sequence[Alert], sender: str) -> str:
    """The same for the same alerts: a mail that is sent twice after a crash is known as one."""
    ids = ",".join(str(row.id) for row in rows)
    host = sender.rpartition("@")[2].strip(" >") or "localhost"
    return f"<diembao.{hashlib.sha256(ids.encode()).hexdigest()[:24]}@{host}>"


def _post(settings: Settings, person: Subscriber, message: Message, rows: Sequence[Alert]) -> None:
    remedy = "Kiểm tra địa chỉ webhook ở trang “Cảnh báo”."
    post(person.wishes.webhook, message.subject, message.text, remedy=remedy)


def message_of(rows: Sequence[Alert], public_url: str) -> Message:
    """One message for some alerts, by kind; with links only where the pages' address is known."""
    count = len(rows)
    subject = f"[diembao] {count} cảnh báo"
    if count == 1:
        subject = f"[diembao] {_headed(ALERT_KIND_NAMES[rows[0].kind])}: {rows[0].title}"
    named = rows[:_NAMED]
    more = f"Và {count - _NAMED} cảnh báo khác ở trang “Cảnh báo”." if count > _NAMED else ""
    lines, parts = [], []
    for kind in AlertKind:
        mine = [row for row in named if row.kind is kind]
        if mine:
            lines += [f"{_headed(ALERT_KIND_NAMES[kind])} ({len(mine)})", ""]
            lines += [line for row in mine for line in _written(row, public_url)]
            items = "".join(_drawn(row, public_url) for row in mine)
            parts.append(f"<h2>{escape(_headed(ALERT_KIND_NAMES[kind]))}</h2><ul>{items}</ul>")
    lines += [*([more, ""] if more else []), _FOOT]
    parts += [f"<p>{escape(each)}</p>" for each in (more, _FOOT) if each]
    html = f'<!doctype html><html lang="vi"><body>{"".join(parts)}</body></html>'
    return Message(subject=subject[:200], text="\n".join(lines), html=html)


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]


def _at(row: Alert) -> str:
    return f"{row.raised_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _written(row: Alert, public_url: str) -> list[str]:
    link = [f"  {public_url.rstrip('/')}{row.path}"] if public_url else []
    return [f"- {row.title}", f"  {row.text} ({_at(row)})", *link, ""]


def _drawn(row: Alert, public_url: str) -> str:
    title = escape(row.title)
    if public_url:
        title = f'<a href="{escape(public_url.rstrip("/") + row.path)}">{title}</a>'
    return f"<li><p><strong>{title}</strong><br>{escape(row.text)} ({_at(row)})</p></li>"
