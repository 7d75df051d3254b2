"""Counting what came of the work, for the summary and the table of runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """This is what one ingestion met; it is added to as the work goes on."""

    #: Responses read: feed snapshots, list pages and article pages.
    feeds: int = 0
    lists: int = 0
    pages: int = 0
    #: Items of all feed snapshots, usable or not.
    items: int = 0
    new: int = 0
    repeated: int = 0
    updated: int = 0
    #: Article pages that made an article, gave a listed one its text, or said nothing new.
    page_new: int = 0
    page_updated: int = 0
    page_repeated: int = 0
    #: Items that could not be used, by reason code.
    malformed: Counter[str] = field(default_factory=Counter)
    #: Responses of no watched outlet, by host.
    foreign: Counter[str] = field(default_factory=Counter)
    #: Responses that could not be read, by outcome code.
    unreadable: Counter[str] = field(default_factory=Counter)
    #: Sentences about what could not be read, the first of each kind.
    remarks: list[str] = field(default_factory=list)
    #: Files that could not be read to their end, each with what to do.
    problems: list[str] = field(default_factory=list)

    def as_counts(self) -> dict[str, Any]:
        """The tally as it stands in the table of runs."""
        return {
            "feeds": self.feeds,
            "lists": self.lists,
            "pages": self.pages,
            "items": self.items,
            "new": self.new,
            "repeated": self.repeated,
            "updated": self.updated,
            "page_new": self.page_new,
            "page_updated": self.page_updated,
            "page_repeated": self.page_repeated,
            "malformed": dict(self.malformed),
            "foreign": dict(self.foreign),
            "unreadable": dict(self.unreadable),
            "problems": list(self.problems),
        }
