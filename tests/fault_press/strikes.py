"""Faults that strike outlets for a while, drawn from a seed: the troubles of a simulated week."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.codes import SourceKind
from tests.fault_press.faults import FAULTS, LASTING, Fault
from tests.fault_press.house import House, Twist
from tests.fault_press.server import Asked, Reply

#: These leave articles without a time, or take a second a page.
_NOT_AT_RANDOM = LASTING | {"from_the_future", "date_as_picture", "crawl_delay"}
#: These know the form of a feed; the others strike any list.
_OF_FEEDS = frozenset({
    "no_items", "new_ids", "item_without_link", "wrong_charset", "nul_bytes", "wrong_type",
    "entity_bomb_feed", "no_pubdate", "truncated_gzip", "tracked_links", "amp_and_mobile", "gmt7",
    "us_order", "captcha_list", "html_as_feed", "zero_bytes",
})  # fmt: skip
_HOURS = (4, 7, 13, 26)


@dataclass(frozen=True, kw_only=True, slots=True)
class Strike:
    """This is one fault of one outlet, from a moment to another."""

    outlet: str
    fault: Fault
    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it lasts at a moment."""
        return self.since <= at < self.until


def draw_strikes(
    houses: Sequence[House], *, first: datetime, days: float, share: float, seed: int
) -> list[Strike]:
    """So many strikes that each outlet meets `share` of one a day, never two at once."""
    draw = random.Random(f"strikes:{seed}")
    minutes = int(days * 24 * 60)
    strikes: list[Strike] = []
    for house in houses:
        at = 0
        while (at := at + int(draw.expovariate(share / (24 * 60)))) < minutes:
            span = draw.choice(_HOURS) * 60
            strikes.append(
                Strike(
                    outlet=house.name,
                    fault=draw.choice(_possible(house)),
                    since=first + timedelta(minutes=at),
                    until=first + timedelta(minutes=at + span),
                )
            )
            at += span
    return strikes


def _possible(house: House) -> list[Fault]:
    kind = house.lists[0]
    return [
        fault
        for fault in FAULTS
        if fault.name not in _NOT_AT_RANDOM
        and (fault.kind is kind or (fault.kind is SourceKind.FEED and fault.name not in _OF_FEEDS))
    ]


def under(strikes: Sequence[Strike]) -> Twist:
    """The twist of a house that these strikes come over."""

    def answer(house: House, asked: Asked) -> Reply | None:
        held = next((strike for strike in strikes if strike.holds(asked.at)), None)
        return held.fault.twist(house, asked) if held else None

    return answer
