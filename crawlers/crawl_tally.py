"""The tally of a crawl: what each outlet gave, and the first error of each of its lists."""

from __future__ import annotations

from collections import Counter, defaultdict

from crawlers.crawl_records import Outcome, OutletOutcome
from crawlers.discovery import Asked, Step

#: Outcomes of pages that only wait for a later crawl.
_LEFT = frozenset({Outcome.TIME_UP, Outcome.RETRY_LATER, Outcome.ROBOTS_UNREACHABLE})


class CrawlTally:
    """This counts lists and pages by outlet, and keeps what to tell of the lists that failed."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._errors: dict[str, dict[str, str]] = defaultdict(dict)

    def came(self, asked: Asked) -> None:
        """Count a list or a page that came; a list's later parts are no lists of their own."""
        if asked.step in {Step.DECLARED, Step.FOUND}:
            self._counts[asked.outlet.id]["feeds_ok"] += 1
        elif asked.step is Step.PAGE:
            self._counts[asked.outlet.id]["pages_ok"] += 1

    def failed(self, asked: Asked, outcome: Outcome, reason: str) -> None:
        """Count what gave nothing; a list that was only looked for is no failure of the outlet."""
        counts = self._counts[asked.outlet.id]
        if asked.step in {Step.FOUND, Step.HOME}:
            return
        if outcome is Outcome.ROBOTS:
            counts["robots"] += 1
        if asked.step is Step.PAGE:
            self._page_failed(counts, outcome)
            return
        counts["feeds_failed"] += asked.step is Step.DECLARED
        self._errors[asked.outlet.id].setdefault(asked.url, _sentence(asked, reason))

    def _page_failed(self, counts: Counter[str], outcome: Outcome) -> None:
        if outcome in _LEFT:
            counts["pages_left"] += 1
        elif outcome is not Outcome.ROBOTS:
            counts["pages_failed"] += 1

    def left(self, outlet_id: str, pages: int) -> None:
        """Count pages that were never asked."""
        self._counts[outlet_id]["pages_left"] += pages

    def outcome(self, outlet_id: str, found: tuple[str, ...]) -> OutletOutcome:
        """What was had from one outlet."""
        counts = self._counts[outlet_id]
        return OutletOutcome(
            outlet_id=outlet_id,
            feeds_ok=counts["feeds_ok"],
            feeds_failed=counts["feeds_failed"],
            pages_ok=counts["pages_ok"],
            pages_failed=counts["pages_failed"],
            robots=counts["robots"],
            pages_left=counts["pages_left"],
            errors=dict(self._errors[outlet_id]),
            found=found,
        )


def _sentence(asked: Asked, reason: str) -> str:
    if asked.url in reason:
        return reason
    return f"Không đọc được nguồn {asked.url}: {reason}."
