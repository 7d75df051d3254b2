"""Outlets as declarations: one TOML file each, checked when read.

A declaration says who speaks (kind, level, province, governing body), where it announces its
articles (sources) and how its pages are laid out (layouts, dated: an old capture is read with the
layout of its day).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.codes import Certainty, Level, OutletKind, SourceKind
from domain.errors import UsageError
from domain.text import fold_for_search
from domain.validation import explain, unknown

#: Letters of the shortest name that a credit line is searched for.
_SHORTEST_NAME = 3


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Domain(_Declared):
    """This is a host name of an outlet and the days on which it was the outlet's."""

    host: str = Field(description="Tên miền, không có http:// và không có www.")
    since: date | None = Field(None, description="Ngày bắt đầu dùng; bỏ trống nếu không rõ.")
    until: date | None = Field(None, description="Ngày cuối cùng còn dùng; bỏ trống nếu đang dùng.")


class Source(_Declared):
    """This is one list in which an outlet announces its articles."""

    url: str = Field(description="Địa chỉ của nguồn.")
    kind: SourceKind = Field(SourceKind.FEED, description="feed, sitemap hoặc section.")
    section: str = Field("", description="Chuyên mục mà nguồn này đăng.")
    certainty: Certainty = Field(
        Certainty.GUESSED, description="Địa chỉ đã thấy chạy, thấy trong mã nguồn, hay đoán."
    )
    links: str = Field("", description="Bộ chọn CSS của liên kết bài (chỉ với section).")
    next_page: str = Field("", description="Mẫu địa chỉ trang tiếp, có {page} (chỉ với section).")
    gmt_means_local: bool = Field(
        False, description="Giờ ghi GMT hoặc Z trong nguồn thật ra là giờ Việt Nam."
    )
    note: str = Field("", description="Ghi chú về nguồn.")


class Layout(_Declared):
    """These are the CSS selectors of an outlet's article pages, from one day on."""

    since: date | None = Field(None, description="Ngày đầu tiên trang có cách trình bày này.")
    headline: str = Field("", description="Bộ chọn tít.")
    description: str = Field("", description="Bộ chọn sapo.")
    body: str = Field("", description="Bộ chọn các đoạn thân bài.")
    authors: str = Field("", description="Bộ chọn tác giả.")
    section: str = Field("", description="Bộ chọn chuyên mục.")
    published: str = Field("", description="Bộ chọn dòng ngày giờ.")
    credit: str = Field("", description="Bộ chọn dòng ghi nguồn.")
    remove: tuple[str, ...] = Field((), description="Bộ chọn những khối bỏ khỏi thân bài.")


