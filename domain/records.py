"""The records that walk through the house, from a fetched page to the row a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.codes import (
    UNKNOWN,
    Area,
    Content,
    DateOrigin,
    DatePrecision,
    Level,
    OutletKind,
    Role,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveRef:
    """This points at one record of a WARC file."""

    #: Path of the file; relative to the home folder for the project's own archive.
    path: str
    #: Bytes from the start of the file to the start of the (compressed) record.
    offset: int
    #: SHA-256 of the body, in hexadecimal.
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RawPage:
    """This is one response as it came, before anything read it."""

    #: The address that answered, after redirects.
    url: str
    #: HTTP status.
    status: int
    #: The Content-Type header, "" where absent.
    content_type: str
    body: bytes
    #: When the response came, aware. In replay: the record's WARC-Date.
    fetched_at: datetime
    archive: ArchiveRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedTime:
    """This is a publication time with everything known about it; a missing time is missing."""

    #: Aware, in Asia/Ho_Chi_Minh; None where no time was found or it cannot be true.
    at: datetime | None = None
    #: As the outlet printed it.
    raw: str = ""
    precision: DatePrecision = DatePrecision.UNKNOWN
    origin: DateOrigin = DateOrigin.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """This is one entry of a feed: an address and what the list says of it."""

    url: str
    headline: str
    #: The sapo, plain text; "" where the feed gives none.
    description: str = ""
    section: str = ""
    published: PublishedTime = field(default_factory=PublishedTime)


@dataclass(frozen=True, kw_only=True, slots=True)
class Malformed:
    """This is a piece of input that could not be used, and why."""

    #: A short fixed code, e.g. ``no_link``, ``no_title``, ``bad_link``.
    reason: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReading:
    """This is all that one snapshot of a feed says."""

    items: tuple[FeedItem, ...]
    malformed: tuple[Malformed, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractedArticle:
    """This is an article as read from its page; names follow schema.org and Zyte's article."""

    url: str
    canonical_url: str
    headline: str
    #: The sapo, kept apart from the body.
    description: str
    #: Paragraphs separated by a newline.
    body: str
    authors: tuple[str, ...] = ()
    section: str = ""
    published: PublishedTime = field(default_factory=PublishedTime)
    #: The credit line as printed ("Theo TTXVN"), "" where there is none.
    credit: str = ""
    #: Which reader produced the body: ``layout:<outlet>@<since>``, ``microdata``, ``json-ld``,
    #: ``box``, ``trafilatura``.
    extractor: str = ""
    #: text, video, photo or infographic.
    media: str = "text"
    #: Which reader gave each field, by the field's name.
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class TagInput:
    """This is a text to be tagged; only the title is needed."""

    id: str
    title: str
    #: Sapo and body, or the sapo alone.
    text: str = ""
    url: str = ""
    outlet: str = ""
    #: The day that decides which register of agencies holds; None where unknown.
    published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """This is the stretch of text that made a tag."""

    #: ``title`` or ``text`` of the `TagInput`.
    part: str
    #: Character offsets into that part, end exclusive.
    start: int
    end: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyTag:
    """This links an article to an agency of the register of its day."""

    id: str
    role: Role
    #: True where the text uses the name of a unit that was merged away before the article's day.
    via_legacy_name: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """This is everything the tagger says of one article, with the version that said it."""

    id: str
    model_version: str
    #: Probability that the article is about administrative reform, 0..1.
    relevance: float
    relevant: bool
    #: Decided areas with their probability; empty where not relevant.
    areas: Mapping[Area, float] = field(default_factory=dict)
    agencies: tuple[AgencyTag, ...] = ()
    form: str = UNKNOWN
    tone: str = UNKNOWN
    audience: str = UNKNOWN
    aspect: str = UNKNOWN
    #: Probability of each code, by field: ``{"areas": {...}, "form": {...}, ...}``.
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: Words that speak for an area, by area code.
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRow:
    """This is one placement with its decided tags: the row that measures and reports read.

    Corrections have been applied: what stands here is what counts.
    """

    article_id: int
    story_id: int
    #: True for the first text of its story, false for a reprint.
    is_original: bool
    outlet_id: str
    outlet_name: str
    outlet_kind: OutletKind
    outlet_level: Level
    #: Id of the outlet's home province (``P34:...``), "" for a national outlet.
    outlet_province: str
    url: str
    headline: str
    description: str
    section: str
    content: Content
    published_at: datetime | None
    date_precision: DatePrecision
    date_origin: DateOrigin
    first_seen_at: datetime
    relevance: float
    relevant: bool
    areas: tuple[Area, ...]
    #: Agencies in focus, then mentioned, by id.
    focus: tuple[str, ...]
    mention: tuple[str, ...]
    form: str
    tone: str
    audience: str
    aspect: str
    #: SHA-256 of the archived record the text was read from.
    sha256: str
    #: True where a person's correction decided at least one tag.
    corrected: bool
    model_version: str
    #: text, video, photo or infographic, as the page says.
    media: str = "text"
    #: The article of an agency's portal that this one repeats whole; None where it repeats none.
    portal_text_id: int | None = None
    #: ``crawl``, ``import`` or ``manual``: whether a machine fetched it or a person brought it in.
    origin: str = "crawl"

    @property
    def counted_at(self) -> datetime:
        """This is the time that places the article in a period: published, else first seen."""
        return self.published_at or self.first_seen_at


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDay:
    """This is what polling one source gave on one day: the ground of 'observed N of M'."""

    source_id: str
    outlet_id: str
    day: str
    polls: int
    polls_ok: int
    items: int
    #: True where no poll answered that day, but a later list reached back over the whole of it.
    caught_up: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletDay:
    """This is how much one outlet carried on one Vietnamese day, whatever the subject."""

    outlet_id: str
    outlet_name: str
    outlet_kind: OutletKind
    outlet_level: Level
    day: date
    articles: int
