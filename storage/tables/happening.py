"""What official bodies did: the register of events and what lies outside the press."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.tables.columns import Moment, metadata

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
