"""Pages read into articles: one test per field of every recorded page, and what is refused."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import trafilatura
from selectolax.lexbor import LexborHTMLParser

from crawlers.bylines import authors_from, credit_in
from crawlers.extract import extract
from crawlers.metadata import read_metadata
from crawlers.page_times import article_time
from domain.clock import VIETNAM
from domain.codes import DateOrigin, Level, Media, OutletKind
from domain.errors import SetAside
from domain.outlets import Domain, Layout, Outlet, OutletBook, read_outlets
from domain.records import ExtractedArticle, RawPage

ROOT = Path(__file__).parents[1]
OWN = Path(__file__).with_name("pages")
SHARED = Path(__file__).parents[2] / "shared" / "data" / "pages"
SEEN = datetime(2026, 9, 17, 6, 0, tzinfo=VIETNAM)


def page(body: str | bytes, **given: Any) -> RawPage:
    raw = body.encode() if isinstance(body, str) else body
    values = {
        "url": "https://bao.vn/tin/bai-1.html",
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "fetched_at": SEEN,
    } | given
    return RawPage(body=raw, **values)


def outlet(host: str, *layouts: Layout, article_url: str = "") -> Outlet:
    return Outlet(
        id="bao",
        name="Báo Sông Hồng",
        kind=OutletKind.PRESS,
        level=Level.NATIONAL,
        domains=(Domain(host=host),),
        article_url=article_url,
        layouts=layouts,
    )


# Recorded pages: an HTML file and the fields expected of it, read with and without its layout.

CASES = sorted(path.name.removesuffix(".expected.json") for path in OWN.glob("*.expected.json"))
FIELDS = (
    "canonical_url", "headline", "description", "body", "authors", "section", "published", "raw",
    "precision", "origin", "credit", "media",
)  # fmt: skip


def expected(case: str) -> dict[str, Any]:
    return dict(json.loads((OWN / f"{case}.expected.json").read_text(encoding="utf-8")))


@cache
def read(case: str, *, by_layout: bool) -> ExtractedArticle:
    told = expected(case)
    host = told["url"].split("/")[2].removeprefix("m.")
    declared = outlet(host, Layout(**told["layout"])) if by_layout else None
    body = (OWN / f"{case}.html").read_bytes()
    seen = datetime.fromisoformat(told["seen"])
    return extract(page(body, url=told["url"], fetched_at=seen), outlet=declared)


def fields_of(article: ExtractedArticle) -> dict[str, Any]:
    published = article.published
    return {
        "canonical_url": article.canonical_url,
        "headline": article.headline,
        "description": article.description,
        "body": article.body.split("\n"),
        "authors": list(article.authors),
        "section": article.section,
        "published": published.at.isoformat() if published.at else None,
        "raw": published.raw,
        "precision": published.precision.value,
        "origin": published.origin.value,
        "credit": article.credit,
        "media": article.media,
    }


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", CASES)
def test_a_page_without_a_known_layout(case: str, field: str) -> None:
    assert fields_of(read(case, by_layout=False))[field] == expected(case)[field]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", [case for case in CASES if "layout" in expected(case)])
def test_a_page_by_its_layout(case: str, field: str) -> None:
    assert fields_of(read(case, by_layout=True))[field] == expected(case)[field]
    assert read(case, by_layout=True).extractor == "layout:bao"


# Layouts through time

PARAGRAPH = "<p>" + "Thủ tục được rút ngắn một nửa thời gian. " * 8 + "</p>"
OLD = Layout(headline="h1.old", body=".old-body p", published=".d")
NEW = Layout(since=SEEN.date(), headline="h1.new", body=".new-body p", published=".d")


def laid_out(kind: str) -> str:
    return (
        f"<h1 class='{kind}'>Tít bài</h1><span class='d'>14/09/2026 08:45</span>"
        f"<div class='{kind}-body'>{PARAGRAPH}</div>"
    )


@pytest.mark.parametrize(
    ("kind", "seen", "extractor"),
    [
        ("old", datetime(2025, 1, 1, tzinfo=VIETNAM), "layout:bao"),
        ("new", SEEN, f"layout:bao@{SEEN.date()}"),
        ("old", SEEN, "layout:bao"),  # a page the outlet still serves in its old dress
    ],
)
def test_a_page_is_read_by_the_layout_that_fits(kind: str, seen: datetime, extractor: str) -> None:
    article = extract(page(laid_out(kind), fetched_at=seen), outlet=outlet("bao.vn", OLD, NEW))
    assert (article.headline, article.extractor) == ("Tít bài", extractor)


def test_a_layout_that_fits_no_more_gives_way_to_the_shape_of_the_page() -> None:
    article = extract(page(laid_out("newest")), outlet=outlet("bao.vn", OLD, NEW))
    assert article.extractor == "box"
    assert article.body.startswith("Thủ tục được rút ngắn")


# Times


def article_html(head: str = "", byline: str = "", body: str = PARAGRAPH) -> str:
    return f"<html><head>{head}</head><body><h1>Tít bài</h1>{byline}<div>{body}</div></body></html>"


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "byline", "at", "origin"),
    [
        # declared, printed alike: seconds of the one
        (meta("article:published_time", "2026-09-14T08:45:14+07:00"),
         "<span class='time'>14/09/2026 08:45</span>", "2026-09-14T08:45:14+07:00", "page_meta"),
        # local time stamped as UTC: the printed time holds
        (meta("article:published_time", "2026-09-14T20:30:00Z"),
         "<span class='time'>14/09/2026 20:30</span>", "2026-09-14T20:30:00+07:00", "page_text"),
        # true UTC
        (meta("article:published_time", "2026-09-14T13:30:00Z"),
         "<span class='time'>14/09/2026 20:30</span>", "2026-09-14T20:30:00+07:00", "page_meta"),
        # a day declared, the minute printed
        (meta("article:published_time", "2026-09-14"),
         "<span class='time'>14/09/2026 20:30</span>", "2026-09-14T20:30:00+07:00", "page_text"),
        # the modification time is no time of publication
        (meta("article:modified_time", "2026-09-16T09:00:00+07:00"),
         "<span class='time'>14/09/2026 20:30</span>", "2026-09-14T20:30:00+07:00", "page_text"),
        ("", "<span class='time'>14/09/2026 20:30 (Cập nhật 16/09/2026 09:00)</span>",
         "2026-09-14T20:30:00+07:00", "page_text"),
        # the future is not believed
        (meta("article:published_time", "2027-09-14T08:45:14+07:00"),
         "<span class='time'>14/09/2026 20:30</span>", "2026-09-14T20:30:00+07:00", "page_text"),
    ],
)  # fmt: skip
def test_the_time_of_publication(head: str, byline: str, at: str, origin: str) -> None:
    published = extract(page(article_html(head, byline)), outlet=None).published
    assert published.at == datetime.fromisoformat(at)
    assert published.origin == origin


def test_the_address_gives_the_time_where_the_page_gives_none() -> None:
    url = "https://bao.vn/bai-199260914084514071.htm"
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Tít bài"}</script>'
    )
    published = extract(page(article_html(head), url=url), outlet=None).published
    assert published.at == datetime(2026, 9, 14, 8, 45, 14, tzinfo=VIETNAM)
    assert published.origin is DateOrigin.URL


def test_a_page_without_any_time_has_none() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Tít bài"}</script>'
    )
    assert extract(page(article_html(head)), outlet=None).published.at is None


# Charsets


def test_legacy_charsets_are_read_by_header_or_meta() -> None:
    text = "<p>Cải cách hành chính ở cấp xã</p>"
    legacy = "".join(f"&#{ord(c)};" if ord(c) > 0x1E00 else c for c in PARAGRAPH)
    head = meta("article:published_time", "2026-09-14T08:45:14+07:00")
    body = article_html(head, "", legacy + text.replace("ả", "a\u0309").replace("ấ", "â\u0301"))
    article = extract(
        page(
            body.encode("windows-1258", "xmlcharrefreplace"),
            content_type="text/html; charset=windows-1258",
        ),
        outlet=None,
    )
    assert "Cải cách hành chính" in article.body


def test_a_wrong_declaration_does_not_spoil_utf8() -> None:
    head = meta("article:published_time", "2026-09-14T08:45:14+07:00")
    body = article_html(head).encode()
    article = extract(page(body, content_type="text/html; charset=iso-8859-1"), outlet=None)
    assert article.headline == "Tít bài"


def mojibake(text: str) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte))
        for byte in text.encode()
    )


def test_text_coded_twice_is_put_right() -> None:
    head = meta("article:published_time", "2026-09-14T08:45:14+07:00")
    article = extract(page(mojibake(article_html(head))), outlet=None)
    assert article.headline == "Tít bài"
    assert article.body.startswith("Thủ tục được rút ngắn một nửa thời gian.")


# Refusals

LIST = "<h1>Thời sự</h1>" + "".join(
    f"<div><h3><a href='/b-{n}.html'>Tin số {n} về một việc nào đó trong ngày</a></h3>"
    f"<span class='time'>1{n}/09/2026 08:00</span>"
    f"<p>Sapo của tin số {n}, dài hơn một dòng.</p></div>"
    for n in range(8)
)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (page("", status=200), "rỗng"),
        (page("<h1>x</h1>", status=503), "mã 503"),
        (page(b"%PDF-1.7", content_type="application/pdf"), "không phải trang bài"),
        (page("<html><body><p>Chỉ có chữ</p></body></html>"), "không có tít"),
        (page(f"<title>Thời sự</title>{LIST}"), "không có thân bài"),
        (page(f"<title>Thời sự</title>{meta('og:type', 'article')}{LIST}"), "không có thân bài"),
        (page("<title>Giới thiệu</title><h1>Giới thiệu</h1>" + PARAGRAPH * 3), "không có thân bài"),
        (page("<title>Just a moment...</title><h1>bao.vn</h1>"), "chặn máy"),
        (page("<title>Báo</title><p>Nhập mã captcha để tiếp tục</p><input name='ma'>"), "chặn máy"),
        (page("<title>Không tìm thấy trang</title><h1>404</h1>"), "không còn bài"),
        (page(f"<h1>Ã¡»</h1><p>{'Ã¡»Ä‘Ã¡» ' * 40}</p>"), "bảng mã"),
        (page(f"<h1>C¶i c¸ch hµnh chÝnh</h1><p>{'Thñ tôc hµnh chÝnh ®­îc gi¶m. ' * 20}</p>"),
         "TCVN3"),
        (page(f"<h1>Caûi caùch</h1><p>{'Thuû tuïc haønh chaùnh ñöôïc giaûm. ' * 20}</p>"), "VNI"),
        (page(b"<h1>T\xeet b\xe0i</h1>" + b"<p>th\xfb t\xf4c h\xe0nh</p>" * 40, content_type=""),
         "không rõ bảng mã"),
    ],
)  # fmt: skip
def test_what_holds_no_article_is_set_aside_and_named(given: RawPage, words: str) -> None:
    with pytest.raises(SetAside) as refusal:
        extract(given, outlet=None)
    assert given.url in str(refusal.value)
    assert words in str(refusal.value)


def test_a_page_off_the_article_addresses_of_its_outlet_is_no_article() -> None:
    given = page(article_html("", "<span class='time'>14/09/2026 20:30</span>"))
    with pytest.raises(SetAside):
        extract(given, outlet=outlet("bao.vn", article_url=r"-post\d+\.html$"))


def test_an_article_that_speaks_of_captcha_is_an_article() -> None:
    body = PARAGRAPH * 6 + "<p>Nhiều trang dùng captcha để chặn máy.</p>"
    given = page(article_html("", "<span class='time'>14/09/2026 20:30</span>", body))
    assert "captcha" in extract(given, outlet=None).body


@pytest.mark.parametrize(
    "title", ["Tin tặc tấn công DDoS vào cổng dịch vụ công", "Access denied: phim mới ra rạp"]
)
def test_a_headline_that_speaks_of_a_wall_is_no_wall(title: str) -> None:
    head = f"<title>{title}</title>" + meta("article:published_time", "2026-09-14T08:45:14+07:00")
    assert extract(page(article_html(head)), outlet=None).body


@pytest.mark.parametrize(
    ("field", "origin"),
    [
        ("headline", "h1"), ("description", "printed"), ("articleBody", "microdata"),
        ("authors", "printed"), ("datePublished", "page_meta"),
    ],
)  # fmt: skip
def test_each_field_says_where_it_was_read(field: str, origin: str) -> None:
    assert read("tpo_sapo", by_layout=False).origins[field] == origin


def test_a_field_that_says_nothing_has_no_origin() -> None:
    assert "section" not in read("tpo_sapo", by_layout=False).origins
    assert read("month_folder", by_layout=False).origins["authors"] == "signature"
    by_layout = read("vccorp", by_layout=True).origins
    assert (by_layout["headline"], by_layout["articleBody"]) == ("layout:bao", "layout:bao")


ENGLISH = (
    "<p>" + "The council cut the waiting time at its counters by a half this year. " * 8 + "</p>"
)


def test_a_page_in_another_language_needs_no_declaration_and_keeps_its_text() -> None:
    boxes = f"<div class='widget-share'>{ENGLISH}</div><div class='main'>{ENGLISH * 3}</div>"
    given = page(f"<html><head><title>Waiting times</title></head><body>{boxes}</body></html>")
    own = trafilatura.extract(given.body.decode(), include_comments=False) or ""
    read_here = extract(given, outlet=None)
    assert read_here.headline == "Waiting times"
    assert read_here.body.split() == own.split()


def test_an_undeclared_page_in_another_language_is_no_article_of_an_outlet() -> None:
    given = page(f"<html><head><title>Notice</title></head><body>{ENGLISH * 3}</body></html>")
    with pytest.raises(SetAside, match="không có thân bài"):
        extract(given, outlet=outlet("bao.vn"))


@pytest.mark.parametrize(
    "below",
    ["<p>Tags: một cửa, hộ tịch</p>", "<p>Mời quý độc giả theo dõi báo trên Zalo.</p>",
     "<p>Ảnh: Thu An</p>", "<p>Tin liên quan</p><p>Một bài khác của báo trong tuần.</p>",
     "<p>© Báo Sông Hồng giữ bản quyền nội dung.</p>", "<p>Lê Anh (leanh@songhong.vn)</p>"],
)  # fmt: skip
def test_what_stands_below_an_article_is_no_part_of_it(below: str) -> None:
    lines = "".join(f"<p>Đoạn {n} kể việc rút ngắn thủ tục ở cấp xã. {'Nhanh ' * 30}.</p>"
                    for n in range(3))  # fmt: skip
    body = f"<div class='detail-content'>{lines}{below}</div>"
    given = page(article_html("", "<span class='time'>14/09/2026 20:30</span>", body))
    assert extract(given, outlet=None).body.split("\n")[-1].startswith("Đoạn 2")


def test_a_box_with_a_telling_name_that_holds_the_article_is_kept() -> None:
    body = f"<form class='widget-zone'><div class='banner-page'>{PARAGRAPH * 4}</div></form>"
    given = page(article_html("", "<span class='time'>14/09/2026 20:30</span>", body))
    assert extract(given, outlet=None).body.startswith("Thủ tục được rút ngắn")


def test_a_page_of_absurd_depth_is_read() -> None:
    body = "<div>" * 5000 + PARAGRAPH
    given = page(article_html("", "<span class='time'>14/09/2026 20:30</span>", body))
    assert extract(given, outlet=outlet("bao.vn", Layout(headline="h1", body="p"))).body


# Small readers


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["NHẬT XUÂN", "NGHI VŨ", "NHẬT XUÂN"], ("NHẬT XUÂN", "NGHI VŨ")),
        (["Bài, ảnh: Lê Anh và Võ Tư"], ("Lê Anh", "Võ Tư")),
        (["Tác giả: Nguyễn An;Trần Bình"], ("Nguyễn An", "Trần Bình")),
        (["https://facebook.com/bao", "baosonghong", "Báo Sông Hồng", "songhong.vn"], ()),
        (["", " - "], ()),
        (["Lê Anh (leanh@songhong.vn)", "Võ Tư - votu@songhong.vn"], ("Lê Anh", "Võ Tư")),
        (["Tin, ảnh: Lê Anh", "Tác giả bài viết: Võ Tư", "admin"], ("Lê Anh", "Võ Tư")),
        (["Báo Biển Xanh", "Cổng thông tin điện tử tỉnh"], ()),
    ],
)
def test_authors_are_persons_each_once(lines: list[str], names: tuple[str, ...]) -> None:
    assert authors_from(lines, ["Báo Sông Hồng", "Sông Hồng", "songhong"]) == names


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Theo TTXVN", "Theo TTXVN"),
        ("(Theo Báo Tin tức)", "Theo Báo Tin tức"),
        ("Nguồn: Chinhphu.vn", "Nguồn: Chinhphu.vn"),
        ("Theo kế hoạch, việc này xong trong tháng 10.", ""),
        ("Theo ông An, hồ sơ giảm một nửa", ""),
        ("Bộ Nội vụ", ""),
        ("(TTXVN)", "TTXVN"),
        ("TTXVN/Vietnam+", "TTXVN/Vietnam+"),
    ],
)
def test_credit_lines(line: str, credit: str) -> None:
    assert credit_in(line) == credit


# Real pages beside the project

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real pages are not beside the project"
)
REAL = sorted(path.name.removesuffix(".expected.json") for path in SHARED.glob("*.expected.json"))
LISTS = {
    "baodautu_list_tai-chinh-chung-khoan": "https://baodautu.vn/tai-chinh-chung-khoan-d6/",
    "dantri_list_kinh-doanh": "https://dantri.com.vn/kinh-doanh.htm",
    "tuoitre_list_kinh-doanh": "https://tuoitre.vn/kinh-doanh.htm",
    "vnexpress_list_kinh-doanh": "https://vnexpress.net/kinh-doanh",
    "sotttt-hanoi_home": "https://sotttt.hanoi.gov.vn/",
    "sotttt-hanoi_list_hoi-dap": "https://sotttt.hanoi.gov.vn/hoi-ap",
    "sotttt-hanoi_list_cong-nghe-thong-tin": "https://sotttt.hanoi.gov.vn/cong-nghe-thong-tin",
    "sotttt-hanoi_static_phong-thanh-tra": "https://sotttt.hanoi.gov.vn/phong-thanh-tra",
}


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def declared_outlets() -> OutletBook:
    return read_outlets(ROOT / "crawlers" / "outlets")


def real_page(case: str, url: str, published: str = "2026-03-07T00:00:00+07:00") -> RawPage:
    seen = datetime.fromisoformat(published).replace(hour=23)
    return page((SHARED / f"{case}.html").read_bytes(), url=url, fetched_at=seen)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("known", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize("case", REAL)
def test_every_field_of_the_real_pages(case: str, known: bool) -> None:
    told = json.loads((SHARED / f"{case}.expected.json").read_text(encoding="utf-8"))
    of_page = declared_outlets().of_address(told["url"]) if known else None
    article = extract(real_page(case, told["url"], told["datePublished"]), outlet=of_page)
    paragraphs = article.body.split("\n")
    assert article.published.at is not None
    assert article.canonical_url == told["url"]
    assert article.headline == told["headline"]
    assert article.description == told["description"]
    assert article.published.raw == told["datePublishedRaw"]
    assert article.published.at.isoformat() == told["datePublished"]
    assert list(article.authors) == told["authors"]
    assert paragraphs[0].startswith(told["first_paragraph_start"])
    assert paragraphs[-1].endswith(told["last_paragraph_end"])
    assert [words for words in told["must_not_contain"] if words in article.body] == []


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("known", [True, False], ids=["declared", "undeclared"])
def test_the_real_page_whose_fields_were_written_by_reading_it(known: bool) -> None:
    url = (
        "https://vnexpress.net/ong-ho-duc-phoc-se-nang-muc-giam-tru-gia-canh-"
        "tinh-thue-ca-nhan-khi-sua-luat-4672302.html"
    )
    of_page = declared_outlets().of_address(url) if known else None
    article = extract(real_page("vnexpress_4672302", url), outlet=of_page)
    # The fields were checked by eye against the page; their text stays the outlet's.
    paragraphs = article.body.split("\n")
    assert fingerprint(article.headline) == "dfad518857f0ac11"
    assert fingerprint(article.description) == "4306901408e43810"
    assert fingerprint(paragraphs[0]) == "7924d864e9798140"
    assert fingerprint(paragraphs[-1]) == "fcbb0b00b6d7ba75"
    assert len(paragraphs) == 10
    assert article.authors == ("Anh Minh",)
    assert article.section == "Kinh doanh"
    assert article.published.raw == "Thứ năm, 2/11/2023, 19:20 (GMT+7)"
    assert article.published.at == datetime(2023, 11, 2, 19, 20, 45, tzinfo=VIETNAM)
    assert article.media is Media.TEXT
    assert "Hoàng Phong" not in article.body  # the photographer, in a caption
    assert "Trở lại Kinh doanh" not in article.body


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("case", "published"),
    [
        ("vnexpress_5129280_head-cut", "2026-10-07T07:49:00+07:00"),
        ("thanhnien_185260701162022832_head-cut", "2026-07-01T16:36:00+07:00"),
    ],
)
def test_a_page_cut_after_its_head_gives_its_time_and_no_article(case: str, published: str) -> None:
    given = page((SHARED / f"{case}.html").read_bytes(), url=f"https://bao.vn/{case}.html")
    meta = read_metadata(LexborHTMLParser(given.body))
    read = article_time(meta.published, [], url=None, seen=SEEN + timedelta(days=60))
    assert read.at is not None
    assert read.at.isoformat() == published
    with pytest.raises(SetAside, match="không có thân bài"):
        extract(given, outlet=None)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("known", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize("case", LISTS)
def test_real_lists_and_static_pages_are_no_articles(case: str, known: bool) -> None:
    of_page = declared_outlets().of_address(LISTS[case]) if known else None
    with pytest.raises(SetAside):
        extract(real_page(case, LISTS[case]), outlet=of_page)
