"""The tagger's errors carried into a figure, from a sample that a person audited.

Stratified prediction-powered inference: the audit sample is drawn from the very articles that are
counted, by predicted tag, so what it says of each predicted tag holds for them. Rogan and Gladen's
estimator carries sensitivity and specificity over from another population and falls apart where
they are low; it is not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.qualities import Corrected
from measures.intervals import Interval, share_interval

#: Checked articles of each predicted tag below which nothing is corrected.
FEWEST_AUDITED: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """This is one audited article: what the tagger said of it, what a person says."""

    predicted: bool
    true: bool
    #: How many articles it stands for.
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """This is a share found in the audit, with its interval."""

    value: float
    low: float
    high: float


def rate(audited: Sequence[Checked], *, predicted: bool) -> Rate | None:
    """How often a tag that was (or was not) predicted is true; None where too few were audited.

    >>> seen = [Checked(predicted=True, true=n < 45) for n in range(50)]
    >>> round(rate(seen, predicted=True).value, 2), rate(seen, predicted=False) is None
    (0.9, True)
    """
    chosen = [one for one in audited if one.predicted is predicted]
    if len(chosen) < FEWEST_AUDITED:
        return None
    total = sum(one.weight for one in chosen)
    value = sum(one.weight for one in chosen if one.true) / total
    # Kish: unequal weights are worth fewer articles.
    effective = max(1, int(total**2 / sum(one.weight**2 for one in chosen)))
    low, high = share_interval(value * effective, effective)
    return Rate(value=value, low=low, high=high)


def corrected_share(k: int, n: int, audited: Sequence[Checked]) -> Corrected | None:
    """Tỷ lệ đã hiệu chỉnh sai số gắn nhãn: suy luận theo dự đoán, phân tầng theo nhãn đã gắn.

    Công thức: θ = p·đúng + (1 − p)·sót. p = k/n là phần được gắn nhãn; “đúng” là phần thật có trong
    số được gắn nhãn, “sót” là phần thật có trong số không được gắn nhãn, cả hai từ mẫu kiểm tra.

    Đại lượng: tỷ lệ thật trong quá trình đưa tin.
    Bất định: quá trình đưa tin và sai số gắn nhãn.
    Cách tính: ghép ba khoảng theo MOVER; cần ít nhất 30 bài kiểm tra cho mỗi nhãn.
    Nguồn: Angelopoulos và cộng sự (2023); Tenenbein (1970); Zou và Donner (2008), MOVER.

    >>> audit = [Checked(predicted=True, true=n < 40) for n in range(50)]
    >>> audit += [Checked(predicted=False, true=n < 5) for n in range(100)]
    >>> found = corrected_share(30, 100, audit)
    >>> round(found.value, 3), [round(end, 2) for end in found.interval]
    (0.275, [0.2, 0.36])
    """
    right, missed = rate(audited, predicted=True), rate(audited, predicted=False)
    if n == 0 or right is None or missed is None:
        return None
    share = k / n
    low, high = share_interval(k, n)
    value = share * right.value + (1 - share) * missed.value
    lean = right.value - missed.value
    p_down, p_up = (share - low, high - share) if lean >= 0 else (high - share, share - low)
    down = math.hypot(
        lean * p_down, share * (right.value - right.low), (1 - share) * (missed.value - missed.low)
    )
    up = math.hypot(
        lean * p_up, share * (right.high - right.value), (1 - share) * (missed.high - missed.value)
    )
    return Corrected(value=value, interval=(max(0.0, value - down), min(1.0, value + up)))


def corrected_count(k: int, audited: Sequence[Checked]) -> Corrected | None:
    """Số đã gắn nhãn mà thật có: k nhân với phần đúng; không bù phần sót, vốn không biết ở đâu.

    >>> found = corrected_count(20, [Checked(predicted=True, true=n < 45) for n in range(50)])
    >>> round(found.value, 1), [round(end, 1) for end in found.interval]
    (18.0, [13.1, 20.0])
    """
    right = rate(audited, predicted=True)
    if right is None:
        return None
    value = k * right.value
    # How many of these k are true varies even where the rate is known.
    own_low, own_high = share_interval(value, k) if k else (right.value, right.value)
    down = math.hypot(k * (right.value - right.low), value - k * own_low)
    up = math.hypot(k * (right.high - right.value), k * own_high - value)
    return Corrected(value=value, interval=(max(0.0, value - down), min(float(k), value + up)))


def surely_covered(
    findings: Sequence[int], cells: int, audited: Sequence[Checked]
) -> Corrected | None:
    """Tỷ lệ ô có ít nhất một phát hiện đúng, từ xác suất 1 − (1 − đúng)^m của ô có m phát hiện.

    Công thức: Σ (1 − (1 − đúng)^m) / số ô. Các phát hiện coi như sai độc lập nhau. Ô không có phát
    hiện nào tính 0: phần sót không biết nằm ở ô nào.

    Đại lượng: tỷ lệ ô thật có tin trong những ô có phát hiện của kỳ này.
    Bất định: sai số gắn nhãn.
    Cách tính: khoảng của phần đúng, cộng phương sai của từng ô.
    Nguồn: quy tắc cộng xác suất; metrics của hệ thống, phần sai số phân loại.

    >>> audit = [Checked(predicted=True, true=n < 45) for n in range(50)]
    >>> round(surely_covered([1, 2, 0], 3, audit).value, 3)
    0.63
    """
    right = rate(audited, predicted=True)
    if right is None or cells == 0:
        return None

    def chances(precision: float) -> list[float]:
        return [1 - (1 - precision) ** m for m in findings]

    value = sum(chances(right.value)) / cells
    spread = 1.96 * math.sqrt(sum(p * (1 - p) for p in chances(right.value))) / cells
    low, high = sum(chances(right.low)) / cells, sum(chances(right.high)) / cells
    top = sum(m > 0 for m in findings) / cells
    return Corrected(
        value=value,
        interval=_ends(value, (low, high), spread, top),
    )


def _ends(value: float, systematic: Interval, spread: float, top: float) -> Interval:
    low = value - math.hypot(value - systematic[0], spread)
    high = value + math.hypot(systematic[1] - value, spread)
    return max(0.0, low), min(top, high)
