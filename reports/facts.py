"""The facts of a period as the fields of the report's template: numbers already in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from domain.codes import AREA_NAMES, PRESS_KINDS
from domain.figures import (
    AreaLine,
    CellState,
    Change,
    Group,
    MonthReport,
    OutletLine,
    Status,
)
from domain.highlights import Criticism, Headline
from domain.qualities import QUALITY_NAMES, QualityFigure
from reports.articles import names_of
from reports.cells import printable
from reports.names import WINDOW_NAMES
from reports.printed import words
from reports.tables.agencies import completeness_line
from reports.tables.areas import areas_without_story
from reports.tables.criticism import NOT_ANSWERED
from reports.tables.quality import name_of, typed
from reports.tables.summary import unknowns
from reports.tables.timing import summary_line
from reports.vietnamese import day, minute, moment, number, percent, quoted, span

#: Stories, agencies, outlets and phrases named in the text; the tables hold all of them.
_STORIES: Final = 5
_NAMES: Final = 12
_PHRASES: Final = 10
_FIGURES: Final = 4
_NOT_KNOWN: Final = "không rõ"


def facts(report: MonthReport) -> dict[str, Any]:
    """Every field that the template may name."""
    figures = report.figures
    period, totals = figures.period, figures.totals
    found = report.highlights
    return {
        "ky": {
            "ten": period.title,
            "tu": day(period.start),
            "den": day(period.end),
            "so_ngay": number(period.days),
            "cua_so": f" ({WINDOW_NAMES[report.window]})" if report.window else "",
        },
        "pham_vi": printable(figures.scope),
        "lap_luc": minute(report.generated_at),
        "nguon": _sources(report),
        "tong": {
            "da_doc": _known(report, totals.articles),
            "cau_chuyen": _value(totals.stories.value),
            "tin_bai": _value(totals.placements.value),
            "goc": number(totals.originals),
            "dang_lai": number(totals.reprints),
            "cong": number(totals.counts.portal),
            "tong_hop": number(totals.counts.aggregator),
            "cau": _total_sentence(report),
        },
        "so_sanh": list(_comparisons(report)),
        "ngay_nhieu_nhat": _busiest(report),
        "noi_bat": [_story(story) for story in found.most_placed[:_STORIES]],
        "cum_tu": ", ".join(quoted(printable(each.words)) for each in report.phrases[:_PHRASES]),
        "dang_dau": ", ".join(
            f"{printable(each.outlet_name)} ({number(each.stories)})"
            for each in found.first[:_STORIES]
        ),
        "muc_tieu": list(_goals(report)),
        "linh_vuc": [_area(report, line) for line in totals.by_area],
        "mo_hinh": [_story(story) for story in found.results[:_STORIES]],
        "phe_binh": {
            "cau": _criticism_sentence(report),
            "so": number(len(found.criticism)),
            "tin": [_critical(each, report) for each in found.criticism[:_STORIES]],
        },
        "khoang_trong": list(_gaps(report)),
        "de_xuat": list(_proposals(report)),
    }


def _sources(report: MonthReport) -> dict[str, Any]:
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


def _known(report: MonthReport, found: int) -> str:
    is_known = found > 0 or report.figures.observation.press.source_days_observed > 0
    return number(found) if is_known else _NOT_KNOWN


def _value(value: float | None) -> str:
    return _NOT_KNOWN if value is None else number(value)


def _total_sentence(report: MonthReport) -> str:
    totals = report.figures.totals
    if totals.stories.value is None:
        return (
            "Không thấy tin, bài nào về cải cách hành chính, nhưng mức quan sát chưa đủ để nói là "
            "không có: số câu chuyện và số tin, bài của kỳ là không rõ."
        )
    if not totals.counts.placements:
        return "Quan sát đủ và không thấy tin, bài nào về cải cách hành chính trên báo chí."
    carrying = sum(line.placements > 0 for line in _press(report))
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


def _press(report: MonthReport) -> list[OutletLine]:
    return [line for line in report.figures.totals.by_outlet if line.kind in PRESS_KINDS]


_COMPARED: Final = {"stories": "câu chuyện", "placements": "tin, bài"}


def _comparisons(report: MonthReport) -> Iterator[str]:
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


def _busiest(report: MonthReport) -> dict[str, str] | None:
    days = report.figures.totals.by_day
    most = max(days, key=lambda line: line.counts.stories, default=None)
    if most is None or not most.counts.stories:
        return None
    return {"ngay": day(most.day), "so": number(most.counts.stories)}


def _story(story: Headline) -> dict[str, str]:
    return {
        "tit": _line(story.headline),
        "bao": printable(story.outlet_name),
        "luc": moment(story.at, story.precision),
        "so_bao": number(story.outlets),
        "so_tin": number(story.placements),
        "dia_chi": story.url,
    }


def _line(text: str) -> str:
    """A text from outside on one line: the end of a line would end the paragraph."""
    return " ".join(printable(text).split())


def _goals(report: MonthReport) -> Iterator[str]:
    if report.measured is None:
        coverage = report.figures.coverage
        found = [coverage.completeness[group] for group in Group if group in coverage.completeness]
        yield f"Đầy đủ. {completeness_line(found)}"
    timing = report.figures.timing
    if report.events:
        yield f"Kịp thời. {_events(report)}"
    yield f"Lan tỏa giữa các báo. {summary_line(timing.second, 'thứ hai')}"
    for profile in report.measured.qualities if report.measured else ():
        told = [_figure(report, each) for each in profile.figures if each.value is not None]
        missing = sum(each.value is None for each in profile.figures)
        left = f" {number(missing)} chỉ tiêu chưa có số." if missing else ""
        if told:
            yield f"{QUALITY_NAMES[profile.id]}: {'; '.join(told[:_FIGURES])}.{left}"
        else:
            yield f"{QUALITY_NAMES[profile.id]}: chưa chỉ tiêu nào đủ số liệu."


def _events(report: MonthReport) -> str:
    """What became of the confirmed events; proposals are told, and count for nothing."""
    confirmed = [each for each in report.events if each.is_confirmed]
    proposed = len(report.events) - len(confirmed)
    told = "Chưa có sự kiện chính thức nào của kỳ được duyệt."
    if confirmed:
        carried = sum(each.outlets > 0 for each in confirmed)
        prompt = sum(each.within[1] > 0 for each in confirmed)
        told = (
            f"Trong {number(len(confirmed))} sự kiện chính thức đã duyệt của kỳ, thấy báo chí đăng "
            f"{number(carried)}, trong đó {number(prompt)} chắc chắn trong 72 giờ."
        )
    if proposed:
        told += f" {number(proposed)} sự kiện là đề xuất, chưa duyệt, không tính (Bảng 5)."
    return told


def _figure(report: MonthReport, figure: QualityFigure) -> str:
    value = words(typed(figure.value, figure.unit))
    unit = {"hours": " giờ", "days": " ngày"}.get(figure.unit, "")
    ground = f" ({number(figure.k)} trên {number(figure.n)})" if figure.k is not None else ""
    name = name_of(report, figure)
    return f"{name[:1].lower()}{name[1:]}: {value}{unit}{ground}"


def _area(report: MonthReport, line: AreaLine) -> dict[str, str]:
    placements = report.figures.totals.counts.placements
    if line.state is CellState.UNKNOWN:
        told = "không rõ, vì quan sát chưa đủ."
    elif line.state is CellState.EMPTY:
        told = "không có tin, bài trên báo chí."
    else:
        share = percent(line.counts.placements / placements) if placements else ""
        told = (
            f"{number(line.counts.stories)} câu chuyện, {number(line.counts.placements)} tin, bài "
            f"({share} số tin, bài của kỳ)."
        )
    named = dict(report.highlights.by_area).get(line.area, ())
    return {
        "ten": AREA_NAMES[line.area],
        "cau": told,
        "tin": "; ".join(
            f"{quoted(_line(story.headline))} ({printable(story.outlet_name)})"
            for story in named[:2]
        ),
    }


def _criticism_sentence(report: MonthReport) -> str:
    found = report.highlights.criticism
    if not found:
        if report.figures.totals.stories.value is None:
            return "Không rõ báo chí có phản ánh, phê bình hay không, vì quan sát chưa đủ."
        return "Trong các nguồn quan sát được không thấy câu chuyện nào có nội dung phê bình."
    answered = sum(1 for each in found if each.answer)
    listed = " Các câu chuyện đầu kỳ:" if len(found) > _STORIES else ""
    return (
        f"{number(len(found))} câu chuyện có nội dung phê bình; {number(answered)} có tin mà máy "
        f"cho là phản hồi của cơ quan, {number(len(found) - answered)} chưa thấy phản hồi (Bảng 7)."
        f"{listed}"
    )


def _critical(each: Criticism, report: MonthReport) -> dict[str, str]:
    answer = each.answer
    told = NOT_ANSWERED
    if answer:
        told = (
            f"phản hồi sau {span(timedelta(minutes=answer.after // timedelta(minutes=1)))} "
            f"({printable(answer.outlet_name)}, {minute(answer.at)})"
        )
    names = printable(names_of(each.story.agencies, report.figures.names))
    return {**_story(each.story), "co_quan": names, "phan_hoi": told}


def _gaps(report: MonthReport) -> Iterator[str]:
    empty = [line for line in report.figures.coverage.lines if line.state is CellState.EMPTY]
    unknown = [line for line in report.figures.coverage.lines if line.state is CellState.UNKNOWN]
    if empty:
        yield (
            f"{number(len(empty))} cơ quan quan sát đủ mà không có câu chuyện nào: "
            f"{_listed([line.name for line in empty])}."
        )
    if unknown:
        yield (
            f"{number(len(unknown))} cơ quan không rõ có tin hay không, vì quan sát chưa đủ: "
            f"{_listed([line.name for line in unknown])}."
        )
    areas = areas_without_story(report)
    if areas:
        yield f"Lĩnh vực không có tin, bài: {_listed([AREA_NAMES[area] for area in areas])}."
    silent = [
        outlet.name
        for outlet in report.figures.observation.outlets
        if outlet.sources and not outlet.sources_observed
    ]
    if silent:
        yield (
            f"{number(len(silent))} cơ quan báo chí, cổng thông tin không quan sát được ngày nào: "
            f"{_listed(silent)}."
        )
    quiet = [line.name for line in _press(report) if line.articles and not line.placements]
    if quiet:
        yield (
            f"{number(len(quiet))} cơ quan báo chí đọc được mà không có tin, bài về cải cách hành "
            f"chính: {_listed(quiet)}."
        )
    yield from unknowns(report)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(printable, names[:_NAMES]))
    left = len(names) - _NAMES
    return f"{shown} và {number(left)} đơn vị khác" if left > 0 else shown


def _proposals(report: MonthReport) -> Iterator[str]:
    figures = report.figures
    waiting = [each for each in report.highlights.criticism if each.answer is None]
    if waiting:
        agencies = dict.fromkeys(
            figures.names.get(agency, agency) for each in waiting for agency in each.story.agencies
        )
        of = f" của {_listed(list(agencies))}" if agencies else ""
        yield (
            f"Kiểm tra và trả lời {number(len(waiting))} câu chuyện phê bình chưa thấy phản hồi"
            f"{of} (Bảng 7)."
        )
    areas = areas_without_story(report)
    if areas and figures.agency:
        names = _listed([AREA_NAMES[area] for area in areas])
        yield f"Cung cấp thông tin cho báo chí về lĩnh vực chưa có tin, bài: {names}."
    empty = sum(line.state is CellState.EMPTY for line in figures.coverage.lines)
    if empty and not figures.agency:
        yield (
            f"Đề nghị {number(empty)} cơ quan chưa có câu chuyện nào trên báo chí rà soát việc "
            "cung cấp thông tin (Bảng 2, Bảng 3)."
        )
    late = sum(each.is_confirmed and not each.outlets for each in report.events)
    if late:
        yield f"Xem lại {number(late)} sự kiện chính thức chưa thấy báo chí đăng (Bảng 5)."
    press = figures.observation.press
    if press.sources_observed < press.sources:
        yield (
            f"Kiểm tra {number(press.sources - press.sources_observed)} nguồn báo chí không quan "
            "sát được (Bảng 4)."
        )
    behind = [
        each
        for each in report.activities
        if each.planned and each.done is not None and each.done < each.planned
    ]
    if behind:
        yield (
            f"Hoàn thành {number(len(behind))} hoạt động ngoài báo chí còn dưới kế hoạch (Bảng 8)."
        )
