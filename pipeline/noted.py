"""What a crawl noted of addresses that gave nothing to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from crawlers.archive_reading import ArchivedNote
from crawlers.crawl_records import Outcome as CrawlFailure
from domain.records import ArchiveRef, RawPage
from storage.archive import OUTCOME_TYPE

_PAGE = "page"
#: Outcomes whose response was archived too, and says more.
_TOLD_BY_RESPONSE = {CrawlFailure.HTTP_ERROR, CrawlFailure.NOT_A_LIST}


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """This is what a crawl noted of one address."""

    url: str
    at: datetime
    #: What was asked: a kind of list, or ``page``.
    kind: str
    outcome: str
    detail: str
    #: Until when the server asked to be left alone.
    retry_after: datetime | None

    @property
    def is_page_without_answer(self) -> bool:
        """Whether a page was asked for and no response came that would say more."""
        return self.kind == _PAGE and self.outcome not in _TOLD_BY_RESPONSE

    def as_page(self) -> RawPage:
        """The try as a page that holds nothing and lies nowhere."""
        return RawPage(
            url=self.url,
            status=0,
            content_type="",
            body=b"",
            fetched_at=self.at,
            archive=ArchiveRef(path="", offset=0, sha256=""),
        )


def noted_of(note: ArchivedNote) -> Noted | None:
    """What a note of the archive says; None where a response says it better, or it is none."""
    if note.content_type != OUTCOME_TYPE:
        return None
    said = json.loads(note.block)
    until = said.get("retry_after")
    if said["outcome"] in _TOLD_BY_RESPONSE and not until:
        return None
    return Noted(
        url=note.url,
        at=note.noted_at,
        kind=said["source_kind"],
        outcome=said["outcome"],
        detail=said["detail"],
        retry_after=datetime.fromisoformat(until) if until else None,
    )
