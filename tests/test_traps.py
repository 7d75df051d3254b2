"""The traps of the press's language, each by its name: what looks like an agency or like reform.

Those of names come first, then those of reform; `test_linker` and `test_tagger` hold what is right.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.records import Finding, TagInput
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, TextReader, load_tagger

NOW = "2026-10-12"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(register=read_register(), taxonomy=read_taxonomy())


def read(tagger: Tagger, title: str, text: str = "", *, day: str = NOW, url: str = "") -> Finding:
    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=VIETNAM)
    (finding,) = tagger.tag(
        [TagInput(id="1", title=title, text=text, url=url, published_at=moment)]
    )
    return finding


def ids(tagger: Tagger, title: str, text: str = "", *, day: str = NOW, url: str = "") -> set[str]:
    return {tag.id for tag in read(tagger, title, text, day=day, url=url).agencies}


MINISTRIES = ("Nội vụ", "Ngoại giao", "Y tế", "Tài chính", "Tư pháp", "Lao động")
COUNTRIES = (
    "Mỹ", "Nga", "Anh", "Đức", "Pháp", "Thái Lan", "Nhật Bản", "Hàn Quốc", "Trung Quốc", "Lào",
    "Campuchia", "Ukraine", "Israel", "Ấn Độ", "Singapore",
)  # fmt: skip


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("ministry", MINISTRIES)
def test_foreign_ministry(tagger: Tagger, ministry: str, country: str) -> None:
    title = f"Bộ {ministry} {country} ra thông báo mới"
    assert ids(tagger, title, f"Bộ {ministry} {country} cho biết như vậy hôm qua.") == set()


@pytest.mark.parametrize("ministry", MINISTRIES)
def test_ministry_of_this_country_there(tagger: Tagger, ministry: str) -> None:
    assert ids(tagger, "Paris họp khẩn", f"Bộ {ministry} nước này vừa lên tiếng.") == set()


def test_section_of_world_news(tagger: Tagger) -> None:
    title = "Bộ Nội vụ tinh giản biên chế, cắt giảm thủ tục hành chính"
    abroad = read(tagger, title, url="https://bao.vn/the-gioi/chau-au/tinh-gian-1.html")
    assert not abroad.relevant and abroad.agencies == ()
    assert ids(tagger, title, url="https://bao.vn/thoi-su/tinh-gian-1.html") == {"BNV"}
    own = "Bộ Nội vụ Việt Nam học tập kinh nghiệm tinh giản biên chế"
    assert ids(tagger, own, url="https://bao.vn/the-gioi/hoc-tap-1.html") == {"BNV"}


NO_AGENCY = {
    # "Bộ" alone.
    "Bộ alone": ("Bộ yêu cầu báo cáo", "Bộ này nói sẽ kiểm tra. Cơ quan này chưa trả lời."),
    "bộ as a set": ("Ra mắt bộ sưu tập mới", "Trọn bộ tài chính cá nhân cho người trẻ."),
    # Common nouns.
    "hòa bình is peace": ("Hội nghị hòa bình", "Các bên mong muốn hòa bình và ổn định."),
    "Hòa Bình in capitals is peace": ("LỜI KÊU GỌI HÒA BÌNH", "Giải Nobel Hòa Bình."),
    "Thái Bình Dương is an ocean": ("Bão trên Thái Bình Dương", "Bão ở tây Thái Bình Dương."),
    "Bình Dương within Thái Bình Dương": ("Vành đai lửa Thái Bình Dương rung chuyển", ""),
    "hải dương học is a science": ("Nghiên cứu hải dương học", "Viện Hải dương học khảo sát."),
    "Điện Biên Phủ is a battle": ("Kỷ niệm chiến thắng Điện Biên Phủ", "Chiến dịch Điện Biên Phủ."),
    "huệ without marks is Hue": ("Hoa hue no", "Vuon hue no ro, thai binh va hoa binh."),
    # Persons: Hồ Chí Minh.
    "President Hồ Chí Minh": ("Chủ tịch Hồ Chí Minh với cán bộ", "Lời dặn của Bác Hồ Chí Minh."),
    "thought of Hồ Chí Minh": ("Học tập tư tưởng Hồ Chí Minh", "Tư tưởng, đạo đức Hồ Chí Minh."),
    "youth union of Hồ Chí Minh": ("Đoàn TNCS Hồ Chí Minh ra quân", "Đoàn TNCS Hồ Chí Minh."),
    "order of Hồ Chí Minh": ("Trao Huân chương Hồ Chí Minh", "Nhận Huân chương Hồ Chí Minh."),
    "academy of Hồ Chí Minh": ("Học viện Chính trị quốc gia Hồ Chí Minh khai giảng", ""),
    "road of Hồ Chí Minh": ("Ùn tắc trên đường Hồ Chí Minh", "Xe tải lật trên đường Hồ Chí Minh."),
    "mausoleum of Hồ Chí Minh": ("Viếng Lăng Chủ tịch Hồ Chí Minh", ""),
    # Persons who bear a province's name.
    "person Thái Nguyên": ("Ca sĩ Thái Nguyên ra album", "Anh Trần Thái Nguyên hát."),
    "person Long An": ("Thủ môn Lê Long An chấn thương", ""),
    "person Khánh Hòa": ("Diễn viên Khánh Hòa trở lại", "Chị Nguyễn Khánh Hòa kể chuyện."),
    "person An Giang": ("Nghệ sĩ An Giang qua đời", "Ông Nguyễn An Giang thọ 80 tuổi."),
    # Persons of an office: their names are no aliases.
    "name of a minister": ("Bà Phạm Thị Thanh Trà phát biểu", "Bà Phạm Thị Thanh Trà nói vậy."),
    # Clubs, venues, rivers, universities, streets.
    "club B.Bình Dương": ("B.Bình Dương thắng đậm", "B.Bình Dương lên ngôi đầu."),
    "club Thép Xanh Nam Định": ("Thép Xanh Nam Định vô địch", ""),
    "club HAGL": ("HAGL trụ hạng", "HAGL thắng hai bàn."),
    "club Than Quảng Ninh": ("Than Quảng Ninh giải thể", "Cầu thủ Than Quảng Ninh ra đi."),
    "river Đồng Nai": ("Sạt lở bờ sông Đồng Nai", "Nước sông Đồng Nai lên."),
    "rivers Tiền Giang and Hậu Giang": ("Nước sông Tiền Giang dâng", "Bờ sông Hậu Giang sạt lở."),
    "university of Thái Nguyên": ("ĐH Thái Nguyên tuyển sinh", "Đại học Thái Nguyên lấy điểm."),
    "national university": ("ĐH Quốc gia TP.HCM báo điểm", "Đại học Quốc gia Hà Nội báo điểm."),
    "street of that name": ("Cháy nhà trên đường Điện Biên", "Nhà số 5 đường Hà Nội cháy."),
    "ward of that name": ("Họp tổ dân phố", "Khu phố 3, phường Bình Dương họp."),
    "commune of that name": ("Mưa đá ở vùng cao", "Mưa đá tại xã Hòa Bình."),
    # Abbreviations.
    "BTC is a committee of organisers": ("BTC giải chạy đổi giờ", "BTC mong thông cảm."),
    "TTCP is the Prime Minister": ("TTCP ký quyết định", "Quyết định của TTCP."),
    "BCT is the Politburo": ("Nghị quyết của BCT", "BCT ban hành nghị quyết."),
    "BHXH is the scheme": ("Mức đóng BHXH mới", "Người lao động đóng BHXH bắt buộc."),
    "QH is an assembly or a plan": ("Điều chỉnh QH khu dân cư", "QH thông qua luật."),
    "TW is the centre": ("Nghị quyết 18 của TW", "Hội nghị TW khóa XIV."),
    "SNV without its province": ("SNV thông báo tuyển dụng", "SNV nhận hồ sơ."),
    # Credits.
    "credit (TTXVN)": ("Mưa lớn ở miền núi", "Mưa lớn gây sạt lở. (TTXVN)"),
    "credit Theo VTV": ("Mưa lớn ở miền núi", "Theo VTV, mưa lớn gây sạt lở."),
    "credit Ảnh: VOV": ("Mưa lớn ở miền núi", "Đường bị chia cắt. Ảnh: VOV"),
    "credit Nguồn: Báo Chính phủ": ("Mưa lớn ở miền núi", "Đường mở lại. Nguồn: Báo Chính phủ"),
    # Boilerplate.
    "imprint: governing body": ("Liên hệ", "Cơ quan chủ quản: Bộ Nội vụ"),
    "imprint: licence": ("Liên hệ", "Giấy phép số 12/GP-BTTTT do Bộ TT&TT cấp ngày 1/2/2021."),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text"), NO_AGENCY.values(), ids=NO_AGENCY)
def test_no_agency_is_meant(tagger: Tagger, title: str, text: str) -> None:
    assert ids(tagger, title, text) == set()


REFORM = "cắt giảm thủ tục hành chính, tinh giản biên chế"
MEANT = {
    "Bộ này is the ministry last named": (
        f"Bộ Tư pháp {REFORM}", "Bộ Tư pháp báo cáo. Bộ này cho biết sẽ rà soát.", NOW, {"BTP"}),
    "NHNN": (f"NHNN {REFORM}", "NHNN vừa công bố thủ tục hành chính.", NOW, {"NHNN"}),
    "BTC beside the full name": (
        f"Bộ Tài chính {REFORM}", "Bộ Tài chính (BTC) giao việc. BTC báo cáo.", NOW, {"BTC"}),
    "TTCP beside the full name": (
        f"Thanh tra Chính phủ {REFORM}", "Thanh tra Chính phủ (TTCP). TTCP nêu.", NOW, {"TTCP"}),
    "BCT beside the full name": (
        f"Bộ Công Thương {REFORM}", "Bộ Công Thương (BCT) rà soát. BCT nêu.", NOW, {"BCT"}),
    "KH&CN": (f"Bộ KH&CN {REFORM}", "Bộ KH&CN rà soát thủ tục.", NOW, {"BKHCN"}),
    "KH&ĐT": (f"Bộ KH&ĐT {REFORM}", "Bộ KH&ĐT rà soát thủ tục.", "2024-05-06", {"BKHDT"}),
    "KH-ĐT with a hyphen": (f"Bộ KH-ĐT {REFORM}", "", "2024-05-06", {"BKHDT"}),
    "ampersand written as và": (
        "Bộ Kế hoạch & Đầu tư cắt giảm thủ tục hành chính", "", "2024-05-06", {"BKHDT"}),
    "SNV beside its province": (
        f"Sở Nội vụ tỉnh Nghệ An {REFORM}", "SNV tỉnh Nghệ An báo cáo.", NOW, {"P34:nghe_an"}),
    "BHXH Việt Nam is an agency": (
        f"BHXH Việt Nam {REFORM}", "BHXH Việt Nam công bố.", "2024-05-06", {"BHXHVN"}),
    "abolished ministry and its heir count once": (
        "Cắt giảm thủ tục đầu tư", "Bộ KH&ĐT (nay là Bộ Tài chính) cắt giảm thủ tục đầu tư.",
        NOW, {"BTC"}),
    "headline without the rank": (
        "Quảng Ninh đẩy mạnh dịch vụ công trực tuyến", "", NOW, {"P34:quang_ninh"}),
    "old name after the merger": (
        f"UBND tỉnh Yên Bái cũ {REFORM}", "", NOW, {"P34:lao_cai"}),
    "same name, smaller unit before the merger": (
        f"UBND tỉnh Lào Cai {REFORM}", "", "2025-06-30", {"P63:lao_cai"}),
    "same name, bigger unit after the merger": (
        f"UBND tỉnh Lào Cai {REFORM}", "", "2025-07-01", {"P34:lao_cai"}),
    "city of 30/04/2026, Đồng Nai": (f"UBND TP Đồng Nai {REFORM}", "", NOW, {"P34:dong_nai"}),
    "city of 01/09/2026, Quảng Ninh": (
        f"UBND TP Quảng Ninh {REFORM}", "", NOW, {"P34:quang_ninh"}),
    "city of 20/09/2026, Bắc Ninh": (f"UBND TP Bắc Ninh {REFORM}", "", NOW, {"P34:bac_ninh"}),
    "TP.HCM": (f"UBND TP.HCM {REFORM}", "", NOW, {"P34:ho_chi_minh"}),
    "TP HCM": (f"UBND TP HCM {REFORM}", "", NOW, {"P34:ho_chi_minh"}),
    "tone mark in its older place": (f"UBND tỉnh Khánh Hoà {REFORM}", "", NOW, {"P34:khanh_hoa"}),
    "police of a province count for it": (
        f"Công an tỉnh Thanh Hóa {REFORM}", "", NOW, {"P34:thanh_hoa"}),
    "district of before July 2025 counts for its province": (
        f"UBND huyện Diễn Châu (Nghệ An) {REFORM}", "", "2024-05-06", {"P63:nghe_an"}),
    "town of before July 2025 counts for its province": (
        f"UBND thành phố Vinh, tỉnh Nghệ An {REFORM}", "", "2024-05-06", {"P63:nghe_an"}),
    "party committee that acts on reform": (
        f"Tỉnh ủy Nghệ An {REFORM}", "", NOW, {"P34:nghe_an"}),
    "abbreviation only in its own case": (f"bnv {REFORM}", "", NOW, set()),
    "department by its short name": (
        f"Sở NN&MT tỉnh Nghệ An {REFORM}", "", NOW, {"P34:nghe_an"}),
    "service centre": (
        f"Trung tâm Phục vụ hành chính công tỉnh Nghệ An {REFORM}", "", NOW, {"P34:nghe_an"}),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text", "day", "meant"), MEANT.values(), ids=MEANT)
def test_the_agency_that_is_meant(
    tagger: Tagger, title: str, text: str, day: str, meant: set[str]
) -> None:
    assert ids(tagger, title, text, day=day) == meant


def test_code_of_a_province_alone_is_no_key() -> None:
    provinces = [agency.id for agency in read_register().all() if "P63" in agency.id]
    provinces += [agency.id for agency in read_register().all() if "P34" in agency.id]
    assert len(set(provinces)) == 63 + 1 + 34  # Huế is a city and then a unit of its own
    assert not any(one.isdigit() for one in provinces)


NO_REFORM = {
    "fine: vi phạm hành chính": (
        "Xử phạt vi phạm hành chính 40 tài xế", "Cảnh sát giao thông lập biên bản vi phạm hành "
        "chính các tài xế chạy quá tốc độ, tước bằng lái hai tháng."),
    "office hours: giờ hành chính": (
        "Cửa hàng chỉ mở giờ hành chính", "Khách phàn nàn vì siêu thị chỉ bán giờ hành chính."),
    "clerk of a firm: nhân viên hành chính": (
        "Nữ nhân viên hành chính bán hàng trên mạng", "Cô gái làm nhân viên hành chính của một "
        "công ty may, tối về bán hàng trên mạng."),
    "medical clerks: khoa hành chính": (
        "Khoa hành chính bệnh viện phát nhầm thuốc", "Khoa hành chính của bệnh viện tư xin lỗi "
        "người bệnh vì phát nhầm thuốc."),
    "boundary and map: địa giới, bản đồ hành chính": (
        "Bán bản đồ hành chính ở nhà sách", "Nhà sách bán bản đồ hành chính khổ lớn cho học sinh."),
    "một cửa hàng": ("Cháy một cửa hàng điện máy", "Lửa bùng lên ở một cửa hàng lúc rạng sáng."),
    "one stop of a bank: giao dịch một cửa": (
        "Ngân hàng mở quầy giao dịch một cửa", "Khách gửi tiết kiệm tại quầy giao dịch một cửa "
        "của ngân hàng được tặng quà."),
    "digitalisation of a bank": (
        "Ngân hàng nhận giải thưởng chuyển đổi số", "Ngân hàng thương mại ra mắt ứng dụng, "
        "chuyển đổi số dịch vụ thẻ cho khách hàng cá nhân."),
    "signature of a firm: chữ ký số": (
        "Doanh nghiệp bán gói chữ ký số giá rẻ", "Công ty khuyến mãi chữ ký số cho khách hàng "
        "mua phần mềm kế toán."),
    "digital economy: kinh tế số": (
        "Thương mại điện tử dẫn dắt kinh tế số", "Doanh thu bán hàng trực tuyến tăng 20 %, các "
        "sàn cạnh tranh giảm giá."),
    "merger of banks": ("Hai ngân hàng sáp nhập", "Cổ đông hai ngân hàng thông qua sáp nhập."),
    "merger of firms": ("Hai công ty thép sáp nhập", "Thương vụ sáp nhập hai công ty thép."),
    "merger of clubs": ("Hai câu lạc bộ bóng đá sáp nhập", "Câu lạc bộ mới thi đấu mùa sau."),
    "merger of private schools": (
        "Hai trường tư sáp nhập", "Trường phổ thông tư thục sáp nhập, học phí tăng."),
    "land prices on the news of a merger": (
        "Giá đất nền tăng nóng theo tin sáp nhập", "Môi giới thổi giá đất nền, nhà đầu tư ôm hàng, "
        "giao dịch sôi động."),
    "travel on the news of a merger": (
        "Du lịch hè: tour biển hút khách sau sáp nhập", "Công ty lữ hành chào tour biển, khách sạn "
        "kín phòng cuối tuần."),
    "disbursement of investment": (
        "Đẩy nhanh thi công cao tốc, giải ngân vốn đầu tư công", "Nhà thầu tăng ca để giải ngân "
        "vốn đầu tư công, hoàn thành cao tốc trước tết."),
    "saving at home: tiết kiệm": (
        "Mẹo tiết kiệm điện mùa nóng", "Chuyên gia chỉ cách tiết kiệm điện khi dùng điều hòa."),
    "biên chế of an army": (
        "Tàu ngầm mới vào biên chế hải quân Nhật Bản", "Tàu ngầm được biên chế cho hạm đội."),
    "biên chế of an orchestra": (
        "Dàn nhạc biên chế 60 nghệ sĩ biểu diễn", "Dàn nhạc giao hưởng biên chế 60 nhạc công."),
    "land reform in history": (
        "Triển lãm về cải cách ruộng đất", "Bảo tàng trưng bày hiện vật thời cải cách ruộng đất."),
    "reform of education abroad": (
        "Phần Lan cải cách giáo dục phổ thông", "Học sinh Phần Lan học ít môn hơn từ năm sau."),
    "pay reform abroad": (
        "Nghiệp đoàn Đức đình công đòi cải cách tiền lương", "Công nhân Đức đình công ba ngày."),
    "foreign interior ministry": (
        "Bộ Nội vụ Mỹ sa thải nhân viên", "Bộ Nội vụ Mỹ sa thải hàng nghìn nhân viên công viên."),
    "foreign government: DOGE": (
        "DOGE của Mỹ cắt giảm nhân sự liên bang", "Ủy ban DOGE do tỷ phú Elon Musk dẫn dắt cắt "
        "giảm nhân sự các cơ quan liên bang Mỹ."),
    "criminal trial for corruption": (
        "Xét xử cựu giám đốc tham ô", "Tòa tuyên bị cáo 12 năm tù về tội tham ô tài sản; bị cáo "
        "khai nhận hối lộ ba tỷ đồng."),
    "theme of the plan without reform: đường dây nóng": (
        "Điện lực mở đường dây nóng báo mất điện", "Khách hàng gọi đường dây nóng khi mất điện."),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text"), NO_REFORM.values(), ids=NO_REFORM)
def test_what_only_reads_like_reform(tagger: Tagger, title: str, text: str) -> None:
    finding = read(tagger, title, text)
    assert not finding.relevant
    assert finding.areas == {}


def terms(title: str, text: str = "", *, year: int = 2026) -> set[str]:
    """The terms found, look-alikes as "-term"."""
    when = datetime(year, 5, 6, tzinfo=VIETNAM)
    reading = TextReader(read_taxonomy()).read(
        TagInput(id="1", title=title, text=text, published_at=when)
    )
    return {
        f"-{term.term}" if hit.is_lookalike else term.term
        for hit in (*reading.title_terms, *reading.text_terms)
        for term in hit.terms
    }


TERMS = {
    "longest first: một cửa hàng swallows một cửa": ("Cháy một cửa hàng", 2026, {"-một cửa hàng"}),
    "longest first: vi phạm hành chính": (
        "Xử phạt vi phạm hành chính", 2026, {"-xử phạt vi phạm hành chính"}),
    "weak without its context": ("Tòa án khu vực đi vào hoạt động", 2026, set()),
    "weak with its context": ("Tòa án khu vực trong cải cách", 2026, {"tòa án khu vực"}),
    "marks are never stripped": ("Mot cua lien thong, tinh gian bien che", 2026, set()),
    "whole words alone": ("Mộtcửa và thủ tục hànhchính", 2026, set()),
    "dash of another kind": ("Nghị quyết 66–NQ/TW", 2026, {"Nghị quyết 66-NQ/TW"}),
    "number of a document": (
        "Quyết định 282/QĐ-TTg", 2026, {"Quyết định 282/QĐ-TTg"}),
    "number of a document before its year": ("Quyết định 282/QĐ-TTg", 2025, set()),
    "two tiers before 2025": ("Chính quyền địa phương 2 cấp", 2024, set()),
}  # fmt: skip


@pytest.mark.parametrize(("title", "year", "meant"), TERMS.values(), ids=TERMS)
def test_rules_of_the_lexicon(title: str, year: int, meant: set[str]) -> None:
    assert terms(title, year=year) == meant


def test_context_must_stand_in_the_same_paragraph() -> None:
    assert "tòa án khu vực" in terms("", "Tòa án khu vực, một bước cải cách.")
    assert "tòa án khu vực" not in terms("", "Tòa án khu vực mở cửa.\nCải cách là chuyện khác.")
