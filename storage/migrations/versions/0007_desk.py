"""The work of the desk: answers to criticism, alerts, articles brought in by people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _create_feedback()
    _create_alerts()
    _create_entries()


def _create_feedback() -> None:
    op.create_table(
        "feedback_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date()),
        sa.Column("answer_url", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to("feedback_steps", "article_id", "articles"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_steps")),
    )
    op.create_index(op.f("ix_feedback_steps_article_id"), "feedback_steps", ["article_id"])


def _create_alerts() -> None:
    op.create_table(
        "alert_settings",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_to", sa.String(length=5), nullable=False),
        _to("alert_settings", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_alert_settings")),
    )
    op.create_table(
        "alert_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _to("alert_subscriptions", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_subscriptions")),
    )
    op.create_index(
        op.f("ix_alert_subscriptions_user_id_kind_subject"),
        "alert_subscriptions",
        ["user_id", "kind", "subject"],
        unique=True,
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("post", sa.String(length=8), nullable=False),
        _to("alerts", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_user_id_raised_at"), "alerts", ["user_id", "raised_at"])
    op.create_table(
        "alert_things",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        _to("alert_things", "user_id", "users"),
        _to("alert_things", "alert_id", "alerts"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_alert_things")),
    )


def _create_entries() -> None:
    op.create_table(
        "page_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("article_id", sa.BigInteger()),
        sa.Column("error", sa.Text(), nullable=False),
        _to("page_requests", "article_id", "articles"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_requests")),
    )
    op.create_index(op.f("ix_page_requests_state"), "page_requests", ["state"])
    op.create_table(
        "manual_entries",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("scan_name", sa.Text(), nullable=False),
        sa.Column("scan_type", sa.String(length=32), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("scan_bytes", sa.BigInteger(), nullable=False),
        _to("manual_entries", "article_id", "articles"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_manual_entries")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
