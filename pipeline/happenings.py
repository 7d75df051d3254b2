"""The looser level of grouping: stories that tell one happening within three days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from nlp.happenings import HappeningItem, group_happenings
from storage.database import Connection
from storage.happenings import new_stories_span, store_happenings, story_leads

#: A happening spans at most this much.
SPAN_DAYS: Final = 3
_SPAN: Final = timedelta(days=SPAN_DAYS)


def find_happenings(connection: Connection, since: datetime, until: datetime) -> None:
    """Give the stories begun in [since, until] that have no happening theirs.

    Stories within reach are looked at anew with them, those beyond as their neighbours.
    """
    span = new_stories_span(connection, since, until)
    if span is None:
        return
    first, last = span
    leads = story_leads(connection, first - 2 * _SPAN, last + 2 * _SPAN)
    groups = group_happenings(
        [
            HappeningItem(
                key=lead.id,
                at=lead.first_at,
                title=lead.headline,
                text=lead.description,
                agencies=lead.agencies,
            )
            for lead in leads
        ],
        days=SPAN_DAYS,
    )
    known = {lead.id: lead for lead in leads}
    store_happenings(
        connection,
        [
            group
            for group in groups
            if any(first - _SPAN <= known[key].first_at <= last + _SPAN for key in group)
            and any(known[key].happening_id != min(group) for key in group)
        ],
    )
