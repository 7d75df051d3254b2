"""Why a figure stands without a value corrected for the tagger's errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from domain.qualities import QualityFigure

#: Figures that are corrected once enough articles have been audited.
CORRECTABLE: Final = frozenset(
    {
        "complete.cells",
        "complete.agencies",
        "complete.areas",
        "diverse.critical",
        "context.stories",
        "context.attention",
        "context.share_of_voice",
    }
)
NO_AUDIT: Final = "chưa có đủ mẫu kiểm tra"
_LINKS: Final = "phụ thuộc việc gắn câu chuyện với sự kiện, mẫu kiểm tra nhãn không nói được"
#: Beginning of an id: why not; the longest that fits counts.
_REASONS: Final = {
    "complete.": "mẫu kiểm tra không cho biết phần sót nằm ở cơ quan nào",
    "complete.events": _LINKS,
    "complete.owned": "nhãn của cổng thông tin không nằm trong mẫu kiểm tra báo chí",
    "timely.": _LINKS,
    "audience.": "phân bố nhiều loại chưa có cách hiệu chỉnh đã kiểm chứng",
    "regular.": "khoảng lặng và ngày cao điểm không suy ra được từ mẫu kiểm tra",
    "diverse.": "phân bố nhiều loại chưa có cách hiệu chỉnh đã kiểm chứng",
    "context.": "không phải tỷ lệ hay số đếm của một nhãn",
    "context.picked_up_72h": _LINKS,
    "context.text_reuse": _LINKS,
    "context.portal_text": "phụ thuộc việc nhận ra bản trùng, mẫu kiểm tra nhãn không nói được",
    "context.answer_median": _LINKS,
}


def with_reason(figure: QualityFigure) -> QualityFigure:
    """The figure, saying why it is not corrected where it has a value and is not.

    >>> from measures.shares import share
    >>> with_reason(share("diverse.critical", 2, 10)).corrected_reason
    'chưa có đủ mẫu kiểm tra'
    """
    if figure.value is None or figure.corrected is not None:
        return figure
    if figure.id in CORRECTABLE:
        return replace(figure, corrected_reason=NO_AUDIT)
    fitting = [start for start in _REASONS if figure.id.startswith(start)]
    return replace(figure, corrected_reason=_REASONS[max(fitting, key=len)] if fitting else "")
