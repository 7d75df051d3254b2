"""From the audit sample: how far each tag can be trusted, and whether a new model does otherwise.

An audited article stands for as many as its stratum held for each one drawn and decided, so that
the rare relevant ones may be drawn more often. Only articles drawn under a version speak for it:
a later model may have learnt from the decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from scipy import special

from domain.codes import Area
from domain.review import Audited, AuditReport, Drift, Rate, Reliability, Verdict
from measures.intervals import share_interval

RELEVANT: Final = "relevant"
QUESTIONS: Final = ("form", "tone", "audience", "aspect")
_TAIL: Final = 0.025
_NOTHING: Final = Rate(value=None, interval=None, n=0)


def audit_report(audited: Sequence[Audited], version: str) -> AuditReport:
    """The reliability of one version of the model, from the articles drawn under it."""
    own = [one for one in audited if one.model_version == version]
    agencies = Counter(
        agency for one in own for agency in {**one.said.agencies, **one.true.agencies}
    )
    relevant = [one for one in own if one.true.relevant]
    return AuditReport(
        model_version=version,
        articles=len(own),
        stands_for=sum(one.weight for one in own),
        relevance=_reliability(RELEVANT, own, lambda tags: tags.relevant),
        areas=[_reliability(area, own, _has_area(area)) for area in Area],
        agencies=[
            _reliability(agency, own, _has_agency(agency))
            for agency, _ in sorted(agencies.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        questions={name: _share(relevant, _is_right(name)) for name in QUESTIONS},
    )


def _has_area(area: Area) -> Callable[[Verdict], bool]:
    return lambda tags: area in tags.areas


def _has_agency(agency: str) -> Callable[[Verdict], bool]:
    return lambda tags: agency in tags.agencies


def _is_right(question: str) -> Callable[[Audited], bool]:
    return lambda one: bool(getattr(one.said, question) == getattr(one.true, question))


def weighed(audited: Sequence[Audited], drawn: Mapping[str, int]) -> list[Audited]:
    """The same articles, standing also for those of their stratum that nobody decided.

    `drawn` counts the articles drawn of each stratum. What was decided is taken for a random part
    of them: the queue is shuffled.
    """
    decided = Counter(one.stratum for one in audited)
    return [
        replace(one, weight=one.weight * drawn[one.stratum] / decided[one.stratum])
        for one in audited
    ]


def drift(now: AuditReport, before: AuditReport) -> list[Drift]:
    """Each figure of a model beside that of the model before, where both have one."""
    earlier = {one.code: one for one in (before.relevance, *before.areas, *before.agencies)}
    found = [
        Drift(code=one.code, figure=figure, now=getattr(one, figure), before=getattr(past, figure))
        for one in (now.relevance, *now.areas, *now.agencies)
        if (past := earlier.get(one.code)) is not None
        for figure in ("precision", "recall")
    ]
    found += [
        Drift(code=name, figure="accuracy", now=rate, before=before.questions[name])
        for name, rate in now.questions.items()
        if name in before.questions
    ]
    return [one for one in found if one.now.value is not None and one.before.value is not None]


def _reliability(
    code: str, audited: Sequence[Audited], holds: Callable[[Verdict], bool]
) -> Reliability:
    said = [one for one in audited if holds(one.said)]
    return Reliability(
        code=code,
        precision=_share(said, lambda one: holds(one.true)),
        recall=_recall(
            [one for one in said if holds(one.true)],
            [one for one in audited if not holds(one.said)],
            holds,
        ),
    )


def _share(counted: Sequence[Audited], is_hit: Callable[[Audited], bool]) -> Rate:
    """Tỷ lệ có trọng số; khoảng tin cậy 95% kiểu Wilson trên cỡ mẫu hiệu dụng của Kish.

    Nguồn: Kish (1965), cỡ mẫu hiệu dụng = (tổng trọng số)² / tổng bình phương trọng số.
    """
    if not counted:
        return _NOTHING
    weights = [one.weight for one in counted]
    total = sum(weights)
    value = sum(one.weight for one in counted if is_hit(one)) / total
    effective = max(1, int(total**2 / sum(weight**2 for weight in weights) + 1e-9))
    return Rate(value=value, interval=share_interval(value * effective, effective), n=len(counted))


def _recall(
    found: Sequence[Audited], unsaid: Sequence[Audited], holds: Callable[[Verdict], bool]
) -> Rate:
    """Độ phủ: phần tìm thấy trong tất cả bài đúng, kể cả bài bị sót mà mẫu ước lượng.

    Khoảng tin cậy 95%: số bài bị sót theo Fay và Feuer (1997) cho tổng Poisson có trọng số; số bài
    tìm đúng coi như đã biết. Không gặp bài sót nào không có nghĩa là không có: mép trên của số bị
    sót tính theo trọng số lớn nhất của phần máy không gắn, nên mẫu nhỏ cho khoảng rộng.
    """
    missed = [one for one in unsaid if holds(one.true)]
    n = len(found) + len(missed)
    if not n:
        return _NOTHING
    right = sum(one.weight for one in found)
    lost = sum(one.weight for one in missed)
    low, high = missed_interval(
        [one.weight for one in missed], max((one.weight for one in unsaid), default=0.0)
    )
    interval = (right / (right + high), right / (right + low))
    return Rate(
        value=right / (right + lost), interval=interval if found else share_interval(0, n), n=n
    )


def missed_interval(weights: Sequence[float], heaviest: float) -> tuple[float, float]:
    """The 95 % interval of a weighted count (Fay and Feuer); `heaviest` weight of the sample.

    >>> [round(end, 2) for end in missed_interval([], 1.0)]
    [0.0, 3.69]
    >>> [round(end, 2) for end in missed_interval([1.0] * 5, 1.0)]
    [1.62, 11.67]
    """
    total, spread = sum(weights), sum(weight**2 for weight in weights)
    low = spread / total * float(special.gammaincinv(total**2 / spread, _TAIL)) if weights else 0.0
    above, wide = total + heaviest, spread + heaviest**2
    if not above:
        return 0.0, 0.0
    high = wide / above * float(special.gammaincinv(above**2 / wide, 1 - _TAIL))
    return low, high


def versions_of(audited: Iterable[Audited]) -> list[str]:
    """The versions that articles were drawn under, in the order of the sample."""
    return list(dict.fromkeys(one.model_version for one in audited))
