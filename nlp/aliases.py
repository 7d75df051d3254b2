"""Every way in which the press writes an agency, generated from the register."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from domain.agencies import MINISTRY_KINDS, PROVINCE_KINDS, Agency, AgencyRegister
from domain.text import fold_tones


class Writing(Enum):
    """This says how far a writing can be trusted."""

    #: A full name: found in any case, if at least one letter is a capital.
    NAME = "name"
    #: An abbreviation: found only in its own case.
    ABBREVIATION = "abbreviation"
    #: An abbreviation that means other things too: only beside the full name.
    AMBIGUOUS = "ambiguous"
    #: What stands after "Bộ": counts after "Bộ trưởng", or in a list of ministries.
    PORTFOLIO = "portfolio"
    #: A province's name: an agency only where the administration is meant.
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Alias:
    """This is one writing of one or several agencies that bore the name at different times."""

    text: str
    writing: Writing
    agencies: tuple[str, ...]


#: Short names that are also other things: Ban Tổ chức, Thủ tướng, Bộ Chính trị, companies.
_AMBIGUOUS = frozenset({"BTC", "TTCP", "BCT", "MIC", "MPI", "MOF", "VNA", "VSS", "SBV", "TTH"})
#: Aliases of the register that the press uses for too many other things.
_LEFT_OUT = frozenset({"Thủ đô", "thành phố Cảng", "thành phố mang tên Bác", "QH", "Hồ Chí Minh"})
#: Writings of the press that the register does not list.
_ADDED = {
    "BVHTTDL": ("Bộ Văn hóa Thể thao và Du lịch", "Bộ Văn hóa - Thể thao - Du lịch", "Bộ VH-TT&DL",
                "Bộ Văn hóa"),
    "BXD": ("Bộ Xây Dựng",),
    "BLDTBXH": ("Bộ LĐTB-XH", "Bộ LĐ,TB&XH", "Bộ LĐ - TB&XH", "Bộ Lao động Thương binh và Xã hội",
                "Bộ Lao động-Thương binh và Xã hội", "Bộ Lao động - Thương binh & Xã hội"),
    "BTNMT": ("Bộ Tài nguyên - Môi trường", "Bộ Tài nguyên & Môi trường", "Bộ Tài nguyên"),
    "BKHDT": ("Bộ Kế hoạch - Đầu tư", "Bộ Kế hoạch & Đầu tư", "Bộ Kế hoạch"),
    "BKHCN": ("Bộ Khoa học - Công nghệ", "Bộ Khoa học & Công nghệ", "Bộ Khoa học"),
    "BGDDT": ("Bộ Giáo dục & Đào tạo", "Bộ Giáo dục-Đào tạo"),
    "BTTTT": ("Bộ Thông tin - Truyền thông", "Bộ Thông tin & Truyền thông", "Bộ Thông tin"),
    "BNNPTNT": ("Bộ Nông nghiệp & Phát triển nông thôn", "Bộ Nông nghiệp và PTNT",
                "Bộ Nông nghiệp & PTNT", "Bộ NN và PTNT", "Bộ Nông nghiệp - PTNT"),
    "BNNMT": ("Bộ Nông nghiệp & Môi trường", "Bộ Nông nghiệp"),
    "BDTTG": ("Bộ Dân tộc & Tôn giáo",),
    "VKSNDTC": ("VKSND Tối cao", "Viện KSND tối cao", "VKS tối cao",
                "Viện Kiểm sát nhân dân tối cao"),
    "TANDTC": ("Tòa án tối cao", "TAND Tối cao"),
    "TTXVN": ("Thông tấn xã Việt Nam",),
    "BHXHVN": ("BHXH VN",),
    "P63:ho_chi_minh": ("Tp.HCM", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP.Hồ Chí Minh",
                        "Sài Gòn"),
    "P34:ho_chi_minh": ("Tp.HCM", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP.Hồ Chí Minh",
                        "Sài Gòn"),
}  # fmt: skip
_ABBREVIATED = re.compile(r"(?:Bộ |Ủy ban |Ban |BCĐ )?[A-ZĐƯ][A-ZĐƯa-z&,. -]*$")
_TRAILING_NOTE = re.compile(r" \(.*\)$")
_RANK = re.compile(r"^(?:tỉnh|thành phố|thủ đô|tp\.?) *", re.IGNORECASE)


def generate_aliases(register: AgencyRegister) -> tuple[Alias, ...]:
    """All writings of all agencies, each once, folded as texts are."""
    held: dict[tuple[str, Writing], dict[str, None]] = {}
    for agency in register.all():
        for text, writing in _writings(agency):
            held.setdefault((text, writing), {})[agency.id] = None
    return tuple(Alias(text, writing, tuple(ids)) for (text, writing), ids in held.items())


def _writings(agency: Agency) -> Iterator[tuple[str, Writing]]:
    names = {_plain(name): None for name in _names(agency) if name not in _LEFT_OUT}
    if agency.kind in PROVINCE_KINDS:
        for name in names:
            yield name, Writing.PLACE
        return
    for name in names:
        for variant in _variants(name):
            yield variant, _writing_of(variant)
    if agency.kind in MINISTRY_KINDS:
        for name in names:
            if name.startswith("Bộ ") and _writing_of(name) is Writing.NAME:
                yield name.removeprefix("Bộ "), Writing.PORTFOLIO


def _names(agency: Agency) -> Iterable[str]:
    official = agency.official_name
    bare = _RANK.sub("", official) if agency.kind in PROVINCE_KINDS else official
    return (bare, *agency.aliases, *_ADDED.get(agency.id, ()))


def _plain(name: str) -> str:
    name = fold_tones(_TRAILING_NOTE.sub("", name)).replace("–", "-").replace("—", "-")
    if name.upper().replace(" ", "").replace(".", "") in {"TPHCM", "TPHỒCHÍMINH"}:
        return name
    return re.sub(r"^(?:TP\.? ?|Thủ đô )(?!HCM|Hồ Chí Minh)", "", name)


def _writing_of(name: str) -> Writing:
    if name in _AMBIGUOUS:
        return Writing.AMBIGUOUS
    letters = re.sub(r"^Bộ ", "", name)
    capitals = sum(char.isupper() for char in letters)
    if " " not in letters and capitals > 1:
        return Writing.ABBREVIATION
    if _ABBREVIATED.match(name) and capitals * 2 > sum(char.isalpha() for char in letters):
        return Writing.ABBREVIATION
    return Writing.NAME


def _variants(name: str) -> Iterator[str]:
    """The name with hyphen, ampersand and "và" as outlets vary them."""
    yield name
    if "&" in name:
        for joint in (" & ", " và ", "-", ""):
            yield re.sub(r" ?& ?", joint, name)
    if " và " in name:
        yield name.replace(" và ", " & ")
    if "-" in name and " - " not in name:
        yield name.replace("-", " - ")
    if " - " in name:
        yield name.replace(" - ", "-")
        yield name.replace(" - ", ", ", 1)
