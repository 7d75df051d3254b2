from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from domain.agencies import AgencyRegister, read_register
from domain.codes import PRESS_KINDS, Certainty, Level, OutletKind, SourceKind
from domain.errors import UsageError
from domain.outlets import Layout, Outlet, OutletBook, read_outlet, read_outlets
from domain.text import clean

FOLDER = Path(__file__).parents[1] / "crawlers" / "outlets"
SHARED = Path(__file__).parents[2] / "shared" / "data"
TODAY = date(2026, 11, 23)

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real press data is not beside the project"
)


@pytest.fixture(scope="module")
def book() -> OutletBook:
    return read_outlets(FOLDER)


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


def test_every_declaration_is_read_and_bears_its_file_name(book: OutletBook) -> None:
    assert [outlet.id for outlet in book] == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert Counter(outlet.kind.value for outlet in book) == {
        "press": 65, "broadcaster": 2, "news_agency": 2, "aggregator": 4, "portal": 73,
    }  # fmt: skip


def test_every_province_has_its_own_press(book: OutletBook, register: AgencyRegister) -> None:
    served = {outlet.province for outlet in book if outlet.kind in PRESS_KINDS and outlet.province}
    assert served == {province.id for province in register.provinces(TODAY)}


def test_every_ministry_and_province_has_a_portal(
    book: OutletBook, register: AgencyRegister
) -> None:
    speaking = {outlet.agency for outlet in book if outlet.kind is OutletKind.PORTAL}
    assert speaking >= {agency.id for agency in register.ministries(TODAY)}
    assert speaking >= {agency.id for agency in register.provinces(TODAY)}


def test_the_portals_of_government_are_declared(book: OutletBook, register: AgencyRegister) -> None:
    """14 ministries and 3 ministerial agencies, the agencies under the Government, 34 provinces."""
    portals = {outlet.agency for outlet in book if outlet.kind is OutletKind.PORTAL}
    under_government = {"TTXVN", "VOV", "VASS", "VAST"}
    assert len(register.ministries(TODAY)) == 17
    assert len(register.provinces(TODAY)) == 34
    # the television's own site is its portal
    assert portals >= under_government
    assert "vtv" in book


def test_every_declaration_says_who_answers_for_it(book: OutletBook) -> None:
    nameless = [outlet.id for outlet in book if not outlet.governing_body]
    # of two aggregators it is not known
    assert nameless == ["baomoi", "vietnamvn"]


def test_what_has_no_list_says_why(book: OutletBook) -> None:
    for outlet in book:
        if not outlet.sources and outlet.kind is not OutletKind.AGGREGATOR:
            assert outlet.note, outlet.id


