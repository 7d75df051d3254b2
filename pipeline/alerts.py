"""The stage that alerts people: what happened -> who asked to be told of it, once each.

What was found for a person is kept before anything leaves; a message that nobody took stays and is
sent with the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.agencies import AgencyRegister
from domain.alerts import (
    OF_AGENCY,
    PICKUP_WITHIN,
    AlertFound,
    AlertKind,
    Silence,
    Subscriber,
    longer_silence,
)
from domain.clock import VIETNAM
from domain.codes import PRESS_KINDS, DatePrecision
from domain.errors import UsageError
from domain.feedback import CLOSED, FeedbackItem
from pipeline.alert_messages import Sent, send_messages, ways_of
from pipeline.alert_searches import look_at_searches
from pipeline.context import Context
from storage.alert_signs import (
    DarkSource,
    LyingRelease,
    dark_sources,
    lying_releases,
    named_since,
    news_days,
)
from storage.alerts import add_alerts, forget_alerts, subscribers, told_stories
from storage.database import Connection, reading
from storage.feedback import feedback_items
from storage.lock import alert_lock
from storage.watching import watched_days

#: What is older is no news any more: nobody is alerted to a page found late, or brought in.
FRESH = timedelta(days=7)
#: Alerts are kept so long; also what keeps a thing from being told again.
_KEPT = timedelta(days=400)
#: A story told within this time is not told again under another of its texts.
_TOLD_WITHIN = timedelta(days=30)
#: Long enough to hold 90 observed days and some outages.
_LOOK_BACK = timedelta(days=180)
#: An agency named within this time is not silent.
_NAMED_WITHIN = timedelta(days=2)
#: A time known to the day may be its last minute.
_REST_OF_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """This is how many alerts are new, and what became of the messages."""

    new: int
    sent: Sent


def tell_people(context: Context, register: AgencyRegister) -> Told:
    """Find what is worth an alert, keep it for those who asked, and send what may leave now."""
    with alert_lock(context.home):
        new = _find(context, register)
        return Told(new=new, sent=send_messages(context))


def _find(context: Context, register: AgencyRegister) -> int:
    now = context.clock()
    with reading(context.engine) as connection:
        people = subscribers(connection)
        found = list(_Finder(context=context, register=register, now=now).look(connection, people))
        told = told_stories(connection, now - _TOLD_WITHIN)
    new = 0
    for person in people:
        mine = [each for each in found if _concerns(person, each.alert, register, now)]
        mine = [
            each
            for each in mine
            if (each.story, each.alert.agency)
            not in told.get((person.user.id, each.alert.kind), ())
        ]
        new += _keep(context, person, [each.alert for each in mine], now)
    with context.engine.begin() as connection:
        forget_alerts(connection, now - _KEPT)
    return new


def _keep(context: Context, person: Subscriber, mine: list[AlertFound], now: datetime) -> int:
    if not mine and not person.wants(AlertKind.SEARCH):
        return 0
    to_mail, to_post = ways_of(context.settings, person)
    with context.engine.begin() as connection:
        if person.wants(AlertKind.SEARCH):
            mine += look_at_searches(connection, person, now)
        return add_alerts(
            connection, person.user.id, mine, now=now, to_mail=to_mail, to_post=to_post
        )


def _concerns(
    person: Subscriber, alert: AlertFound, register: AgencyRegister, now: datetime
) -> bool:
    if not person.wants(alert.kind):
        return False
    return alert.kind not in OF_AGENCY or alert.agency in _today(register, person.agencies, now)


def _today(register: AgencyRegister, agencies: Collection[str], now: datetime) -> set[str]:
    """The agencies as they are called today."""
    return {_heir(register, agency, now) for agency in agencies}


def _heir(register: AgencyRegister, agency: str, now: datetime) -> str:
    try:
        return register.rolled_up(agency, now.astimezone(VIETNAM).date())
    except UsageError:  # an agency that no register has any more stays as it is
        return agency


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sign:
    """This is something found, with the story it is told in; None where it is in none."""

    alert: AlertFound
    story: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Finder:
    """This looks for what is worth an alert at a moment."""

    context: Context
    register: AgencyRegister
    now: datetime

    def look(self, connection: Connection, people: Sequence[Subscriber]) -> Iterator[_Sign]:
        """Everything that somebody wants to be told of."""
        kinds = {kind for kind in AlertKind for person in people if person.wants(kind)}
        agencies = _today(
            self.register, {each for person in people for each in person.agencies}, self.now
        )
        observed = self._observed(connection) if agencies else set()
        if AlertKind.CRITICISM in kinds and agencies:
            yield from self._criticism(connection, agencies)
        if AlertKind.SILENCE in kinds and agencies:
            yield from self._silences(connection, agencies, observed)
        if AlertKind.RELEASE in kinds and agencies:
            yield from self._releases(connection, agencies, observed)
        if AlertKind.SOURCE in kinds:
            yield from (_Sign(alert=_of_source(each)) for each in dark_sources(connection))

    def _criticism(self, connection: Connection, agencies: Collection[str]) -> Iterator[_Sign]:
        for item in feedback_items(connection, self.now - FRESH, self.now):
            agency = _heir(self.register, item.feedback.agency_id, self.now)
            if agency in agencies and item.feedback.state not in CLOSED:
                yield _Sign(
                    alert=_of_criticism(item, agency, self._name(agency)),
                    story=item.feedback.story_id,
                )

    def _silences(
        self, connection: Connection, agencies: Collection[str], observed: Collection[date]
    ) -> Iterator[_Sign]:
        named = named_since(connection, self.now - _NAMED_WITHIN)
        ids = self._ids(agencies)
        for agency in sorted(agencies):
            if named.isdisjoint(ids[agency]):
                days = news_days(connection, ids[agency], self.now - _LOOK_BACK)
                if silence := longer_silence(days, observed):
                    yield _Sign(alert=_of_silence(silence, agency, self._name(agency)))

    def _ids(self, agencies: Collection[str]) -> Mapping[str, set[str]]:
        """Every id whose figures stand under each of the agencies today."""
        ids: dict[str, set[str]] = {agency: {agency} for agency in agencies}
        for each in self.register.all():
            if (heir := _heir(self.register, each.id, self.now)) in ids:
                ids[heir].add(each.id)
        return ids

    def _releases(
        self, connection: Connection, agencies: Collection[str], observed: Collection[date]
    ) -> Iterator[_Sign]:
        """Releases of three to seven days ago; where the press was not watched since, none."""
        since, until = self.now - FRESH, self.now - PICKUP_WITHIN
        for each in lying_releases(connection, since, until):
            agency = _heir(self.register, each.agency, self.now)
            if agency in agencies and self._is_due(each, observed):
                yield _Sign(alert=_of_release(each, agency, self._name(agency)), story=each.story)

    def _is_due(self, release: LyingRelease, observed: Collection[date]) -> bool:
        if release.precision not in (
            DatePrecision.SECOND, DatePrecision.MINUTE, DatePrecision.DAY,
        ):  # fmt: skip
            return False
        end = release.at + PICKUP_WITHIN
        if release.precision is DatePrecision.DAY:
            end += _REST_OF_DAY
        first = release.at.astimezone(VIETNAM).date()
        # The last of these days runs still: nobody can say yet how well it was observed.
        return end <= self.now and all(
            first + timedelta(days=number) in observed for number in range(PICKUP_WITHIN.days)
        )

    def _observed(self, connection: Connection) -> set[date]:
        """The days before today on which enough of the press answered."""
        today = self.now.astimezone(VIETNAM).date()
        until = datetime.combine(today, time.min, VIETNAM)
        press = [each.id for each in self.context.outlets if each.kind in PRESS_KINDS]
        watched = watched_days(connection, until - _LOOK_BACK, until)
        asked = [watched[outlet] for outlet in press if outlet in watched]
        answered: dict[date, int] = {}
        for by_source in asked:
            days = {day for source in by_source.values() for day, is_ok in source.items() if is_ok}
            for day in days:
                answered[day] = answered.get(day, 0) + 1
        enough = self.context.settings.measure.observed_share * len(asked)
        return {day for day, outlets in answered.items() if outlets >= enough}

    def _name(self, agency: str) -> str:
        try:
            return self.register.get(agency).official_name
        except UsageError:
            return agency


def _of_criticism(item: FeedbackItem, agency: str, name: str) -> AlertFound:
    others = f" và {item.outlets - 1} báo khác" if item.outlets > 1 else ""
    return AlertFound(
        kind=AlertKind.CRITICISM,
        key=f"criticism:{agency}:{item.article_id}",
        title=item.headline,
        text=f"{item.outlet_name}{others} có nội dung phê bình {name}.",
        path=f"/feedback/{item.article_id}/{item.feedback.agency_id}",
        agency=agency,
        article_id=item.article_id,
    )


def _of_silence(silence: Silence, agency: str, name: str) -> AlertFound:
    return AlertFound(
        kind=AlertKind.SILENCE,
        key=f"silence:{agency}:{silence.last_day.isoformat()}",
        title=f"{name}: {silence.days} ngày liền không có tin trên báo",
        text=f"Tin gần nhất ngày {silence.last_day:%d/%m/%Y}. Khoảng lặng dài nhất trong 90 ngày "
        f"quan sát trước đó là {silence.usual} ngày; ngày không quan sát đủ nguồn tin không tính.",
        path=f"/agencies/{agency}",
        agency=agency,
    )


def _of_release(release: LyingRelease, agency: str, name: str) -> AlertFound:
    at = release.at.astimezone(VIETNAM)
    when = f"{at:%d/%m/%Y}"
    if release.precision is not DatePrecision.DAY:
        when = f"{at:%H:%M} ngày {when}"
    is_event = release.event_id is not None
    return AlertFound(
        kind=AlertKind.RELEASE,
        key=f"release:a{release.article_id}"
        if release.article_id
        else f"release:e{release.event_id}",
        title=release.title,
        text=f"{name} công bố {when}; sau 72 giờ chưa thấy báo nào đăng lại hoặc đưa tin.",
        path=f"/events/{release.event_id}" if is_event else f"/articles/{release.article_id}",
        agency=agency,
        article_id=release.article_id,
    )


def _of_source(source: DarkSource) -> AlertFound:
    outlet = source.key.partition(":")[2]
    return AlertFound(
        kind=AlertKind.SOURCE,
        key=f"{source.key}:{int(source.since.timestamp())}"[:200],
        title=source.subject,
        text=source.text,
        path="/outlets" if outlet == "*" else f"/outlets/{outlet}",
    )
