"""The stage that tags: article -> finding."""

from __future__ import annotations

from typing import Protocol

from domain.records import Finding, TagInput
from pipeline.context import Context
from storage.database import reading
from storage.findings import store_findings
from storage.tables import ID_SPAN
from storage.tag_inputs import text_hashes, untagged


class Tags(Protocol):
    """This is what the stage needs of a tagger."""

    @property
    def version(self) -> str:
        """Says which model, register and taxonomy speak."""

    def tag(self, texts: list[TagInput]) -> list[Finding]:
        """One finding for each text, in order."""


def tag(
    context: Context, tagger: Tags, *, retag: bool = False, first: int = 0, until: int = ID_SPAN
) -> int:
    """Tag what this tagger has not tagged yet (everything if `retag`); how many were tagged.

    Only articles with a number from `first` on and below `until`: such parts can be tagged beside
    each other. An article that was changed meanwhile waits for the next time.
    """
    done, last = 0, first - 1
    limit = context.settings.storage.batch_items
    while True:
        # Tagging happens outside the transaction: readers and other writers need not wait for it.
        with reading(context.engine) as connection:
            texts = untagged(
                connection, tagger.version, after=last, limit=limit, retag=retag, until=until
            )
            ids = [int(text.id) for text in texts]
            read = text_hashes(connection, ids)
        if not texts:
            return done
        findings = tagger.tag(texts)
        with context.engine.begin() as connection:
            now = text_hashes(connection, ids)
            store_findings(
                connection, [each for each in findings if now.get(each.id) == read[each.id]]
            )
        last = ids[-1]
        done += len(texts)
        context.progress("Gắn nhãn", done, None)
