"""Articles on their way in: a feed's line or a page, in the form that is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.codes import Content, Media
from domain.records import ExtractedArticle, FeedItem, PublishedTime


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """This is an article on its way in, from a feed's line or from its page."""

    url: str
    outlet_id: str
    source_id: int | None
    #: None for what a person brought in.
    page_id: int | None
    captured_at: datetime
    content: Content
    headline: str
    description: str
    body: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    credit: str = ""
    extractor: str = ""
    media: str = Media.TEXT
    #: Which reader gave each field, by the field's name; nothing for a feed's line.
    origins: Mapping[str, str] = field(default_factory=dict)
    #: The bit of the list that names the article; 0 for a page.
    lists: int = 0
    published: PublishedTime

    @property
    def text_hash(self) -> str:
        """Equal for equal texts."""
        text = "\0".join((self.headline, self.description, self.body))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def from_feed(
    item: FeedItem,
    url: str,
    *,
    outlet_id: str,
    source_id: int,
    page_id: int,
    seen_at: datetime,
    lists: int,
) -> Incoming:
    """A feed's line as an incoming article; `url` is the canonical address."""
    return Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=source_id,
        page_id=page_id,
        captured_at=seen_at,
        content=Content.FEED,
        headline=item.headline,
        description=item.description,
        section=item.section,
        lists=lists,
        published=item.published,
    )


def from_page(
    article: ExtractedArticle, url: str, *, outlet_id: str, page_id: int, fetched_at: datetime
) -> Incoming:
    """An extracted page as an incoming article; `url` is the canonical address."""
    return Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=None,
        page_id=page_id,
        captured_at=fetched_at,
        content=Content.PAGE,
        headline=article.headline,
        description=article.description,
        body=article.body,
        section=article.section,
        authors=article.authors,
        credit=article.credit,
        extractor=article.extractor,
        media=article.media,
        origins=article.origins,
        published=article.published,
    )
