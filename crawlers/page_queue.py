"""The pages of a crawl: lined up for each outlet, asked a few at a time, the rest left."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence

from crawlers.crawl_records import Known
from crawlers.discovery import Asked
from domain.outlets import Outlet

#: One page on its way and one behind it, so that a host's delay alone sets the pace.
_PAGES_AT_ONCE = 2


class PageQueue:
    """This lines up the pages of each outlet that are not held, and hands them out in order."""

    def __init__(self, known: Callable[[Sequence[str]], set[str]], *, limit: int) -> None:
        self._known: Known = known
        self._limit = limit
        self._lined_up: set[str] = set()
        self._waiting: dict[str, deque[str]] = defaultdict(deque)
        self._taken: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self._over: Counter[str] = Counter()

    def line_up(self, outlet_id: str, links: Sequence[str]) -> None:
        """Line up those of the links not held, up to the outlet's limit; the rest is left."""
        fresh = [link for link in dict.fromkeys(links) if link not in self._lined_up]
        held = self._known(fresh) if fresh else set()
        wanted = [link for link in fresh if link not in held]
        self._lined_up.update(wanted)
        room = max(0, self._limit - self._taken[outlet_id])
        self._taken[outlet_id] += len(wanted[:room])
        self._over[outlet_id] += len(wanted[room:])
        self._waiting[outlet_id].extend(wanted[:room])

    def demand(self, outlet_id: str, links: Sequence[str]) -> None:
        """Line up pages whether held or not, whatever their number."""
        fresh = [link for link in dict.fromkeys(links) if link not in self._lined_up]
        self._lined_up.update(fresh)
        self._waiting[outlet_id].extend(fresh)

    def next(self, outlet: Outlet) -> list[Asked]:
        """So many pages that the outlet's server is never idle, and no more.

        What is not asked yet can be left at once when the time is up.
        """
        waiting = self._waiting[outlet.id]
        asked: list[Asked] = []
        while waiting and self._under_way[outlet.id] < _PAGES_AT_ONCE:
            self._under_way[outlet.id] += 1
            asked.append(Asked(outlet, waiting.popleft()))
        return asked

    def answered(self, outlet_id: str) -> None:
        """One of the pages handed out has ended, however."""
        self._under_way[outlet_id] -= 1

    def left(self) -> Mapping[str, int]:
        """By outlet, the pages that were never handed out."""
        left = Counter(self._over)
        left.update({outlet_id: len(waiting) for outlet_id, waiting in self._waiting.items()})
        return left
