"""From mentions to agencies: resolved with the register of the article's day, focus or mention.

What was found is certain; whether a province is named as an administration or only as a place,
and whether an agency is what the article is about, are weighed by two small fitted models.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from domain.agencies import MINISTRY_KINDS, PROVINCE_KINDS, AgencyRegister
from domain.codes import Role
from domain.records import AgencyTag, Evidence
from nlp.aliases import Writing, generate_aliases
from nlp.features import LEAD, Reading
from nlp.folded import Folded
from nlp.mentions import Mention, MentionFinder

_FAR_FUTURE = date(9999, 12, 31)
_ORGANS = ("committee", "head", "department", "police", "party", "congress", "court")
#: Organs that show an administration at work.
_ACTING = frozenset({"committee", "head", "department", "police"})

_ACTS = re.compile(
    r"^\s*(?:\([^)]{1,30}\)\s*)?(?:đã |vừa |sẽ |đang |cũng |tiếp tục |tập trung |chính thức |"
    r"dự kiến |"
    r"phải |cần |muốn |chưa |không |được |bị |từ \d|sau |sẵn sàng )*"
    r"(?:yêu cầu|đề xuất|đề nghị|kiến nghị|cho biết|cho hay|thông tin|công bố|ban hành|"
    r"triển khai|đẩy|"
    r"tổ chức|thực hiện|quyết định|phê duyệt|chỉ đạo|giao|trình|báo cáo|hướng dẫn|sắp xếp|sáp nhập|"
    r"hợp nhất|thành lập|bổ nhiệm|tinh giản|cắt giảm|giảm|tăng|chi|dôi|thừa|thiếu|có|còn|nói|"
    r"lý giải|"
    r"giải thích|xây dựng|lấy ý kiến|thí điểm|áp dụng|vận hành|khai trương|ra mắt|kiểm tra|"
    r"thanh tra|"
    r"xử lý|kỷ luật|thu hồi|tuyển|thi tuyển|hỗ trợ|bỏ|dừng|rút|gỡ|tháo|lên tiếng|trả lời|phản hồi|"
    r"bàn giao|bố trí|cấp|thông qua|khẳng định|nhấn mạnh|đặt mục tiêu|quyết|chấn chỉnh|siết|"
    r"hoàn thành|"
    r"dẫn đầu|đứng|xếp|lập|rà soát|nâng|đổi|chuyển|số hóa|phân cấp|ủy quyền|đánh giá|làm|nêu|tạo|"
    r"phát)"
)
_PLACE_BEFORE = re.compile(
    r"(?:^|\s)(?:tại|ở|từ|đến|về|ra|vào|đi|quê|ngụ|trú|qua|gần|giữa|nội|khắp|quanh|trong|rời|sang)"
    r"(?:\s+(?:tỉnh|thành phố|tp\.?|thủ đô|huyện))*\s+$"
)
_SENTENCE_START = re.compile(
    r"(?:^|[.!?\n]\s+)(?:theo |mới đây, |trước đó, |ngày [\d/-]+, )?"
    r"(?:ubnd|hđnd|lãnh đạo|chủ tịch|sở|công an|bộ trưởng)?[^.,;\n]{0,12}$"
)
_FORMER_AFTER = re.compile(r"^\s*\(?(?:cũ|trước đây|trước sáp nhập)")
#: Organs of a province that is not named beside them.
_UNNAMED = re.compile(
    r"(?:ubnd|hđnd|công an|lãnh đạo|chính quyền|chủ tịch|sở nội vụ)\s+(?:tỉnh|tp|thành phố)"
    r"(?!\.?\s*hcm)|(?<![\w])(?:tỉnh|thành phố|tp)\s+(?:đã|sẽ|này|cũng|còn|yêu cầu|chỉ đạo|có)"
)

LINK_FEATURES: Final = (
    "province", "ministry", "other", "in_title", "title_start", "title_acts", "in_lead",
    "log_count",
    "log_others", "first", "position", "only", "most", "acts", "place_before", "in_brackets",
    "rank", "bare", *_ORGANS, "acting", "listed", "all_listed", "portfolio_only",
    "former", "legacy",
    "unnamed_organs", "unnamed_alone", "title_reform", "log_reform", "lookalike", "foreign_section",
    "title_bare_reform", "short", "title_organ", "lead_acting", "bracket_only", "institution",
    "institution_only", "local_organ", "local", "local_only", "title_colon", "of_before", "share",
    "title_first", "title_only", "first_kind", "lead_acts", "kind_count", "relevance",
    "relevance_bare", "relevance_title", "relevance_lead", "relevance_first", "sentence_start",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """This is an agency that an article may be about, with everywhere it is named."""

    agency: str
    legacy: bool
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkWeights:
    """These are the fitted models: is it an agency here, and is it what the article is about.

    Each is a row of weights, then the bias and the least probability; provinces have their own,
    for a province's name may be only a place.
    """

    named: np.ndarray
    focus: np.ndarray
    named_province: np.ndarray
    focus_province: np.ndarray

    def decide(self, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each row whether it counts, and whether it is in focus."""
        province = table[:, LINK_FEATURES.index("province")] > 0
        named = np.where(province, _passes(table, self.named_province), _passes(table, self.named))
        focus = np.where(province, _passes(table, self.focus_province), _passes(table, self.focus))
        return named, focus


