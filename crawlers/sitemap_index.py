"""Indexes of sitemaps: which of the sitemaps they name are asked, and which are left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from crawlers.sitemaps import Child, oldest_change
from domain.clock import VIETNAM
from domain.written import number

#: News stands in the newest sitemaps of an index.
MOST_FOR_NEWS = 5
#: Of one declared list in one crawl: an index, and the newest of each index that it names.
MOST_IN_A_CRAWL = MOST_FOR_NEWS + MOST_FOR_NEWS**2
#: Of one declared list where a crawl looks back: fifteen years of a sitemap for each week.
MOST_LOOKING_BACK = 800
#: An index within an index is followed; deeper than this it might never end.
DEEPEST = 3
_NUMBERS = re.compile(r"\d+")
#: A month in the name of a sitemap: 2024-05, 202405, 20240517; a lone digit may count anything.
_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-_/](0[1-9]|1[0-2])|(0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)(?!\d)"
)
#: What stands after a year is a mere count where a name of the same index says 2024-5 or 2024-13.
_COUNT = re.compile(r"(?<!\d)(?:19|20)\d\d[-_/](?:[1-9]|1[3-9]|[2-9]\d)(?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """This is which sitemaps of an index are asked, the newest first."""

    asked: tuple[str, ...] = ()
    #: Those that may hold what is looked for, and are left for their number.
    left: tuple[str, ...] = ()
    #: How many the index names.
    named: int = 0

    @property
    def remark(self) -> str:
        """What was left, for the log; "" where nothing was."""
        if not self.left:
            return ""
        able = len(self.asked) + len(self.left)
        return (
            f"Sơ đồ trang nêu {number(self.named)} sơ đồ con, {number(able)} sơ đồ có thể có bài "
            f"cần tìm; lượt này hỏi {number(len(self.asked))} sơ đồ mới nhất, để lại "
            f"{number(len(self.left))}."
        )


def choose_children(
    children: Iterable[Child],
    *,
    now: datetime,
    since: datetime | None = None,
    room: int = MOST_IN_A_CRAWL,
) -> Choice:
    """Choose among the sitemaps of an index those that may hold news, or what appeared since then.

    Left out are those that last changed, or by their name ended, more than 35 days ago (or before
    `since`, if that is earlier). For news the five newest are asked; looking back, all; never more
    than `room`.
    """
    oldest = oldest_change(now, since)
    named = {child.url: child.lastmod for child in children}
    counted = any(_COUNT.search(urlsplit(url).path) for url in named)
    latest = {url: _latest(url, lastmod, counted) for url, lastmod in named.items()}
    able = [url for url, at in latest.items() if at is None or at >= oldest]
    able.sort(key=_numbers, reverse=True)
    able.sort(key=lambda url: _newness(latest[url], now), reverse=True)
    most = room if since is not None else min(MOST_FOR_NEWS, room)
    return Choice(asked=tuple(able[:most]), left=tuple(able[most:]), named=len(named))


def poll_remark(children: Iterable[Child], *, now: datetime) -> str:
    """What stands beside the poll of an index that names more than news needs, else ""."""
    choice = choose_children(children, now=now)
    if not choice.left:
        return ""
    able = len(choice.asked) + len(choice.left)
    return (
        f"Sơ đồ trang nêu {number(choice.named)} sơ đồ con, {number(able)} sơ đồ có thể có bài "
        f"mới; mỗi lượt chỉ hỏi {number(len(choice.asked))} sơ đồ mới nhất, chạy “diembao crawl "
        "--since” để hỏi hết."
    )


def named_until(url: str) -> datetime | None:
    """When the month ends that the name of a sitemap says, None where it says none.

    >>> named_until("https://b.vn/sitemap-2024-05.xml").isoformat()
    '2024-06-01T00:00:00+07:00'
    >>> named_until("https://b.vn/sitemap-5.xml")
    """
    found = _MONTH.search(urlsplit(url).path)
    if found is None:
        return None
    year, month = int(found.group(1)), int(found.group(2) or found.group(3))
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=VIETNAM)


def _latest(url: str, lastmod: datetime | None, counted: bool) -> datetime | None:
    """The latest moment at which something of a sitemap can have appeared, None where unknown."""
    until = None if counted else named_until(url)
    return min((at for at in (lastmod, until) if at is not None), default=None)


def _newness(latest: datetime | None, now: datetime) -> float:
    """What is known to be new stands before what says nothing of its time."""
    return 0 if latest is None else min(latest, now).timestamp()


def _numbers(url: str) -> list[int]:
    return [int(digits) for digits in _NUMBERS.findall(url)]
