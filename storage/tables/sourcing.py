"""What is watched and what was fetched: outlets, sources, polls, links, pages, the archive."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.columns import Moment, metadata

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

#: WARC files of the project's own archive and how far they were read.
archives = Table(
    "archives",
    metadata,
    Column("path", Text, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("ingested_at", Moment, nullable=False),
)
