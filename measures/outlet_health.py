"""How an outlet stands: as the best of its lists, and as its pages can be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.codes import SourceState
from domain.health import OutletHealth, PageTally, SourceHealth
from domain.written import number
from measures.health_words import declaration

#: Days of article pages that tell whether a layout still holds.
PAGE_DAYS = 3
_MOST_UNREADABLE = 0.5
_FEWEST_PAGES = 4
#: The best of an outlet's lists speaks for it.
_BEST_FIRST = (
    SourceState.OK, SourceState.QUIET, SourceState.ROTTING, SourceState.EMPTY, SourceState.FAILING,
    SourceState.BLOCKED, SourceState.UNOBSERVABLE, SourceState.NEW,
)  # fmt: skip
_WELL = frozenset({SourceState.OK, SourceState.QUIET})


def outlet_health(
    outlet_id: str, sources: Sequence[SourceHealth], *, pages: PageTally, now: datetime
) -> OutletHealth:
    """The outlet stands as its best list does; what is wrong with the others is told beside it."""
    if not sources:
        return OutletHealth(
            outlet_id=outlet_id, state=SourceState.NEW, since=None,
            evidence=("Chưa khai nguồn nào, nên chưa quan sát được.",),
            remedy=(
                "Tìm trang tin của cơ quan này rồi thêm [[sources]] vào "
                f"{declaration(outlet_id)}.",
            ),
        )  # fmt: skip
    ranked = sorted(sources, key=lambda source: _BEST_FIRST.index(source.state))
    best = ranked[0]
    state, since = best.state, best.since
    evidence, remedy = [best.evidence], [best.remedy]
    if state in _WELL and (told := _layout_change(pages)):
        state, since = SourceState.ROTTING, now - timedelta(days=PAGE_DAYS)
        evidence.append(told)
        remedy = [
            f"Chạy “diembao outlets record” với một bài mới, rồi sửa [[layouts]] trong "
            f"{declaration(outlet_id)} (giữ cách trình bày cũ, thêm cách mới có since)."
        ]
    wrong = [source for source in ranked[1:] if source.state not in {*_WELL, SourceState.NEW}]
    if wrong and state is not SourceState.NEW:
        evidence.append(f"{number(len(wrong))} trên {number(len(sources))} nguồn chưa ổn.")
    return OutletHealth(
        outlet_id=outlet_id, state=state, since=since,
        evidence=tuple(evidence), remedy=tuple(remedy), sources=tuple(ranked),
    )  # fmt: skip


def _layout_change(pages: PageTally) -> str:
    came = pages.read + pages.unreadable
    if came < _FEWEST_PAGES or pages.unreadable <= _MOST_UNREADABLE * came:
        return ""
    return (
        f"{number(pages.unreadable)} trên {number(came)} trang bài trong {PAGE_DAYS} ngày qua "
        "không đọc được: có thể trang đã đổi cách trình bày."
    )
