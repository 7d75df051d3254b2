"""The work of the desk: answers to criticism, alerts, articles brought in by people."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.tables.columns import Moment, metadata

#: What people said of a criticism; the newest line of a story and agency counts, none is changed.
feedback_steps = Table(
    "feedback_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("person", Text, nullable=False, default=""),
    Column("deadline", Date),
    Column("answer_url", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "article_id"),
)

#: By which ways a person is told, and when not.
alert_settings = Table(
    "alert_settings",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("email", Text, nullable=False, default=""),
    Column("webhook", Text, nullable=False, default=""),
    #: Hours of the day between which nothing is sent, by Vietnamese time, e.g. 21:00 and 06:00.
    Column("quiet_from", String(5), nullable=False, default=""),
    Column("quiet_to", String(5), nullable=False, default=""),
)

#: What people want to be told of.
alert_subscriptions = Table(
    "alert_subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    #: An agency, an outlet ("" is every one) or the number of a saved search.
    Column("subject", String(64), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Index(None, "user_id", "kind", "subject", unique=True),
)

#: What people were told, or are still to be told; things of one kind found together are one line.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False, default=""),
    Column("title", Text, nullable=False),
    #: One for each thing: its text, and the path of its page.
    Column("lines", JSON, nullable=False, default=list),
    Column("raised_at", Moment, nullable=False),
    Column("read_at", Moment),
    #: none (no such way is wanted), waiting or sent.
    Column("mail", String(8), nullable=False),
    Column("post", String(8), nullable=False),
    Index(None, "user_id", "raised_at"),
)

#: What a person has been told of already: nothing is told twice.
alert_things = Table(
    "alert_things",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False),
)

#: Addresses that people asked to be fetched, and what came of it.
page_requests = Table(
    "page_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    #: waiting, running, done or failed.
    Column("state", String(8), nullable=False),
    Column("ended_at", Moment),
    Column("article_id", ForeignKey("articles.id")),
    Column("error", Text, nullable=False, default=""),
    Index(None, "state"),
)

#: What a person brought in by hand: who, from where, and the scan that shows it.
manual_entries = Table(
    "manual_entries",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    #: web, print, radio or television.
    Column("medium", String(16), nullable=False),
    #: Issue and page, programme and hour.
    Column("place", Text, nullable=False, default=""),
    Column("author", Text, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("scan_name", Text, nullable=False, default=""),
    Column("scan_type", String(32), nullable=False, default=""),
    Column("scan_sha256", String(64), nullable=False, default=""),
    Column("scan_bytes", BigInteger, nullable=False, default=0),
)
