"""Đa chiều: how evenly the stories spread over each dimension; and how much of them is critical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.codes import FORMS, PRESS_KINDS, TONES, Area, Level
from domain.figures import Status
from domain.qualities import QualityFigure
from measures.diversity import shannon, shannon_spread, simpson, simpson_spread, story_counts
from measures.ground import Ground, Story
from measures.inversion import Floats
from measures.shares import absent, share

#: From here on the intervals hold (see `docs/worlds.md`).
FEWEST_FOR_SPREAD: Final = 20
ASPECTS_TOLD: Final = ("trien_khai", "ket_qua", "chinh_sach", "vuong_mac")
CRITICAL_TONES: Final = frozenset({"phe_phan", "hon_hop"})
PROBLEM: Final = "vuong_mac"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension:
    """This is one dimension: its classes by the code list, and the labels of each story."""

    id: str
    classes: tuple[str, ...]
    #: Stories that have a label, with the places of their labels in `classes`.
    labels: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...]


def dimensions(ground: Ground) -> list[Dimension]:
    """Areas, forms, outlets, levels, aspects, tones."""
    seen = {each.outlet_id for each in ground.observation.outlets if each.source_days_observed}
    press = {outlet.id for outlet in ground.scope.outlets if outlet.kind in PRESS_KINDS}
    outlets = tuple(
        sorted(seen & press | {row.outlet_id for story in ground.stories for row in story.rows})
    )
    told = ground.stories
    return [
        _dimension("areas", tuple(Area), told, [list(story.areas) for story in told]),
        _dimension("forms", FORMS, told, [[story.chief.form] for story in told]),
        _dimension("outlets", outlets, told, [sorted(story.outlets) for story in told]),
        _dimension("levels", tuple(Level), told, [_levels(story) for story in told]),
        _dimension("aspects", ASPECTS_TOLD, told, [[story.chief.aspect] for story in told]),
        _dimension("tones", TONES, told, [[story.chief.tone] for story in told]),
    ]


def _levels(story: Story) -> list[str]:
    return sorted({row.outlet_level for row in story.rows})


def _dimension(
    name: str, classes: Sequence[str], stories: Sequence[Story], held: Sequence[Sequence[str]]
) -> Dimension:
    places = {one: place for place, one in enumerate(classes)}
    known = [
        (story, tuple(places[one] for one in labels if one in places))
        for story, labels in zip(stories, held, strict=True)
    ]
    return Dimension(
        id=name,
        classes=tuple(classes),
        labels=tuple(sorted(labels for _, labels in known if labels)),
        rows=tuple(story.chief.article_id for story, labels in known if labels),
    )


def evenness(dimension: Dimension, *, bare: bool = False) -> QualityFigure:
    """Độ đa dạng Shannon chuẩn hóa: 0 là chỉ có một loại, 1 là các loại đều nhau.

    Công thức: H′ = (−Σ p ln p + (số loại có tin − 1) / 2N) / ln K. K là số loại của bảng mã, không
    phải số loại đã thấy (với cơ quan báo chí: số báo quan sát được); phần thêm vào là hiệu chỉnh
    Miller–Madow. Câu chuyện nhiều nhãn chia đều cho các nhãn; câu chuyện chưa rõ nhãn không tính.

    Đại lượng: H′ của quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: phép đảo kiểm định bằng mô phỏng; không dùng khoảng bách phân vị bootstrap, vì ở
    N = 30 chỉ phủ 57%.
    Nguồn: Shannon (1948); Miller (1955); yêu cầu 1 (đa chiều), Quyết định 82/QĐ-BNV.

    >>> half = Dimension(id="tones", classes=TONES, labels=((0,), (1,)) * 10, rows=())
    >>> round(evenness(half).value, 3)
    0.518
    """
    counted = _counted(dimension, "shannon")
    if isinstance(counted, QualityFigure):
        return counted
    if bare:
        return _figure(dimension, "shannon", shannon(*counted), None)
    spread = shannon_spread(*counted)
    return _figure(dimension, "shannon", spread.value, spread.interval)


def difference(dimension: Dimension, *, bare: bool = False) -> QualityFigure:
    """Độ đa dạng Simpson: xác suất hai câu chuyện lấy ngẫu nhiên thuộc hai loại khác nhau.

    Công thức: D = 1 − Σ n_k (n_k − 1) / (N (N − 1)).

    Đại lượng: xác suất ấy trong quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: ước lượng không chệch; phép đảo kiểm định bằng mô phỏng.
    Nguồn: Simpson (1949); yêu cầu 1 (đa chiều), Quyết định 82/QĐ-BNV.

    >>> half = Dimension(id="tones", classes=TONES, labels=((0,), (1,)) * 10, rows=())
    >>> round(difference(half).value, 3)
    0.526
    """
    counted = _counted(dimension, "simpson")
    if isinstance(counted, QualityFigure):
        return counted
    if bare:
        return _figure(dimension, "simpson", simpson(*counted), None)
    spread = simpson_spread(*counted)
    return _figure(dimension, "simpson", spread.value, spread.interval)


def _counted(dimension: Dimension, kind: str) -> QualityFigure | tuple[Floats, float]:
    n = len(dimension.labels)
    if n < FEWEST_FOR_SPREAD:
        return absent(
            f"diverse.{dimension.id}.{kind}",
            Status.NOT_ENOUGH,
            f"mới có {n} câu chuyện, cần ít nhất {FEWEST_FOR_SPREAD}",
            unit="index", n=n, rows=dimension.rows,
        )  # fmt: skip
    return story_counts(dimension.labels, len(dimension.classes))


def _figure(
    dimension: Dimension, kind: str, value: float, interval: tuple[float, float] | None
) -> QualityFigure:
    """Without its interval the figure only stands beside that of another period."""
    figure_id = f"diverse.{dimension.id}.{kind}"
    return QualityFigure(
        id=figure_id, unit="index", status=Status.OK, value=value,
        interval=interval, n=len(dimension.labels), definition=figure_id,
        rows=dimension.rows,
    )  # fmt: skip


def is_critical(story: Story) -> bool:
    """Whether the story tells a problem or criticises."""
    return is_critical_code(story.chief.tone, story.chief.aspect)


def is_critical_code(tone: str, aspect: str) -> bool:
    """Whether a tone or an aspect stands for a problem or criticism."""
    return tone in CRITICAL_TONES or aspect == PROBLEM


def critical(stories: Sequence[Story]) -> QualityFigure:
    """Tỷ lệ câu chuyện nêu vướng mắc hoặc phê phán; nêu ra để đọc, không chấm là tốt hay xấu.

    Công thức: số câu chuyện có sắc thái phê phán, hỗn hợp hoặc nêu vướng mắc / số câu chuyện. Không
    có tin phê phán không phải là thành tích.

    Đại lượng: xác suất một câu chuyện có nêu vướng mắc hoặc phê phán.
    Bất định: quá trình đưa tin; sai số gắn nhãn ở số đã hiệu chỉnh.
    Cách tính: khoảng của một tỷ lệ; hiệu chỉnh theo mẫu kiểm tra phân tầng.
    Nguồn: mục tiêu 3 (giám sát), yêu cầu 1 (đa chiều), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import stories
    >>> critical([*stories(4), *stories(1, tone="phe_phan")]).value
    0.2
    """
    rows = [story.chief.article_id for story in stories if is_critical(story)]
    return share("diverse.critical", len(rows), len(stories), rows=rows)


def voices() -> QualityFigure:
    """Tỷ lệ câu chuyện dẫn lời từ hai loại người trở lên (lãnh đạo, chuyên gia, người dân...).

    Công thức: chưa tính được. Người được dẫn lời thường chỉ có trong thân bài, mà phần lớn tin mới
    đọc được tít và sapo; và chưa có mẫu bài do người đọc gắn nhãn để biết cách đọc nào là chắc. Một
    số đoán mò không được in: không có số thì không có.

    Đại lượng: xác suất một câu chuyện có từ hai loại tiếng nói.
    Bất định: không nêu.
    Cách tính: chưa có.
    Nguồn: yêu cầu 1 (đa chiều), Quyết định 82/QĐ-BNV.

    >>> voices().status
    <Status.NOT_OBSERVED: 'not_observed'>
    """
    return absent(
        "diverse.voices", Status.NOT_OBSERVED, "tít và sapo không cho biết chắc ai được dẫn lời"
    )
