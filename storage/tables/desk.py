"""The work of the desk: answers to criticism."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

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
