"""How often something may be done: a count for each key, begun anew when its window is over."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.clock import Clock

#: Keys kept at most: whoever makes up names must not fill the memory.
_MOST_KEYS: Final = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """This says whether something may be done now, and how much is left of the window."""

    allowed: bool
    limit: int
    remaining: int
    #: Seconds until the window is over.
    seconds: int


class Throttle:
    """This counts what was done under each key within a window of time."""

    def __init__(self, clock: Clock, *, limit: int, window: timedelta) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window
        self._counts: OrderedDict[Hashable, tuple[datetime, int]] = OrderedDict()
        self._door = threading.Lock()

    def take(self, key: Hashable) -> Turn:
        """Count one more, where it is allowed."""
        with self._door:
            turn = self._look(key)
            if turn.allowed:
                begun, count = self._counts.get(key, (self._clock(), 0))
                self._counts[key] = (begun, count + 1)
                self._counts.move_to_end(key)
                while len(self._counts) > _MOST_KEYS:
                    self._counts.popitem(last=False)
                return Turn(
                    allowed=True,
                    limit=turn.limit,
                    remaining=turn.remaining - 1,
                    seconds=turn.seconds,
                )
            return turn

    def look(self, key: Hashable) -> Turn:
        """What `take` would say, without counting."""
        with self._door:
            return self._look(key)

    def forget(self, key: Hashable) -> None:
        """Begin anew."""
        with self._door:
            self._counts.pop(key, None)

    def _look(self, key: Hashable) -> Turn:
        now = self._clock()
        begun, count = self._counts.get(key, (now, 0))
        if now - begun >= self._window:
            self._counts.pop(key, None)
            begun, count = now, 0
        left = begun + self._window - now
        return Turn(
            allowed=count < self._limit,
            limit=self._limit,
            remaining=max(0, self._limit - count),
            seconds=max(1, int(left.total_seconds() + 0.999)),
        )
