"""The operator's own declarations: one is added, and what was added is seen without a restart."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import Certainty, SourceKind
from domain.errors import DiembaoError, UsageError, os_reason
from domain.outlet_rules import LINKS_UNKNOWN, faults_of
from domain.outlets import Outlet, parse_outlet
from domain.text import fold_for_search
from pipeline.context import Context
from pipeline.files import write_whole
from pipeline.opening import at_home, declared_outlets, watched_outlets

log = logging.getLogger(__name__)
#: Ids that are something else in an address of the pages.
_TAKEN = ("new",)
_LONGEST_ID = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class NewOutlet:
    """This is an outlet as a person tells of it; nothing is checked yet."""

    name: str
    #: "" where it is to be made from the name.
    id: str = ""
    kind: str = ""
    level: str = ""
    province: str = ""
    agency: str = ""
    governing_body: str = ""
    domain: str = ""
    #: Address and kind of each list.
    sources: tuple[tuple[str, str], ...] = ()

    def declaration(self) -> str:
        """The text of its file."""
        return "\n".join(_lines(self)) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """This is a declaration that passed the rules, with the text that its file will have."""

    outlet: Outlet
    text: str


def proposed_id(name: str) -> str:
    """An id made from a name.

    >>> proposed_id("Báo Đồng Nai"), proposed_id("24h")
    ('bao_dong_nai', 'bao_24h')
    """
    words = fold_for_search(name).replace(" ", "_")
    if words[:1].isdigit():
        words = f"bao_{words}"
    return words[:_LONGEST_ID].rstrip("_")


def checked_outlet(context: Context, register: AgencyRegister, told: NewOutlet) -> Checked:
    """The declaration of a new outlet, by the rules of the shipped ones; else a `UsageError`."""
    if not told.name:
        raise UsageError("Ghi tên cơ quan báo chí.")
    told = replace(told, id=told.id or proposed_id(told.name))
    text = told.declaration()
    outlet = parse_outlet(text, "Khai báo")
    others = declared_outlets(at_home(context.settings, context.home))
    day = context.clock().astimezone(VIETNAM).date()
    faults = [*faults_of(outlet, others, register, day), *_private(context, outlet)]
    if outlet.id in others or outlet.id in _TAKEN or len(outlet.id) > _LONGEST_ID:
        faults.insert(0, f"Mã “{outlet.id}” đã có hoặc không dùng được. Chọn mã khác.")
    if faults:
        raise UsageError("\n".join(faults))
    return Checked(outlet=outlet, text=text)


def _write(text: str, stream: BinaryIO) -> None:
    stream.write(text.encode())


def keep_outlet(context: Context, checked: Checked) -> Path:
    """Write the declaration into the operator's folder; a file that is there stays as it is."""
    path = context.own_outlets / f"{checked.outlet.id}.toml"
    aside = path.with_name(f".{path.name}.new")
    write_whole(aside, partial(_write, checked.text))
    try:
        # Unlike a renaming, this fails where the name is taken.
        os.link(aside, path)
    except FileExistsError as error:
        raise UsageError(f"Đã có tệp {path.name} trong thư mục khai báo. Chọn mã khác.") from error
    except OSError as error:
        raise DiembaoError(f"Không ghi được {path}: {os_reason(error)}.") from error
    finally:
        aside.unlink()
    return path


def _private(context: Context, outlet: Outlet) -> Iterator[str]:
    """What crawling would refuse by its very name."""
    # The crawler's library is loaded where an outlet is added, not with every page.
    from crawlers.safety import allowed_hosts, host_of, is_private

    crawl = context.settings.crawl
    allowed = allowed_hosts(crawl.allow_private_hosts, crawl.proxy)
    hosts = [domain.host for domain in outlet.domains]
    for host in dict.fromkeys([*hosts, *(host_of(source.url) for source in outlet.sources)]):
        if is_private(host) and host not in allowed:
            yield f"{host} là địa chỉ trong mạng nội bộ nên không được tải."


def _lines(told: NewOutlet) -> Iterator[str]:
    for key in ("id", "name", "kind", "level", "province", "agency", "governing_body"):
        value = getattr(told, key)
        if value or key in ("id", "name", "kind", "level"):
            yield f"{key} = {_quoted(value)}"
    yield from ("", "[[domains]]", f"host = {_quoted(told.domain)}")
    for url, kind in told.sources:
        yield from ("", "[[sources]]", f"url = {_quoted(url)}", f"kind = {_quoted(kind)}")
        yield f"certainty = {_quoted(Certainty.GUESSED)}"
        if kind == SourceKind.SECTION:
            yield f"note = {_quoted(LINKS_UNKNOWN)}"


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON writes the same, but for one character.

    >>> _quoted('Báo "Ví dụ"')
    '"Báo \\\\"Ví dụ\\\\""'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class OutletsAnew:
    """This reads the watched outlets anew whenever the operator's folder of them has changed.

    A folder or a file in it that cannot be read leaves the outlets as they were; what is wrong is
    logged once, and told in `problem`.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._door = threading.Lock()
        self.problem = ""
        self.mark = ""
        self.mark = self._seen()

    def current(self) -> Context:
        """The installation with the outlets that are declared now."""
        with self._door:
            mark = self._seen()
            if mark != self.mark:
                self.mark = mark
                self._read()
            return self._context

    def _seen(self) -> str:
        """The mark of the folder; the one before where it cannot be looked into."""
        try:
            return mark_of(self._context.own_outlets)
        except OSError as error:
            self._cannot(f"Không mở được {self._context.own_outlets}: {os_reason(error)}.")
            return self.mark

    def _cannot(self, said: str) -> None:
        if said != self.problem:
            log.error("declarations of outlets cannot be used", extra={"said": said})
        self.problem = said

    def _read(self) -> None:
        settings = at_home(self._context.settings, self._context.home)
        try:
            outlets = watched_outlets(settings)
        except (UsageError, OSError) as error:
            self._cannot(str(error))
            return
        self.problem = ""
        self._context = replace(self._context, outlets=outlets)


def mark_of(folder: Path) -> str:
    """What tells one state of a folder of declarations from another; "" where it has none."""
    try:
        with os.scandir(folder) as found:
            files = sorted(
                (each.name, each.stat().st_mtime_ns, each.stat().st_size)
                for each in found
                if each.name.endswith(".toml")
            )
    except FileNotFoundError:
        return ""
    return hashlib.sha256(repr(files).encode()).hexdigest()[:12] if files else ""
