"""No page in English keeps a Vietnamese word that is not data: every page of a small press."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import update

from domain.users import Access
from measures.catalogue import CATALOGUE
from storage.findings import Correction, correct
from storage.search import index_pending
from storage.tables import articles
from tests.stored_press import DAY, NOW, OUTLETS, as_one_story, put
from tests.web_house import REGISTER, add, visitor, web_house
from web.languages import environments
from web.spoken import forms
from web.visits import LANGUAGE_COOKIE

MONTH = "from=2026-06-15&to=2026-07-14"
SAY = environments()["en"].filters["say"]
#: What a page shows as it was given: headlines, texts of articles, names of people and of things.
GIVEN = (
    "Bộ Nội vụ công bố việc số", "Bộ Nội vụ công bố", "việc", "số", "Thông cáo một cửa", "một cửa",
    "Thân bài.", "Người an", "đọc kỹ",
)  # fmt: skip
#: Names that stand in their own language: the program's own, and that of the other language.
OWN_NAMES = ("Điểm Báo", "Tiếng Việt")


class Seen(HTMLParser):
    """This collects what a person sees or hears of a page, but what is marked as Vietnamese."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        hidden = given.get("lang") == "vi" or any(each for _, each in self._open)
        if not hidden:
            self.texts += filter(None, map(given.get, ("title", "aria-label", "placeholder")))
        if tag not in ("input", "meta", "link", "br", "rect", "line", "circle"):
            self._open.append((tag, hidden))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(each for _, each in self._open):
            self.texts.append(" ".join(data.split()))


def given():
    """All data that may stand on a page, the longest first."""
    agencies = {
        name
        for unit in REGISTER.all()
        for name in (unit.official_name, re.sub("^(Tỉnh|Thành phố) ", "", unit.official_name))
    }
    scopes = (each.scope for each in REGISTER.predecessors("BNV"))
    outlets = (outlet.name for outlet in OUTLETS)
    return sorted({*agencies, *scopes, *outlets, *GIVEN, *OWN_NAMES} - {""}, key=len, reverse=True)


def vietnamese(text):
    """Whether a text has a letter that English has not."""
    return any(letter.isalpha() and not letter.isascii() for letter in text)


def left(page, data):
    """Texts of a page with Vietnamese letters outside of the data."""
    seen = Seen()
    seen.feed(page)
    found = []
    for text in seen.texts:
        rest = text
        for each in data:
            rest = rest.replace(each, "")
        if vietnamese(rest):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def numbers():
    return {}


@pytest.fixture(scope="module")
def reader(tmp_path_factory, numbers):
    house = web_house(tmp_path_factory.mktemp("english"))
    add(house, "an", Access.ADMINISTRATOR)
    found = [put(house, n, at=DAY + timedelta(hours=9 * n)) for n in range(8)]
    copy = put(house, 20, "bao_hai", DAY + timedelta(hours=3))
    put(house, 21, "cong_bnv", DAY - timedelta(hours=1), headline="Thông cáo một cửa")
    numbers["story"], numbers["article"] = as_one_story(house, found[0], copy), found[1]
    with house.engine.begin() as connection:
        connection.execute(
            update(articles).where(articles.c.id == found[2]).values(tone="phe_phan")
        )
        for field, value in (("areas", ["so", "the_che"]), ("relevant", True)):
            correct(
                connection,
                Correction(
                    article_id=found[1], field=field, value=value,
                    author="an", at=NOW, reason="đọc kỹ",
                ),
            )  # fmt: skip
        index_pending(connection, limit=1_000)
    numbers["criticised"] = found[2]
    guest = visitor(house)
    guest.sign_in("an")
    guest.client.cookies.set(LANGUAGE_COOKIE, "en")
    return guest