class Outlet(_Declared):
    """This is one declared outlet."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="Mã ổn định, không đổi theo tên miền."
    )
    name: str = Field(min_length=1, description="Tên cơ quan báo chí.")
    kind: OutletKind = Field(description="press, broadcaster, news_agency, aggregator, portal.")
    level: Level = Field(description="national hoặc provincial.")
    province: str = Field("", description="Mã địa phương (P34:...) với báo địa phương.")
    agency: str = Field("", description="Mã cơ quan chủ của cổng thông tin (chỉ với portal).")
    governing_body: str = Field("", description="Cơ quan chủ quản.")
    domains: Annotated[tuple[Domain, ...], Field(min_length=1, description="Các tên miền.")]
    article_url: str = Field("", description="Biểu thức chính quy của địa chỉ bài.")
    url_time: Literal["", "vccorp", "calendar", "epoch"] = Field(
        "",
        description="Số trong địa chỉ bài là giờ: vccorp (mã trang rồi yymmddHHMMSS), calendar "
        "(yyyymmddHHMMSS), epoch (phần nghìn giây từ 1970); bỏ trống nếu không phải giờ.",
    )
    sources: tuple[Source, ...] = Field((), description="Các nguồn tin.")
    layouts: tuple[Layout, ...] = Field((), description="Các cách trình bày, cũ trước mới sau.")
    delay_seconds: float | None = Field(None, ge=0, description="Giãn cách riêng giữa hai lần tải.")
    note: str = Field("", description="Ghi chú.")

    @field_validator("article_url")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"biểu thức chính quy sai: {error}") from error
        return pattern

    def layout_on(self, day: date) -> Layout | None:
        """The layout that held on `day`, None where none is declared for it."""
        held = [layout for layout in self.layouts if layout.since is None or layout.since <= day]
        return held[-1] if held else None

    def is_article_url(self, url: str) -> bool:
        """Whether the address has the shape of an article of this outlet (True if undeclared)."""
        if not self.article_url:
            return True
        parts = urlsplit(url)
        return any(re.search(self.article_url, form) for form in (url, parts.path))


class OutletBook:
    """This is the set of declared outlets, asked by id, by address and by source."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._by_id: dict[str, Outlet] = {}
        self._by_host: dict[str, Outlet] = {}
        self._by_source: dict[str, tuple[Outlet, Source]] = {}
        self._credit_names: dict[str, str] = {}
        for outlet in outlets:
            self._add(outlet)

    def _add(self, outlet: Outlet) -> None:
        if outlet.id in self._by_id:
            raise UsageError(f"Hai khai báo cùng mã cơ quan báo chí “{outlet.id}”.")
        self._by_id[outlet.id] = outlet
        for domain in outlet.domains:
            self._by_host.setdefault(domain.host.lower(), outlet)
        for source in outlet.sources:
            self._by_source[source.url] = (outlet, source)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, outlet_id: str) -> bool:
        return outlet_id in self._by_id

    def __getitem__(self, outlet_id: str) -> Outlet:
        return self._by_id[outlet_id]

    def of_address(self, url: str) -> Outlet | None:
        """The outlet whose domain (or a subdomain of it) the address belongs to."""
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None

    def of_source(self, url: str) -> tuple[Outlet, Source] | None:
        """The outlet and source declared for a list's address."""
        return self._by_source.get(url)

    def credited(self, credit: str) -> str:
        """The id of the outlet that a credit line ("Theo TTXVN") names, "" where it names none.

        The longest name counts: "Báo Tin tức" is not "Tin".
        """
        words = f" {fold_for_search(credit)} "
        found = [name for name in self._names() if f" {name} " in words]
        return self._names()[max(found, key=len)] if found else ""

    def _names(self) -> dict[str, str]:
        """Folded names by which outlets are credited: whole, and what stands in brackets."""
        if not self._credit_names:
            for outlet in self:
                for written in (outlet.name, *re.split(r"[()]", outlet.name)):
                    name = fold_for_search(written).removeprefix("bao ").removeprefix("dien tu ")
                    if len(name) >= _SHORTEST_NAME:
                        self._credit_names.setdefault(name, outlet.id)
        return self._credit_names

    def only(self, ids: Iterable[str]) -> OutletBook:
        """The book with the named outlets alone; an unknown id is a `UsageError`."""
        chosen = []
        for outlet_id in ids:
            if outlet_id not in self._by_id:
                raise UsageError(unknown("cơ quan báo chí", outlet_id, self._by_id))
            chosen.append(self._by_id[outlet_id])
        return OutletBook(chosen)


def read_outlet(path: Path) -> Outlet:
    """Read one declaration; raises `UsageError` naming the file, the key and what to do."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _unread(str(path), error) from error
    return parse_outlet(text, str(path))


def parse_outlet(text: str, where: str) -> Outlet:
    """Read a declaration from TOML text; `where` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unread(where, error) from error
    try:
        return Outlet.model_validate(data)
    except ValidationError as error:
        raise UsageError(explain(error, where, Outlet)) from error


def _unread(where: str, error: ValueError) -> UsageError:
    return UsageError(f"Không đọc được khai báo {where}: {error}. Sửa tệp rồi chạy lại.")


def read_outlets(folder: Path) -> OutletBook:
    """Read every ``*.toml`` of a folder, in the order of their names."""
    if not folder.is_dir():
        raise UsageError(f"Không có thư mục khai báo báo chí {folder}.")
    return OutletBook(read_outlet(path) for path in sorted(folder.glob("*.toml")))
