"""The one set of codes used in database, command, JSON and CSV, each with its Vietnamese name."""

from __future__ import annotations

from enum import StrEnum


class Area(StrEnum):
    """This names a reform area: the six of Nghị quyết 76/NQ-CP, and steering."""

    CHI_DAO = "chi_dao"
    THE_CHE = "the_che"
    THU_TUC = "thu_tuc"
    BO_MAY = "bo_may"
    CONG_VU = "cong_vu"
    TAI_CHINH = "tai_chinh"
    SO = "so"


class Role(StrEnum):
    """This says how an article names an agency: as its subject, or in passing."""

    FOCUS = "focus"
    MENTION = "mention"


class Content(StrEnum):
    """This says what of an article was read: its line in a list, its page, or a person's entry."""

    FEED = "feed"
    PAGE = "page"
    MANUAL = "manual"


class OutletKind(StrEnum):
    """This says whose voice an outlet is; only press and broadcasters count as coverage."""

    PRESS = "press"
    BROADCASTER = "broadcaster"
    NEWS_AGENCY = "news_agency"
    AGGREGATOR = "aggregator"
    PORTAL = "portal"


class Level(StrEnum):
    """This says whether an outlet serves the country or one province."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"


class SourceKind(StrEnum):
    """This names the form of a list in which an outlet announces its articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


#: Each kind of list as a bit: which of them named an article.
LIST_BITS = {SourceKind.FEED: 1, SourceKind.SITEMAP: 2, SourceKind.SECTION: 4}


class Media(StrEnum):
    """This says what an article mainly is."""

    TEXT = "text"
    VIDEO = "video"
    PHOTO = "photo"
    INFOGRAPHIC = "infographic"


class SourceState(StrEnum):
    """This names how a source stands."""

    OK = "ok"
    QUIET = "quiet"
    EMPTY = "empty"
    FAILING = "failing"
    BLOCKED = "blocked"
    UNOBSERVABLE = "unobservable"
    ROTTING = "rotting"
    #: Never asked yet.
    NEW = "new"


class Certainty(StrEnum):
    """This says how an address is known."""

    SEEN_WORKING = "seen working"
    SEEN_IN_CODE = "seen in code"
    GUESSED = "guessed"


class DatePrecision(StrEnum):
    """This says how finely a publication time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


class DateOrigin(StrEnum):
    """This says where a publication time was read."""

    PAGE_META = "page_meta"
    FEED = "feed"
    PAGE_TEXT = "page_text"
    URL = "url"
    UNKNOWN = "unknown"


UNKNOWN = "unknown"

FORMS = ("tin", "bai", "phong_van", "binh_luan", "van_ban", "hoi_dap", "khac")
TONES = ("tich_cuc", "trung_tinh", "phe_phan", "hon_hop")
AUDIENCES = ("cbcc", "nguoi_dan", "doanh_nghiep", "chung")
ASPECTS = ("trien_khai", "ket_qua", "chinh_sach", "vuong_mac", "na")

AREA_NAMES: dict[Area, str] = {
    Area.CHI_DAO: "Chỉ đạo, điều hành",
    Area.THE_CHE: "Thể chế",
    Area.THU_TUC: "Thủ tục hành chính",
    Area.BO_MAY: "Tổ chức bộ máy",
    Area.CONG_VU: "Chế độ công vụ",
    Area.TAI_CHINH: "Tài chính công",
    Area.SO: "Chính phủ điện tử, Chính phủ số",
}

FORM_NAMES = {
    "tin": "Tin",
    "bai": "Bài",
    "phong_van": "Phỏng vấn",
    "binh_luan": "Bình luận",
    "van_ban": "Văn bản, tóm tắt văn bản",
    "hoi_dap": "Hỏi đáp",
    "khac": "Khác",
    UNKNOWN: "Chưa rõ",
}
TONE_NAMES = {
    "tich_cuc": "Tích cực",
    "trung_tinh": "Trung tính",
    "phe_phan": "Phê phán",
    "hon_hop": "Hỗn hợp",
    UNKNOWN: "Chưa rõ",
}
AUDIENCE_NAMES = {
    "cbcc": "Cán bộ, công chức",
    "nguoi_dan": "Người dân",
    "doanh_nghiep": "Doanh nghiệp",
    "chung": "Chung",
    UNKNOWN: "Chưa rõ",
}
ASPECT_NAMES = {
    "trien_khai": "Tình hình triển khai",
    "ket_qua": "Kết quả",
    "chinh_sach": "Chính sách, kế hoạch",
    "vuong_mac": "Vướng mắc",
    "na": "Không thuộc phạm vi",
    UNKNOWN: "Chưa rõ",
}
ROLE_NAMES = {Role.FOCUS: "chủ thể", Role.MENTION: "được nhắc"}
OUTLET_KIND_NAMES = {
    OutletKind.PRESS: "Báo, tạp chí",
    OutletKind.BROADCASTER: "Phát thanh, truyền hình",
    OutletKind.NEWS_AGENCY: "Thông tấn",
    OutletKind.AGGREGATOR: "Trang tổng hợp",
    OutletKind.PORTAL: "Cổng thông tin cơ quan",
}
CONTENT_NAMES = {
    Content.FEED: "chỉ có tít và sapo",
    Content.PAGE: "toàn văn",
    Content.MANUAL: "nhập tay",
}
#: Kinds whose articles are coverage; a portal is the sender's own voice, an aggregator an echo.
PRESS_KINDS = frozenset({OutletKind.PRESS, OutletKind.BROADCASTER, OutletKind.NEWS_AGENCY})
