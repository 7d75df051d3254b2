"""The tagger that comes with the program: articles in, findings out."""

from __future__ import annotations

import time
import unicodedata
from datetime import datetime

import pytest

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, UNKNOWN, Area
from domain.records import Evidence, Finding, TagInput
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, TextReader, load_tagger

IN_2026 = datetime(2026, 8, 10, 8, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(register=read_register(), taxonomy=read_taxonomy())


def read(tagger: Tagger, title: str, text: str = "", when: datetime | None = IN_2026) -> Finding:
    (finding,) = tagger.tag([TagInput(id="1", title=title, text=text, published_at=when)])
    return finding


RELEVANT = [
    (Area.CHI_DAO, "Công bố chỉ số cải cách hành chính PAR INDEX của các bộ, các tỉnh",
     "Ban Chỉ đạo cải cách hành chính công bố kết quả PAR INDEX và SIPAS năm 2025. Các tỉnh xếp "
     "hạng thấp phải có kế hoạch cải cách hành chính khắc phục."),
    (Area.THE_CHE, "Rà soát văn bản quy phạm pháp luật sau phân cấp, phân quyền",
     "Bộ Tư pháp rà soát văn bản quy phạm pháp luật, sửa các nghị định về phân cấp, phân quyền "
     "cho địa phương, tháo gỡ vướng mắc về thể chế."),
    (Area.THU_TUC, "Cắt giảm 30% thủ tục hành chính về đất đai",
     "Tỉnh cắt giảm thủ tục hành chính, người dân nộp hồ sơ tại bộ phận một cửa và nhận kết quả "
     "sớm hơn năm ngày."),
    (Area.BO_MAY, "Sắp xếp đơn vị hành chính cấp xã, tinh gọn bộ máy",
     "Sau sáp nhập xã, phường, bộ máy chính quyền địa phương hai cấp giảm một nửa đầu mối."),
    (Area.CONG_VU, "Thi tuyển công chức và đánh giá theo vị trí việc làm",
     "Bộ Nội vụ hướng dẫn đánh giá cán bộ, công chức theo vị trí việc làm, tinh giản biên chế "
     "người không hoàn thành nhiệm vụ."),
    (Area.TAI_CHINH, "Giao quyền tự chủ tài chính cho đơn vị sự nghiệp công lập",
     "Nghị định mới về cơ chế tự chủ tài chính của đơn vị sự nghiệp công lập; xử lý trụ sở dôi dư "
     "và tài sản công sau sắp xếp."),
    (Area.SO, "Toàn tỉnh dùng VNeID nộp hồ sơ dịch vụ công trực tuyến",
     "Dịch vụ công trực tuyến toàn trình trên Cổng Dịch vụ công quốc gia kết nối cơ sở dữ liệu "
     "quốc gia về dân cư theo Đề án 06."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("area", "title", "text"), RELEVANT, ids=[area.value for area, *_ in RELEVANT]
)
def test_a_clear_example_of_each_area(tagger: Tagger, area: Area, title: str, text: str) -> None:
    finding = read(tagger, title, text)
    assert finding.relevant and area in finding.areas
    assert finding.evidence[area]


@pytest.mark.parametrize(
    ("area", "title", "text"), RELEVANT, ids=[area.value for area, *_ in RELEVANT]
)
def test_title_and_sapo_are_enough(tagger: Tagger, area: Area, title: str, text: str) -> None:
    sapo = text.partition(". ")[0] + "."
    finding = read(tagger, title, sapo)
    assert finding.relevant and area in finding.areas


IRRELEVANT = [
    ("xử phạt vi phạm hành chính", "Tài xế bị xử phạt vi phạm hành chính 18 triệu đồng",
     "Công an lập biên bản vi phạm hành chính vì vượt đèn đỏ, tạm giữ xe bảy ngày."),
    ("một cửa hàng", "Cháy lớn tại một cửa hàng tạp hóa",
     "Ngọn lửa bùng lên ở một cửa hàng lúc rạng sáng, không ai bị thương."),
    ("company digitalisation", "Ngân hàng ra mắt nền tảng chuyển đổi số bán lẻ",
     "Nền tảng chuyển đổi số ngân hàng giúp khách hàng giao dịch một cửa, mở thẻ trên điện thoại."),
    ("company merger", "Hai hãng hàng không sáp nhập",
     "Thương vụ sáp nhập doanh nghiệp trị giá hai tỷ USD được cổ đông thông qua."),
    ("foreign interior ministry", "Bộ Nội vụ Mỹ cắt giảm nhân sự công viên quốc gia",
     "Bộ Nội vụ Mỹ sa thải hàng nghìn nhân viên, tòa án liên bang tạm dừng quyết định."),
    ("football", "Đội tuyển Việt Nam thắng đậm ở vòng loại",
     "Tiền đạo ghi hai bàn, huấn luyện viên hài lòng về tinh thần thi đấu."),
    ("accident", "Xe tải lật trên đèo, hai người bị thương",
     "Tài xế mất lái khi đổ đèo trong mưa, xe lật chắn ngang đường."),
    ("crime", "Khởi tố nhóm lừa đảo qua mạng",
     "Nhóm này giả danh nhân viên giao hàng, chiếm đoạt ba tỷ đồng của nhiều người."),
    ("gold price", "Giá vàng hôm nay 12/8 tăng mạnh", "Vàng miếng vượt mốc mới trong phiên sáng."),
    ("weather", "Miền Bắc mưa lớn diện rộng", "Áp thấp gây mưa to ở vùng núi và trung du."),
    ("the army's biên chế", "Tàu ngầm mới vào biên chế hải quân Nhật Bản",
     "Con tàu được biên chế tàu chiến của hạm đội phía tây."),
    ("land reform in history", "Bảo tàng trưng bày hiện vật thời cải cách ruộng đất",
     "Triển lãm kể chuyện làng quê những năm 1950."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text"), [case[1:] for case in IRRELEVANT], ids=[case[0] for case in IRRELEVANT]
)
def test_what_only_looks_like_reform(tagger: Tagger, title: str, text: str) -> None:
    finding = read(tagger, title, text)
    assert not finding.relevant
    assert finding.areas == {} and finding.evidence == {}
    # What is doubtful keeps the likely aspect, for whoever finds it relevant after all.
    assert (finding.aspect == "na") == (finding.relevance < 0.25)


def test_terms_are_not_found_before_their_year() -> None:
    reader = TextReader(read_taxonomy())

    def terms(year: int) -> set[str]:
        reading = reader.read(
            TagInput(
                id="1",
                title="Chính quyền địa phương 2 cấp",
                published_at=datetime(year, 3, 4, tzinfo=VIETNAM),
            )
        )
        return {term.term for hit in reading.title_terms for term in hit.terms}

    assert "chính quyền địa phương 2 cấp" in terms(2025)
    assert "chính quyền địa phương 2 cấp" not in terms(2024)


def test_no_evidence_of_two_tiers_before_2025(tagger: Tagger) -> None:
    title = "Sắp xếp đơn vị hành chính, chính quyền địa phương 2 cấp"

    def words(year: int) -> str:
        finding = read(tagger, title, when=datetime(year, 3, 4, tzinfo=VIETNAM))
        assert finding.relevant
        return " ".join(one.words for found in finding.evidence.values() for one in found).lower()

    assert "2 cấp" in words(2025)
    assert "2 cấp" not in words(2023)


ARTICLES = [
    TagInput(id="0", title="", text=""),
    TagInput(id="1", title="A"),
    TagInput(id="2", title="The city council met on Monday to discuss the new budget plan."),
    *(
        TagInput(id=area, title=title, text=text, published_at=IN_2026)
        for area, title, text in RELEVANT
    ),
    *(
        TagInput(id=name, title=title, text=text, published_at=IN_2026)
        for name, title, text in IRRELEVANT
    ),
]


def test_order_and_company_make_no_difference(tagger: Tagger) -> None:
    together = tagger.tag(ARTICLES)
    assert [finding.id for finding in together] == [article.id for article in ARTICLES]
    assert together == [finding for one in ARTICLES for finding in tagger.tag([one])]
    assert together[::-1] == tagger.tag(ARTICLES[::-1])
    assert tagger.tag([]) == []


def test_every_code_is_one_of_the_codes(tagger: Tagger) -> None:
    for finding in tagger.tag(ARTICLES):
        assert finding.form in (*FORMS, UNKNOWN)
        assert finding.tone in (*TONES, UNKNOWN)
        assert finding.audience in (*AUDIENCES, UNKNOWN)
        assert finding.aspect in (*ASPECTS, UNKNOWN)
        assert 0 <= finding.relevance <= 1
        assert set(finding.areas) <= set(Area)
        assert bool(finding.areas) == finding.relevant
        assert (finding.aspect == "na") <= (not finding.relevant)
        assert set(finding.scores) == {"areas", "form", "tone", "audience", "aspect"}
        assert all(0 <= p <= 1 for codes in finding.scores.values() for p in codes.values())
        for name in ("form", "tone", "audience", "aspect"):
            assert sum(finding.scores[name].values()) == pytest.approx(1, abs=0.001)
        assert finding.model_version == tagger.version


def test_the_version_is_that_of_model_register_and_taxonomy(tagger: Tagger) -> None:
    again = load_tagger(register=read_register(), taxonomy=read_taxonomy())
    assert again.version == tagger.version
    model, data = tagger.version.split("-")
    assert (len(model), len(data)) == (8, 6)


def everything_pointed_at(finding: Finding) -> list[Evidence]:
    stretches = [one for found in finding.evidence.values() for one in found]
    return stretches + [one for tag in finding.agencies for one in tag.evidence]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_evidence_points_at_its_words(tagger: Tagger, form: str) -> None:
    for area, title, text in RELEVANT:
        texts = {
            "title": unicodedata.normalize(form, title),
            "text": unicodedata.normalize(form, "<p>UBND tỉnh Nghệ An:</p> " + text),
        }
        found = everything_pointed_at(read(tagger, texts["title"], texts["text"]))
        assert found, area
        for one in found:
            assert texts[one.part][one.start : one.end] == one.words


@pytest.mark.parametrize(
    ("title", "text"),
    [("", ""), ("A", ""), ("", "…"), ("12/8", "2026"), ("\x00\ufeff", "\n\n"), ("🙂🙂", "🙂")],
    ids=["nothing", "one letter", "a dot", "numbers", "control characters", "pictures"],
)
def test_what_says_nothing_is_unknown(tagger: Tagger, title: str, text: str) -> None:
    finding = read(tagger, title, text)
    assert (finding.relevance, finding.relevant) == (0, False)
    assert finding.form == finding.tone == finding.audience == finding.aspect == UNKNOWN
    assert finding.areas == {} and finding.agencies == ()


@pytest.mark.parametrize(
    "title",
    ["Tin", "The government cut red tape for businesses in three provinces last year", "ok ok ok"],
    ids=["one word", "English", "chatter"],
)
def test_a_text_of_another_kind_is_read_and_left(tagger: Tagger, title: str) -> None:
    finding = read(tagger, title)
    assert not finding.relevant and finding.agencies == ()


def test_composed_and_decomposed_letters_say_the_same(tagger: Tagger) -> None:
    for _, title, text in RELEVANT:
        plain = read(tagger, title, text)
        apart = read(
            tagger, unicodedata.normalize("NFD", title), unicodedata.normalize("NFD", text)
        )
        assert apart.areas == plain.areas
        assert apart.relevance == plain.relevance


def test_markup_left_in_changes_little(tagger: Tagger) -> None:
    _, title, text = RELEVANT[2]
    marked = f'<p class="Normal">{text}</p><br/>'.replace("hồ sơ", "<strong>hồ sơ</strong>")
    plain, found = read(tagger, title, text), read(tagger, title, marked)
    assert set(found.areas) == set(plain.areas)
    assert found.relevance == pytest.approx(plain.relevance, abs=0.05)


def test_capitals_say_the_same(tagger: Tagger) -> None:
    _, title, text = RELEVANT[2]
    assert Area.THU_TUC in read(tagger, title.upper(), text).areas


@pytest.mark.parametrize(
    "piece",
    ["Cắt giảm thủ tục hành chính tại UBND tỉnh Nghệ An. ", "(", "<", "\n", "a\u0301", "Bộ ", ","],
    ids=["prose", "brackets", "tags", "lines", "marks", "Bộ", "commas"],
)
def test_five_megabytes_do_not_stall_a_run(tagger: Tagger, piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    began = time.process_time()
    read(tagger, "Cắt giảm thủ tục hành chính", text)
    assert time.process_time() - began < 5


def test_a_long_title_is_cut_and_not_refused(tagger: Tagger) -> None:
    assert read(tagger, "Cắt giảm thủ tục hành chính, bỏ giấy phép con. " * 10_000).relevant


def test_plain_news_is_news(tagger: Tagger) -> None:
    finding = read(
        tagger,
        "Bộ Nội vụ kiểm tra cải cách hành chính tại hai tỉnh",
        "Sáng 10/8, Bộ Nội vụ công bố quyết định kiểm tra cải cách hành chính tại hai tỉnh.",
    )
    assert finding.form == "tin"
    assert finding.aspect != "na"


def test_news_of_a_foreign_ministry_alone_is_never_relevant(tagger: Tagger) -> None:
    sapo = "cắt giảm thủ tục hành chính, tinh giản biên chế công chức và sắp xếp bộ máy."
    abroad = read(tagger, "Bộ Nội vụ Pháp cắt giảm thủ tục hành chính", f"Bộ Nội vụ Pháp {sapo}")
    assert not abroad.relevant and abroad.relevance <= 0.05
    both = read(
        tagger,
        "Học kinh nghiệm cắt giảm thủ tục hành chính của Pháp",
        f"Bộ Nội vụ Việt Nam trao đổi với Bộ Nội vụ Pháp về việc {sapo}",
    )
    assert both.relevant
