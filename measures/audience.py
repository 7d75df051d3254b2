"""Đúng đối tượng: whom the stories address, against the plan's matrix; local and level fit.

This is the addressed audience as read in the text, not the audience reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from domain.codes import AUDIENCES, PRESS_KINDS, Area, Level
from domain.figures import Group, Status
from domain.qualities import QualityFigure
from measures.ground import Ground, Story, local_outlets
from measures.inversion import SAMPLES, Floats, inverted
from measures.observation import panel_share
from measures.shares import absent, share

#: From here on the interval of the similarity holds.
FEWEST_FOR_SIMILARITY: Final = 20
#: From far off the plan to the plan itself.
_STEPS: Final = (*np.linspace(-1.5, 0, 7), *np.linspace(0.1, 1, 10))

Weights = Callable[[Area], Mapping[str, float]]


def addressed(stories: Sequence[Story]) -> list[Story]:
    """The stories whose audience is known and that have an area."""
    return [story for story in stories if story.chief.audience in AUDIENCES and story.areas]


def labelled(stories: Sequence[Story]) -> QualityFigure:
    """Tỷ lệ câu chuyện nhận ra được đối tượng; phần còn lại không vào mức khớp.

    Công thức: số câu chuyện có nhãn đối tượng và có lĩnh vực / số câu chuyện.

    Đại lượng: xác suất một câu chuyện nhận ra được đối tượng.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: nguyên tắc công khai cách đo của AMEC.

    >>> from measures.examples import stories
    >>> labelled([*stories(4), *stories(1, audience="unknown")]).value
    0.8
    """
    known = addressed(stories)
    rows = [story.chief.article_id for story in stories]
    return share("audience.labelled", len(known), len(stories), rows=rows)


def fit(stories: Sequence[Story], weights: Weights, note: str) -> QualityFigure:
    """Mức khớp đối tượng F: trung bình trọng số mà ma trận của kế hoạch dành cho đối tượng của tin.

    Công thức: F = Σ W[lĩnh vực, đối tượng] / N, trên các câu chuyện biết đối tượng; câu chuyện của
    nhiều lĩnh vực lấy trung bình. Đo đối tượng mà bài viết hướng tới, không đo người đã đọc.

    Đại lượng: trọng số trung bình trong quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ với điểm lẻ; rộng hơn mức cần thiết.
    Nguồn: mục tiêu 1 và 5 (đúng đối tượng), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import stories
    >>> plan = {"nguoi_dan": 0.5, "doanh_nghiep": 0.4}
    >>> told = [*stories(3), *stories(2, audience="doanh_nghiep")]
    >>> round(fit(told, lambda area: plan, "").value, 2)
    0.46
    """
    known = addressed(stories)
    scores = [
        sum(weights(area).get(story.chief.audience, 0.0) for area in story.areas) / len(story.areas)
        for story in known
    ]
    # Summed in a fixed order: the order of rows must not move the last digit.
    rows = [story.chief.article_id for story in known]
    return share("audience.fit", sum(sorted(scores)), len(known), rows=rows, reason=note)


def similarity(stories: Sequence[Story], weights: Weights, note: str) -> QualityFigure:
    """Độ giống giữa phân bố đối tượng thực tế và phân bố của kế hoạch: 1 là trùng, 0 là khác hẳn.

    Công thức: 1 − JS(P thực tế ‖ P kế hoạch) trong từng lĩnh vực, logarit cơ số 2, trung bình theo
    số câu chuyện; đã bù phần lệch do ít tin.

    Đại lượng: độ giống của quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: phép đảo kiểm định bằng mô phỏng, qua họ phân bố đi từ phân bố đã thấy đến kế hoạch.
    Nguồn: Lin (1991), phân kỳ Jensen–Shannon; mục tiêu 1 và 5, Quyết định 82/QĐ-BNV.

    >>> from measures.examples import stories
    >>> plan = {"nguoi_dan": 0.5, "doanh_nghiep": 0.5}
    >>> found = similarity(stories(40), lambda area: plan, "")
    >>> round(found.value, 2)
    0.69
    """
    figure_id = "audience.similarity"
    known = addressed(stories)
    rows = [story.chief.article_id for story in known]
    if len(known) < FEWEST_FOR_SIMILARITY:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {len(known)} câu chuyện, cần ít nhất {FEWEST_FOR_SIMILARITY}",
            unit="index", n=len(known), rows=rows,
        )  # fmt: skip
    counts = np.zeros((len(Area), len(AUDIENCES)))
    for story in known:
        for area in story.areas:
            place = list(Area).index(area), AUDIENCES.index(story.chief.audience)
            counts[place] += 1 / len(story.areas)
    used = [row for row in range(len(Area)) if counts[row].sum() > 0]
    plan = np.array([[weights(list(Area)[row]).get(one, 0.0) for one in AUDIENCES] for row in used])
    low, middle, high = similarity_interval(counts[used], plan)
    return QualityFigure(
        id=figure_id, unit="index", status=Status.OK, value=middle, interval=(low, high),
        n=len(known), reason=note, definition=figure_id, rows=tuple(rows),
    )  # fmt: skip


def similarity_interval(counts: Floats, plan: Floats) -> tuple[float, float, float]:
    """(low, median-unbiased, high) of 1 - JS, from counts and plan by area and audience."""
    totals = counts.sum(axis=1)
    sizes = np.maximum(1, np.round(totals)).astype(int)
    part = totals / totals.sum()
    # Half a story more, in part where the plan puts it, in part anywhere.
    smooth = (counts + 0.25 * plan + 0.25 / plan.shape[1]) / (totals[:, None] + 0.5)

    def law(step: float) -> Floats:
        mixed = np.maximum((1 - step) * smooth + step * plan, 0.0)
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), dtype=np.float64)

    def likeness(shares: Floats) -> Floats:
        return np.asarray(((1 - jensen_shannon(shares, plan)) * part).sum(axis=-1))

    def sample(step: float, chance: np.random.Generator) -> Floats:
        drawn = [
            chance.multinomial(size, shares, size=SAMPLES) / size
            for size, shares in zip(sizes, law(step), strict=True)
        ]
        return likeness(np.stack(drawn, axis=1))

    seen = float(likeness(counts / totals[:, None]))
    return inverted(seen, _STEPS, lambda step: float(likeness(law(step))), sample)


def jensen_shannon(first: Floats, second: Floats) -> Floats:
    """The Jensen-Shannon divergence along the last axis, base 2: 0 equal, 1 disjoint.

    >>> float(jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    1.0
    >>> round(float(jensen_shannon(np.array([0.5, 0.5]), np.array([1.0, 0.0]))), 3)
    0.311
    """
    middle = (first + second) / 2

    def against(shares: Floats) -> Floats:
        ratio = np.divide(shares, middle, out=np.ones_like(middle), where=(shares > 0))
        return np.asarray((shares * np.log2(ratio)).sum(axis=-1), dtype=np.float64)

    shape = np.broadcast_shapes(first.shape, second.shape)
    parts = against(np.broadcast_to(first, shape)) + against(np.broadcast_to(second, shape))
    return np.asarray(parts / 2, dtype=np.float64)


def local_fit(ground: Ground) -> QualityFigure:
    """Tỷ lệ câu chuyện về một địa phương được ít nhất một cơ quan báo chí của địa phương đó đăng.

    Công thức: số lượt (câu chuyện, địa phương chủ thể) có báo của địa phương đăng / số lượt, trên
    những địa phương có báo được khai báo và quan sát được.

    Đại lượng: xác suất một câu chuyện về địa phương được báo địa phương đăng.
    Bất định: quá trình đưa tin, và những ngày báo địa phương không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (đúng đối tượng, tại các địa phương), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> told = [text(n, ("bao_a", "bao_hue")[n % 2], focus=("P34:hue",)) for n in range(1, 7)]
    >>> local_fit(ground(*told)).value
    0.5
    """
    figure_id = "audience.local"
    provinces = [agency.id for agency, group in ground.listed if group is Group.PROVINCE]
    if not provinces:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính cho địa phương")
    shares = {outlet.outlet_id: outlet.share for outlet in ground.observation.outlets}
    carried = unsure = seen = 0
    rows: list[int] = []
    for province in provinces:
        home = local_outlets(ground, province)
        if not any(shares.get(outlet, 0.0) > 0 for outlet in home):
            continue
        seen += 1
        watched = max(shares.get(outlet, 0.0) for outlet in home) >= ground.scope.threshold
        for story in ground.stories:
            if province in story.focus:
                rows.append(story.chief.article_id)
                carried += bool(story.outlets & home)
                unsure += not story.outlets & home and not watched
    if not seen:
        return absent(figure_id, Status.NOT_OBSERVED, "không quan sát được báo địa phương nào")
    return share(figure_id, carried, len(rows), possible=carried + unsure, rows=rows)


def own_province(ground: Ground) -> QualityFigure:
    """Tỷ lệ câu chuyện của báo địa phương nói về chính địa phương mình, không phải tin trung ương.

    Công thức: số lượt (câu chuyện, báo địa phương) mà địa phương của báo là chủ thể / số lượt.

    Đại lượng: xác suất một câu chuyện cải cách hành chính trên báo địa phương nói về địa phương ấy.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (đúng đối tượng), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> own = [text(n, "bao_hue", focus=("P34:hue",)) for n in range(1, 5)]
    >>> own_province(ground(*own, text(5, "bao_hue"))).value
    0.8
    """
    figure_id = "audience.own_province"
    if not local_share(ground):
        return absent(figure_id, Status.NOT_OBSERVED, "không quan sát được báo địa phương nào")
    lots = {
        (story.id, row.outlet_id): (
            row.article_id,
            ground.scope.heir(row.outlet_province) in story.focus,
        )
        for story in ground.stories
        for row in reversed(story.rows)
        if row.outlet_level is Level.PROVINCIAL and row.outlet_province
    }
    rows = [row for row, _ in lots.values()]
    return share(figure_id, sum(own for _, own in lots.values()), len(lots), rows=rows)


def reach_of_ministries(ground: Ground, outlets: int = 1) -> QualityFigure:
    """Tỷ lệ câu chuyện của bộ, ngành đến được ít nhất một báo địa phương.

    Công thức: số câu chuyện mà bộ, ngành là chủ thể có từ x báo địa phương trở lên đăng (x = 1) /
    số câu chuyện mà bộ, ngành là chủ thể.

    Đại lượng: xác suất một câu chuyện của bộ, ngành xuống tới báo địa phương.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (đúng đối tượng), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> told = [text(n) for n in range(1, 6)]
    >>> reach_of_ministries(ground(*told, text(6, "bao_hue", story_id=1))).value
    0.2
    """
    figure_id = "audience.level"
    ministries = {agency.id for agency, group in ground.listed if group is not Group.PROVINCE}
    if not ministries:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính cho bộ, ngành")
    watched = local_share(ground)
    if not watched:
        return absent(figure_id, Status.NOT_OBSERVED, "không quan sát được báo địa phương nào")
    asked = [story for story in ground.stories if ministries & set(story.focus)]
    reaching = sum(
        len({row.outlet_id for row in story.rows if row.outlet_level is Level.PROVINCIAL})
        >= outlets
        for story in asked
    )
    rows = [story.chief.article_id for story in asked]
    left = len(asked) - reaching
    return share(
        figure_id,
        reaching,
        len(asked),
        possible=len(asked) if watched < ground.scope.threshold else None,
        missed=left * (1 - watched),
        rows=rows,
    )


def local_share(ground: Ground) -> float:
    """The observed share of the provincial press; 0 where none was observed."""
    return panel_share(
        outlet
        for outlet in ground.observation.outlets
        if outlet.kind in PRESS_KINDS and outlet.level is Level.PROVINCIAL
    )
