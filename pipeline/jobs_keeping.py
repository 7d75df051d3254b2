"""The jobs that keep the installation well: called for one moment of the timetable."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from pipeline.backup import backup_folder, make_backup
from pipeline.context import Context
from pipeline.health import self_check_on_record
from pipeline.jobs import MONTHLY
from pipeline.retention import retain_on_record
from pipeline.watch import look_around, weekly_word
from storage.job_runs import forget_tries

log = logging.getLogger(__name__)
#: Tries are kept so long; those of monthly jobs for ever.
TRIES_KEPT = timedelta(days=400)


def back_up(context: Context, slot: datetime) -> None:
    """Make a backup where the settings want it."""
    make_backup(context, backup_folder(context))


def self_check(context: Context, slot: datetime) -> None:
    """Re-read the newest page of each outlet."""
    for sick in self_check_on_record(context):
        log.warning(
            "a page is not read whole any more",
            extra={"outlet": sick.outlet_id, "url": sick.url, "missing": sick.missing},
        )


def retain(context: Context, slot: datetime) -> None:
    """Thin the archive, or say what would go; forget tries of long ago."""
    retain_on_record(context, apply=context.settings.retention.apply)
    with context.engine.begin() as connection:
        forget_tries(connection, context.clock() - TRIES_KEPT, keep=MONTHLY)


def watch(context: Context, slot: datetime) -> None:
    """Look at sources and disk."""
    look_around(context)


def weekly(context: Context, slot: datetime) -> None:
    """Send the word of the week."""
    weekly_word(context, since=slot - timedelta(days=7))
