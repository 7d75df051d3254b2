"""The work of the desk: answers to criticism, alerts."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
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

#: What a person wants to be told; nobody's line is made before they ask for something.
alert_wishes = Table(
    "alert_wishes",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("kinds", JSON, nullable=False),
    #: None: the agencies that the person speaks for.
    Column("agencies", JSON(none_as_null=True)),
    Column("muted", JSON, nullable=False),
    Column("email", Text, nullable=False),
    Column("webhook", Text, nullable=False),
    Column("quiet_from", String(5), nullable=False),
    Column("quiet_to", String(5), nullable=False),
    #: Why the last message did not arrive; "" where it did.
    Column("problem", Text, nullable=False, default=""),
)

#: What people were told, or are still to be told; `key` names the thing, once for each person.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(200), nullable=False),
    Column("agency_id", String(64), nullable=False, default=""),
    Column("article_id", ForeignKey("articles.id")),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("read_at", Moment),
    #: True until it has left that way; false from the start where the way was not wanted.
    Column("to_mail", Boolean, nullable=False),
    Column("to_post", Boolean, nullable=False),
    Column("mailed_at", Moment),
    Column("posted_at", Moment),
    Index(None, "user_id", "key", unique=True),
    Index(None, "user_id", "read_at"),
    Index(None, "to_mail", "to_post"),
    Index(None, "raised_at"),
)
