"""Look-alikes: stretches that read like an agency's name and are something else."""

from __future__ import annotations

import re
from typing import Final

#: Longer names that swallow a province's name; matched like aliases and then thrown away.
SWALLOWING: Final = (
    "Thái Bình Dương", "Điện Biên Phủ", "Hải Dương học", "Hòa Bình Xanh", "Nobel Hòa Bình",
    "Kêu gọi Hòa Bình",
    "Nam Định Vàng", "Hà Nội FC", "Long An Tower", "Vành đai Thái Bình Dương", "Tây Ninh FC",
    "Hải Phòng FC", "Sài Gòn FC", "Bộ trưởng Bộ Ngoại giao các nước", "Quảng Nam Đà Nẵng FC",
    "Báo Hà Nội mới", "Hà Nội mới", "Sài Gòn Giải phóng", "Sài Gòn Tiếp thị", "Kinh tế Sài Gòn",
    "Bộ Tài nguyên khoáng sản", "Bộ Tài nguyên thiên nhiên", "Bộ Y tế và Phúc lợi",
    "Bộ Y tế và Dịch vụ nhân sinh", "Bộ Giáo dục và Khoa học", "Bộ Lao động và Phúc lợi",
)  # fmt: skip

_COUNTRIES = (
    "Mỹ|Hoa Kỳ|Nga|Anh|Đức|Pháp|Ý|Italia|Italy|Nhật|Nhật Bản|Hàn Quốc|Triều Tiên|Trung Quốc|"
    "Đài Loan|Hong Kong|Lào|Campuchia|Thái Lan|Myanmar|Malaysia|Singapore|Indonesia|Philippines|"
    "Brunei|Ấn Độ|Pakistan|Afghanistan|Iran|Iraq|Israel|Palestine|Syria|Thổ Nhĩ Kỳ|Ukraine|Ukraina|"
    "Belarus|Ba Lan|Hungary|Séc|Slovakia|Romania|Bulgaria|Hy Lạp|Tây Ban Nha|Bồ Đào Nha|Hà Lan|Bỉ|"
    "Thụy Sĩ|Thụy Điển|Na Uy|Phần Lan|Đan Mạch|Áo|Canada|Mexico|Brazil|Argentina|Chile|Peru|"
    "Colombia|Venezuela|Cuba|Australia|Úc|New Zealand|Ai Cập|Nam Phi|Nigeria|Kenya|Mozambique|"
    "Ethiopia|Ả Rập Xê Út|Ả-rập Xê-út|Saudi Arabia|Qatar|UAE|Kuwait|Lebanon|Jordan|Yemen|Libya|"
    "Mông Cổ|Kazakhstan|Uzbekistan|Azerbaijan|Armenia|Georgia|Bangladesh|Sri Lanka|Nepal|Haiti|EU|"
    "Litva|Latvia|Estonia|Serbia|Croatia|Ireland|Scotland|Timor Leste|Angola|Algeria|Morocco"
)
_FOREIGN_AFTER = re.compile(
    rf"^\)?(?: và [A-ZĐ]\w+(?: \w+)?)?,?\s*(?:của\s+)?(?:(?:nước\s+|Vương quốc\s+|Cộng hòa\s+)?"
    rf"(?:{_COUNTRIES})(?![\w])|nước này|nước ngoài|nước bạn|liên bang|Liên bang|Hoàng gia|"
    r"các nước|của nước này|Liên Xô|Xô Viết)"
)
#: "Mỹ Bộ ..." and "Bộ Ngoại giao Nga và Bộ ..."; not "trước mức thuế của Mỹ, Bộ Công Thương".
_FOREIGN_BEFORE = re.compile(
    rf"(?:(?:[Bb]ộ|trưởng|Văn phòng|Cơ quan) [^.,;\n]{{2,40}} (?:{_COUNTRIES}) và |"
    rf"(?<![\w])(?:{_COUNTRIES}) (?:thông báo )?|Tân |các nước |cựu )$"
)
_VIETNAM_AFTER = re.compile(r"^,?\s*(?:của\s+)?(?:nước ta|Việt Nam)")

_CREDIT_BEFORE = re.compile(
    r"(?:theo|ảnh|nguồn|video|clip|đồ họa|tin|photo|trên|với|trả lời|phóng viên|pv|nhóm pv|kênh|"
    r"sóng|báo|tờ|bản tin|bình luận viên|btv|mc|xem|bởi|/)\s*[:\-]?\s*(?:báo |kênh |sóng |đài )?$"
)
_CREDIT_AFTER = re.compile(r"^(?:\d|\s*\)|/|\s*[-:]|\.vn|\s*(?:đưa tin|news|times|go)\b)")
_LICENCE_BEFORE = re.compile(
    r"(?:giấy phép[^.\n]{0,90}|cơ quan chủ quản\W{0,3}|trực thuộc\W{0,3}bản quyền[^.\n]{0,60})$"
)

