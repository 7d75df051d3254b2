"""Alerts: what a person wants to be told of at once, by which way, and when to be left alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.users import Access, User

#: A release has so long to be taken up by the press.
PICKUP_WITHIN: Final = timedelta(hours=72)
#: What is usual of an agency is read off so many observed days.
USUAL_DAYS: Final = 90
#: Of fewer observed days, or fewer days with news among them, nothing is usual.
_FEWEST_OBSERVED: Final = 45
_FEWEST_WITH_NEWS: Final = 10
#: A silence of fewer observed days is not told.
_SHORTEST_SILENCE: Final = 3
_LONGEST_FIELD: Final = 254


class AlertKind(StrEnum):
    """This names what an alert tells of."""

    CRITICISM = "criticism"
    SILENCE = "silence"
    RELEASE = "release"
    SEARCH = "search"
    SOURCE = "source"


ALERT_KIND_NAMES = {
    AlertKind.CRITICISM: "báo chí phê bình cơ quan",
    AlertKind.SILENCE: "cơ quan vắng trên báo lâu hơn thường lệ",
    AlertKind.RELEASE: "tin đã công bố quá 72 giờ chưa báo nào đăng",
    AlertKind.SEARCH: "tìm kiếm đã lưu có bài mới",
    AlertKind.SOURCE: "nguồn tin mất tín hiệu",
}
#: Told of an agency: only to those who follow it.
OF_AGENCY: Final = frozenset({AlertKind.CRITICISM, AlertKind.SILENCE, AlertKind.RELEASE})


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertWishes:
    """This is what a person wants to be told."""

    kinds: tuple[AlertKind, ...] = tuple(AlertKind)
    #: Agencies followed; None: those that the person speaks for.
    agencies: tuple[str, ...] | None = None
    #: Saved searches that are not to be told of, by number.
    muted: tuple[int, ...] = ()
    #: "" for none; an alert always stands on the page.
    email: str = ""
    webhook: str = ""
    #: Vietnamese time, HH:MM; both "" where there are no quiet hours.
    quiet_from: str = "21:00"
    quiet_to: str = "07:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """This is a person with what they want to be told."""

    user: User
    wishes: AlertWishes
    #: Why the last message did not arrive, in Vietnamese; "" where it did.
    problem: str = ""

    def wants(self, kind: AlertKind) -> bool:
        """Whether the person asked for this kind and may have it."""
        return kind in self.wishes.kinds and may_have(self.user, kind)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that are followed."""
        own = self.wishes.agencies
        return self.user.agencies if own is None else own


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertFound:
    """This is one thing worth telling, before it is told to anybody."""

    kind: AlertKind
    #: What has the same key is the same thing.
    key: str
    title: str
    text: str
    #: The page that shows it, e.g. ``/events/12``.
    path: str
    #: Today's id of the agency it is about, "" where it is about none.
    agency: str = ""
    article_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """This is one alert of one person, as it is kept."""

    id: int
    kind: AlertKind
    title: str
    text: str
    path: str
    raised_at: datetime
    read_at: datetime | None
    #: Whether it still waits to leave by mail, by webhook.
    to_mail: bool
    to_post: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """This is a silence longer than any before it."""

    #: The last day with news.
    last_day: date
    #: Observed days without news since then.
    days: int
    #: The longest silence of the observed days before, in the same days.
    usual: int


def may_have(user: User, kind: AlertKind) -> bool:
    """Whether a person's role may have alerts of a kind: sources concern those who mend them."""
    return kind is not AlertKind.SOURCE or user.may(Access.EDITOR)


