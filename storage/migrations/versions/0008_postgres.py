"""The search index of PostgreSQL: one row an article, by months of its time key."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; SQLite has its own since the first tables."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE TABLE article_search (key BIGINT NOT NULL PRIMARY KEY, document TSVECTOR NOT NULL) "
        "PARTITION BY RANGE (key)"
    )
    # Without fastupdate a search never waits for a list of what came last.
    op.execute(
        "CREATE INDEX article_search_document ON article_search "
        "USING gin (document) WITH (fastupdate = off)"
    )
    # Articles indexed by an earlier form of this database are indexed again.
    op.execute("UPDATE articles SET indexed = false WHERE indexed")
