"""Backup and restore: the database at one moment, the archive behind it, proved by restoring."""

from __future__ import annotations

import importlib.metadata
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.clock import Clock
from domain.errors import StorageError, UsageError
from domain.settings import Settings
from pipeline.backup_store import (
    DATABASE,
    MANIFEST,
    PARTS,
    SHARED,
    UNREADABLE,
    Held,
    Manifest,
    backup_name,
    copy_whole,
    damage,
    forget_unfinished,
    known_segments,
    made_at,
    read_manifest,
    rotate,
    share,
    sum_of,
    told_in_words,
    wrong_segments,
)
from pipeline.backup_target import bring, is_taken
from pipeline.context import ATTACHMENTS, Context, Progress, no_progress, own_outlets_folder
from storage.archive import all_left_open, segments
from storage.archive_index import archive_paths, index_path
from storage.database import connect, database_url, prepare_home, reading, shown
from storage.forms import known_form
from storage.lock import backup_lock, clock_lock, writer_lock
from storage.server_copy import snapshot_of
from storage.snapshot import check_snapshot

_SETTINGS = "settings.json"
#: A file that a crawl closes while it is copied has another name a moment later.
_LOOKS = 3
#: Name of the operator's own declarations in a backup.
_OWN = "own-outlets"


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """This is a backup that was made and proved."""

    path: Path
    manifest: Manifest
    #: Old backups that rotation deleted.
    dropped: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """This is what a restore brought back."""

    manifest: Manifest
    #: Segments copied; those that were there already are not counted.
    segments: int
    #: Where the database that stood there before was put: a path, or an address on the server;
    #: None where there was none.
    set_aside: str | None


def backup_folder(context: Context) -> Path:
    """Where backups go unless told otherwise."""
    configured = context.settings.backup.folder
    return Path(configured) if configured else context.home / "backups"


def make_backup(
    context: Context, folder: Path, *, thorough: bool = False, keeps_day: bool = False
) -> Backup:
    """Make a backup while others work, prove it by restoring it aside, then rotate.

    With `keeps_day` no other backup of its day is given up.
    """
    with told_in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with backup_lock(folder):
            forget_unfinished(folder)
            known = known_segments(folder)
            path = folder / backup_name(context.clock())
            with tempfile.TemporaryDirectory(prefix=".check-", dir=folder) as place:
                packed = _pack(context, Path(place), folder, known, path)
                manifest = _prove(packed, folder, Path(place), thorough=thorough)
                packed.chmod(0o600)  # it holds the settings too
                packed.replace(path)
            dropped = rotate(
                folder,
                context.settings.backup,
                spared=made_at(path).date() if keeps_day else None,
            )
    return Backup(path=path, manifest=manifest, dropped=tuple(dropped))


def _pack(
    context: Context,
    place: Path,
    folder: Path,
    known: dict[str, Held],
    path: Path,
) -> Path:
    # The database first: every segment it names is there when the archive is looked through.
    snapshot = place / DATABASE
    snapshot_of(context.engine, snapshot)
    whole, parts = _bring_segments(context, folder, known, place / PARTS)
    _require_named(context, snapshot, whole, parts)
    manifest = Manifest(
        made_at=context.clock().isoformat(timespec="seconds"),
        version=importlib.metadata.version("diembao"),
        database=Held(name=DATABASE, bytes=snapshot.stat().st_size, sha256=sum_of(snapshot)),
        rows=check_snapshot(snapshot),
        segments=whole,
        parts=parts,
    )
    packed = folder / f".{path.name}.part"
    with tarfile.open(packed, "w:gz", compresslevel=1) as out:
        _add(out, MANIFEST, manifest.as_json())
        _add(out, _SETTINGS, context.settings.model_dump_json(indent=1).encode())
        out.add(snapshot, DATABASE)
        for part in parts:
            out.add(place / PARTS / part, f"{PARTS}/{part}")
        for name, own in _own_folders(context):
            out.add(own, name)
    snapshot.unlink()
    return packed


def _own_folders(context: Context) -> Iterator[tuple[str, Path]]:
    """What people gave: plans and outlets of their own, scans of articles typed in."""
    settings = context.settings
    for name, written in (
        ("plans", settings.plan.folder),
        ("outlets", settings.crawl.outlets_folder),
        (_OWN, str(context.own_outlets)),
        (ATTACHMENTS, str(context.home / ATTACHMENTS)),
    ):
        if written and Path(written).is_dir():
            yield name, Path(written)


def _bring_segments(
    context: Context, folder: Path, known: dict[str, Held], aside: Path
) -> tuple[list[Held], list[str]]:
    for look in range(_LOOKS):
        try:
            # Open ones first: one that is closed meanwhile is found among the whole ones.
            parts = _copied_parts(context, aside)
            return _shared(context, folder, known), parts
        except FileNotFoundError:
            if look == _LOOKS - 1:
                raise
    raise AssertionError("unreachable")


def _copied_parts(context: Context, aside: Path) -> list[str]:
    copied = []
    for part in all_left_open(context.archive_folder):
        name = part.relative_to(context.archive_folder).as_posix()
        copy_whole(part, aside / name)
        copied.append(name)
    return copied


def _shared(context: Context, folder: Path, known: dict[str, Held]) -> list[Held]:
    held = []
    paths = segments(context.archive_folder)
    for number, path in enumerate(paths):
        context.progress("Sao lưu kho lưu trữ", number, len(paths))
        for each in (path, index_path(path)):
            if each == path or each.exists():
                name = each.relative_to(context.archive_folder).as_posix()
                held.append(share(each, name, folder, known))
    return held


