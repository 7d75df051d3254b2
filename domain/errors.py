"""Errors named by what happens next. The message an operator reads is Vietnamese."""

from __future__ import annotations


class DiembaoError(Exception):
    """The work failed; the message says what, where, and what to do."""

    #: The exit status of the command that meets this error.
    exit_code = 1


class UsageError(DiembaoError):
    """The arguments or the configuration cannot be used; nothing was started."""

    exit_code = 2


class TryLater(DiembaoError):
    """The site did not answer properly; the entry stays in the queue."""


class SetAside(DiembaoError):
    """The document cannot be read as what it should be; it is kept for a person to look at."""


class StorageError(DiembaoError):
    """The database or the archive cannot be used as it is."""


class ArchiveError(DiembaoError):
    """A WARC file is damaged; what stood before the damage was read."""
