"""Checking an evidence pack: every file and archived page against what the pack says of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from crawlers.archive_reading import read_archive
from domain.errors import ArchiveError, UsageError, os_reason
from pipeline.evidence import CAPTURES, CODE, DIGEST, FORMAT, ITEMS, MANIFEST, PAGES, WHERE

log = logging.getLogger(__name__)
_PIECE: Final = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """This is what the check of a pack found."""

    #: SHA-256 of the whole file.
    sha256: str
    title: str
    items: int
    pages: int
    without_page: int
    #: What is wrong, in Vietnamese; empty where nothing was altered.
    faults: tuple[str, ...]


def check_pack(path: Path) -> Checked:
    """Check a pack; a file that is no pack is a `UsageError`."""
    try:
        with path.open("rb") as stream:
            whole = hashlib.file_digest(stream, "sha256").hexdigest()
        with ZipFile(path) as pack:
            manifest = _manifest(pack, path)
            faults = list(_faults(pack, manifest))
    except OSError as error:
        raise UsageError(f"Không đọc được {path}: {os_reason(error)}.") from error
    except BadZipFile as error:
        raise UsageError(
            f"{path} không phải gói kiểm chứng: tệp zip hỏng hoặc bị cắt. Lấy lại bản gốc."
        ) from error
    return Checked(
        sha256=whole,
        title=str(manifest.get("title", "")),
        items=int(manifest.get("items", 0)),
        pages=int(manifest.get("pages", 0)),
        without_page=int(manifest.get("items_without_page", 0)),
        faults=tuple(faults),
    )


def _manifest(pack: ZipFile, path: Path) -> dict[str, Any]:
    try:
        said = json.loads(pack.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise UsageError(
            f"{path} không phải gói kiểm chứng: không có {MANIFEST} đọc được. Lấy lại bản gốc."
        ) from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise UsageError(f"{path} không phải gói kiểm chứng dạng {FORMAT}. Lấy lại bản gốc.")
    return said


def _faults(pack: ZipFile, manifest: dict[str, Any]) -> Iterator[str]:
    told = {str(each["name"]): each for each in manifest.get("files", ())}
    held = [name for name in pack.namelist() if name != MANIFEST]
    for name in sorted(set(held) - set(told)):
        yield f"{name}: tệp lạ, không có trong {MANIFEST}"
    for name in sorted({name for name in held if held.count(name) > 1}):
        yield f"{name}: có hai tệp cùng tên"
    whole = True
    for name, each in told.items():
        fault = _fault(pack, name, each)
        if fault:
            whole = False
            yield fault
    if whole and {CAPTURES, PAGES, ITEMS} <= set(told):
        yield from _page_faults(pack)


def _fault(pack: ZipFile, name: str, told: dict[str, Any]) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        with pack.open(name) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except KeyError:
        return f"{name}: thiếu tệp"
    except (BadZipFile, EOFError, zlib.error) as error:
        log.info("a file of the pack is damaged", extra={"file": name, "reason": str(error)})
        return f"{name}: dữ liệu hỏng, không khớp mã kiểm của tệp zip"
    if size != told.get("bytes"):
        return f"{name}: {size} byte, theo {MANIFEST} là {told.get('bytes')}"
    if digest.hexdigest() != told.get("sha256"):
        return f"{name}: mã SHA-256 khác {MANIFEST}, nội dung đã bị sửa"
    return ""


def _page_faults(pack: ZipFile) -> Iterator[str]:
    """Every page that the list names is there, and is the one that was read."""
    wanted: dict[int, str] = {}
    codes: set[str] = set()
    for line in _lines(pack, CAPTURES):
        codes.add(line[CODE])
        if line[WHERE]:
            wanted[int(line[WHERE])] = line[DIGEST]
    for line in _lines(pack, ITEMS):
        if line[CODE] not in codes:
            yield f"{ITEMS}: bài {line[CODE]} không có dòng nào trong {CAPTURES}"
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PAGES
        with pack.open(PAGES) as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain, _PIECE)
        try:
            for response in read_archive(path):
                digest = wanted.pop(response.offset, response.sha256)
                if digest != response.sha256:
                    yield f"{PAGES}: trang {response.url} không đúng mã băm trong {CAPTURES}"
        except ArchiveError as error:
            yield f"{PAGES}: {error}"
    for offset in wanted:
        yield f"{PAGES}: không có bản ghi ở byte {offset} mà {CAPTURES} nêu"


def _lines(pack: ZipFile, name: str) -> Iterator[dict[str, str]]:
    with pack.open(name) as stream:
        yield from csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
