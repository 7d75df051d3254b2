"""What a declaration of an outlet must keep to, beyond its form; each fault in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from domain.agencies import AgencyRegister
from domain.codes import Level, OutletKind, SourceKind
from domain.errors import UsageError
from domain.outlets import Outlet, OutletBook, Source

#: Stands in the note of a list page of which nobody has said which links are articles.
LINKS_UNKNOWN = "Chưa biết dạng liên kết bài"
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def faults_of(outlet: Outlet, others: OutletBook, register: AgencyRegister, day: date) -> list[str]:
    """All that is wrong with a declaration beside the other ones, none where it is good."""
    return [
        *_place_faults(outlet, register, day),
        *_domain_faults(outlet, others),
        *_source_faults(outlet, others),
    ]


def _place_faults(outlet: Outlet, register: AgencyRegister, day: date) -> Iterator[str]:
    provincial, portal = outlet.level is Level.PROVINCIAL, outlet.kind is OutletKind.PORTAL
    if not outlet.governing_body and outlet.kind is not OutletKind.AGGREGATOR:
        yield "Ghi cơ quan chủ quản."
    if provincial and not outlet.province:
        yield "Chọn tỉnh, thành phố: báo cấp địa phương phải có địa phương."
    if outlet.province and not provincial:
        yield "Bỏ tỉnh, thành phố, hoặc chọn cấp địa phương."
    if portal and not outlet.agency:
        yield "Chọn cơ quan chủ của cổng thông tin."
    if outlet.agency and not portal:
        yield "Bỏ cơ quan chủ của cổng: chỉ cổng thông tin mới có."
    if outlet.province and outlet.province not in {one.id for one in register.provinces(day)}:
        yield f"Không có tỉnh, thành phố mã “{outlet.province}” vào ngày {day:%d/%m/%Y}."
        return
    if outlet.agency:
        yield from _agency_faults(outlet, register, day)


def _agency_faults(outlet: Outlet, register: AgencyRegister, day: date) -> Iterator[str]:
    try:
        heir = register.rolled_up(outlet.agency, day)
    except UsageError as error:
        yield str(error)
        return
    if outlet.province and heir != outlet.province:
        yield "Cơ quan chủ của cổng không thuộc tỉnh, thành phố đã chọn."


def _domain_faults(outlet: Outlet, others: OutletBook) -> Iterator[str]:
    declared = {domain.host.lower(): each for each in others for domain in each.domains}
    for domain in outlet.domains:
        if domain.host.startswith("www.") or not _HOST.fullmatch(domain.host):
            yield (
                f"“{domain.host}” không phải tên miền. Viết dạng baovidu.vn: chữ thường không dấu, "
                "không có http:// và www."
            )
        elif owner := declared.get(domain.host):
            yield f"Tên miền {domain.host} đã được khai báo cho {owner.name} ({owner.id})."


def _source_faults(outlet: Outlet, others: OutletBook) -> Iterator[str]:
    if not outlet.sources and not outlet.note:
        yield "Ghi ít nhất một địa chỉ nguồn tin."
    own = OutletBook([outlet])
    seen: set[str] = set()
    for source in outlet.sources:
        if source.url in seen:
            yield f"Địa chỉ {source.url} ghi hai lần."
        seen.add(source.url)
        yield from _address_faults(source, own, others)
        if source.kind is SourceKind.SECTION and not source.links:
            if LINKS_UNKNOWN not in source.note:
                yield f"Trang mục {source.url} thiếu links; chưa biết thì ghi vào note."
        elif source.kind is SourceKind.SECTION:
            if source.links == "a[href]" and not outlet.article_url:
                yield f"Trang mục {source.url}: links quá rộng mà không có article_url."
        elif source.links or source.next_page:
            yield f"{source.url}: links và next_page chỉ dùng với trang mục (section)."


def _address_faults(source: Source, own: OutletBook, others: OutletBook) -> Iterator[str]:
    if not _is_web(source.url):
        yield f"“{source.url}” không phải địa chỉ web. Viết đủ, ví dụ https://baovidu.vn/rss."
        return
    if known := others.of_source(source.url):
        yield f"Nguồn {source.url} đã được khai báo cho {known[0].name} ({known[0].id})."
    elif own.of_address(source.url) is None:
        yield f"Nguồn {source.url} không nằm trên tên miền đã ghi."


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False
