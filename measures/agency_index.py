"""Đầy đủ: how much an agency is spoken of beside the others of its group, without a false ranking.

Small numbers jump: of thirty agencies with three stories each one has none and one has seven, by
chance alone. Each agency's ratio is therefore drawn towards its group, the more the less is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from domain.figures import Group
from measures.ground import Ground
from measures.inversion import Floats
from measures.observation import panel_of, panel_share

#: Below so many stories in a whole group its agencies are not told apart.
FEWEST_IN_GROUP: Final = 30
#: Steps of the grid of how much the group shrinks its members.
_STEPS: Final = 48
_HALVINGS: Final = 40
_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrunk:
    """This is what was seen of one member of a group, drawn towards the group."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyIndex:
    """This is one agency beside its group."""

    agency: str
    name: str
    group: Group
    stories: int
    #: What it would have, were all of its group alike; 0 where nobody of its group was watched.
    expected: float
    #: Whether an absence of its news may be called an absence.
    is_watched: bool
    #: None where the group has too few stories, or it was not watched.
    index: Shrunk | None
    #: The best and the worst place it may have in its group; equal only where that is sure.
    places: tuple[int, int] | None


def shrunk(found: Sequence[int], expected: Sequence[float]) -> list[Shrunk]:
    """Tỷ số đã thấy / chờ đợi của từng thành viên, co về mức chung của nhóm; 1 là mức chung.

    Công thức: n_g ~ Poisson(E_g θ_g), θ_g ~ Gamma(a, a). Với a đã biết, θ_g trung bình là
    (n_g + a) / (E_g + a). a không biết: lấy trung bình theo xác suất hậu nghiệm của a, tiên nghiệm
    đều trên phần co a / (a + trung vị E). Khoảng 95% là phân vị 2,5% và 97,5% của hỗn hợp Gamma.

    Nguồn: Christiansen và Morris (1997), mô hình Poisson phân cấp; Clayton và Kaldor (1987).

    >>> one, two, *_ = shrunk([0, 12, 3, 3, 3, 3], [4.0] * 6)
    >>> round(one.value, 2), round(two.value, 2)
    (0.41, 2.18)
    """
    n, e = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    steps = (np.arange(_STEPS) + 0.5) / _STEPS
    a = float(np.median(e)) * steps / (1 - steps)
    marginal = (
        special.gammaln(n[:, None] + a) - special.gammaln(a) + a * np.log(a)
        - (n[:, None] + a) * np.log(e[:, None] + a)
    ).sum(axis=0)  # fmt: skip
    weights = np.exp(marginal - marginal.max())
    weights /= weights.sum()
    shape, rate = n[:, None] + a, e[:, None] + a
    values = (weights * shape / rate).sum(axis=1)
    ends = [_quantiles(tail, weights, shape, rate) for tail in _TAILS]
    return [
        Shrunk(value=float(value), interval=(float(low), float(high)))
        for value, low, high in zip(values, *ends, strict=True)
    ]


def _quantiles(tail: float, weights: Floats, shape: Floats, rate: Floats) -> Floats:
    """The point of each row's mixture of gammas below which `tail` of it lies, by halving."""
    high = (special.gammaincinv(shape, tail) / rate).max(axis=1)
    low = np.zeros_like(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = (weights * special.gammainc(shape, middle[:, None] * rate)).sum(axis=1) < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found: Floats = (low + high) / 2
    return found


def places(intervals: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """The best and worst place of each: only those whose interval lies wholly above are before it.

    >>> places([(2.0, 3.0), (0.5, 1.5), (0.8, 1.2)])
    [(1, 1), (2, 3), (2, 3)]
    """
    return [
        (
            1 + sum(other_low > high for other_low, _ in intervals),
            len(intervals) - sum(other_high < low for _, other_high in intervals),
        )
        for low, high in intervals
    ]


def agency_indexes(ground: Ground) -> list[AgencyIndex]:
    """Chỉ số của từng cơ quan so với nhóm (bộ, ngành hoặc địa phương): 1 là mức chung của nhóm.

    Công thức: n_g / E_g, co về 1 theo Bayes thực nghiệm; n_g là số câu chuyện mà cơ quan là chủ
    thể, E_g là trung bình của những cơ quan trong nhóm được quan sát đủ: nơi không đọc được báo thì
    không thấy tin chưa phải là không có tin. Dân số, lượng hồ sơ không có trong dữ liệu nên mọi cơ
    quan của nhóm được chờ đợi như nhau. Khoảng chứa 1 là chưa khác mức chung. Không xếp hạng: cơ
    quan chỉ đứng sau những cơ quan có khoảng nằm hẳn trên khoảng của nó, nên chỗ đứng là một
    khoảng.

    Đại lượng: mức được nói đến của cơ quan trong quá trình đưa tin, so với trung bình của nhóm.
    Bất định: quá trình đưa tin.
    Cách tính: mô hình Poisson phân cấp, phần co lấy trung bình theo hậu nghiệm.
    Nguồn: Christiansen và Morris (1997); Clayton và Kaldor (1987).

    >>> from measures.examples import ground, text
    >>> told = [text(n, focus=("BNV" if n <= 20 else "BTC",)) for n in range(1, 35)]
    >>> first = next(line for line in agency_indexes(ground(*told)) if line.agency == "BNV")
    >>> first.stories, first.expected, round(first.index.value, 1), first.places
    (20, 2.0, 9.8, (1, 2))
    """
    if ground.scope.agency is not None:
        return []
    return [line for group in Group for line in _group_lines(ground, group)]


def _group_lines(ground: Ground, group: Group) -> list[AgencyIndex]:
    listed = [agency for agency, kind in ground.listed if kind is group]
    counts = [len(ground.told.get(agency.id, ())) for agency in listed]
    watched = [
        panel_share(panel_of(ground.observation, agency.id, ground.scope.register))
        >= ground.scope.threshold
        for agency in listed
    ]
    known = [place for place, is_watched in enumerate(watched) if is_watched]
    seen = [counts[place] for place in known]
    mean = sum(seen) / max(1, len(seen))
    if sum(seen) < FEWEST_IN_GROUP:
        known = []
    found = dict(zip(known, shrunk(seen, [mean] * len(seen)), strict=True)) if known else {}
    ranks = dict(zip(known, places([found[place].interval for place in known]), strict=True))
    return [
        AgencyIndex(
            agency=agency.id,
            name=agency.official_name,
            group=group,
            stories=counts[place],
            expected=mean,
            is_watched=watched[place],
            index=found.get(place),
            # A place among those not watched too cannot be told.
            places=ranks.get(place) if all(watched) else None,
        )
        for place, agency in enumerate(listed)
    ]
