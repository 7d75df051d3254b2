"""What was observed and found over all, and how it compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.codes import PRESS_KINDS
from domain.figures import Change, MonthReport, OutletLine, Status
from reports.vietnamese import day, number, percent

_NOT_KNOWN: Final = "không rõ"


def sources(report: MonthReport) -> dict[str, Any]:
    """How much of the press was observed, as fields."""
    press = report.figures.observation.press
    note = ""
    if press.share < report.figures.observed_share:
        note = (
            f"Mức quan sát dưới ngưỡng {percent(report.figures.observed_share)}: không thấy tin "
            "không có nghĩa là không có tin."
        )
    return {
        "quan_sat": number(press.sources_observed),
        "tong": number(press.sources),
        "tong_so": press.sources,
        "ty_le": percent(press.share if press.source_days else None),
        "ghi_chu": note,
    }


def known(report: MonthReport, found: int) -> str:
    """A number that is known where it is not 0, or where anything was observed."""
    is_known = found > 0 or report.figures.observation.press.source_days_observed > 0
    return number(found) if is_known else _NOT_KNOWN


def read(report: MonthReport) -> str:
    """How much of the press was read, as the end of a sentence."""
    found = known(report, report.figures.totals.articles)
    if found == _NOT_KNOWN:
        return "không đọc được tin, bài nào"
    return f"đã đọc {found} tin, bài báo chí thuộc mọi chủ đề"


def is_known(report: MonthReport) -> bool:
    """Whether it is known how many stories there were, none included."""
    return report.figures.totals.stories.value is not None


def most_placed(report: MonthReport) -> str:
    """What is said where no story was carried by several outlets; "" where one was."""
    if report.highlights.most_placed:
        return ""
    if not is_known(report):
        return "Không rõ câu chuyện nào được nhiều báo đăng, vì quan sát chưa đủ."
    return (
        "Trong các nguồn quan sát được không có câu chuyện nào được từ hai cơ quan báo chí trở lên "
        "đăng."
    )


def results(report: MonthReport) -> str:
    """What is said where no story of good results was seen; "" where one was."""
    if report.highlights.results:
        return ""
    if not is_known(report):
        return "Không rõ báo chí có nêu mô hình, cách làm hay hay không, vì quan sát chưa đủ."
    return (
        "Trong các nguồn quan sát được không thấy câu chuyện nào nêu kết quả với sắc thái tích cực."
    )


def value(value: float | None) -> str:
    """A number, or that it is not known."""
    return _NOT_KNOWN if value is None else number(value)


def total_sentence(report: MonthReport) -> str:
    """What was found over all, in one sentence."""
    totals = report.figures.totals
    if totals.stories.value is None:
        return (
            "Không thấy tin, bài nào về cải cách hành chính, nhưng mức quan sát chưa đủ để nói là "
            "không có: số câu chuyện và số tin, bài của kỳ là không rõ."
        )
    if not totals.counts.placements:
        return "Quan sát đủ và không thấy tin, bài nào về cải cách hành chính trên báo chí."
    carrying = sum(line.placements > 0 for line in press_lines(report))
    owned = totals.counts.portal + totals.counts.aggregator
    beside = (
        f" Ngoài báo chí, {number(totals.counts.portal)} tin, bài trên cổng thông tin cơ quan và "
        f"{number(totals.counts.aggregator)} trên trang tổng hợp, không tính là phản ánh của báo "
        "chí."
        if owned
        else ""
    )
    return (
        f"Báo chí có {number(totals.counts.stories)} câu chuyện về cải cách hành chính với "
        f"{number(totals.counts.placements)} tin, bài ({number(totals.originals)} bài gốc, "
        f"{number(totals.reprints)} bài đăng lại) trên {number(carrying)} cơ quan báo chí.{beside}"
    )


def press_lines(report: MonthReport) -> list[OutletLine]:
    """What each outlet of the press carried."""
    return [line for line in report.figures.totals.by_outlet if line.kind in PRESS_KINDS]


_COMPARED: Final = {"stories": "câu chuyện", "placements": "tin, bài"}


def comparisons(report: MonthReport) -> Iterator[str]:
    """The chief numbers beside those of the period before and of a year before."""
    changes = {change.id: change for change in report.figures.changes}
    observed = changes.get("observed")
    for change_id, unit in _COMPARED.items():
        if change_id in changes:
            yield _comparison(changes[change_id], unit)
    if observed and observed.status is Status.OK:
        yield (
            f"Tỷ lệ ngày-nguồn quan sát được: kỳ này {percent(observed.now)}, kỳ trước "
            f"{percent(observed.before)}; chênh lệch số tin, bài chỉ đọc được khi hai tỷ lệ gần "
            "nhau."
        )
    found = report.breakdown
    if found is None or found.year_before_placements is None:
        yield "So với cùng kỳ năm trước: không có số liệu cùng kỳ."
    else:
        yield (
            f"Cùng kỳ năm trước: {number(found.year_before_stories or 0)} câu chuyện, "
            f"{number(found.year_before_placements)} tin, bài."
        )


def _comparison(change: Change, unit: str) -> str:
    if change.status is not Status.OK or change.difference is None:
        return f"Số {unit}: không so được với kỳ trước, vì một trong hai kỳ chưa có số liệu."
    way = "tăng" if change.difference > 0 else "giảm"
    ahead = f"Số {unit}: {number(change.now or 0)}, kỳ trước {number(change.before or 0)}"
    if not change.difference:
        return f"{ahead}; không đổi."
    share = f" ({percent(abs(change.difference) / change.before)})" if change.before else ""
    return f"{ahead}; {way} {number(abs(change.difference))}{share}."


def busiest(report: MonthReport) -> dict[str, str] | None:
    """The day with the most stories; None where there is no story."""
    days = report.figures.totals.by_day
    most = max(days, key=lambda line: line.counts.stories, default=None)
    if most is None or not most.counts.stories:
        return None
    return {"ngay": day(most.day), "so": number(most.counts.stories)}