def _passes(table: np.ndarray, model: np.ndarray) -> np.ndarray:
    probability = 1 / (1 + np.exp(-(table @ model[:-2] + model[-2])))
    return np.asarray(probability >= model[-1])


class Linker:
    """This links articles to agencies; it is built once for a register."""

    def __init__(self, register: AgencyRegister, weights: LinkWeights | None = None) -> None:
        self._register = register
        self._finder = MentionFinder(generate_aliases(register))
        self._weights = weights
        self._kinds = {agency.id: agency.kind for agency in register.all()}
        self._resolved: dict[tuple[tuple[str, ...], date], tuple[str, bool]] = {}

    def mentions(self, reading: Reading) -> list[Mention]:
        """Everywhere a name of the register stands, foreign ministries of that name included."""
        found = self._finder.find("title", reading.title) + self._finder.find("text", reading.text)
        return _without_lone_abbreviations(found)

    def candidates(
        self, reading: Reading, day: date | None, mentions: Sequence[Mention] | None = None
    ) -> list[Candidate]:
        """Every agency that is named, by first appearance; look-alikes are already out."""
        found = self.mentions(reading) if mentions is None else mentions
        held: dict[str, list[Mention]] = {}
        legacy: dict[str, bool] = {}
        for mention in _without_foreign(found):
            agency, old = self.resolve(mention.agencies, day or _FAR_FUTURE)
            if not self._register.is_output(agency):
                continue
            held.setdefault(agency, []).append(mention)
            legacy[agency] = legacy.get(agency, True) and old
        return [
            Candidate(agency=agency, legacy=legacy[agency], mentions=tuple(mentions))
            for agency, mentions in held.items()
        ]

    def resolve(self, agencies: tuple[str, ...], day: date) -> tuple[str, bool]:
        """Which of the bearers of a name it is on `day`, and whether the name is a past one."""
        key = (agencies, day)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(agencies, day)
        return self._resolved[key]

    def _resolve(self, agencies: Sequence[str], day: date) -> tuple[str, bool]:
        spans = [self._register.get(agency, day) for agency in agencies]
        standing = [span for span in spans if span.is_valid_on(day)]
        if standing:
            return standing[0].id, False
        past = [span for span in spans if span.valid_to is not None and span.valid_to < day]
        if past:
            last = max(past, key=lambda span: span.valid_to or date.min)
            return self._register.rolled_up(last.id, day), True
        return self._before_founding(spans[0].id, day), False

    def _before_founding(self, agency: str, day: date) -> str:
        """A province named before its day is its forebear; a ministry announced stays itself."""
        if self._kinds[agency] not in PROVINCE_KINDS:
            return agency
        for link in self._register.predecessors(agency):
            if link.main and self._register.get(link.id, day).is_valid_on(day):
                return link.id
        return agency

    def link(
        self,
        reading: Reading,
        day: date | None,
        relevance: float,
        mentions: Sequence[Mention] | None = None,
    ) -> tuple[AgencyTag, ...]:
        """The agencies of an article; subjects first, then by first appearance."""
        found = self.candidates(reading, day, mentions)
        if not found:
            return ()
        if self._weights is None:
            raise ValueError("the linker has no weights yet")
        named, focus = self._weights.decide(self.features(reading, found, relevance))
        tags = [
            _tag(candidate, reading, Role.FOCUS if subject else Role.MENTION)
            for candidate, real, subject in zip(found, named, focus, strict=True)
            if real
        ]
        return tuple(sorted(tags, key=lambda tag: tag.role is not Role.FOCUS))

    def features(
        self, reading: Reading, found: Sequence[Candidate], relevance: float
    ) -> np.ndarray:
        """One row a candidate; the columns are `LINK_FEATURES`."""
        article = _article_features(reading)
        unnamed = math.log1p(
            len(_UNNAMED.findall(reading.text.lower)) + len(_UNNAMED.findall(reading.title.lower))
        )
        kinds = [self._kind_of(candidate) for candidate in found]
        counts = [len(candidate.mentions) for candidate in found]
        titled = [any(m.part == "title" for m in candidate.mentions) for candidate in found]
        rows = []
        for order, candidate in enumerate(found):
            row = article | _own_features(candidate, reading)
            kind = kinds[order]
            province = kind == "province"
            row |= {
                kind: 1.0,
                "log_others": math.log1p(len(found) - 1),
                "first": order == 0,
                "only": len(found) == 1,
                "most": counts[order] == max(counts),
                "share": counts[order] / sum(counts),
                "title_first": titled[order] and not any(titled[:order]),
                "title_only": titled[order] and sum(titled) == 1,
                "first_kind": kind not in kinds[:order],
                "kind_count": math.log1p(kinds.count(kind)),
                "unnamed_organs": unnamed * province,
                "unnamed_alone": unnamed * (province and kinds.count(kind) == 1),
                "relevance": relevance,
                "relevance_bare": relevance * row["all_bare"],
                "relevance_title": relevance * titled[order],
                "relevance_lead": relevance * row["in_lead"],
                "relevance_first": relevance * (order == 0),
                "title_bare_reform": row["title_bare"] * row["title_reform"],
            }
            rows.append([float(row.get(name, 0.0)) for name in LINK_FEATURES])
        return np.array(rows)

    def _kind_of(self, candidate: Candidate) -> str:
        kind = self._kinds[candidate.agency]
        if kind in PROVINCE_KINDS:
            return "province"
        return "ministry" if kind in MINISTRY_KINDS else "other"


