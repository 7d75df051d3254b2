"""The form of the database: its migrations, and that a database has this version's form."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.errors import StorageError
from storage.database import Engine, connect, explained, for_one_process, reading, shown
from storage.postgres import ensure_database, is_absent
from storage.snapshot import take_snapshot

_MIGRATIONS = Path(__file__).parent / "migrations"


def init_database(engine: Engine) -> None:
    """Create the tables or bring them to this version's form; safe to repeat.

    Before an older form is changed, the database is copied beside itself.
    """
    with explained(engine):
        if engine.dialect.name == "postgresql":
            ensure_database(engine)
        revision = _refuse_newer(engine)
        if revision is not None and revision != _head():
            _keep_old_form(engine, revision)
        with engine.begin() as connection:
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def open_database(url: str) -> Engine:
    """An engine on a database of this version's form; raises `StorageError` otherwise."""
    engine = connect(url)
    with explained(engine):
        revision = _refuse_newer(engine)
    if revision is None:
        raise StorageError(
            f"Chưa có cơ sở dữ liệu tại {shown(engine)}. "
            "Chạy “diembao init” hoặc “diembao run” trước."
        )
    if revision != _head():
        raise StorageError(
            f"Cơ sở dữ liệu {shown(engine)} thuộc phiên bản cũ. Chạy “diembao init” để nâng cấp."
        )
    return for_one_process(engine)


def known_form(engine: Engine) -> None:
    """Refuse a database that is none of ours, or of a newer version, with a `StorageError`."""
    with explained(engine):
        revision = _refuse_newer(engine)
    if revision is None:
        raise StorageError(f"{shown(engine)} không có cơ sở dữ liệu của diembao.")


def is_of_this_form(engine: Engine) -> bool:
    """Whether a database has the form of this version."""
    return _refuse_newer(engine) == _head()


def old_form_path(database: Path, revision: str) -> Path:
    """Where the database is copied to before its form `revision` is changed."""
    return database.with_name(f"{database.name}.truoc-nang-cap-{revision}")


def _keep_old_form(engine: Engine, revision: str) -> None:
    if engine.dialect.name != "sqlite":
        return  # a server has its own backups; its migrations are undone as a whole
    database = Path(str(engine.url.database))
    aside = old_form_path(database, revision)
    part = aside.with_name(f"{aside.name}.part")
    part.unlink(missing_ok=True)
    take_snapshot(database, part)
    part.replace(aside)


def _refuse_newer(engine: Engine) -> str | None:
    """The revision of the database, None for an empty one; a revision we do not know is newer."""
    if engine.dialect.name == "sqlite":
        if not Path(str(engine.url.database)).exists():
            return None
    elif is_absent(engine):
        return None
    with reading(engine) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in _known_revisions():
        raise StorageError(
            f"Cơ sở dữ liệu {shown(engine)} do một phiên bản diembao mới hơn tạo ra "
            f"(mã cấu trúc {revision}). Cài phiên bản mới hơn rồi chạy lại; "
            "dữ liệu không bị thay đổi."
        )
    return revision


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _known_revisions() -> set[str]:
    scripts = ScriptDirectory.from_config(_alembic_config())
    return {script.revision for script in scripts.walk_revisions()}


def _head() -> str:
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    assert head is not None
    return head