def _require_named(context: Context, snapshot: Path, whole: list[Held], parts: list[str]) -> None:
    """Every file of the archive that the snapshot names is in the backup."""
    inside = f"{context.archive_folder.relative_to(context.home).as_posix()}/"
    with reading(connect(f"sqlite:///{snapshot}")) as connection:
        named = {path for path in archive_paths(connection) if path.startswith(inside)}
    held = {f"{inside}{each.name}" for each in whole}
    held |= {f"{inside}{part.removesuffix('.part')}" for part in parts}
    if missing := sorted(named - held):
        raise StorageError(
            f"Cơ sở dữ liệu nhắc tới {missing[0]} và {len(missing) - 1} tệp khác không còn trong "
            "kho lưu trữ. Chạy “diembao archive verify” để biết tệp nào mất, rồi sao lưu lại."
        )


def _add(out: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(body)
    out.addfile(member, io.BytesIO(body))


def _prove(packed: Path, folder: Path, place: Path, *, thorough: bool) -> Manifest:
    """Restore a backup aside: its database is sound and what it was, its segments are there."""
    manifest = read_manifest(packed)
    _extract(packed, manifest, place)
    (place / DATABASE).unlink()
    if wrong := wrong_segments(folder, manifest, thorough=thorough):
        raise StorageError(
            f"Bản sao của {wrong[0]} và {len(wrong) - 1} tệp lưu trữ khác trong {folder} không "
            "đúng. Xóa các tệp đó trong thư mục archive của bản sao lưu rồi sao lưu lại."
        )
    return manifest


def _unpack(archive: tarfile.TarFile, packed: Path, place: Path) -> None:
    """Write the files of a backup below `place` and nowhere else.

    The filters of `extractall` came after the Python 3.11 of Debian 12.
    """
    for member in archive:
        if Path(member.name).is_absolute() or ".." in Path(member.name).parts:
            raise StorageError(f"{packed} có tệp nằm ngoài bản sao lưu: {member.name}. Không dùng.")
        content = archive.extractfile(member) if member.isfile() else None
        if content is None:
            continue  # folders are made for what lies in them
        target = place / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as out:
            shutil.copyfileobj(content, out)


def _extract(packed: Path, manifest: Manifest, place: Path) -> Path:
    """Unpack a backup and check its database; where the database lies."""
    try:
        with tarfile.open(packed, "r:gz") as archive:
            _unpack(archive, packed, place)
    except UNREADABLE as error:
        raise StorageError(
            f"Không giải nén được {packed}: {damage(error)}. Dùng bản khác."
        ) from error
    database = place / DATABASE
    if sum_of(database) != manifest.database.sha256:
        raise StorageError(
            f"Cơ sở dữ liệu trong {packed} không còn như khi sao lưu. Dùng bản sao lưu khác."
        )
    if check_snapshot(database) != manifest.rows:
        raise StorageError(f"Số dòng trong {packed} không đúng như khi sao lưu. Dùng bản khác.")
    return database


def restore(
    packed: Path,
    settings: Settings,
    home: Path,
    *,
    clock: Clock,
    replace: bool = False,
    progress: Progress = no_progress,
) -> Restored:
    """Bring a backup back into `home`; what stood there is put aside, never deleted.

    Segments of the archive that are newer than the backup stay: the next run reads them again.
    """
    manifest = read_manifest(packed)
    prepare_home(home)
    target = connect(database_url(home, settings.storage.database))
    if is_taken(target) and not replace:
        raise UsageError(
            f"{shown(target)} đã có dữ liệu. Phục hồi vào thư mục khác bằng --home, hoặc thêm "
            "--replace để thay (dữ liệu cũ được đổi tên, không bị xóa)."
        )
    with clock_lock(home), writer_lock(home), told_in_words(home):
        if wrong := wrong_segments(packed.parent, manifest, thorough=True):
            raise StorageError(
                f"Thiếu hoặc sai {len(wrong)} tệp lưu trữ cạnh bản sao lưu, đầu tiên là "
                f"{packed.parent / SHARED / wrong[0]}. Chép cả thư mục {SHARED} đi kèm."
            )
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as place:
            database = _extract(packed, manifest, Path(place))
            known_form(connect(f"sqlite:///{database}"))
            copied = _bring_back(packed.parent, manifest, Path(place), home)
            _bring_missing(Path(place) / ATTACHMENTS, home / ATTACHMENTS)
            _bring_missing(Path(place) / _OWN, own_outlets_folder(settings, home))
            aside = bring(database, target, clock=clock, progress=progress)
    return Restored(manifest=manifest, segments=copied, set_aside=aside)


def _bring_missing(kept: Path, folder: Path) -> None:
    """Copy the files that a folder has no more; what is there stays as it is."""
    for path in sorted(kept.rglob("*")):
        target = folder / path.relative_to(kept)
        if path.is_file() and not target.exists():
            copy_whole(path, target)


def _bring_back(folder: Path, manifest: Manifest, place: Path, home: Path) -> int:
    copied = 0
    for held in manifest.segments:
        target = home / SHARED / held.name
        if target.exists() and target.stat().st_size == held.bytes:
            continue
        copy_whole(folder / SHARED / held.name, target)
        copied += 1
    for name in manifest.parts:
        whole = home / SHARED / name.removesuffix(".part")
        if not whole.exists() and not (home / SHARED / name).exists():
            copy_whole(place / PARTS / name, home / SHARED / name)
    return copied
