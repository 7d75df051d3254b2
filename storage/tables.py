"""The tables. A change here comes with a migration; a test shows that the two agree.

Ids of articles are made from their canonical address (see `article_id`), so the same input gives
the same rows whatever the order of arrival. Moments are whole seconds since 1970, in UTC.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware datetime to seconds; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: a moment needs its zone")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Seconds to an aware datetime in UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


#: 52 bits, so that an id survives JSON's floating-point numbers.
_ID_BITS = 52


def article_id(canonical_url: str) -> int:
    """The id an address asks for: the first 52 bits of its BLAKE2 digest.

    >>> article_id("https://baovidu.vn/mot-cua-1.html") < 2**52
    True
    """
    digest = hashlib.blake2b(canonical_url.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _ID_BITS)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

outlets = Table(
    "outlets",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("level", String(16), nullable=False),
    Column("province", String(64), nullable=False, default=""),
    Column("agency", String(64), nullable=False, default=""),
    Column("domain", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("section", Text, nullable=False, default=""),
    Column("certainty", String(16), nullable=False),
)

#: Every archived response that was read: where it lies and what it was.
pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("archive_path", Text, nullable=False),
    Column("archive_offset", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    UniqueConstraint("url", "fetched_at", "sha256"),
)

#: One line each time a source was asked: the ground of "observed N of M".
polls = Table(
    "polls",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("outcome", String(32), primary_key=True),
    Column("detail", Text, nullable=False, default=""),
    Column("items", Integer, nullable=False, default=0),
    Column("new_items", Integer, nullable=False, default=0),
    Column("malformed", Integer, nullable=False, default=0),
    #: How far back the list reached without doubt; None where it carries no times.
    Column("reaches_to", Moment),
    #: The time of the newest item listed; None where the list carries no times.
    Column("newest_at", Moment),
    #: Whether the body was the same, byte for byte, as at the poll before.
    Column("unchanged", Boolean, nullable=False, default=False),
    #: Until when the server asked not to be asked again (Retry-After).
    Column("retry_after", Moment),
    Index(None, "at"),
)

#: Where each source stands after its last poll: what decides when it is asked next.
source_states = Table(
    "source_states",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("outcome", String(32), nullable=False),
    #: The first poll of the unbroken run of polls that ended as the last one did.
    Column("outcome_since", Moment, nullable=False),
    Column("ok_at", Moment),
    #: The last poll that listed something new.
    Column("new_at", Moment),
    #: Failures in a row, weighed: hard 1, soft 0.5, temporary 0.25.
    Column("failures", Float, nullable=False, default=0.0),
    Column("interval_minutes", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("retry_after", Moment),
    Column("body_sha256", String(64), nullable=False, default=""),
    Index(None, "due_at"),
)

#: Addresses that a list without headlines named, whose page has not made an article yet;
#: beside them, articles that a list says were changed since their page was had.
links = Table(
    "links",
    metadata,
    #: `article_id` of the address.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    #: Kinds of list that named it: feed 1, sitemap 2, section 4.
    Column("lists", Integer, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    #: How the last try to have its page ended; "" where it was not tried.
    Column("outcome", String(32), nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Index(None, "outlet_id", "first_seen_at"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("source_id", ForeignKey("sources.id")),
    Column("page_id", ForeignKey("pages.id")),
    Column("headline", Text, nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("section", Text, nullable=False, default=""),
    Column("authors", JSON, nullable=False, default=list),
    Column("credit", Text, nullable=False, default=""),
    Column("content", String(8), nullable=False),
    #: Why there is no page: "" not tried, else the outcome of the last try.
    Column("page_outcome", String(32), nullable=False, default=""),
    #: How often its page was tried without success.
    Column("page_tries", Integer, nullable=False, default=0),
    #: Kinds of list that named it: feed 1, sitemap 2, section 4.
    Column("lists", Integer, nullable=False, default=0),
    #: text, video, photo or infographic.
    Column("media", String(16), nullable=False, default="text"),
    Column("extractor", String(64), nullable=False, default=""),
    Column("published_at", Moment),
    Column("date_raw", Text, nullable=False, default=""),
    Column("date_precision", String(8), nullable=False),
    Column("date_origin", String(16), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("text_hash", String(32), nullable=False),
    #: When the text that stands here was captured: an older capture never replaces a newer one.
    Column("captured_at", Moment, nullable=False),
    #: published_at, else first_seen_at: what places the article in a period.
    Column("counted_at", Moment, nullable=False),
    #: Unique and in the order of counted_at: the row id of the search index.
    Column("time_key", BigInteger, nullable=False, unique=True),
    Column("tag_version", String(64), nullable=False, default=""),
    Column("relevance", Float),
    Column("relevant", Boolean, nullable=False, default=False),
    Column("form", String(16), nullable=False, default="unknown"),
    Column("tone", String(16), nullable=False, default="unknown"),
    Column("audience", String(16), nullable=False, default="unknown"),
    Column("aspect", String(16), nullable=False, default="unknown"),
    Column("corrected", Boolean, nullable=False, default=False),
    Column("story_id", BigInteger),
    Column("is_original", Boolean, nullable=False, default=False),
    #: The agency portal's article whose text this press article repeats whole; None otherwise.
    Column("portal_text_id", BigInteger),
    Column("indexed", Boolean, nullable=False, default=False),
    #: How it came: crawl, import (a file kept elsewhere) or manual.
    Column("origin", String(8), nullable=False, default="crawl"),
    # Holds all that counting by agency and month asks of an article.
    Index(None, "relevant", "counted_at", "outlet_id", "story_id"),
    Index(None, "counted_at"),
    Index(None, "story_id", "counted_at"),
    Index(None, "tag_version"),
    Index(None, "indexed"),
)

#: The body of an article whose page was read; kept apart so that lists stay lean.
bodies = Table(
    "bodies",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("body", Text, nullable=False),
    #: Which reader gave each field of the article, by the field's name.
    Column("origins", JSON, nullable=False, default=dict),
)

#: What an article said before it was changed.
versions = Table(
    "article_versions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("captured_at", Moment, nullable=False),
    Column("page_id", ForeignKey("pages.id")),
    Column("content", String(8), nullable=False),
    Column("headline", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("date_raw", Text, nullable=False),
)

#: What a model said; one row for each version that ever said it.
findings = Table(
    "findings",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("model_version", String(64), primary_key=True),
    Column("relevance", Float, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("form", String(16), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("aspect", String(16), nullable=False),
    #: areas, agencies, scores and evidence.
    Column("detail", JSON, nullable=False),
)

#: Decided areas of an article: the finding with corrections applied.
article_areas = Table(
    "article_areas",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("area", String(16), primary_key=True),
    Index(None, "area", "article_id"),
)

#: Decided agencies of an article: the finding with corrections applied.
article_agencies = Table(
    "article_agencies",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("role", String(8), nullable=False),
    Column("via_legacy_name", Boolean, nullable=False, default=False),
    Index(None, "agency_id", "article_id"),
)

#: A person's decisions; the newest on a field counts, and outlives every re-tagging.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("field", String(16), nullable=False),
    Column("value", JSON, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "article_id"),
)

stories = Table(
    "stories",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("original_id", ForeignKey("articles.id"), nullable=False),
    Column("placements", Integer, nullable=False),
    Column("outlets", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    #: The looser level: stories of one happening, told in different words within three days; the
    #: least number among them, None where it was not looked at yet.
    Column("happening_id", BigInteger),
    Index(None, "happening_id"),
)

#: What grouping compares of a text, so that it need not read the text itself.
article_sketches = Table(
    "article_sketches",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    #: The article's text_hash when the sketch was made: another one means it is out of date.
    Column("text_hash", String(32), nullable=False),
    #: Version of the way sketches are made.
    Column("scheme", Integer, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
)

#: The register of official events; `key` makes the same event brought in twice one.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("precision", String(8), nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("areas", JSON, nullable=False, default=list),
    Column("state", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    #: The portal's article that it was proposed from.
    Column("article_id", ForeignKey("articles.id")),
    Column("plan_item", String(64), nullable=False, default=""),
    Column("added_at", Moment, nullable=False),
    #: Who confirmed or rejected it, and when.
    Column("decided_by", Text, nullable=False, default=""),
    Column("decided_at", Moment),
    Index(None, "at"),
    Index(None, "agency_id", "at"),
    Index(None, "article_id"),
)

#: Which story reports which event. A story is named by its original, for groups are made anew
#: when a text changes: the link then follows the article.
event_links = Table(
    "event_links",
    metadata,
    Column("event_id", ForeignKey("events.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False, default=dict),
    Column("model_version", String(64), nullable=False, default=""),
    #: True where a person decided; no machine overwrites it.
    Column("corrected", Boolean, nullable=False, default=False),
    Column("decided_by", Text, nullable=False, default=""),
    Column("decided_at", Moment),
    Index(None, "article_id"),
)

#: What people are asked to look at, and what they said.
review_items = Table(
    "review_items",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    #: Why it is asked: doubt, audit and the like.
    Column("reason", String(16), primary_key=True),
    Column("drawn_at", Moment, nullable=False),
    Column("model_version", String(64), nullable=False),
    #: Articles it stands for, where it was drawn at random; None otherwise.
    Column("weight", Float),
    Column("decided_at", Moment),
    Column("author", Text, nullable=False, default=""),
    Column("verdict", JSON),
    Index(None, "decided_at"),
)

#: Names that look like those of agencies and stand in no register, for a person to look at.
name_proposals = Table(
    "name_proposals",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("example_id", ForeignKey("articles.id"), nullable=False),
    #: The sentence it was met in.
    Column("words", Text, nullable=False, default=""),
    Column("proposed_at", Moment, nullable=False),
    #: "" undecided, alias, new or no.
    Column("state", String(16), nullable=False, default=""),
    Column("agency_id", String(64), nullable=False, default=""),
    Column("author", Text, nullable=False, default=""),
    Column("decided_at", Moment),
)

#: What was done outside the press, as people entered it; `key` makes the same entry twice one.
activities = Table(
    "activities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("agency_id", String(64), nullable=False, default=""),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("planned", Integer),
    Column("done", Integer),
    Column("unit", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("author", Text, nullable=False, default=""),
    Column("entered_at", Moment, nullable=False),
    Index(None, "last_day"),
)

#: WARC files of the project's own archive and how far they were read.
archives = Table(
    "archives",
    metadata,
    Column("path", Text, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("ingested_at", Moment, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    #: running, done, failed; a "running" row without its process was killed.
    Column("state", String(16), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("counts", JSON, nullable=False, default=dict),
    Column("error", Text, nullable=False, default=""),
)

#: One line each time a job of the timetable was tried: the truth about what was run.
job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(32), nullable=False),
    #: The moment of the timetable that the try is for.
    Column("slot", Moment, nullable=False),
    #: known, running, done, failed, timed_out, killed, stopped, missed, void.
    Column("state", String(16), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("late_seconds", Integer, nullable=False, default=0),
    Column("pid", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Index(None, "job", "slot", "state"),
)

#: What the operator was told, or is still to be told; `key` names the trouble.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(200), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    #: None while it could not be handed to anybody.
    Column("sent_at", Moment),
    #: When the trouble was over; None while it lasts.
    Column("over_at", Moment),
    Index(None, "key", "over_at"),
)

#: How full the disk of the home folder was, one reading a day: what a trend is drawn from.
disk_readings = Table(
    "disk_readings",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("free_bytes", BigInteger, nullable=False),
    Column("used_bytes", BigInteger, nullable=False),
)

exports = Table(
    "exports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("period", Text, nullable=False),
    Column("scope", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
)

#: People who may sign in.
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", Text, nullable=False, default=""),
    Column("access", String(16), nullable=False),
    #: Ids of the agencies that an officer speaks for.
    Column("agencies", JSON, nullable=False, default=list),
    #: Argon2, with its parameters.
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
)

#: Open sessions, by the SHA-256 of their token.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "user_id"),
)

#: Keys of programs, by their SHA-256.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False, default=list),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

#: Who changed, exported or signed in; triggers refuse to change or delete a line.
audit_trail = Table(
    "audit_trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    Index(None, "action"),
)

#: Searches that people keep under a name.
saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "user_id"),
)

#: Tables that hold what was collected and read: equal input gives equal content here.
CONTENT_TABLES = (
    outlets, sources, pages, polls, source_states, links, articles, bodies, versions, findings,
    article_areas, article_agencies, corrections, stories,
)  # fmt: skip
