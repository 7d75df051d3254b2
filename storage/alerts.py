"""What people want to be told, and the alerts they were given: once each, kept until delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.alerts import Alert, AlertFound, AlertKind, AlertWishes, Subscriber
from domain.users import User
from storage.links import chunks
from storage.tables import alert_wishes, alerts, articles
from storage.upsert import upsert
from storage.users import list_users

#: Nobody counts further: it is said that there are more.
MOST_UNREAD: Final = 99
_STORY = func.coalesce(articles.c.story_id, articles.c.id)


def subscribers(connection: Connection) -> list[Subscriber]:
    """Everybody who may sign in, with what they want; who never said has the wishes of all."""
    kept = {row.user_id: row for row in connection.execute(select(alert_wishes))}
    return [
        _subscriber(user, kept.get(user.id)) for user in list_users(connection) if not user.disabled
    ]


def subscriber_of(connection: Connection, user: User) -> Subscriber:
    """One person with what they want."""
    row = connection.execute(
        select(alert_wishes).where(alert_wishes.c.user_id == user.id)
    ).one_or_none()
    return _subscriber(user, row)


def _subscriber(user: User, row: Row[Any] | None) -> Subscriber:
    if row is None:
        return Subscriber(user=user, wishes=AlertWishes())
    known = set(AlertKind)
    wishes = AlertWishes(
        kinds=tuple(AlertKind(kind) for kind in row.kinds if kind in known),
        agencies=None if row.agencies is None else tuple(row.agencies),
        muted=tuple(row.muted),
        email=row.email,
        webhook=row.webhook,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
    )
    return Subscriber(user=user, wishes=wishes, problem=row.problem)


def keep_wishes(connection: Connection, user_id: int, wishes: AlertWishes) -> None:
    """Keep what a person wants; what waits for a way that is given up waits no more."""
    row = {
        "user_id": user_id,
        "kinds": list(wishes.kinds),
        "agencies": None if wishes.agencies is None else list(wishes.agencies),
        "muted": list(wishes.muted),
        "email": wishes.email,
        "webhook": wishes.webhook,
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "problem": "",
    }
    upsert(connection, alert_wishes, [row])
    mine = update(alerts).where(alerts.c.user_id == user_id)
    if not wishes.email:
        connection.execute(mine.where(alerts.c.to_mail.is_(True)).values(to_mail=False))
    if not wishes.webhook:
        connection.execute(mine.where(alerts.c.to_post.is_(True)).values(to_post=False))


def keep_problem(connection: Connection, user_id: int, problem: str) -> None:
    """Keep why a person's message did not arrive; "" once one did."""
    connection.execute(
        update(alert_wishes).where(alert_wishes.c.user_id == user_id).values(problem=problem)
    )


def add_alerts(
    connection: Connection,
    user_id: int,
    found: Sequence[AlertFound],
    *,
    now: datetime,
    to_mail: bool,
    to_post: bool,
) -> int:
    """Keep what a person was not told before; how many that are."""
    known = _known_keys(connection, user_id, [each.key for each in found])
    rows = [
        {
            "user_id": user_id, "kind": each.kind, "key": each.key, "agency_id": each.agency,
            "article_id": each.article_id, "title": each.title, "text": each.text,
            "path": each.path, "raised_at": now, "to_mail": to_mail, "to_post": to_post,
        }
        for each in {one.key: one for one in found}.values()
        if each.key not in known
    ]  # fmt: skip
    if rows:
        connection.execute(insert(alerts), rows)
    return len(rows)


def _known_keys(connection: Connection, user_id: int, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(keys):
        found |= set(
            connection.scalars(
                select(alerts.c.key).where(alerts.c.user_id == user_id, alerts.c.key.in_(chunk))
            )
        )
    return found


def told_stories(
    connection: Connection, since: datetime
) -> dict[tuple[int, AlertKind], set[tuple[int, str]]]:
    """By person and kind: the stories they were told of since then, each with its agency.

    An alert is kept with an article, so that it follows it when stories are made anew.
    """
    rows = connection.execute(
        select(alerts.c.user_id, alerts.c.kind, alerts.c.agency_id, _STORY.label("story"))
        .join(articles, articles.c.id == alerts.c.article_id)
        .where(alerts.c.raised_at >= since)
    )
    told: dict[tuple[int, AlertKind], set[tuple[int, str]]] = defaultdict(set)
    for row in rows:
        told[row.user_id, AlertKind(row.kind)].add((row.story, row.agency_id))
    return told


def waiting_of(connection: Connection, user_id: int) -> list[Alert]:
    """What still has to leave by some way, the oldest first."""
    rows = connection.execute(
        select(alerts)
        .where(
            alerts.c.user_id == user_id,
            alerts.c.to_mail.is_(True) | alerts.c.to_post.is_(True),
        )
        .order_by(alerts.c.id)
    )
    return [_alert(row) for row in rows]


def mark_mailed(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """These left by mail."""
    for chunk in chunks(list(ids)):
        done = update(alerts).where(alerts.c.id.in_(chunk))
        connection.execute(done.values(to_mail=False, mailed_at=now))


def mark_posted(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """These left by webhook."""
    for chunk in chunks(list(ids)):
        done = update(alerts).where(alerts.c.id.in_(chunk))
        connection.execute(done.values(to_post=False, posted_at=now))


def alerts_of(
    connection: Connection, user_id: int, *, limit: int, unread_only: bool = False
) -> list[Alert]:
    """A person's newest alerts."""
    question = select(alerts).where(alerts.c.user_id == user_id)
    if unread_only:
        question = question.where(alerts.c.read_at.is_(None))
    rows = connection.execute(question.order_by(alerts.c.id.desc()).limit(limit))
    return [_alert(row) for row in rows]


def unread_of(connection: Connection, user_id: int) -> int:
    """How many alerts a person has not read, counted to one more than `MOST_UNREAD`."""
    some = (
        select(alerts.c.id)
        .where(alerts.c.user_id == user_id, alerts.c.read_at.is_(None))
        .limit(MOST_UNREAD + 1)
        .subquery()
    )
    return connection.scalar(select(func.count()).select_from(some)) or 0


def mark_read(
    connection: Connection, user_id: int, ids: Iterable[int] | None, now: datetime
) -> None:
    """A person has read these alerts of theirs; None: all."""
    done = update(alerts).where(alerts.c.user_id == user_id, alerts.c.read_at.is_(None))
    if ids is not None:
        done = done.where(alerts.c.id.in_(list(ids)))
    connection.execute(done.values(read_at=now))


def forget_alerts(connection: Connection, before: datetime) -> None:
    """Drop alerts of long ago."""
    connection.execute(delete(alerts).where(alerts.c.raised_at < before))


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        kind=AlertKind(row.kind),
        title=row.title,
        text=row.text,
        path=row.path,
        raised_at=row.raised_at,
        read_at=row.read_at,
        to_mail=row.to_mail,
        to_post=row.to_post,
    )
