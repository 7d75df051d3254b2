"""The jobs that collect and read: called for one moment of the timetable."""

from __future__ import annotations

from datetime import datetime

from domain.errors import DiembaoError
from pipeline.collecting import crawl_only, crawl_problems
from pipeline.context import Context
from pipeline.crawl import DUE
from pipeline.run import poll_due, tag_only


def crawl(context: Context, slot: datetime) -> None:
    """Ask every source, or hand that out to the workers."""
    if context.has_workers:
        _hand_out(context, due_only=False)
        return
    outcome, tally = crawl_only(context)
    _raise((*tally.problems, *(crawl_problems(outcome) if outcome else ())))


def poll(context: Context, slot: datetime) -> None:
    """Ask the sources whose turn it is, and read what came; or hand that out to the workers."""
    if context.has_workers:
        _hand_out(context, due_only=True)
        return
    outcome, tally = poll_due(context)
    _raise((*tally.problems, *(crawl_problems(outcome, DUE) if outcome else ())))


def tag(context: Context, slot: datetime) -> None:
    """Tag, group and index what is not yet, or hand that out to the workers."""
    if context.has_workers:
        from pipeline.engine_postgres import hand_out_tagging

        hand_out_tagging(context)
        return
    tag_only(context)


def _hand_out(context: Context, *, due_only: bool) -> None:
    # The queue's library is an extra: it is there where it is used.
    from pipeline.engine_postgres import hand_out

    hand_out(context, due_only=due_only)


def _raise(problems: tuple[str, ...]) -> None:
    if problems:
        raise DiembaoError("\n".join(problems))
