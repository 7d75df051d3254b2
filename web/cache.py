"""What was worked out once is kept until the data changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Made = TypeVar("Made")


class Cache:
    """This keeps the newest answers; one that is being worked out is waited for, not made twice.

    So many answers are worked out at the same time: what comes beyond them waits its turn, and so
    each is there sooner than if all were given a little of the processor.
    """

    def __init__(self, size: int = 96, *, at_once: int = 40) -> None:
        self._size = size
        self._room = threading.BoundedSemaphore(at_once)
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._door = threading.Lock()

    def kept(self, key: Hashable) -> object | None:
        """The answer of a key where it was worked out before, else None.

        >>> Cache().kept("figures") is None
        True
        """
        with self._door:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The answer of a key, which names everything that it depends on.

        >>> Cache().get(("figures", "version 1"), lambda: 3)
        3
        """
        with self._door:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Made, self._kept[key])
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._door:
                if key in self._kept:
                    return cast(Made, self._kept[key])
            try:
                with self._room:
                    made = make()
            finally:
                with self._door:
                    self._making.pop(key, None)
            with self._door:
                self._kept[key] = made
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return made
