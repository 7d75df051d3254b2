"""What collecting for years needs: how sources stand, links not yet read, which lists name what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.add_column("polls", sa.Column("newest_at", sa.BigInteger()))
    op.add_column("polls", _flag("unchanged"))
    op.add_column("polls", sa.Column("retry_after", sa.BigInteger()))
    op.add_column("articles", _number("page_tries"))
    op.add_column("articles", _number("lists"))
    op.add_column(
        "articles",
        sa.Column("media", sa.String(length=16), nullable=False, server_default="text"),
    )
    op.add_column("bodies", sa.Column("origins", sa.JSON(), nullable=False, server_default="{}"))
    _create_source_states()
    _create_links()


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _create_source_states() -> None:
    op.create_table(
        "source_states",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("outcome_since", sa.BigInteger(), nullable=False),
        sa.Column("ok_at", sa.BigInteger()),
        sa.Column("new_at", sa.BigInteger()),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("interval_minutes", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("retry_after", sa.BigInteger()),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_states_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_states")),
    )
    op.create_index(op.f("ix_source_states_due_at"), "source_states", ["due_at"])


def _create_links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_links_outlet_id_outlets")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_links_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index(
        op.f("ix_links_outlet_id_first_seen_at"), "links", ["outlet_id", "first_seen_at"]
    )
