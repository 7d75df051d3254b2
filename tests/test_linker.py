"""Which agency an article names: every trap of names that are also something else, one by one."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import Role
from domain.records import AgencyTag, TagInput
from domain.taxonomy import read_taxonomy
from nlp.aliases import Writing, generate_aliases
from nlp.tagger import Tagger, load_tagger

NOW = "2026-08-10"
BEFORE_REFORM = "2024-05-06"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(register=read_register(), taxonomy=read_taxonomy())


def tags(
    tagger: Tagger, title: str, text: str = "", day: str | None = NOW
) -> tuple[AgencyTag, ...]:
    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=VIETNAM) if day else None
    (finding,) = tagger.tag([TagInput(id="1", title=title, text=text, published_at=moment)])
    return finding.agencies


def ids(tagger: Tagger, title: str, text: str = "", day: str | None = NOW) -> set[str]:
    return {tag.id for tag in tags(tagger, title, text, day)}


FOREIGN = [
    ("Bộ Nội vụ Mỹ công bố kế hoạch cắt giảm nhân sự", ""),
    ("Bộ Ngoại giao Nga lên tiếng về vụ việc", "Bộ Ngoại giao Nga cho biết đã gửi công hàm."),
    ("Bộ Y tế Nhật Bản khuyến cáo dịch cúm", "Theo Bộ Y tế Nhật Bản, số ca mắc đang tăng."),
    ("Bộ Tài chính Hàn Quốc dự báo tăng trưởng", ""),
    ("Cải cách công vụ ở Anh", "Bộ Tư pháp Anh và Bộ Nội vụ nước này cắt giảm 2.000 công chức."),
    ("Bộ trưởng Bộ Nội vụ Campuchia thăm Hà Nội", ""),
    ("Thổ Nhĩ Kỳ bắt hàng chục nghi phạm", "Bộ trưởng Nội vụ nước này nói chiến dịch kéo dài."),
    ("Paris: biểu tình lớn", "Bộ Nội vụ Pháp huy động cảnh sát. Bộ Nội vụ nói sẽ siết an ninh."),
    ("Bộ Ngoại giao Lào và Campuchia họp ba bên", ""),
    ("Giá nông sản giảm", "Bộ Nông nghiệp Mỹ vừa hạ dự báo sản lượng ngô."),
    ("Washington siết thị thực", "Bộ Ngoại giao Hoa Kỳ thông báo quy định mới."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), FOREIGN, ids=[title for title, _ in FOREIGN])
def test_a_foreign_ministry_is_nobody_here(tagger: Tagger, title: str, text: str) -> None:
    assert not {one for one in ids(tagger, title, text) if not one.startswith("P34")}


def test_vietnams_own_ministry_beside_a_foreign_one(tagger: Tagger) -> None:
    found = ids(
        tagger,
        "Tăng cường hợp tác về công vụ",
        "Bộ Nội vụ Lào và Bộ Nội vụ Việt Nam ký bản ghi nhớ về đào tạo công chức.",
    )
    assert found == {"BNV"}


BESIDE_A_COUNTRY = [
    ("Trước mức thuế mới của Mỹ, Bộ Công Thương họp khẩn", "BCT"),
    ("Sau chuyến thăm Lào và Campuchia, Bộ Nội vụ báo cáo kết quả", "BNV"),
    ("Nhập khẩu từ Trung Quốc tăng, Bộ Tài chính yêu cầu siết kiểm tra", "BTC"),
    ("Ký kết với Hàn Quốc, Bộ Khoa học và Công nghệ đào tạo công chức", "BKHCN"),
]


@pytest.mark.parametrize(
    ("title", "meant"), BESIDE_A_COUNTRY, ids=[title for title, _ in BESIDE_A_COUNTRY]
)
def test_a_country_before_a_ministry_does_not_make_it_foreign(
    tagger: Tagger, title: str, meant: str
) -> None:
    assert meant in ids(tagger, title)


PLACES_THAT_ARE_NOT_PROVINCES = [
    # Common nouns.
    ("Vì một thế giới hòa bình", "Hai bên cam kết giữ gìn hòa bình và ổn định trong khu vực."),
    ("Căng thẳng ở Thái Bình Dương", "Hải quân tập trận trên Thái Bình Dương."),
    ("Chiến lược Ấn Độ Dương - Thái Bình Dương", ""),
    ("Viện Hải dương học công bố nghiên cứu", "Các nhà hải dương học khảo sát rạn san hô."),
    ("Kỷ niệm chiến thắng Điện Biên Phủ", "Chiến dịch Điện Biên Phủ đi vào lịch sử."),
    ("Giải Nobel Hòa Bình gọi tên nhà hoạt động", ""),
    # Persons.
    ("Học tập tư tưởng Hồ Chí Minh", "Tư tưởng Hồ Chí Minh về nền hành chính phục vụ nhân dân."),
    ("Chủ tịch Hồ Chí Minh với công tác cán bộ", "Chủ tịch Hồ Chí Minh dặn cán bộ liêm chính."),
    ("Đoàn TNCS Hồ Chí Minh ra quân mùa hè", ""),
    ("Trao Huân chương Hồ Chí Minh", ""),
    ("Diễn viên Nguyễn Thái Bình kể chuyện nghề", "Anh Trần Hòa Bình là thầy dạy của diễn viên."),
    ("Thủ môn Lê Long An chấn thương", ""),
    ("Ca sĩ Khánh Hòa trở lại", "Ca sĩ Khánh Hòa ra album mới."),
    # Clubs, venues, rivers, universities, streets.
    ("Vòng 5 V-League", "CLB Nam Định thắng đậm CLB Hải Phòng trên sân Thiên Trường."),
    ("B.Bình Dương chia điểm với Than Quảng Ninh", ""),
    ("Thép Xanh Nam Định vô địch", ""),
    ("Sạt lở bờ sông Đồng Nai", "Nước sông Tiền Giang lên nhanh."),
    ("ĐH Quốc gia TP.HCM công bố điểm thi", "Đại học Quốc gia Hà Nội công bố điểm thi."),
    ("Đại học Thái Nguyên tuyển sinh", "Đại học Thái Nguyên công bố điểm chuẩn."),
    ("Kẹt xe trên đường Điện Biên Phủ", "Xe ùn ứ từ đường Hà Nội tới cầu vượt."),
    ("Bệnh viện Bình Dân cứu bệnh nhân", "Bệnh nhân ngụ phường Bình Dương."),
    ("Xổ số Bến Tre hôm nay", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text"),
    PLACES_THAT_ARE_NOT_PROVINCES,
    ids=[title for title, _ in PLACES_THAT_ARE_NOT_PROVINCES],
)
def test_a_name_that_is_no_province_here(tagger: Tagger, title: str, text: str) -> None:
    assert ids(tagger, title, text) == set()


ABBREVIATIONS = [
    ("BTC is the organising committee", "BTC giải chạy thông báo lùi giờ xuất phát", "", set()),
    ("BTC beside its full name", "Bộ Tài chính sắp xếp chi cục thuế",
     "Bộ Tài chính (BTC) cắt giảm biên chế. BTC giao Cục Thuế thực hiện.", {"BTC"}),
    ("TTCP is the Prime Minister", "Quyết định 282/QĐ-TTg của TTCP về cải cách", "", set()),
    ("TTCP beside its full name", "Thanh tra Chính phủ kết luận về đất đai",
     "Thanh tra Chính phủ (TTCP) ban hành kết luận thanh tra. TTCP kiến nghị xử lý.", {"TTCP"}),
    ("BCT is the Politburo", "Kết luận của BCT về sắp xếp bộ máy", "BCT yêu cầu tinh gọn.", set()),
    ("BHXH is the scheme", "Mức đóng BHXH từ tháng 7", "Người lao động đóng BHXH bắt buộc.", set()),
    ("BNV is only the ministry", "BNV hướng dẫn tinh giản biên chế",
     "BNV vừa có công văn hướng dẫn các địa phương tinh giản biên chế.", {"BNV"}),
    ("KH&CN is not KH&ĐT", "Bộ KH&CN công bố thủ tục hành chính mới",
     "Bộ KH&CN vừa công bố bộ thủ tục hành chính.", {"BKHCN"}),
    ("QH is the assembly, not labelled", "QH thông qua Luật Cán bộ, công chức", "", set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text", "meant"), [case[1:] for case in ABBREVIATIONS],
    ids=[case[0] for case in ABBREVIATIONS],
)  # fmt: skip
def test_abbreviations(tagger: Tagger, title: str, text: str, meant: set[str]) -> None:
    assert ids(tagger, title, text) == meant


def test_bhxh_viet_nam_is_an_agency_while_it_lasts(tagger: Tagger) -> None:
    title = "BHXH Việt Nam cắt giảm thủ tục hành chính"
    text = "BHXH Việt Nam vừa công bố bãi bỏ 20 thủ tục hành chính cho người dân."
    assert ids(tagger, title, text, BEFORE_REFORM) == {"BHXHVN"}
    assert ids(tagger, title, text, NOW) == {"BTC"}


CREDITS = [
    ("Cải cách hành chính: nhiều chuyển biến", "Người dân hài lòng hơn với một cửa. (TTXVN)"),
    ("Cải cách hành chính: nhiều chuyển biến", "Theo VTV, thời gian chờ giảm một nửa."),
    ("Cải cách hành chính: nhiều chuyển biến", "Người dân làm thủ tục một cửa. Ảnh: VOV"),
    ("Cải cách hành chính: nhiều chuyển biến", "Trao đổi với phóng viên TTXVN, ông An nói vậy."),
    ("Cải cách hành chính: nhiều chuyển biến",
     "Giấy phép số 12/GP do Bộ Thông tin và Truyền thông cấp ngày 1/2/2021."),
    ("Cải cách hành chính: nhiều chuyển biến", "Cơ quan chủ quản: Bộ Nội vụ"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), CREDITS, ids=[text[:40] for _, text in CREDITS])
def test_a_source_credit_or_imprint_is_no_coverage(tagger: Tagger, title: str, text: str) -> None:
    assert ids(tagger, title, text) == set()


def test_a_broadcaster_in_the_news_is_an_agency(tagger: Tagger) -> None:
    found = ids(
        tagger,
        "Đài Truyền hình Việt Nam sắp xếp lại bộ máy",
        "Đài Truyền hình Việt Nam giảm 5 đầu mối, tinh giản 10% biên chế theo đề án sắp xếp.",
    )
    assert found == {"VTV"}


def test_an_abolished_ministry_and_its_heir_are_one(tagger: Tagger) -> None:
    found = tags(
        tagger,
        "Cắt giảm thủ tục đầu tư",
        "Bộ Kế hoạch và Đầu tư (nay là Bộ Tài chính) từng đề xuất cắt giảm thủ tục đầu tư.",
    )
    assert [tag.id for tag in found] == ["BTC"]


DAYS = [
    ("Bộ Nông nghiệp", BEFORE_REFORM, "BNNPTNT", False),
    ("Bộ Nông nghiệp", NOW, "BNNMT", False),
    ("Bộ Giao thông vận tải", BEFORE_REFORM, "BGTVT", False),
    ("Bộ Giao thông vận tải", "2025-02-28", "BGTVT", False),
    ("Bộ Giao thông vận tải", "2025-03-01", "BXD", True),
    ("Bộ LĐ-TB&XH", NOW, "BNV", True),
    ("Bộ Thông tin và Truyền thông", NOW, "BKHCN", True),
    ("Ủy ban Dân tộc", NOW, "BDTTG", True),
    ("UBND tỉnh Yên Bái", "2025-06-30", "P63:yen_bai", False),
    ("UBND tỉnh Yên Bái", "2025-07-01", "P34:lao_cai", True),
    ("UBND tỉnh Lào Cai", "2025-06-30", "P63:lao_cai", False),
    ("UBND tỉnh Lào Cai", "2025-07-01", "P34:lao_cai", False),
    ("UBND tỉnh Bình Dương", NOW, "P34:ho_chi_minh", True),
    ("UBND tỉnh Thừa Thiên Huế", BEFORE_REFORM, "P63:thua_thien_hue", False),
    ("UBND TP Huế", "2025-03-01", "P63:hue", False),
    ("UBND TP Huế", NOW, "P34:hue", False),
    ("UBND tỉnh Đồng Nai", "2026-04-29", "P34:dong_nai", False),
    ("UBND TP Đồng Nai", "2026-04-30", "P34:dong_nai", False),
    ("UBND TP Quảng Ninh", "2026-09-01", "P34:quang_ninh", False),
    ("UBND TP Bắc Ninh", "2026-09-20", "P34:bac_ninh", False),
    ("UBND TP.HCM", BEFORE_REFORM, "P63:ho_chi_minh", False),
    ("UBND TP.HCM", NOW, "P34:ho_chi_minh", False),
    ("UBND Thành phố Hồ Chí Minh", NOW, "P34:ho_chi_minh", False),
]


@pytest.mark.parametrize(
    ("name", "day", "meant", "legacy"), DAYS, ids=[f"{name} {day}" for name, day, *_ in DAYS]
)
def test_a_name_means_the_agency_of_its_day(
    tagger: Tagger, name: str, day: str, meant: str, legacy: bool
) -> None:
    title = f"{name} cắt giảm thủ tục hành chính"
    text = f"{name} vừa ban hành kế hoạch cải cách hành chính, cắt giảm thủ tục hành chính."
    (found,) = tags(tagger, title, text, day)
    assert (found.id, found.role, found.via_legacy_name) == (meant, Role.FOCUS, legacy)


def test_without_a_day_todays_register_holds(tagger: Tagger) -> None:
    assert ids(tagger, "UBND tỉnh Lào Cai công bố thủ tục hành chính", day=None) == {"P34:lao_cai"}


def test_the_day_is_that_of_vietnam(tagger: Tagger) -> None:
    late = datetime.fromisoformat("2025-06-30T18:00:00+00:00")  # 01:00 of 1 July in Hà Nội
    title = "UBND tỉnh Lào Cai công bố thủ tục hành chính"
    (finding,) = tagger.tag([TagInput(id="1", title=title, published_at=late)])
    assert [tag.id for tag in finding.agencies] == ["P34:lao_cai"]


ELIDED = [
    ("Quảng Ninh đẩy mạnh dịch vụ công trực tuyến", "P34:quang_ninh"),
    ("Hà Nội sáp nhập các ban quản lý dự án, tinh giản biên chế", "P34:ha_noi"),
    ("Thanh Hóa: Sắp xếp, tinh gọn bộ máy các sở ngành", "P34:thanh_hoa"),
    ("Hải Phòng cắt giảm 30% thời gian giải quyết thủ tục hành chính", "P34:hai_phong"),
    ("Đà Nẵng công bố chỉ số cải cách hành chính các phường, xã", "P34:da_nang"),
    ("Hòa Bình tinh giản biên chế, sắp xếp đơn vị hành chính", "P34:phu_tho"),
]


@pytest.mark.parametrize(("title", "meant"), ELIDED, ids=[title for title, _ in ELIDED])
def test_a_headline_may_leave_out_the_rank(tagger: Tagger, title: str, meant: str) -> None:
    found = tags(tagger, title)
    assert [(tag.id, tag.role) for tag in found] == [(meant, Role.FOCUS)]


def test_a_place_where_something_happens_is_no_agency(tagger: Tagger) -> None:
    found = ids(
        tagger,
        "Thu hoạch vải thiều vào vụ",
        "Anh Tư từ Bắc Giang về Hà Nội bán vải. Chị Ba quê Nam Định mua mười cân.",
    )
    assert found == set()


HOMES = {
    "ha_tinh_bao": "P34:ha_tinh", "baohatinh.vn": "P34:ha_tinh", "baolamdong.vn": "P34:lam_dong",
    "baobinhthuan.com.vn": "P34:lam_dong",
}  # fmt: skip


@pytest.fixture(scope="module")
def local_tagger() -> Tagger:
    return load_tagger(register=read_register(), taxonomy=read_taxonomy(), homes=HOMES)


def of_outlet(
    tagger: Tagger, title: str, text: str, *, outlet: str = "", url: str = "", day: str = NOW
) -> list[tuple[str, Role]]:
    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=VIETNAM)
    one = TagInput(id="1", title=title, text=text, outlet=outlet, url=url, published_at=moment)
    (finding,) = tagger.tag([one])
    return [(tag.id, tag.role) for tag in finding.agencies]


AT_HOME = [
    ("the People's Committee of the province", "UBND tỉnh ban hành kế hoạch cải cách hành chính",
     "UBND tỉnh vừa ban hành kế hoạch cải cách hành chính, giao Sở Nội vụ theo dõi.",
     [("P34:ha_tinh", Role.FOCUS)]),
    ("a department alone", "Thị xã Kỳ Anh đứng thứ 2 bảng xếp hạng cải cách hành chính",
     "Kết quả đánh giá của Sở Nội vụ cho thấy chỉ số cải cách hành chính đứng thứ 2 toàn tỉnh.",
     [("P34:ha_tinh", Role.FOCUS)]),
    ("another province is named: nothing is guessed", "Nghệ An cắt giảm thủ tục hành chính",
     "UBND tỉnh vừa ban hành kế hoạch cắt giảm thủ tục hành chính.",
     [("P34:nghe_an", Role.FOCUS)]),
    ("a town of the province is not the province", "Cắt giảm thủ tục hành chính",
     "UBND thành phố Vinh cắt giảm thủ tục hành chính.", []),
    ("no organ at all", "Giá vàng hôm nay tăng mạnh", "Vàng miếng vượt mốc mới.", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text", "meant"), [case[1:] for case in AT_HOME], ids=[case[0] for case in AT_HOME]
)
def test_a_provincial_paper_need_not_name_its_province(
    local_tagger: Tagger, title: str, text: str, meant: list[tuple[str, Role]]
) -> None:
    assert of_outlet(local_tagger, title, text, outlet="ha_tinh_bao") == meant


def test_a_paper_is_known_by_its_id_or_its_host_and_a_national_one_has_no_home(
    local_tagger: Tagger,
) -> None:
    title, text = AT_HOME[0][1:3]
    here = [("P34:ha_tinh", Role.FOCUS)]
    assert of_outlet(local_tagger, title, text, url="https://www.baohatinh.vn/a-1.html") == here
    assert of_outlet(local_tagger, title, text, url="https://m.baohatinh.vn/a-1.html") == here
    assert of_outlet(local_tagger, title, text, url="https://vnexpress.net/a-1.html") == []
    assert of_outlet(local_tagger, title, text, url="http://[damaged") == []
    assert of_outlet(local_tagger, title, text) == []


@pytest.mark.parametrize(
    ("outlet", "url", "day", "meant"),
    [
        ("ha_tinh_bao", "", BEFORE_REFORM, "P63:ha_tinh"),
        ("", "https://baolamdong.vn/a-1.html", BEFORE_REFORM, "P63:lam_dong"),
        ("", "https://baolamdong.vn/a-1.html", NOW, "P34:lam_dong"),
        ("", "https://baobinhthuan.com.vn/a-1.html", BEFORE_REFORM, "P63:binh_thuan"),
        ("", "https://baobinhthuan.com.vn/a-1.html", NOW, "P34:lam_dong"),
    ],
)
def test_home_is_the_unit_of_the_day_and_of_the_paper(
    local_tagger: Tagger, outlet: str, url: str, day: str, meant: str
) -> None:
    title, text = AT_HOME[0][1:3]
    found = of_outlet(local_tagger, title, text, outlet=outlet, url=url, day=day)
    assert found == [(meant, Role.FOCUS)]


UNITS = [
    ("a department counts for its province", "Sở Nội vụ Nghệ An tuyển dụng công chức",
     "Sở Nội vụ tỉnh Nghệ An thông báo tuyển dụng công chức năm 2026.", {"P34:nghe_an"}),
    ("a service centre counts for its province",
     "Trung tâm Phục vụ hành chính công tỉnh Quảng Ninh nhận hồ sơ", "", {"P34:quang_ninh"}),
    ("police of a province count for it", "Cấp căn cước tại nhà",
     "Công an tỉnh Thanh Hóa cấp căn cước, kích hoạt VNeID cho người dân tại nhà.",
     {"P34:thanh_hoa"}),
    ("a unit of a ministry counts where the ministry is named", "Vụ Cải cách hành chính nói gì",
     "Vụ Cải cách hành chính (Bộ Nội vụ) kiểm tra cải cách hành chính.", {"BNV"}),
    ("a unit of a ministry alone counts for nobody", "Cục Thuế hướng dẫn kê khai",
     "Cục Thuế hướng dẫn người nộp thuế kê khai.", set()),
    ("the minister speaks for the ministry", "Bộ trưởng Nội vụ nói về tinh giản biên chế",
     "Bộ trưởng Nội vụ cho biết sẽ tinh giản biên chế.", {"BNV"}),
    ("a list of ministries", "Giao các bộ rà soát thủ tục hành chính",
     "Các Bộ: Nội vụ, Tư pháp, Tài chính rà soát thủ tục hành chính.", {"BNV", "BTP", "BTC"}),
    ("the end of another word", "Chi bộ Công an phường sinh hoạt", "", set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text", "meant"), [case[1:] for case in UNITS], ids=[case[0] for case in UNITS]
)
def test_units_and_their_parents(tagger: Tagger, title: str, text: str, meant: set[str]) -> None:
    assert ids(tagger, title, text) == meant


SPELLINGS = [
    "Ủy ban nhân dân tỉnh Khánh Hòa cắt giảm thủ tục hành chính",
    "Uỷ ban nhân dân tỉnh Khánh Hoà cắt giảm thủ tục hành chính",
    unicodedata.normalize("NFD", "Ủy ban nhân dân tỉnh Khánh Hòa cắt giảm thủ tục hành chính"),
    "ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA CẮT GIẢM THỦ TỤC HÀNH CHÍNH",
    "UBND\u00a0tỉnh\u00a0Khánh\u00a0Hòa cắt giảm thủ tục hành chính",
]


@pytest.mark.parametrize("title", SPELLINGS, ids=["old", "new", "nfd", "capitals", "no-break"])
def test_however_it_is_spelt(tagger: Tagger, title: str) -> None:
    (found,) = tags(tagger, title)
    assert found.id == "P34:khanh_hoa"
    assert all(title[one.start : one.end] == one.words for one in found.evidence)


def test_letters_without_diacritics_name_nobody(tagger: Tagger) -> None:
    assert ids(tagger, "Hoa binh va hai duong o dien bien", "Hue no trong vuon.") == set()


def test_ministry_in_capitals(tagger: Tagger) -> None:
    assert ids(tagger, "BỘ NỘI VỤ TINH GIẢN BIÊN CHẾ CÔNG CHỨC") == {"BNV"}


def test_subjects_stand_first(tagger: Tagger) -> None:
    found = tags(
        tagger,
        "Bộ Nội vụ kiểm tra cải cách hành chính",
        "Tại cuộc họp có đại diện Bộ Tư pháp, Bộ Tài chính. Bộ Nội vụ đã kiểm tra công tác cải "
        "cách hành chính của các đơn vị và yêu cầu chấn chỉnh kỷ luật công vụ.",
    )
    assert found[0].id == "BNV" and found[0].role is Role.FOCUS
    assert {tag.id for tag in found} == {"BNV", "BTP", "BTC"}
    roles = [tag.role for tag in found]
    assert roles == sorted(roles, key=lambda role: role is not Role.FOCUS)


def test_only_agencies_that_a_tag_may_name_come_out(tagger: Tagger) -> None:
    register = read_register()
    found = ids(
        tagger,
        "Quốc hội nghe báo cáo của Kiểm toán nhà nước",
        "Ủy ban Thường vụ Quốc hội, Tòa án nhân dân tối cao, Viện kiểm sát nhân dân tối cao dự.",
    )
    assert found == {"KTNN", "TANDTC", "VKSNDTC"}
    assert all(register.is_output(one) for one in found)


def test_every_output_agency_is_found_by_its_official_name_on_a_day_of_its_own() -> None:
    written = {
        agency
        for alias in generate_aliases(read_register())
        if alias.writing in (Writing.NAME, Writing.PLACE)
        for agency in alias.agencies
    }
    assert {agency.id for agency in read_register().all()} <= written
