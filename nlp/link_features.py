"""What speaks for an agency being one here, and for its being what the article is about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nlp.aliases import Writing
from nlp.features import LEAD, Reading
from nlp.folded import Folded
from nlp.mentions import Mention

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


def feature_table(
    reading: Reading, found: Sequence[Candidate], kinds: Sequence[str], relevance: float
) -> np.ndarray:
    """One row a candidate, whose kind stands in `kinds`; the columns are `LINK_FEATURES`."""
    article = _article_features(reading)
    rows = [
        article | _own_features(candidate, reading) | beside
        for candidate, beside in zip(found, _beside_features(found, kinds), strict=True)
    ]
    unnamed = math.log1p(
        len(_UNNAMED.findall(reading.text.lower)) + len(_UNNAMED.findall(reading.title.lower))
    )
    for row, kind in zip(rows, kinds, strict=True):
        province = kind == "province"
        row |= {
            kind: 1.0,
            "unnamed_organs": unnamed * province,
            "unnamed_alone": unnamed * (province and kinds.count(kind) == 1),
            "relevance": relevance,
            "relevance_bare": relevance * row["all_bare"],
            "relevance_title": relevance * row["in_title"],
            "relevance_lead": relevance * row["in_lead"],
            "relevance_first": relevance * row["first"],
            "title_bare_reform": row["title_bare"] * row["title_reform"],
        }
    return np.array([[float(row.get(name, 0.0)) for name in LINK_FEATURES] for row in rows])


def _beside_features(
    found: Sequence[Candidate], kinds: Sequence[str]
) -> Iterator[dict[str, float]]:
    """How each candidate stands among the others."""
    counts = [len(candidate.mentions) for candidate in found]
    titled = [any(m.part == "title" for m in candidate.mentions) for candidate in found]
    for order, (kind, count) in enumerate(zip(kinds, counts, strict=True)):
        yield {
            "log_others": math.log1p(len(found) - 1),
            "first": order == 0,
            "only": len(found) == 1,
            "most": count == max(counts),
            "share": count / sum(counts),
            "title_first": titled[order] and not any(titled[:order]),
            "title_only": titled[order] and sum(titled) == 1,
            "first_kind": kind not in kinds[:order],
            "kind_count": math.log1p(kinds.count(kind)),
        }


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
    lower = part_of(mention, reading).lower
    return (
        lower[max(0, mention.start - 40) : mention.start],
        lower[mention.end : mention.end + 40],
    )


def part_of(mention: Mention, reading: Reading) -> Folded:
    """The folded text in which a mention stands."""
    return reading.title if mention.part == "title" else reading.text
