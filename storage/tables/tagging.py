"""What was said of articles: by models, by people, and what was decided."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.columns import Moment, metadata

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
