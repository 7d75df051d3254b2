"""A PostgreSQL of the machine's own packages, started in a temporary folder and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

#: Where Debian keeps the programs of each version.
_DEBIAN = Path("/usr/lib/postgresql")
#: Nothing here outlives the tests, so nothing is forced onto the disk.
_HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest version's; None where there is none."""
    found = [path.parent for path in sorted(_DEBIAN.glob("*/bin/initdb"), reverse=True)]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return next((folder for folder in found if (folder / "pg_ctl").exists()), None)


def _account() -> str | None:
    """The account the server runs under: it refuses root. None: the present one will do."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """This is a running server, reached by a socket in its folder."""

    folder: Path
    bin: Path

    def url(self, database: str) -> str:
        """The address of a database of this server."""
        return f"postgresql+psycopg://diembao@/{database}?host={self.folder}"

    def stop(self, *, abruptly: bool = False) -> None:
        """Stop it; `abruptly` as a power cut does, without a checkpoint."""
        self._ctl("stop", "-m", "immediate" if abruptly else "fast")

    def start(self, *settings: str) -> None:
        """Start it, with these settings beside those of haste."""
        chosen = [f"-c {each}" for each in (*_HASTE, *settings)]
        options = f"-k {self.folder} -c listen_addresses='' {' '.join(chosen)}"
        self._ctl("start", "-o", options, "-l", str(self.folder / "log"))

    def databases(self) -> frozenset[str]:
        """The numbers of the databases it holds, without asking it."""
        return frozenset(path.name for path in (self.folder / "data" / "base").iterdir())

    def drop(self, numbers: Iterable[str]) -> None:
        """Remove databases, whoever has them open."""
        question = text("SELECT datname FROM pg_database WHERE oid = ANY(:numbers)")
        with self._asked() as connection:
            given = [int(number) for number in numbers if number.isdecimal()]
            for name in connection.scalars(question, {"numbers": given}).all():
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def _asked(self) -> Iterator[Connection]:
        engine = create_engine(
            self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            yield connection

    def kill(self) -> None:
        """Kill its first process outright; the others end with it."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "log").read_text(errors="replace")

    def _ctl(self, *arguments: str) -> None:
        _call([str(self.bin / "pg_ctl"), "-w", "-D", str(self.folder / "data"), *arguments])


def start_server(*settings: str) -> Server:
    """A new, empty server; raises `FileNotFoundError` where its programs are not installed."""
    bin_folder = programs()
    if bin_folder is None:
        raise FileNotFoundError("initdb of PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="diembao-pg-"))
    if account := _account():
        # Both reach the socket, this account even where it is root in a namespace of its own only.
        shutil.chown(folder, group=pwd.getpwnam(account).pw_gid)
        folder.chmod(0o770)
    _call(
        [
            str(bin_folder / "initdb"), "--username=diembao", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "-D", str(folder / "data"),
        ]
    )  # fmt: skip
    server = Server(folder=folder, bin=bin_folder)
    server.start(*settings)
    return server


def discard(server: Server) -> None:
    """Stop a server and remove its folder."""
    server.stop(abruptly=True)
    shutil.rmtree(server.folder)


def _call(arguments: list[str]) -> None:
    account = _account()
    owner = pwd.getpwnam(account) if account else None
    done = subprocess.run(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        cwd="/",
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if done.returncode:
        raise OSError(f"{arguments[0]} failed: {done.stderr.strip()}")
