"""An article that a person types in: checked, stored, tagged and grouped at once.

One that stands on a watched outlet's site may be named by its address: the next crawl fetches it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawlers.addresses import canonical_address, is_home
from domain.clock import VIETNAM
from domain.codes import Content, Level, OutletKind
from domain.errors import UsageError
from domain.outlets import OutletBook
from domain.records import PublishedTime
from domain.text import clean, clean_paragraphs, fold_for_search
from pipeline.group import regroup
from pipeline.row_times import written_time
from pipeline.tag import Tags
from storage.database import Connection
from storage.declared import register_outlet, source_id
from storage.findings import store_findings
from storage.imports import HAND_OUTLET, ByHand, HandOutlet, hand_outlets, store_by_hand
from storage.incoming import Incoming
from storage.links import note_links
from storage.search import index_pending
from storage.story_corrections import article_at
from storage.tag_inputs import untagged

#: What a person may name that is declared nowhere, with the kind of voice it is.
HAND_KINDS: Final = {
    "bao_in": (OutletKind.PRESS, "báo in"),
    "phat_thanh": (OutletKind.BROADCASTER, "phát thanh"),
    "truyen_hinh": (OutletKind.BROADCASTER, "truyền hình"),
}
HAND_LEVELS: Final = {Level.NATIONAL: "trung ương", Level.PROVINCIAL: "địa phương"}
_FIRST_YEAR: Final = 1945
_LONGEST_TEXT: Final = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """This is a form as a person filled it in."""

    #: An outlet's id, "" where its name is written.
    outlet: str
    outlet_name: str
    outlet_kind: str
    outlet_level: str
    headline: str
    description: str
    body: str
    day: str
    hour: str
    #: The page of a paper, the name of a programme.
    place: str
    url: str


def read_typed(
    connection: Connection, typed: Typed, outlets: OutletBook, *, scan: str, now: datetime
) -> ByHand:
    """The article of a form; what cannot be meant is a `UsageError` that says what to write."""
    outlet_id, made = _outlet(connection, typed, outlets)
    headline = clean(typed.headline)
    if not headline:
        raise UsageError("Ghi tít bài.")
    body = clean_paragraphs(typed.body[:_LONGEST_TEXT])
    description = clean(typed.description)
    if not (body or description or scan):
        raise UsageError("Ghi sapo, nội dung, hoặc kèm bản chụp.")
    published = _published(typed, now)
    return ByHand(
        article=Incoming(
            url=_address(typed, outlet_id, headline, published),
            outlet_id=outlet_id,
            source_id=None,
            page_id=None,
            captured_at=now,
            # Whole as it is: no page is to be fetched for it.
            content=Content.PAGE,
            headline=headline,
            description=description,
            body=body,
            section=clean(typed.place),
            published=published,
        ),
        outlet=made,
        scan=scan,
    )


def enter(connection: Connection, entry: ByHand, outlets: OutletBook, tagger: Tags) -> int | None:
    """Store, tag and group an article; its number, None where it is on record already."""
    if entry.outlet is None and entry.article.outlet_id in outlets:
        register_outlet(connection, outlets[entry.article.outlet_id])
    number = store_by_hand(connection, entry)
    if number is None:
        return None
    texts = untagged(connection, tagger.version, after=number - 1, limit=1, until=number + 1)
    store_findings(connection, tagger.tag(texts))
    regroup(connection, (), outlets, also=[number])
    index_pending(connection, limit=1, only=number)
    return number


def _outlet(
    connection: Connection, typed: Typed, outlets: OutletBook
) -> tuple[str, HandOutlet | None]:
    known = {each.id: each for each in hand_outlets(connection)}
    if typed.outlet:
        if typed.outlet not in outlets and typed.outlet not in known:
            raise UsageError("Cơ quan báo chí đã chọn không còn. Chọn lại, hoặc ghi tên.")
        return typed.outlet, None
    name = clean(typed.outlet_name)
    if not name:
        raise UsageError("Chọn cơ quan báo chí, hoặc ghi tên báo, đài.")
    folded = fold_for_search(name)
    for each in (*outlets, *known.values()):
        if fold_for_search(each.name) == folded:
            return each.id, None
    if typed.outlet_kind not in HAND_KINDS:
        raise UsageError("Chọn loại: báo in, phát thanh hay truyền hình.")
    if typed.outlet_level not in set(Level):
        raise UsageError("Chọn báo, đài trung ương hay địa phương.")
    made = HandOutlet(
        id=f"{HAND_OUTLET}{hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()}",
        name=name,
        kind=HAND_KINDS[typed.outlet_kind][0],
        level=Level(typed.outlet_level),
    )
    return made.id, made


def _published(typed: Typed, now: datetime) -> PublishedTime:
    """When it was printed or sent; without a day nobody knows which period it belongs to."""
    written = f"{typed.day.strip()} {typed.hour.strip()}".strip()
    if not typed.day.strip():
        raise UsageError("Ghi ngày đăng, phát: không có ngày thì không rõ bài thuộc kỳ nào.")
    try:
        at, precision = written_time(written)
    except ValueError as error:
        raise UsageError(f"Ngày đăng, phát {error}.") from error
    if at > now or at.astimezone(VIETNAM).date() > now.astimezone(VIETNAM).date():
        raise UsageError(f"Ngày “{written[:40]}” ở tương lai. Ghi ngày bài đã đăng, phát.")
    if at.year < _FIRST_YEAR:
        raise UsageError(f"Ngày “{written[:40]}” quá xa. Ghi ngày bài đã đăng, phát.")
    return PublishedTime(at=at, raw=written, precision=precision)


def _address(typed: Typed, outlet_id: str, headline: str, published: PublishedTime) -> str:
    """The address that it is known by: that of the web, else one made of what it is."""
    if typed.url.strip():
        try:
            return canonical_address(typed.url)
        except ValueError as error:
            raise UsageError(f"{error}. Không có địa chỉ thì để trống.") from error
    assert published.at is not None
    key = hashlib.blake2b(fold_for_search(headline).encode(), digest_size=8).hexdigest()
    return f"nhap-tay:{outlet_id}/{published.at.astimezone(VIETNAM):%Y-%m-%d}/{key}"


def name_page(
    connection: Connection, written: str, outlets: OutletBook, *, now: datetime
) -> int | None:
    """Let the next crawl fetch a page; the article's number where its page is held already.

    What no crawl would fetch is a `UsageError`.
    """
    if not written.strip():
        raise UsageError("Ghi địa chỉ bài báo.")
    try:
        url = canonical_address(written)
    except ValueError as error:
        raise UsageError(f"{error}.") from error
    number = article_at(connection, url)
    if number is not None:
        return number
    outlet = outlets.of_address(url)
    if outlet is None or not outlet.sources:
        raise UsageError(
            "Địa chỉ không thuộc báo nào đang theo dõi nên không tải được. Nhập bài bằng tay."
        )
    if is_home(url) or not outlet.is_article_url(url):
        raise UsageError(f"Địa chỉ không có dạng bài của “{outlet.name}”. Kiểm tra, hoặc nhập tay.")
    register_outlet(connection, outlet)
    # No list named it: the source only says whose page it is.
    source = source_id(connection, outlet.id, outlet.sources[0])
    note_links(connection, [url], outlet_id=outlet.id, source_id=source, lists=0, seen_at=now)
    return None
