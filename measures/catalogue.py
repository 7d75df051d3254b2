"""Every figure of the profile: its quality, its Vietnamese name, its words and its minimum n.

The words of a figure are its function's docstring; `docs/measures.md` and the command print them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.qualities import QualityId
from measures import audience, balance, cells, context, expected, regularity, timeliness, variety
from measures.intervals import FEWEST_FOR_MEAN, FEWEST_FOR_SHARE

#: The labels under which a docstring says what the docs table needs.
LABELS: Final = ("Công thức", "Đại lượng", "Bất định", "Cách tính", "Nguồn")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """This is one figure as the catalogue lists it."""

    id: str
    quality: QualityId
    name: str
    measure: Callable[..., object]
    #: From how many observations on there is a value (and, where one is valid, an interval).
    minimum: int

    @property
    def words(self) -> dict[str, str]:
        """The docstring of its function by label; see `words_of`."""
        return words_of(self.measure)

    @property
    def definition(self) -> str:
        """The name and the words of the figure, as one text."""
        words = self.words
        parts = [f"{self.name}. {words['']}"]
        parts += [f"{label}: {words[label]}" for label in LABELS if label in words]
        return "\n".join(parts)


def words_of(measure: Callable[..., object]) -> dict[str, str]:
    """A docstring by label; its first paragraph stands under "" (the definition)."""
    text = (inspect.getdoc(measure) or "").partition(">>>")[0]
    found: dict[str, str] = {}
    label = ""
    for line in text.splitlines():
        head, colon, rest = line.partition(": ")
        if colon and head in LABELS:
            label, line = head, rest
        found[label] = f"{found.get(label, '')} {line}".strip()
    return {label: " ".join(words.split()) for label, words in found.items()}


#: Id, name, function, minimum n.
_Rows = tuple[tuple[str, str, Callable[..., object], int], ...]

_DIMENSIONS: Final = {
    "areas": "lĩnh vực",
    "forms": "thể loại",
    "outlets": "cơ quan báo chí",
    "levels": "trung ương và địa phương",
    "aspects": "khía cạnh",
    "tones": "sắc thái",
}

_COMPLETE: _Rows = (
    ("complete.cells", "Ô cơ quan x lĩnh vực có tin", cells.covered_cells, 1),
    ("complete.agencies", "Cơ quan có tin", cells.covered_agencies, 1),
    ("complete.areas", "Lĩnh vực có tin", cells.covered_areas, 1),
    ("complete.events", "Sự kiện được báo chí đăng", expected.covered_events, 1),
    ("complete.aspects", "Cơ quan có đủ tin triển khai và kết quả", cells.both_aspects, 1),
    (
        "complete.balance",
        "Mức tập trung vào ít cơ quan",
        balance.balance,
        balance.FEWEST_FOR_BALANCE,
    ),
    ("complete.owned", "Ô cơ quan tự đăng trên cổng của mình", cells.owned_cells, 1),
)
_TIMELY: _Rows = (
    ("timely.within_72h", "Đăng trong 72 giờ", timeliness.within, FEWEST_FOR_SHARE),
    ("timely.within_24h", "Đăng trong 24 giờ", timeliness.within, FEWEST_FOR_SHARE),
    ("timely.within_7d", "Đăng trong 7 ngày", timeliness.within, FEWEST_FOR_SHARE),
    ("timely.working_3d", "Đăng trong 3 ngày làm việc", timeliness.working_days, FEWEST_FOR_SHARE),
    ("timely.uncovered", "Chưa được đăng", timeliness.uncovered, FEWEST_FOR_SHARE),
    (
        "timely.first_median",
        "Độ trễ đến báo thứ nhất, trung vị",
        timeliness.waiting_time,
        timeliness.FEWEST_FOR_MEDIAN,
    ),
    (
        "timely.first_p90",
        "Độ trễ đến báo thứ nhất, phân vị 90",
        timeliness.waiting_time,
        timeliness.FEWEST_FOR_P90,
    ),
    (
        "timely.third_median",
        "Độ trễ đến báo thứ ba, trung vị",
        timeliness.waiting_time,
        timeliness.FEWEST_FOR_MEDIAN,
    ),
    (
        "timely.third_p90",
        "Độ trễ đến báo thứ ba, phân vị 90",
        timeliness.waiting_time,
        timeliness.FEWEST_FOR_P90,
    ),
    ("timely.before", "Đăng trước khi công bố", timeliness.before, FEWEST_FOR_SHARE),
)
_AUDIENCE: _Rows = (
    ("audience.fit", "Mức khớp đối tượng", audience.fit, FEWEST_FOR_SHARE),
    (
        "audience.similarity",
        "Độ giống phân bố đối tượng của kế hoạch",
        audience.similarity,
        audience.FEWEST_FOR_SIMILARITY,
    ),
    ("audience.labelled", "Câu chuyện nhận ra đối tượng", audience.labelled, FEWEST_FOR_SHARE),
    ("audience.local", "Tin địa phương lên báo địa phương", audience.local_fit, FEWEST_FOR_SHARE),
    (
        "audience.own_province",
        "Báo địa phương viết về địa phương mình",
        audience.own_province,
        FEWEST_FOR_SHARE,
    ),
    (
        "audience.level",
        "Tin của bộ, ngành đến báo địa phương",
        audience.reach_of_ministries,
        FEWEST_FOR_SHARE,
    ),
)
_REGULAR: _Rows = (
    ("regular.weeks", "Tuần có tin", regularity.active_weeks, 1),
    ("regular.promised", "Số lần có tin mỗi tháng, so với đã hứa", regularity.promised, 1),
    ("regular.longest_gap", "Khoảng lặng dài nhất", regularity.longest_gap, 1),
    ("regular.p90_gap", "Khoảng lặng, phân vị 90", regularity.p90_gap, regularity.FEWEST_GAPS),
    (
        "regular.burstiness",
        "Độ dồn cục",
        regularity.burstiness,
        regularity.FEWEST_FOR_BURSTS,
    ),
    ("regular.campaign", "Phần tin của ba ngày cao điểm", regularity.campaign,
     regularity.FEWEST_FOR_CAMPAIGN),
)  # fmt: skip
_DIVERSE: _Rows = (
    *(
        (f"diverse.{key}.shannon", f"Độ đều theo {name}", variety.evenness,
         variety.FEWEST_FOR_SPREAD)
        for key, name in _DIMENSIONS.items()
    ),
    *(
        (f"diverse.{key}.simpson", f"Độ khác nhau theo {name}", variety.difference,
         variety.FEWEST_FOR_SPREAD)
        for key, name in _DIMENSIONS.items()
    ),
    ("diverse.critical", "Nêu vướng mắc, phê phán", variety.critical, FEWEST_FOR_SHARE),
    ("diverse.voices", "Nhiều loại tiếng nói", variety.voices, 0),
)  # fmt: skip
_CONTEXT: _Rows = (
    ("context.stories", "Câu chuyện", context.volume, 0),
    ("context.placements", "Tin, bài", context.volume, 0),
    ("context.continuing", "Tin, bài của các báo không đổi", context.of_continuing, 0),
    ("context.attention", "Phần trong mọi tin, bài đã đọc", context.attention, 1),
    ("context.share_of_voice", "Tỷ phần tiếng nói", context.share_of_voice, FEWEST_FOR_SHARE),
    ("context.reprint_ratio", "Tỷ lệ đăng lại", context.copies, FEWEST_FOR_MEAN),
    ("context.depth", "Số báo đăng một câu chuyện", context.depth, FEWEST_FOR_MEAN),
    (
        "context.picked_up_72h",
        "Tin của cổng được đăng lại trong 72 giờ",
        context.picked_up,
        FEWEST_FOR_SHARE,
    ),
    ("context.text_reuse", "Mức dùng lại lời thông cáo", context.text_reuse, FEWEST_FOR_SHARE),
    (
        "context.portal_text",
        "Câu chuyện đăng nguyên văn tin của cổng",
        context.portal_text,
        FEWEST_FOR_SHARE,
    ),
    (
        "context.answer_median",
        "Thời gian trả lời tin phản ánh, trung vị",
        context.answer_time,
        timeliness.FEWEST_FOR_MEDIAN,
    ),
)

CATALOGUE: Final = {
    figure_id: Entry(id=figure_id, quality=quality, name=name, measure=measure, minimum=minimum)
    for quality, listed in (
        (QualityId.COMPLETE, _COMPLETE),
        (QualityId.TIMELY, _TIMELY),
        (QualityId.AUDIENCE, _AUDIENCE),
        (QualityId.REGULAR, _REGULAR),
        (QualityId.DIVERSE, _DIVERSE),
        (QualityId.CONTEXT, _CONTEXT),
    )
    for figure_id, name, measure, minimum in listed
}
