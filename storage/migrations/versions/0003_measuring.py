"""What measuring needs: official events, the stories that report them, reviews, happenings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ARTICLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.add_column(
        "articles",
        sa.Column("origin", sa.String(length=8), nullable=False, server_default="crawl"),
    )
    _widen_index()
    op.add_column("articles", sa.Column("portal_text_id", sa.BigInteger()))
    op.add_column("stories", sa.Column("happening_id", sa.BigInteger()))
    op.create_index(op.f("ix_stories_happening_id"), "stories", ["happening_id"])
    _create_article_sketches()
    _create_events()
    _create_event_links()
    _create_review_items()
    _create_name_proposals()


def _widen_index() -> None:
    """The index by which a period is read answers counting by itself."""
    op.drop_index(op.f("ix_articles_relevant_counted_at"), "articles")
    op.create_index(
        op.f("ix_articles_relevant_counted_at_outlet_id_story_id"),
        "articles",
        ["relevant", "counted_at", "outlet_id", "story_id"],
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("article_id", _ARTICLE),
        sa.Column("plan_item", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_events_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("key", name=op.f("uq_events_key")),
    )
    op.create_index(op.f("ix_events_at"), "events", ["at"])
    op.create_index(op.f("ix_events_agency_id_at"), "events", ["agency_id", "at"])
    op.create_index(op.f("ix_events_article_id"), "events", ["article_id"])


def _create_event_links() -> None:
    op.create_table(
        "event_links",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("article_id", _ARTICLE, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_event_links_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_links_event_id_events")
        ),
        sa.PrimaryKeyConstraint("event_id", "article_id", name=op.f("pk_event_links")),
    )
    op.create_index(op.f("ix_event_links_article_id"), "event_links", ["article_id"])


def _create_review_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("article_id", _ARTICLE, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Float()),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("verdict", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_review_items_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "reason", name=op.f("pk_review_items")),
    )
    op.create_index(op.f("ix_review_items_decided_at"), "review_items", ["decided_at"])


def _create_name_proposals() -> None:
    op.create_table(
        "name_proposals",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("example_id", _ARTICLE, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["example_id"], ["articles.id"], name=op.f("fk_name_proposals_example_id_articles")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_name_proposals")),
    )


def _create_article_sketches() -> None:
    op.create_table(
        "article_sketches",
        sa.Column("article_id", _ARTICLE, nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("scheme", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_sketches_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_sketches")),
    )
