"""Stories through time, and portals' releases on their way into the press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.figures import (
    Lag,
    LagSummary,
    MonthReport,
    PickUpLine,
    Release,
    Status,
    StoryTiming,
)
from reports.book import Book, Count, Heading, Link, Moment, Value
from reports.vietnamese import figure, number

_TIMING = (
    Heading("STT", 6),
    Heading("Câu chuyện", 50),
    Heading("Cơ quan báo chí đăng đầu tiên", 22),
    Heading("Thời điểm đăng đầu tiên", 18),
    Heading("Số cơ quan báo chí", 9),
    Heading("Số tin, bài", 9),
    Heading("Cơ quan báo chí thứ hai", 22),
    Heading("Độ trễ đến báo thứ hai, từ (giờ)", 11),
    Heading("Độ trễ đến báo thứ hai, đến (giờ)", 11),
    Heading("Độ trễ đến báo thứ ba, từ (giờ)", 11),
    Heading("Độ trễ đến báo thứ ba, đến (giờ)", 11),
    Heading("Ghi chú", 30),
    Heading("Địa chỉ bài đầu tiên", 50),
)
_RELEASES = (
    Heading("STT", 6),
    Heading("Cổng thông tin", 26),
    Heading("Cơ quan", 24),
    Heading("Tin, bài trên cổng", 48),
    Heading("Thời điểm công bố", 18),
    Heading("Số cơ quan báo chí đăng", 10),
    Heading("Cơ quan báo chí đăng đầu tiên", 22),
    Heading("Thời điểm báo chí đăng", 18),
    Heading("Độ trễ, từ (giờ)", 10),
    Heading("Độ trễ, đến (giờ)", 10),
    Heading("Ghi chú", 30),
    Heading("Địa chỉ trên cổng", 44),
    Heading("Địa chỉ trên báo", 44),
)
_AGENCIES = (
    Heading("STT", 6),
    Heading("Cơ quan", 44),
    Heading("Có nguồn cổng thông tin quan sát được", 20),
    Heading("Tin, bài về CCHC đã công bố", 16),
    Heading("Được báo chí đăng", 14),
    Heading("Chắc chắn trong 72 giờ", 14),
)


def write_timing(book: Book, report: MonthReport) -> None:
    """Write the stories of the period with the lag to the next outlets."""
    timing = report.figures.timing
    sheet = book.sheet("Kịp thời", print_title=report.title)
    sheet.widths(_TIMING)
    sheet.line("Kịp thời: từ bài đầu tiên đến các bài sau", "title")
    for summary, name in ((timing.second, "thứ hai"), (timing.third, "thứ ba")):
        sheet.line(summary_line(summary, name))
    sheet.line(
        f"{number(timing.begun_before)} câu chuyện có tin, bài trong kỳ nhưng bắt đầu từ trước kỳ "
        "không nằm trong bảng. Tin, bài đăng sau kỳ chưa được tính.",
        "note",
    )
    sheet.table(
        _TIMING,
        (_story(n, story) for n, story in enumerate(timing.stories, start=1)),
        is_main=True,
    )
    sheet.print_to(len(_TIMING) - 1)


def summary_line(summary: LagSummary, name: str) -> str:
    """The lag to the k-th outlet in one sentence, with what is left out of it."""
    return (
        f"Đến cơ quan báo chí {name}: trung vị {figure(summary.median_hours)} trên "
        f"{number(summary.exact)} câu chuyện rõ giờ; {number(summary.bounded)} câu chuyện chỉ biết "
        f"ngày, {number(summary.undated)} câu chuyện có báo không rõ ngày; "
        f"{number(summary.not_reached)} trên {number(summary.stories)} câu chuyện chưa tới."
    )


def _story(n: int, story: StoryTiming) -> Sequence[Value]:
    return (
        Count(n),
        story.headline,
        story.outlet_name,
        Moment(story.first_at, story.precision),
        Count(story.outlets),
        Count(story.placements),
        story.second_outlet,
        *_hours(story.second),
        *_hours(story.third),
        _story_note(story),
        Link(story.url),
    )


def _story_note(story: StoryTiming) -> str:
    if story.undated:
        return f"{number(story.undated)} cơ quan báo chí không rõ ngày đăng; không tính độ trễ"
    if story.outlets == 1:
        return "một cơ quan báo chí, tính đến hết kỳ"
    is_exact = story.second is not None and story.second.is_exact
    return "" if is_exact else "giờ đăng chỉ biết đến ngày; độ trễ là một khoảng"


def _hours(lag: Lag | None) -> tuple[Value, Value]:
    if lag is None:
        return None, None
    hour = timedelta(hours=1)
    return lag.low / hour, lag.high / hour


def write_releases(book: Book, report: MonthReport) -> None:
    """Write what portals released, those not taken up included."""
    found = report.figures.pick_up
    sheet = book.sheet("Thông tin cổng TTĐT", print_title=report.title)
    sheet.widths(_RELEASES)
    sheet.line("Tin, bài trên cổng thông tin điện tử và việc báo chí đăng lại", "title")
    sheet.line(
        f"Có nguồn cổng thông tin quan sát được: {number(found.agencies_with_source)} trên "
        f"{number(found.agencies)} cơ quan. Cơ quan không có nguồn là không quan sát được, không "
        "phải không công bố."
    )
    sheet.line(
        f"Được báo chí đăng đến hết kỳ: {figure(found.share)} "
        f"({number(found.share.k or 0)} trên {number(found.share.n)}); trong 72 giờ: "
        f"{figure(found.share_72h)} ({number(found.share_72h.k or 0)} trên "
        f"{number(found.share_72h.n)}); độ trễ trung vị: {figure(found.median_hours)}."
    )
    sheet.table(
        _RELEASES,
        (_release(n, release, report) for n, release in enumerate(found.releases, start=1)),
        is_main=True,
    )
    sheet.print_to(len(_RELEASES) - 2)


def _release(n: int, release: Release, report: MonthReport) -> Sequence[Value]:
    return (
        Count(n),
        release.portal_name,
        report.figures.names.get(release.agency, release.agency),
        release.headline,
        Moment(release.released_at, release.precision),
        Count(release.outlets),
        release.first_outlet,
        Moment(release.first_at, release.first_precision) if release.first_at else "",
        *_hours(release.lag),
        _release_note(release),
        Link(release.url),
        Link(release.first_url) if release.first_url else "",
    )


def _release_note(release: Release) -> str:
    if not release.is_picked_up:
        return "chưa thấy báo chí đăng, tính đến hết kỳ"
    if release.before:
        return "báo chí đăng trước cổng thông tin"
    if release.lag is None:
        return "không rõ ngày đăng; không tính độ trễ"
    return "" if release.lag.is_exact else "giờ đăng chỉ biết đến ngày; độ trễ là một khoảng"


def write_agencies(book: Book, report: MonthReport) -> None:
    """Write releases and pick-up by agency, those without a source included."""
    sheet = book.sheet("Cổng TTĐT theo cơ quan", print_title=report.title)
    sheet.widths(_AGENCIES)
    sheet.line("Tin, bài trên cổng thông tin điện tử, theo cơ quan", "title")
    sheet.line("–: không quan sát được hoặc quan sát chưa đủ để nói là không có.", "note")
    sheet.table(
        _AGENCIES,
        (_agency(n, line) for n, line in enumerate(report.figures.pick_up.lines, start=1)),
        is_main=True,
    )


def _agency(n: int, line: PickUpLine) -> Sequence[Value]:
    is_known = line.status is Status.OK
    counts = (line.released, line.picked_up, line.within_72h)
    return (
        Count(n),
        line.name,
        "có" if line.has_source else "không",
        *(Count(count if is_known else None) for count in counts),
    )