def is_abroad(mentions: Sequence[Mention]) -> bool:
    """Whether ministries are named and all of them are foreign, with no organ of Vietnam beside."""
    at_home = (
        mention.writing is not Writing.PLACE or mention.cue != "bare"
        for mention in _without_foreign(mentions)
    )
    return any(mention.foreign for mention in mentions) and not any(at_home)


def _without_lone_abbreviations(found: Sequence[Mention]) -> list[Mention]:
    """An ambiguous abbreviation counts only where the full name also stands."""
    named = {
        agency
        for mention in found
        if mention.writing is not Writing.AMBIGUOUS
        for agency in mention.agencies
    }
    return [
        mention
        for mention in found
        if mention.writing is not Writing.AMBIGUOUS or mention.agencies[0] in named
    ]


def _without_foreign(found: Sequence[Mention]) -> list[Mention]:
    """A ministry first called foreign stays foreign until the text says Việt Nam."""
    foreign: set[str] = set()
    kept = []
    for mention in found:
        name = mention.agencies[0]
        if mention.foreign:
            foreign.add(name)
            continue
        if mention.vietnamese:
            foreign.discard(name)
        if name not in foreign or mention.writing is Writing.PLACE:
            kept.append(mention)
    return kept


def _article_features(reading: Reading) -> dict[str, float]:
    hits = [*reading.title_terms, *reading.text_terms]
    reform = [hit for hit in hits if not hit.is_lookalike]
    in_title = any(not hit.is_lookalike for hit in reading.title_terms)
    return {
        "title_reform": float(in_title),
        "log_reform": math.log1p(len(reform)),
        "lookalike": float(len(hits) > len(reform)),
        "foreign_section": float("/the-gioi/" in reading.url),
        "short": float(len(reading.text.lower) < LEAD),
    }


