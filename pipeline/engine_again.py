"""Which piece of work that failed is tried again, and when.

The queue counts every time a piece was begun, kills of its worker included: those are no fault of
the piece, so they neither use its tries up nor make the next one wait for hours.
"""

from __future__ import annotations

from typing import Final

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from storage.database import was_away

#: A piece that fails waits so long before it is tried again, the last wait again and again.
_WAITS: Final = (10, 100, 1_000)
#: Begun so often, a piece that fails is left for a person.
_MOST: Final = 12


class TryAgain(BaseRetryStrategy):
    """This tries a piece again after 10, 100, 1,000 s; at once where the database was away."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None: not any more."""
        if database_was_away(exception):
            return RetryDecision(retry_in={"seconds": _WAITS[0]})
        if job.attempts >= _MOST:
            return None
        return RetryDecision(retry_in={"seconds": _WAITS[min(job.attempts, len(_WAITS) - 1)]})


AGAIN: Final = TryAgain()


def database_was_away(error: BaseException) -> bool:
    """Whether a failure comes of a database that did not answer, the stores' or the queue's.

    >>> try:
    ...     raise ValueError("not stored") from ConnectorException()
    ... except ValueError as error:
    ...     database_was_away(error), database_was_away(ValueError("other"))
    (True, False)
    """
    return was_away(error, ConnectorException)
