"""Proposing names that the register of agencies lacks."""

from __future__ import annotations

from collections.abc import Sequence

from domain.agencies import AgencyRegister
from domain.errors import UsageError
from domain.periods import Period
from domain.review import NameProposal
from domain.validation import unknown
from nlp.unknown_names import unknown_names
from pipeline.context import Context
from storage.database import reading
from storage.lock import writer_lock
from storage.name_proposals import keep_proposals, mark, newest_relevant, undecided


def propose_names(
    context: Context, register: AgencyRegister, *, count: int, period: Period | None = None
) -> int:
    """Look through the newest relevant articles; how many names were found."""
    since, until = period.bounds() if period else (None, None)
    with reading(context.engine) as connection:
        texts = newest_relevant(connection, since, until, limit=count)
    found = [
        NameProposal(
            name=one.name,
            articles=len(one.texts),
            example_id=int(one.texts[0]),
            words=one.sentence,
        )
        for one in unknown_names(texts, register)
    ]
    with writer_lock(context.home), context.engine.begin() as connection:
        keep_proposals(connection, found, context.clock())
    return len(found)


def known_proposals(context: Context) -> list[NameProposal]:
    """The names nobody has decided on."""
    with reading(context.engine) as connection:
        return undecided(connection)


def mark_names(context: Context, names: Sequence[str], *, state: str, author: str = "") -> None:
    """Decide on names; one that was never proposed is a `UsageError`, and then none is decided."""
    with writer_lock(context.home), context.engine.begin() as connection:
        for name in names:
            if not mark(connection, name, state=state, author=author, at=context.clock()):
                known = [one.name for one in undecided(connection)]
                raise UsageError(unknown("tên đang chờ", name, known))
