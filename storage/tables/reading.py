"""What was read: articles, their bodies, earlier versions, stories."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from storage.tables.columns import Moment, metadata

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