_WORD_IN_BO = re.compile(r"(?:cán|chi|đảng|nội|toàn|cục|tiến|đồng|phân|thành)\s$")
_DATELINE_AFTER = re.compile(r"^\s?,?\s?ngày \d|^\s?,\s?\d{1,2}[/-]\d")
_NOT_A_PROVINCE = re.compile(
    r"(?:^|[\s(“\"'\-])(?:clb|câu lạc bộ|đội|đội tuyển|u\d\d|sông|núi|đường|(?<!thành )phố|quận|"
    r"huyện|xã|phường|thị trấn|thị xã|(?:đại học|đh)(?: quốc gia)?|học viện|trường|thpt|thcs|"
    r"cao đẳng|bệnh viện|bv|bvđk|cầu|sân|sân vận động|svđ|sân bay|cảng|cảng hàng không|ga|nhà ga|"
    r"chùa|chợ|hồ|đèo|vịnh|biển|bờ biển|vqg|vườn quốc gia|khu công nghiệp|kcn|cao tốc|quốc lộ|"
    r"nhà máy|gang thép|than|"
    r"becamex|bia|b\.|hoàng anh|hồng lĩnh|đông á|thép xanh|chiến dịch|chiến thắng|thành cổ|"
    r"khách sạn|báo|đài|nhà hát|bảo tàng|làng|thôn|ấp|tiệm|quán|cửa khẩu|hoa hậu|xổ số|xskt|"
    r"công ty[^.,;:\n]{0,40}|ctcp[^.,;\n]{0,40}|nước mắm|bánh|chè|tập đoàn|"
    r"ông|bà|anh|chị|em|bé|chàng|nàng|cô|ca sĩ|diễn viên|nghệ sĩ)\s+$|(?:^|[\s(])b\.$"
)
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Trương|Đinh|Mai|Lưu|Tạ|"
    "Đoàn|Tô|Hà|Cao|Tống|Lâm|Thái|Chu|Vương|Quách|Tăng|Trịnh|Đào|Lương|Phùng|Kiều|Triệu|Thị|Văn|Hữu|"
    "Đức|Minh|Quang|Xuân|Thanh|Ngọc|Kim"
)
_PERSON_BEFORE = re.compile(rf"(?:^|[^\w])(?:{_SURNAMES})\s$")


def is_foreign(before: str, after: str) -> bool:
    """Whether a ministry's name belongs to another country, by what stands around it.

    >>> is_foreign("", " Mỹ cho biết"), is_foreign("", " Việt Nam cho biết")
    (True, False)
    """
    return bool(_FOREIGN_AFTER.match(after) or _FOREIGN_BEFORE.search(before))


def is_vietnamese(after: str) -> bool:
    """Whether the text itself says that the ministry is Vietnam's."""
    return bool(_VIETNAM_AFTER.match(after))


def is_credit(before: str, after: str) -> bool:
    """Whether a broadcaster or news agency is only the source of the text or picture (lower case).

    >>> is_credit("ảnh: ", ""), is_credit("(", ") - sáng nay"), is_credit("tổng giám đốc ", " nói")
    (True, True, False)
    """
    return bool(_CREDIT_BEFORE.search(before) or _CREDIT_AFTER.match(after))


def is_licence(before: str) -> bool:
    """Whether an agency is named in an outlet's imprint (lower case).

    >>> is_licence("giấy phép số 12 do ")
    True
    """
    return bool(_LICENCE_BEFORE.search(before))


def is_inside_word(before: str, written: str) -> bool:
    """Whether "bộ" is the end of another word: cán bộ, đảng bộ (lower case).

    >>> is_inside_word("nguyên cán ", "bộ công an"), is_inside_word("theo ", "bộ công an")
    (True, False)
    """
    return written.startswith("bộ") and bool(_WORD_IN_BO.search(before))


def is_dateline(after: str) -> bool:
    """Whether a place only says where a document was signed (lower case).

    >>> is_dateline(", ngày 24 tháng 6"), is_dateline(" đã yêu cầu")
    (True, False)
    """
    return bool(_DATELINE_AFTER.match(after))


def is_other_than_province(before: str) -> bool:
    """Whether a province's name is part of a club, a river, a street, a person's title.

    >>> is_other_than_province("clb "), is_other_than_province("ubnd tỉnh ")
    (True, False)
    """
    return bool(_NOT_A_PROVINCE.search(before))


def is_given_name(before: str) -> bool:
    """Whether a family name stands before a name that is also a province's (in its own case).

    >>> is_given_name("ông Nguyễn "), is_given_name("tỉnh ")
    (True, False)
    """
    return bool(_PERSON_BEFORE.search(before))