def shared_rows(name: str) -> list[dict[str, str]]:
    with (SHARED.parent / "domain" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.shared
@needs_shared
def test_all_outlets_of_the_list_are_declared(book: OutletBook) -> None:
    rows = shared_rows("outlets.csv")
    assert len(rows) == 85
    for row in rows:
        outlet = book[row["id"]]
        assert outlet.level.value == row["level"].split()[0], outlet.id
        assert bool(outlet.governing_body) or not row["governing_body"], outlet.id
        hosts = {domain.host for domain in outlet.domains}
        assert row["domain"].removeprefix("www.") in hosts, outlet.id
        if row["feeds"] or row["cchc_section_urls"]:
            assert outlet.sources, outlet.id


@pytest.mark.shared
@needs_shared
def test_what_is_known_of_a_portal_is_declared(book: OutletBook) -> None:
    # Only notices of tenders; a page of a list whose first page is declared.
    left_out = {
        "https://sonoivu.hanoi.gov.vn/thong-tin-dau-thau",
        "https://dofa.tuyenquang.gov.vn/cai-cach-hanh-chinh/trang-4.html",
    }
    for row in shared_rows("portals.csv"):
        outlet = book.of_address(f"https://{row['domain']}")
        assert outlet is not None, row["domain"]
        known = {
            url
            for column in ("feeds", "news_section_urls", "cchc_section_urls")
            for url in row[column].split("|")
            if url
        }
        declared = {source.url for source in outlet.sources}
        assert known - left_out <= declared, outlet.id


def test_places_and_owners_are_in_the_register(book: OutletBook, register: AgencyRegister) -> None:
    for outlet in book:
        assert bool(outlet.province) == (outlet.level is Level.PROVINCIAL), outlet.id
        assert bool(outlet.agency) == (outlet.kind is OutletKind.PORTAL), outlet.id
        if outlet.province:
            assert register.get(outlet.province).is_valid_on(TODAY), outlet.id
        if outlet.agency:
            assert register.get(outlet.agency).id == outlet.agency
        if outlet.province and outlet.agency:
            assert register.rolled_up(outlet.agency, TODAY) == outlet.province, outlet.id


def test_no_domain_and_no_source_is_declared_twice(book: OutletBook) -> None:
    hosts = Counter(domain.host for outlet in book for domain in outlet.domains)
    urls = Counter(source.url for outlet in book for source in outlet.sources)
    assert [host for host, times in hosts.items() if times > 1] == []
    assert [url for url, times in urls.items() if times > 1] == []
    assert all(host == host.lower().removeprefix("www.") and "/" not in host for host in hosts)


def test_a_source_stands_on_a_domain_of_its_outlet(book: OutletBook) -> None:
    for outlet in book:
        for source in outlet.sources:
            owner = book.of_address(source.url)
            assert owner is not None and owner.id == outlet.id, source.url
            assert book.of_source(source.url) == (outlet, source)


def test_how_surely_the_sources_are_known(book: OutletBook) -> None:
    sources = [source for outlet in book for source in outlet.sources]
    counted = Counter(source.certainty for source in sources)
    assert set(counted) == set(Certainty)
    assert sum(counted.values()) == len(sources)
    assert counted[Certainty.SEEN_WORKING] < counted[Certainty.SEEN_IN_CODE]


def test_a_list_page_says_which_links_are_articles_or_that_it_is_not_known(
    book: OutletBook,
) -> None:
    for outlet in book:
        for source in outlet.sources:
            if source.kind is not SourceKind.SECTION:
                assert not source.links and not source.next_page, source.url
            elif source.links:
                assert outlet.article_url or source.links != "a[href]", source.url
            else:
                assert "Chưa biết dạng liên kết bài" in source.note, source.url


@pytest.mark.parametrize(
    "url",
    [
        "https://vnexpress.net/rss/tin-moi-nhat.rss",
        "https://vnexpress.net/rss/the-gioi.rss",
        "https://vnexpress.net/rss/the-thao.rss",
        "https://vnexpress.net/rss/khoa-hoc-cong-nghe.rss",
        "https://vnexpress.net/rss/kinh-doanh.rss",
        "https://tuoitre.vn/rss/tin-moi-nhat.rss",
        "https://thanhnien.vn/rss/home.rss",
    ],
)
def test_the_feeds_of_the_recorded_year_are_declared(book: OutletBook, url: str) -> None:
    declared = book.of_source(url)
    assert declared is not None
    assert declared[1].certainty is Certainty.SEEN_WORKING


@pytest.mark.parametrize(
    ("outlet_id", "url", "article"),
    [
        ("vnexpress", "https://vnexpress.net/ong-ho-duc-phoc-4672302.html", True),
        ("vnexpress", "https://vnexpress.net/viet-nam-vs-lao-5112232-tong-thuat.html", True),
        ("vnexpress", "https://vnexpress.net/kinh-doanh", False),
        ("tuoitre", "https://tuoitre.vn/hoa-nhap-khau-20260307075519174.htm", True),
        ("tuoitre", "https://tuoitre.vn/hoa-nhap-khau-100260820200357681.htm", True),
        ("tuoitre", "https://tuoitre.vn/kinh-doanh.htm", False),
        ("thanhnien", "https://thanhnien.vn/xe-buyt-18526080611100214.htm", True),  # short millis
        ("cafef", "https://cafef.vn/nang-hang-18826030622484142.chn", True),
        ("thai_nguyen_bao", "https://baothainguyen.vn/thoi-su/202611/cai-cach-0e6467e/", True),
        ("moha", "https://moha.gov.vn/tin-tuc/hop-bao---id123/", True),
        ("quang_ninh_gov", "https://www.quangninh.gov.vn/Trang/ChiTietTinTuc.aspx?nid=113139",
         True),
        ("hung_yen_gov", "https://hungyen.gov.vn/tong-ket-nam-2025-c284386.html", True),
        ("hung_yen_gov", "https://hungyen.gov.vn/chuyen-muc-tin-tong-hop-c21073-1.html", False),
    ],
)  # fmt: skip
def test_which_addresses_are_articles(
    book: OutletBook, outlet_id: str, url: str, article: bool
) -> None:
    assert book[outlet_id].is_article_url(url) is article
    assert book.of_address(url) is book[outlet_id]


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("http://baohagiang.vn/a.html", "tuyen_quang_bao"),  # merged away, still its archive
        ("https://dongkhoi.baovinhlong.vn/a.html", "vinh_long_bao"),  # a subdomain
        ("https://zingnews.vn/a-post1.html", "znews"),
        ("https://sonoivu.bacgiang.gov.vn/node/1", "sonoivu_bac_giang"),
        ("https://tanyen.bacgiang.gov.vn/", "bac_ninh_gov"),
        ("https://thuathienhue.gov.vn/", "hue_gov"),
        ("https://example.vn/", None),
    ],
)
def test_whose_address_it_is(book: OutletBook, url: str, outlet_id: str | None) -> None:
    owner = book.of_address(url)
    assert (owner.id if owner else None) == outlet_id


