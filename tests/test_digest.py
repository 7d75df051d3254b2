"""The digest of a day: every story once, criticism first, nothing that acts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from selectolax.lexbor import LexborHTMLParser

from domain.codes import Area
from domain.errors import UsageError
from domain.figures import Digest
from domain.periods import between
from domain.records import ArticleRow, SourceDay
from measures.digest import compose_digest
from reports.digest import write_digest
from reports.names import digest_name
from tests.small_press import MADE, OUTLETS, REGISTER, row, watched

DAY = date(2026, 7, 1)


def digest(
    rows: Sequence[ArticleRow], polls: Sequence[SourceDay] | None = None, **options: Any
) -> Digest:
    known = watched(between(DAY, DAY)) if polls is None else polls
    return compose_digest(rows, known, REGISTER, DAY, OUTLETS, MADE, **options)


def html(found: Digest) -> str:
    stream = io.BytesIO()
    write_digest(found, stream, "html")
    return stream.getvalue().decode()


def document(found: Digest) -> Any:
    stream = io.BytesIO()
    write_digest(found, stream, "docx")
    return docx.Document(io.BytesIO(stream.getvalue()))


def words(found: Digest, form: str) -> str:
    if form == "docx":
        return "\n".join(paragraph.text for paragraph in document(found).paragraphs)
    body = LexborHTMLParser(html(found)).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


both = pytest.mark.parametrize("form", ["docx", "html"])


def test_a_story_stands_once_with_all_its_placements_first_outlet_first():
    rows = [
        row(2, "bao_b", "01/07 09:00", story_id=1, areas=(Area.SO, Area.THU_TUC)),
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(3, "tong_hop", "01/07 07:00", story_id=1),
    ]
    found = digest(rows)
    (story,) = found.by_area[Area.THU_TUC]
    assert [place.outlet_name for place in story.placements] == ["Báo A", "Báo B", "Trang tổng hợp"]
    assert (list(found.by_area), found.releases) == ([Area.THU_TUC], ())


def test_criticism_comes_first_and_is_not_repeated_under_its_area():
    rows = [
        row(1, "bao_a", "01/07 08:00"),
        row(2, "bao_b", "01/07 09:00", headline="Dân chờ cả buổi", tone="phe_phan"),
        row(3, "bao_c", "01/07 09:00", story_id=1, tone="hon_hop"),
    ]
    found = digest(rows)
    assert {story.story_id for story in found.critical} == {1, 2}
    assert found.by_area == {}


def test_only_relevant_placements_of_the_day_and_the_scope_are_in_it():
    rows = [
        row(1, "bao_a", "30/06 23:59"),
        row(2, "bao_a", "01/07 00:00"),
        row(3, "bao_a", "01/07 09:00", relevant=False),
        row(4, "bao_a", "01/07 09:00", focus=("BTC",)),
    ]
    found = digest(rows, agency="BNV")
    assert [story.story_id for stories in found.by_area.values() for story in stories] == [2]
    assert found.scope == "Bộ Nội vụ"


def test_what_only_a_portal_says_stands_apart():
    found = digest([row(1, "cong_bnv", "01/07 08:00")])
    assert (found.by_area, len(found.releases)) == ({}, 1)


@both
def test_an_entry_reads_as_in_a_press_digest(form):
    text = words(digest([row(1, "bao_a", "01/07 08:00")]), form).replace("( Báo", "(Báo")
    assert "Điểm báo ngày 1/7/2026" in text
    assert "Cắt giảm thủ tục hành chính, bài 1 (Báo A 1/7" in text
    assert "Bộ Nội vụ cắt giảm thủ tục. Người dân bớt đi lại." in text
    assert "Bộ Nội vụ · trung tính" in text
    assert "Thủ tục hành chính (1)" in text


@both
def test_it_says_what_the_sources_could_not_show(form):
    day = between(DAY, DAY)
    text = words(digest([], watched(day, silent=[("bao_a", DAY)])), form)
    assert "quan sát được 3 trên 4 nguồn" in text
    assert "Không quan sát được: Báo A." in text


@pytest.mark.parametrize(
    ("polls", "said"),
    [(None, "Không thấy tin, bài nào"), ([], "không rõ có tin, bài hay không")],
)
@both
def test_a_day_without_news_differs_from_a_day_without_observation(form, polls, said):
    assert said in words(digest([], polls), form)


@both
def test_what_outlets_wrote_is_text_and_nothing_else(form):
    hostile = '<script>alert(1)</script> "&amp;" \x00=1 \u202e'
    rows = [
        row(
            1,
            "bao_a",
            "01/07 08:00",
            headline=hostile,
            description=hostile,
            url="javascript:alert(1)",
        )
    ]
    text = words(digest(rows), form)
    assert '<script>alert(1)</script> "&amp;" =1' in text


def test_html_has_no_script_and_follows_only_web_addresses():
    rows = [
        row(
            1,
            "bao_a",
            "01/07 08:00",
            headline="<script>alert(1)</script>",
            url="javascript:alert(1)",
        ),
        row(2, "bao_b", "01/07 08:00"),
    ]
    page = LexborHTMLParser(html(digest(rows)))
    assert page.css("script") == []
    assert [link.attributes["href"] for link in page.css("a")] == ["https://bao_b.test/bai-2.html"]


def test_html_carries_its_styles_inline_and_loads_nothing():
    page = LexborHTMLParser(html(digest([row(1, "bao_a", "01/07 08:00")])))
    assert page.css("link, style, img, iframe") == []
    assert len(html(digest([]))) < 5_000


def test_docx_keeps_the_page_of_the_decree():
    written = document(digest([row(1, "bao_a", "01/07 08:00")]))
    (section,) = written.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    assert section.different_first_page_header_footer
    for name in ("Normal", "Title", "Heading 1"):
        style = written.styles[name]
        assert (style.font.name, style.font.size.pt in {13.0, 14.0}) == ("Times New Roman", True)


def test_docx_links_lead_to_the_articles():
    written = document(digest([row(1, "bao_a", "01/07 08:00")]))
    links = [link for paragraph in written.paragraphs for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links] == [
        ("Báo A 1/7", "https://bao_a.test/bai-1.html")
    ]


def test_a_busy_day_gets_shorter_excerpts_and_loses_no_story():
    rows = [row(n, "bao_a", "01/07 08:00") for n in range(15)]
    text = words(digest(rows), "docx")
    assert text.count("Cắt giảm thủ tục hành chính, bài") == 15
    assert "Người dân bớt đi lại." not in text


def pdf(found: Digest) -> bytes:
    stream = io.BytesIO()
    write_digest(found, stream, "pdf")
    return stream.getvalue()


def test_pdf_is_made_with_its_letters_and_equal_bytes():
    rows = [row(1, "bao_a", "01/07 08:00", headline="Ữ Ẫ ộ đ: thủ tục", tone="phe_phan")]
    made = pdf(digest(rows))
    assert made.startswith(b"%PDF-")
    assert made == pdf(digest(rows))
    assert b"LibertinusSerif" in made


@pytest.mark.parametrize(
    "headline",
    ["#let x = 1 \\ *đậm* $x$ [", '#panic("x")', "=1+1", "\u202eđảo", "\x00\x1b", "x" * 40_000],
)
def test_pdf_takes_what_outlets_wrote_as_text(headline):
    rows = [row(1, "bao_a", "01/07 08:00", headline=headline, description=headline)]
    assert pdf(digest(rows)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("diem-bao.html", "html", "<p>{{ lead }} {{ titl }}</p>"),
        ("diem-bao.typ", "pdf", '#let day = json("data.json")\n#day.titl'),
    ],
)
def test_a_wrong_template_of_the_digest_is_named(name, form, text):
    found = replace(digest([]), templates={name: text.encode()})
    with pytest.raises(UsageError, match=f"Mẫu {name}.*titl"):
        write_digest(found, io.BytesIO(), form)


def test_an_officers_page_is_used():
    page = "<p>Riêng: {{ title }}</p>".encode()
    found = replace(digest([]), templates={"diem-bao.html": page})
    assert html(found) == "<p>Riêng: Điểm báo ngày 1/7/2026</p>"


def test_an_unknown_form_is_a_usage_error_that_lists_the_others():
    with pytest.raises(UsageError, match="Các dạng có sẵn: html, docx, pdf"):
        write_digest(digest([]), io.BytesIO(), "pfd")


def test_a_digest_file_is_named_by_day_and_scope():
    assert digest_name(DAY, "Toàn quốc", "docx") == "diem-bao_01-07-2026_toan-quoc.docx"


@pytest.mark.parametrize(
    ("day", "polls", "said"),
    [
        (DAY, [], "Chưa quan sát ngày này nên không rõ số câu chuyện"),
        (DAY, None, "0 câu chuyện về cải cách hành chính"),
        (date(2030, 1, 1), [], "Ngày này chưa tới"),
    ],
)
@both
def test_a_day_not_observed_or_not_come_yet_has_no_number_of_stories(form, day, polls, said):
    text = words(replace(digest([], polls), day=day), form)
    assert said in text
    assert ("0 câu chuyện" in text) == (polls is None)


@pytest.mark.parametrize("form", ["docx", "html", "pdf"])
@pytest.mark.parametrize(
    "headline", ["=HYPERLINK(1)", "+84 24", "@x", "chữ " * 10_000, "đảo \u202echiều\u202c \x07"]
)
def test_no_headline_breaks_a_digest(form, headline):
    stream = io.BytesIO()
    write_digest(digest([row(1, "bao_a", "01/07 08:00", headline=headline)]), stream, form)
    assert len(stream.getvalue()) > 1000
