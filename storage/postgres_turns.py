"""The turns of hosts, kept in the database: one request to a host at a time, whoever sends it.

A turn is taken before a request and given back after its answer; from then on the host's delay
passes before the next one is given out. Counted from the answer, the delay holds by the host's own
log, however late a request reached it. A turn that is not given back, its holder having died, is
free after a while.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from storage.postgres import connect_postgres, postgres_url

#: What the engine keeps lies apart from what was collected.
SCHEMA: Final = "engine"
#: While the database is away nothing is sent.
_AWAY_SECONDS: Final = 1.0
_SHORTEST_SECONDS: Final = 0.02
_LONGEST_SECONDS: Final = 1.0
_TABLE = text(
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.host_turns (
        host TEXT PRIMARY KEY, holder TEXT NOT NULL, held_until TIMESTAMPTZ NOT NULL,
        free_at TIMESTAMPTZ NOT NULL DEFAULT '-infinity')"""
)
_TAKE = text(
    f"""INSERT INTO {SCHEMA}.host_turns AS held (host, holder, held_until)
    VALUES (:host, :holder, clock_timestamp() + :lease)
    ON CONFLICT (host) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE (held.holder = '' OR held.held_until <= clock_timestamp())
      AND held.free_at <= clock_timestamp()
    RETURNING 1"""
)
_WAIT = text(
    f"""SELECT extract(epoch FROM free_at - clock_timestamp())
    FROM {SCHEMA}.host_turns WHERE host = :host AND free_at > '-infinity'"""
)
_GIVE_BACK = text(
    f"""UPDATE {SCHEMA}.host_turns
    SET holder = '', free_at = clock_timestamp() + :delay
    WHERE host = :host AND holder = :holder"""
)


def prepare_turns(engine: Engine) -> None:
    """Make the table of turns if it is not there."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.execute(_TABLE)


class HostTurns:
    """This hands the turns of hosts out to one crawler; `lease` is longer than any request."""

    def __init__(self, url: str, holder: str, *, lease: timedelta) -> None:
        self._engine = connect_postgres(postgres_url(url), kept=4).execution_options(
            isolation_level="AUTOCOMMIT", among_writers=True
        )
        self._holder = f"{holder} {os.getpid()} {time.time_ns()}"
        self._lease = lease

    def take(self, host: str) -> float:
        """Take the host's turn: 0, or so many seconds to wait before asking again."""
        values = {"host": host, "holder": self._holder, "lease": self._lease}
        try:
            with self._engine.connect() as connection:
                if connection.scalar(_TAKE, values):
                    return 0.0
                left = connection.scalar(_WAIT, {"host": host})
        except OperationalError:
            return _AWAY_SECONDS
        return min(max(float(left or 0), _SHORTEST_SECONDS), _LONGEST_SECONDS)

    def give_back(self, host: str, delay: float) -> None:
        """The host answered; it is to be left alone for so many seconds."""
        values = {"host": host, "holder": self._holder, "delay": timedelta(seconds=delay)}
        try:
            with self._engine.connect() as connection:
                connection.execute(_GIVE_BACK, values)
        except OperationalError:
            return  # the lease runs out by itself, later than the delay

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