def test_an_old_page_is_read_with_the_layout_of_its_day(book: OutletBook) -> None:
    dantri = book["dantri"]
    before, after = dantri.layout_on(date(2022, 8, 9)), dantri.layout_on(date(2026, 3, 7))
    assert before is not None and before.since is None
    assert after is not None and after.since == date(2026, 3, 7)


def test_layouts_stand_oldest_first(book: OutletBook) -> None:
    for outlet in book:
        days = [layout.since or date.min for layout in outlet.layouts]
        assert days == sorted(days), outlet.id


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id = [", "Không đọc được khai báo"),
        ('id = "x"\nnmae = "X"', "Có phải “name”"),
        ('id = "X"\nname = "X"\nkind = "press"\nlevel = "national"\ndomains = []', "không được để"),
    ],
)
def test_a_declaration_written_badly_is_explained(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        read_outlet(path)
    assert "x.toml" in str(caught.value)


def press_urls() -> list[str]:
    rows = (SHARED / "labelled-train.jsonl").read_text(encoding="utf-8").splitlines()
    return [url for row in rows if (url := json.loads(row).get("url"))]


@pytest.mark.shared
@needs_shared
def test_real_addresses_are_recognised_as_articles(book: OutletBook) -> None:
    known = [(outlet, url) for url in press_urls() if (outlet := book.of_address(url))]
    missed = [url for outlet, url in known if not outlet.is_article_url(url)]
    assert len(known) > 400
    assert len(missed) <= 0.02 * len(known), missed


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [text for node in page.css(selector) if (text := clean(node.text()))]


def body(page: LexborHTMLParser, layout: Layout) -> list[str]:
    for selector in layout.remove:
        for node in page.css(selector):
            node.decompose()
    return texts(page, layout.body)


def layout_for(outlet: Outlet, day: str) -> Layout:
    layout = outlet.layout_on(date.fromisoformat(day[:10]))
    assert layout is not None
    return layout


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "tuoitre_20260307075519174",
        "dantri_20260307080054340",
        "dantri_20220808221649613_from-jsx",
        "cafef_18826030622484142",
    ],
)
def test_a_layout_reads_its_recorded_page(book: OutletBook, name: str) -> None:
    expected = json.loads((SHARED / "pages" / f"{name}.expected.json").read_text("utf-8"))
    page = LexborHTMLParser((SHARED / "pages" / f"{name}.html").read_text("utf-8"))
    outlet = book.of_address(expected["url"])
    assert outlet is not None
    layout = layout_for(outlet, expected["datePublished"])
    assert texts(page, layout.headline) == [expected["headline"]]
    assert texts(page, layout.description) == [clean(expected["description"])]
    assert texts(page, layout.authors) == expected["authors"]
    assert texts(page, layout.published) == [expected["datePublishedRaw"]]
    paragraphs = body(page, layout)
    assert paragraphs[0].startswith(clean(expected["first_paragraph_start"]))
    assert paragraphs[-1].endswith(clean(expected["last_paragraph_end"]))
    assert not [word for word in expected["must_not_contain"] if word in "\n".join(paragraphs)]


@pytest.mark.shared
@needs_shared
def test_the_layout_of_vnexpress_keeps_the_sapo_apart(book: OutletBook) -> None:
    page = LexborHTMLParser((SHARED / "pages" / "vnexpress_4672302.html").read_text("utf-8"))
    layout = layout_for(book["vnexpress"], "2023-11-02")
    [sapo] = texts(page, layout.description)
    assert texts(page, layout.published) == ["Thứ năm, 2/11/2023, 19:20 (GMT+7)"]
    assert texts(page, layout.authors) == ["Anh Minh"]
    paragraphs = body(page, layout)
    assert len(paragraphs) == 11
    assert sapo not in paragraphs


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "outlet_id", "selector", "links"),
    [
        ("vnexpress_list_kinh-doanh", "vnexpress", "h3.title-news a", 50),
        ("tuoitre_list_kinh-doanh", "tuoitre", "a.box-category-link-title", 15),
        ("dantri_list_kinh-doanh", "dantri", "h3.article-title a", 43),
    ],
)
def test_list_pages_give_articles_alone(
    book: OutletBook, name: str, outlet_id: str, selector: str, links: int
) -> None:
    page = LexborHTMLParser((SHARED / "pages" / f"{name}.html").read_text("utf-8"))
    found = {urlsplit(node.attributes["href"] or "").path for node in page.css(selector)}
    assert len(found) == links
    assert [path for path in found if not book[outlet_id].is_article_url(path)] == []