def _own_features(candidate: Candidate, reading: Reading) -> dict[str, float]:
    mentions = candidate.mentions
    titled = [mention for mention in mentions if mention.part == "title"]
    texts = [mention for mention in mentions if mention.part == "text"]
    first = texts[0].start if texts else 0
    around = [(_around(mention, reading), mention) for mention in mentions]
    acting = [mention for (_, after), mention in around if _ACTS.match(after)]
    bracketed = [mention for (before, _), mention in around if before.rstrip().endswith("(")]
    cues = {mention.cue for mention in mentions}
    return {
        "in_title": bool(titled),
        "title_start": any(mention.start < 4 for mention in titled),
        "title_acts": any(mention in acting for mention in titled),
        "title_bare": any(mention.cue == "bare" for mention in titled),
        "title_organ": any(mention.cue in _ACTING for mention in titled),
        "in_lead": bool(titled) or first < LEAD,
        "lead_acting": any(mention.start < LEAD and mention.cue in _ACTING for mention in texts),
        "log_count": math.log1p(len(mentions)),
        "position": 0.0 if titled else min(1.0, first / 1600),
        "acts": math.log1p(len(acting)),
        "place_before": math.log1p(
            sum(bool(_PLACE_BEFORE.search(before)) for (before, _), _ in around)
        ),
        "in_brackets": math.log1p(len(bracketed)),
        "bracket_only": len(bracketed) == len(mentions),
        "rank": math.log1p(sum(mention.cue == "rank" for mention in mentions)),
        "bare": math.log1p(sum(mention.cue == "bare" for mention in mentions)),
        "acting": math.log1p(sum(mention.cue in _ACTING for mention in mentions)),
        "listed": any(mention.listed for mention in mentions),
        "all_listed": all(mention.listed for mention in mentions),
        "portfolio_only": all(mention.writing is Writing.PORTFOLIO for mention in mentions),
        "former": any(bool(_FORMER_AFTER.match(after)) for (_, after), _ in around),
        "legacy": candidate.legacy,
        **{organ: organ in cues for organ in _ORGANS},
        "institution": "institution" in cues,
        "institution_only": cues <= {"institution", "bare"} and "institution" in cues,
        "local_organ": "local_organ" in cues,
        "local": "local" in cues,
        "local_only": cues == {"local"},
        "all_bare": cues == {"bare"},
        "title_colon": any(
            mention.part == "title" and mention.start < 4 and after.startswith(":")
            for (_, after), mention in around
        ),
        "of_before": any(before.endswith("của ") for (before, _), _ in around),
        "lead_acts": any(m.part == "text" and m.start < LEAD for m in acting),
        "sentence_start": any(_SENTENCE_START.search(before) for (before, _), _ in around),
    }


def _around(mention: Mention, reading: Reading) -> tuple[str, str]:
    lower = _part(mention, reading).lower
    return (
        lower[max(0, mention.start - 40) : mention.start],
        lower[mention.end : mention.end + 40],
    )


def _part(mention: Mention, reading: Reading) -> Folded:
    return reading.title if mention.part == "title" else reading.text


def _tag(candidate: Candidate, reading: Reading, role: Role) -> AgencyTag:
    return AgencyTag(
        id=candidate.agency,
        role=role,
        via_legacy_name=candidate.legacy,
        evidence=tuple(
            evidence_of(mention.part, _part(mention, reading), mention.start, mention.end)
            for mention in candidate.mentions
        ),
    )


def evidence_of(part: str, text: Folded, start: int, end: int) -> Evidence:
    """The stretch as it stands in the text that was given."""
    first, last = text.span(start, end)
    return Evidence(part=part, start=first, end=last, words=text.written[first:last])


def link_weights(table: np.ndarray) -> LinkWeights:
    """The weights as the model file holds them, one row a model."""
    if table.shape != (4, len(LINK_FEATURES) + 2):
        raise ValueError(f"cỡ bảng liên kết {table.shape}, cần {(4, len(LINK_FEATURES) + 2)}")
    named, focus, named_province, focus_province = table
    return LinkWeights(
        named=named, focus=focus, named_province=named_province, focus_province=focus_province
    )