def longer_silence(with_news: Collection[date], observed: Collection[date]) -> Silence | None:
    """A silence that goes on and is longer than any of the 90 observed days before it.

    Days that were not observed count neither way. None where there is none, or where too little
    was observed to say what is usual.

    >>> days = [date(2026, 1, 1) + timedelta(number) for number in range(110)]
    >>> longer_silence(days[:100:4], days)
    Silence(last_day=datetime.date(2026, 4, 7), days=13, usual=3)
    >>> longer_silence(days[:100:4], days[:100]) is None
    True
    """
    if not with_news:
        return None
    last = max(with_news)
    silent = sum(day > last for day in observed)
    before = sorted({day for day in observed if day <= last} | {last})[-USUAL_DAYS:]
    seen = set(with_news) & set(before)
    if len(before) < _FEWEST_OBSERVED or len(seen) < _FEWEST_WITH_NEWS:
        return None
    usual = _longest_gap(before, seen)
    if silent < _SHORTEST_SILENCE or silent <= usual:
        return None
    return Silence(last_day=last, days=silent, usual=usual)


def _longest_gap(days: list[date], seen: set[date]) -> int:
    longest = run = 0
    for day in days:
        run = 0 if day in seen else run + 1
        longest = max(longest, run)
    return longest


def is_quiet(wishes: AlertWishes, now: datetime) -> bool:
    """Whether messages are held back now; both ends are Vietnamese time, over midnight too.

    >>> night = AlertWishes()
    >>> [is_quiet(night, datetime(2026, 7, 1, hour, tzinfo=VIETNAM)) for hour in (6, 7, 20, 21)]
    [True, False, False, True]
    >>> is_quiet(AlertWishes(quiet_from="", quiet_to=""), datetime(2026, 7, 1, tzinfo=VIETNAM))
    False
    """
    start, end = wishes.quiet_from, wishes.quiet_to
    clock = f"{now.astimezone(VIETNAM):%H:%M}"
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def check_wishes(wishes: AlertWishes, *, webhook_hosts: Collection[str]) -> None:
    """Refuse what could not be followed, with a `UsageError`."""
    if wishes.email:
        _check_email(wishes.email)
    if wishes.webhook:
        _check_webhook(wishes.webhook, webhook_hosts)
    if bool(wishes.quiet_from) != bool(wishes.quiet_to):
        raise UsageError(
            "Ghi cả giờ bắt đầu và giờ kết thúc của giờ yên lặng, hoặc bỏ trống cả hai."
        )
    for clock in filter(None, (wishes.quiet_from, wishes.quiet_to)):
        if not _is_clock(clock):
            raise UsageError(f"Giờ “{clock[:10]}” không đúng. Viết như 21:00.")


def _check_email(written: str) -> None:
    name, _, host = written.rpartition("@")
    plain = written.isascii() and written.isprintable() and not set(written) & set(' ,;:<>()"\\')
    host_is_whole = "." in host and not host.startswith(".") and not host.endswith(".")
    if not (plain and name and "@" not in name and host_is_whole):
        raise UsageError(
            f"“{written[:60]}” không phải một địa chỉ thư. Viết như ten@coquan.gov.vn."
        )
    if len(written) > _LONGEST_FIELD:
        raise UsageError("Địa chỉ thư quá dài.")


def _check_webhook(written: str, hosts: Collection[str]) -> None:
    try:
        place = urlsplit(written)
        host = place.hostname or ""
    except ValueError:
        host = ""
    if not host or place.scheme not in ("https", "http") or not written.isprintable():
        raise UsageError("Địa chỉ webhook phải bắt đầu bằng https:// hoặc http://.")
    if host not in hosts:
        raise UsageError(
            f"Máy chủ “{host[:60]}” chưa được phép nhận cảnh báo. Nhờ quản trị thêm vào "
            "webhook_hosts ở mục [alerts] của cấu hình."
        )


def _is_clock(written: str) -> bool:
    hour, colon, minute = written.partition(":")
    both = hour + minute
    return (
        colon == ":" and len(hour) == len(minute) == 2 and both.isascii() and both.isdigit()
        and int(hour) < 24 and int(minute) < 60
    )  # fmt: skip