PATHS = (
    "/", f"/?{MONTH}", f"/?{MONTH}&agency=BNV&area=so", "/?from=2025-06-01&to=2025-07-10",
    "/?month=2026-07", "/search?q=viec", "/search?q=khongco", "/agencies", f"/agencies?{MONTH}",
    f"/agencies/BNV?{MONTH}", "/agencies/P34:dong_nai", "/areas", f"/areas/so?{MONTH}", "/map",
    "/events", "/feedback", f"/feedback?{MONTH}", "/review", "/reports", "/outlets",
    "/outlets/bao_mot", "/outlets/cong_bnv", "/runs", "/admin", "/password",
    "/areas/khong", "/articles/1", "/agencies?from=xyz", "/?from=2026-07-20&to=2026-07-01",
    "/search?from=2026-07-20&to=2026-07-01", "/khong-co-trang-nay", "/outlets/khong_co",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_page_in_english_has_no_other_words(reader, path):
    assert left(reader.get(path).text, given()) == []


@pytest.mark.parametrize("figure", sorted(CATALOGUE))
def test_a_figure_in_english_tells_its_reason_in_english(reader, figure):
    assert left(reader.get(f"/figures/{figure}?{MONTH}").text, given()) == []


def test_a_story_an_article_and_an_answer_in_english(reader, numbers):
    for path in (
        f"/stories/{numbers['story']}",
        f"/articles/{numbers['article']}",
        f"/feedback/{numbers['criticised']}/BNV",
    ):
        page = reader.get(path)
        assert page.status_code == 200, path
        assert left(page.text, given()) == [], path


MEASURES = Path(__file__).parents[1] / "measures"
#: Rooms of the measures whose texts go into reports alone, or are read and not said.
NOT_ON_PAGES = {"comparison", "examples", "highlights", "month", "breakdown"}


def composed():
    """Every Vietnamese text that the measures write, a number in each gap."""
    for path in sorted(MEASURES.glob("*.py")):
        if path.stem in NOT_ON_PAGES:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        unsaid = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr | ast.JoinedStr)
            for part in ast.walk(node)
            if part is not node and isinstance(part, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "7"
                    for part in node.values
                )
                yield path.stem, WHOLE.get(text, text)
            elif isinstance(node, ast.Constant) and id(node) not in unsaid:
                yield path.stem, node.value


#: Texts in whose gaps words stand.
WHOLE = {
    "Trả lời lúc 7 với 7 bài7; 7 bài mới trong 7 ngày.":
        "Trả lời lúc 7 với 7 bài, bài mới nhất lúc 7; 7 bài mới trong 7 ngày.",
    "7 bài bất thường: 7 bài mới mỗi ngày trong 7 ngày qua, thường là 7.":
        "Ít bài bất thường: 7 bài mới mỗi ngày trong 7 ngày qua, thường là 7.",
}  # fmt: skip
#: Pieces that are put into the texts above, and titles of the parts of a definition.
PIECES = {
    ", bài mới nhất lúc 7", "ít", "nhiều", "Công thức", "Đại lượng", "Bất định", "Nguồn",
}  # fmt: skip


def test_every_text_of_the_measures_is_said_in_english():
    unsaid = {
        (room, text)
        for room, text in composed()
        if isinstance(text, str) and text not in PIECES and vietnamese(SAY(text))
    }
    assert unsaid == set(), "put the form into web/data/composed.csv and both into messages.po"


def test_every_form_has_its_english_with_the_same_gaps():
    for text, _ in forms():
        said = SAY(text)
        assert said != text
        assert set(re.findall(r"%\((\w+)\)s", said)) <= set(re.findall(r"%\((\w+)\)s", text)), text


@pytest.mark.parametrize(("written", "said"), [
    ("Tháng 07/2026 (15/06/2026–14/07/2026)", "Month 07/2026 (15/06/2026–14/07/2026)"),
    ("1.200 báo; số đếm, không phải ước lượng", "1,200 outlets; a count, not an estimate"),
    ("Không có lĩnh vực “sô”. Có phải “so”?", "There is no area “sô”. Did you mean “so”?"),
    ("Chữ của người dùng; 100% <b>giữ nguyên</b>.", "Chữ của người dùng; 100% <b>giữ nguyên</b>."),
    ("", ""),
])  # fmt: skip
def test_texts_put_together_are_said_in_english(written, said):
    assert SAY(written) == said
    assert environments()["vi"].filters["say"](written) == written
