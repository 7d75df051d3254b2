"""The search index of PostgreSQL knows which words stand side by side."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew; what was indexed is indexed again, from the articles."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TABLE article_search")
    op.execute(
        "CREATE TABLE article_search (key BIGINT NOT NULL PRIMARY KEY, document TSVECTOR NOT NULL, "
        "pairs SMALLINT[] NOT NULL) PARTITION BY RANGE (key)"
    )
    op.execute("ALTER TABLE article_search ALTER COLUMN pairs SET STORAGE EXTERNAL")
    # One index of both: what it finds of words and pairs needs no document to be opened.
    op.execute("CREATE INDEX article_search_document ON article_search USING gin (document, pairs)")
    op.execute("UPDATE articles SET indexed = false WHERE indexed")
