"""Where a text names agencies: every writing found, look-alikes thrown out, cues noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from nlp import guards
from nlp.aliases import Alias, Writing
from nlp.folded import Folded
from nlp.lexicon import is_whole

#: How much of the surroundings a guard or a cue looks at.
_REACH = 90

#: Which organ of a province stands before its name; the order is the order of the test.
_ORGANS = {
    "committee": r"ubnd|hđnd|ủy ban nhân dân|hội đồng nhân dân|ủy ban",
    "head": r"chủ tịch|phó chủ tịch|lãnh đạo|chính quyền|giám đốc|văn phòng|thanh tra|"
    r"người đứng đầu",
    "department": r"sở [^.;:()\n]{2,60}?|trung tâm [^.,;:()\n]{2,60}?|"
    r"ban quản lý[^.,;:()\n]{0,50}?|"
    r"chi cục [^.,;:()\n]{2,40}?|ban tổ chức|ban dân tộc|cục [^.,;:()\n]{2,30}?",
    "police": r"công an|csgt|cảnh sát[^.,;:()\n]{0,30}?|phòng [^.,;:()\n]{2,50}?|pc\d\d",
    "party": r"tỉnh ủy|thành ủy|bí thư|phó bí thư|đảng bộ|ban thường vụ[^.,;:()\n]{0,20}?",
    "congress": r"đoàn đại biểu quốc hội|đoàn đbqh|đại biểu quốc hội[^.,;:()\n]{0,12}?|"
    r"đại biểu|mttq|mặt trận tổ quốc[^.,;:()\n]{0,14}?",
    "court": r"tand|tòa án[^.,;:()\n]{0,12}?|vksnd|viện kiểm sát[^.,;:()\n]{0,12}?|vks",
}  # fmt: skip
_RANK = r"(?:\s+(?:nhân dân|các|cấp|hai|tỉnh|thành phố|tp\.?|t\.p|thủ đô))*:?\s*(?:tp\.\s*)?$"
_ORGAN_BEFORE = {
    name: re.compile(rf"(?:^|[\s(“\"',./-])(?:{organ}){_RANK}") for name, organ in _ORGANS.items()
}
#: A lower unit in brackets or before a comma: "UBND huyện A (B)", "phường A, B".
_LOCAL = (
    r"(?:(?:huyện|quận|xã|phường|thị xã|thị trấn|thành phố|tp\.?|đặc khu) [^.,;:()\n]{2,30}"
    r"(?:,|\s*\()\s*)+(?:thuộc )?(?:tỉnh|tp\.?|thành phố)?\s*$"
)
_LOCAL_ORGAN_BEFORE = re.compile(
    r"(?:^|[\s(“\"',./-])(?:ubnd|hđnd|ủy ban nhân dân|công an|chủ tịch|bí thư|lãnh đạo|đảng ủy|"
    r"cán bộ|trung tâm phục vụ hành chính công|chính quyền) " + _LOCAL
)
_LOCAL_BEFORE = re.compile(r"(?:^|[\s(“\"',./-])" + _LOCAL)
_INSTITUTION_BEFORE = re.compile(
    r"(?:đại học|đh|học viện|trường|bệnh viện|bv|viện|hội|hiệp hội|liên đoàn|nhà xuất bản|"
    r"chi nhánh)"
    r" [^.;:()\n]{1,40}\s$"
)
_RANK_BEFORE = re.compile(
    r"(?:^|[\s(“\"',.-])(?:(?:tỉnh|thành phố|thành|địa phương)(?: gồm| là)?:|tỉnh|thành phố|tp|"
    r"tp\.|thủ đô)\s*$"
)
_OTHER_BEFORE = {
    "institution": _INSTITUTION_BEFORE,
    "local_organ": _LOCAL_ORGAN_BEFORE,
    "local": _LOCAL_BEFORE,
}
_JOINT = re.compile(r"^\s*(?:,|;|và|-|, và|với|cùng)\s*(?:các )?(?:tỉnh|tp\.?|thành phố)?\s*$")
_PORTFOLIO_BEFORE = re.compile(r"(?:bộ trưởng|thứ trưởng|tư lệnh ngành)\s+$")
#: A deputy premier who also holds a ministry speaks for the Government.
_DEPUTY_PREMIER_BEFORE = re.compile(r"phó thủ tướng(?: chính phủ)?(?:,| kiêm| -) bộ trưởng\s+$")
_PORTFOLIO_LIST = re.compile(r"(?:^|\s)(?:các|hai|ba|bốn|\d+|liên|giữa)\s+bộ\W{0,3}$")
_LIST_JOINT = re.compile(r"^(?:\s*\([^()]{2,30}\))?\s*(?:,|;|và|-|, và)\s*$")
_MEDIA = frozenset({"VTV", "VOV", "TTXVN"})


@dataclass(frozen=True, slots=True)
class Mention:
    """This is one stretch of one part that may name one of `agencies` (by the day)."""

    part: str
    start: int
    end: int
    agencies: tuple[str, ...]
    writing: Writing
    #: For a place: ``rank``, ``bare`` or the kind of organ before it; else "".
    cue: str = ""
    #: The text calls it foreign, or Vietnam's own.
    foreign: bool = False
    vietnamese: bool = False
    #: One of a list of names.
    listed: bool = False


class MentionFinder:
    """This finds names in texts; it is built once from the aliases."""

    def __init__(self, aliases: Sequence[Alias]) -> None:
        self._automaton = ahocorasick.Automaton()
        by_lower: dict[str, list[Alias]] = {}
        for alias in aliases:
            by_lower.setdefault(alias.text.lower(), []).append(alias)
        for name in guards.SWALLOWING:
            by_lower.setdefault(name.lower(), [])
        for lower, sharing in by_lower.items():
            self._automaton.add_word(lower, (len(lower), tuple(sharing)))
        self._automaton.make_automaton()

    def find(self, part: str, text: Folded) -> list[Mention]:
        """The mentions of one part, left to right, none inside another."""
        mentions: list[Mention] = []
        reached = 0
        for start, end, aliases in self._spans(text.lower):
            if start < reached:
                continue
            mention = _mention(part, text, start, end, aliases, mentions)
            if mention is not None or not aliases:
                reached = end
            if mention is not None:
                mentions.append(mention)
        return mentions

    def _spans(self, lower: str) -> Iterator[tuple[int, int, Sequence[Alias]]]:
        found = [
            (end - length + 1, -length, aliases)
            for end, (length, aliases) in self._automaton.iter(lower)
            if is_whole(lower, end - length + 1, end + 1)
        ]
        found.sort(key=lambda span: span[:2])
        for start, minus_length, aliases in found:
            yield start, start - minus_length, aliases


def _mention(
    part: str, text: Folded, start: int, end: int, aliases: Sequence[Alias], before: list[Mention]
) -> Mention | None:
    written = text.kept[start:end]
    for alias in aliases:
        if not _is_written_so(alias, written):
            continue
        plain = Mention(part, start, end, alias.agencies, alias.writing)
        if alias.writing is Writing.PLACE:
            return _place(plain, text, before)
        if alias.writing is Writing.PORTFOLIO:
            return _portfolio(plain, text, before)
        return _central(plain, text, before)
    return None


def _is_written_so(alias: Alias, written: str) -> bool:
    """Whether the case of the text fits the kind of writing."""
    if alias.writing in (Writing.ABBREVIATION, Writing.AMBIGUOUS):
        return written in (alias.text, alias.text.replace("Bộ ", "bộ ", 1))
    if written.isupper():
        return True
    if alias.writing is Writing.PLACE:
        words = re.findall(r"[^\W\d_]+", written)
        return all(word[0].isupper() for word in words) or written[:2].lower() == "th"
    if alias.writing is Writing.PORTFOLIO or alias.agencies == ("NHNN",):
        return written[0].isupper()
    return any(char.isupper() for char in written)


def _central(plain: Mention, text: Folded, before: list[Mention]) -> Mention | None:
    left = text.lower[max(0, plain.start - _REACH) : plain.start]
    right = text.kept[plain.end : plain.end + _REACH]
    if guards.is_licence(left) or guards.is_inside_word(left, text.lower[plain.start : plain.end]):
        return None
    if plain.agencies[0] in _MEDIA and guards.is_credit(left, right.lower()):
        return None
    own = text.kept[max(0, plain.start - _REACH) : plain.start]
    vietnamese = guards.is_vietnamese(right)
    return replace(
        plain,
        foreign=not vietnamese and guards.is_foreign(own, right),
        vietnamese=vietnamese,
        listed=bool(before) and _joins(before[-1], plain, text),
    )


def _portfolio(plain: Mention, text: Folded, before: list[Mention]) -> Mention | None:
    left = text.lower[max(0, plain.start - _REACH) : plain.start]
    listed = bool(before) and before[-1].writing in _OF_MINISTRY and _joins(before[-1], plain, text)
    if _DEPUTY_PREMIER_BEFORE.search(left):
        return None
    if not (listed or _PORTFOLIO_BEFORE.search(left) or _PORTFOLIO_LIST.search(left)):
        return None
    found = _central(plain, text, before)
    return replace(found, listed=listed) if found else None


_OF_MINISTRY = frozenset({Writing.NAME, Writing.ABBREVIATION, Writing.PORTFOLIO})


def _joins(earlier: Mention, later: Mention, text: Folded) -> bool:
    return later.start - earlier.end < 40 and bool(
        _LIST_JOINT.match(text.lower[earlier.end : later.start])
    )


def _place(plain: Mention, text: Folded, before: list[Mention]) -> Mention | None:
    left = text.lower[max(0, plain.start - _REACH) : plain.start]
    if guards.is_other_than_province(left) or guards.is_dateline(text.lower[plain.end :][:30]):
        return None
    if guards.is_given_name(text.kept[max(0, plain.start - 12) : plain.start]):
        return None
    cue = _cue(left, text.lower[plain.start : plain.end])
    if cue == "bare" and before and before[-1].writing is Writing.PLACE:
        between = text.lower[before[-1].end : plain.start]
        if len(between) < 25 and _JOINT.match(between):
            return replace(plain, cue=before[-1].cue, listed=True)
    return replace(plain, cue=cue)


def _cue(left: str, written: str) -> str:
    for organ, pattern in _ORGAN_BEFORE.items():
        if pattern.search(left):
            return organ
    for name, pattern in _OTHER_BEFORE.items():
        if pattern.search(left):
            return name
    ranked = _RANK_BEFORE.search(left) or written.startswith("thành phố")
    return "rank" if ranked else "bare"
