"""A folder of backups: one packed file a backup, and the archive's segments that they share.

Segments never change once they are whole, so each is copied once, whatever the number of backups
that name it. A backup is moved elsewhere together with its folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from domain.clock import VIETNAM
from domain.errors import StorageError, os_reason
from domain.settings import BackupSettings

SUFFIX = ".tar.gz"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
SHARED = "archive"
PARTS = "parts"
_NAME = "diembao-%Y%m%dT%H%M%S"
_ASIDE = ".part"
#: What reading a damaged packed file raises.
UNREADABLE = (OSError, EOFError, tarfile.TarError, zlib.error)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """This is one file of a backup and the sum of its bytes."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """This says what a backup holds."""

    made_at: str
    version: str
    database: Held
    #: Rows of each table.
    rows: dict[str, int]
    #: Whole segments and their indexes, in the shared folder; a worker's in a folder of its own.
    segments: list[Held]
    #: Segments that were being written, packed with the database.
    parts: list[str] = field(default_factory=list)

    def as_json(self) -> bytes:
        """The manifest as it stands in the backup."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def backup_name(moment: datetime) -> str:
    """The file name of a backup made at a moment, by the Vietnamese clock."""
    return f"{moment.astimezone(VIETNAM).strftime(_NAME)}{SUFFIX}"


def made_at(path: Path) -> datetime:
    """When a backup was made, by its name."""
    stem = path.name.removesuffix(SUFFIX)
    return datetime.strptime(stem, _NAME).replace(tzinfo=VIETNAM)


def backups(folder: Path) -> list[Path]:
    """The backups of a folder, oldest first; files of other names are not ours."""
    found = []
    for path in sorted(folder.glob(f"diembao-*{SUFFIX}")):
        try:
            made_at(path)
        except ValueError:
            continue
        found.append(path)
    return found


def read_manifest(path: Path) -> Manifest:
    """What a backup holds; a file that is no backup is a `StorageError`."""
    try:
        with tarfile.open(path, "r:gz") as packed:
            first = packed.next()
            if first is None or first.name != MANIFEST:
                raise ValueError("no manifest")
            stream = packed.extractfile(first)
            assert stream is not None
            told = json.load(stream)
        told["database"] = Held(**told["database"])
        told["segments"] = [Held(**each) for each in told["segments"]]
        return Manifest(**told)
    except FileNotFoundError as error:
        raise StorageError(f"Không có tệp sao lưu {path}. Xem lại tên tệp.") from error
    except (*UNREADABLE, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{path} không phải bản sao lưu của diembao hoặc đã hỏng: "
            f"{damage(error)}. Dùng bản khác."
        ) from error


def damage(error: Exception) -> str:
    """What is wrong with a packed file, in Vietnamese.

    >>> damage(EOFError("Compressed file ended before the end-of-stream marker was reached"))
    'tệp bị cắt giữa chừng'
    """
    if isinstance(error, EOFError):
        return "tệp bị cắt giữa chừng"
    if isinstance(error, OSError) and error.errno:
        return os_reason(error)
    if isinstance(error, OSError | tarfile.ReadError):
        return "không phải tệp nén .tar.gz còn nguyên"
    return "nội dung không đúng như khi sao lưu"


def sum_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file; it appears under its name when whole and safe on the disk."""
    aside = target.with_name(f".{target.name}{_ASIDE}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, aside)
    with aside.open("rb") as stream:
        os.fsync(stream.fileno())
    aside.replace(target)


def share(source: Path, name: str, folder: Path, known: dict[str, Held]) -> Held:
    """Bring a segment into the shared folder under its name, unless it is there; what it is."""
    target = folder / SHARED / name
    before = known.get(name)
    size = source.stat().st_size
    if before and before.bytes == size and target.is_file() and target.stat().st_size == size:
        return before
    copy_whole(source, target)
    return Held(name=name, bytes=target.stat().st_size, sha256=sum_of(target))


def known_segments(folder: Path) -> dict[str, Held]:
    """The segments that the newest readable backup names."""
    for path in reversed(backups(folder)):
        try:
            return {held.name: held for held in read_manifest(path).segments}
        except StorageError:
            continue  # a damaged backup vouches for nothing: the segments are copied anew
    return {}


def wrong_segments(folder: Path, manifest: Manifest, *, thorough: bool) -> list[str]:
    """Segments of a backup that are missing or not what they were; sums only if thorough."""
    return [
        held.name
        for held in manifest.segments
        if not _is_there(folder / SHARED / held.name, held, thorough=thorough)
    ]


def _is_there(path: Path, held: Held, *, thorough: bool) -> bool:
    if not path.is_file() or path.stat().st_size != held.bytes:
        return False
    return not thorough or sum_of(path) == held.sha256


def to_drop(
    found: list[Path], settings: BackupSettings, *, spared: date | None = None
) -> list[Path]:
    """The backups that rotation gives up: the last of a day, week and month are kept so long.

    Of the day that is spared, all are kept.
    """
    keep = {path for path in found if made_at(path).date() == spared}
    for count, form in (
        (settings.keep_daily, "%Y-%m-%d"),
        (settings.keep_weekly, "%G-%V"),
        (settings.keep_monthly, "%Y-%m"),
    ):
        last_of = {made_at(path).strftime(form): path for path in found}
        keep |= {last_of[key] for key in sorted(last_of)[-count:]} if count else set()
    return [path for path in found if path not in keep]


def rotate(folder: Path, settings: BackupSettings, *, spared: date | None = None) -> list[Path]:
    """Delete old backups, and shared segments that no backup names any more."""
    dropped = to_drop(backups(folder), settings, spared=spared)
    for path in dropped:
        path.unlink()
    named: set[str] = set()
    for path in backups(folder):
        named |= {held.name for held in read_manifest(path).segments}
    for path in (folder / SHARED).rglob("*"):
        if path.is_file() and path.relative_to(folder / SHARED).as_posix() not in named:
            path.unlink()
    return dropped


@contextmanager
def told_in_words(folder: Path) -> Iterator[None]:
    """Let what the system refuses be a `StorageError` that names the folder."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Không sao lưu được vào {folder}: {os_reason(error)}. "
            "Kiểm tra dung lượng đĩa và quyền ghi, hoặc chọn thư mục khác bằng --out."
        ) from error


def forget_unfinished(folder: Path) -> None:
    """Delete what a killed backup has left."""
    for path in (*folder.glob(f".diembao-*{_ASIDE}"), *(folder / SHARED).rglob(f".*{_ASIDE}")):
        path.unlink()
    for path in folder.glob(".check-*"):
        shutil.rmtree(path)
