"""Table 5: events and stories through time, and portals' releases on their way to the press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from domain.highlights import EventLine
from reports.values import Count, Heading, Link, Moment, Table, Value
from reports.vietnamese import UNKNOWN_MARK, figure, number

_TIMING = (
    Heading("STT", 6),
    Heading("Câu chuyện", 50),
    Heading("Cơ quan báo chí đăng đầu tiên", 22, short="Báo đăng đầu tiên"),
    Heading("Thời điểm đăng đầu tiên", 18),
    Heading("Số cơ quan báo chí", 9, short="Số báo"),
    Heading("Số tin, bài", 9),
    Heading("Cơ quan báo chí thứ hai", 22, is_printed=False),
    Heading("Độ trễ đến báo thứ hai, từ (giờ)", 11, short="Đến báo thứ hai, từ (giờ)"),
    Heading("Độ trễ đến báo thứ hai, đến (giờ)", 11, short="Đến báo thứ hai, đến (giờ)"),
    Heading("Độ trễ đến báo thứ ba, từ (giờ)", 11, is_printed=False),
    Heading("Độ trễ đến báo thứ ba, đến (giờ)", 11, is_printed=False),
    Heading("Ghi chú", 30, is_printed=False),
    Heading("Địa chỉ bài đầu tiên", 50, is_printed=False),
)
_EVENTS = (
    Heading("STT", 6),
    Heading("Số, ký hiệu", 18),
    Heading("Sự kiện", 46),
    Heading("Cơ quan", 24, is_printed=False),
    Heading("Ban hành, công bố", 18),
    Heading("Cơ quan báo chí đăng đầu tiên", 22, short="Báo đăng đầu tiên"),
    Heading("Thời điểm đăng đầu tiên", 18, is_printed=False),
    Heading("Độ trễ, từ (giờ)", 10),
    Heading("Độ trễ, đến (giờ)", 10),
    Heading("Số báo trong 24 giờ", 9, short="24 giờ"),
    Heading("Số báo trong 72 giờ", 9, short="72 giờ"),
    Heading("Số báo trong 7 ngày", 9, short="7 ngày"),
    Heading("Số báo đến hết kỳ", 9, is_printed=False),
    Heading("Trạng thái", 18, is_printed=False),
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
    Heading("Địa chỉ trên cổng", 44, is_printed=False),
    Heading("Địa chỉ trên báo", 44, is_printed=False),
)
_AGENCIES = (
    Heading("STT", 6),
    Heading("Cơ quan", 44),
    Heading("Có nguồn cổng thông tin quan sát được", 20),
    Heading("Tin, bài về CCHC đã công bố", 16),
    Heading("Được báo chí đăng", 14),
    Heading("Chắc chắn trong 72 giờ", 14),
)


def events(report: MonthReport) -> Table:
    """The official events of the period and how soon the press had them."""
    confirmed = sum(each.is_confirmed for each in report.events)
    proposed = len(report.events) - confirmed
    return Table(
        number="5",
        title="Kịp thời: từ sự kiện chính thức đến báo chí",
        notes=(
            f"{number(confirmed)} sự kiện chính thức đã duyệt; {number(proposed)} sự kiện là đề "
            "xuất, chưa duyệt, không tính vào số liệu. Độ trễ là một khoảng khi ngày giờ chỉ biết "
            f"đến ngày. {UNKNOWN_MARK}: không rõ, vì sự kiện chưa duyệt hoặc quan sát chưa đủ.",
        ),
        headings=_EVENTS,
        rows=[_event(n, each, report) for n, each in enumerate(report.events, start=1)],
    )


def _event(n: int, each: EventLine, report: MonthReport) -> Sequence[Value]:
    low, high = each.hours or (None, None)
    return (
        Count(n),
        each.number,
        each.title,
        report.figures.names.get(each.agency, each.agency),
        Moment(each.at, each.precision),
        each.first_outlet,
        Moment(each.first_at, each.first_precision) if each.first_at else "",
        low,
        high,
        *_carried(each, report),
        "đã duyệt" if each.is_confirmed else "đề xuất, chưa duyệt",
    )


def _carried(each: EventLine, report: MonthReport) -> Iterator[Count]:
    """How many outlets had it; none is said only of a confirmed event in an observed press."""
    press = report.figures.observation.press
    is_none_known = each.is_confirmed and press.share >= report.figures.observed_share
    is_known = bool(each.outlets) or is_none_known
    # Outlets whose day is not known may have been in time: how many were is not known then.
    is_timed = each.hours is not None or not each.outlets
    for count in each.within:
        yield Count(count if is_known and is_timed else None)
    yield Count(each.outlets if is_known else None)


def stories(report: MonthReport) -> Table:
    """The stories of the period with the lag to the next outlets."""
    timing = report.figures.timing
    return Table(
        number="5.2",
        title="Kịp thời: từ bài đầu tiên đến các bài sau",
        notes=(
            summary_line(timing.second, "thứ hai"),
            summary_line(timing.third, "thứ ba"),
            f"{number(timing.begun_before)} câu chuyện có tin, bài trong kỳ nhưng bắt đầu từ trước "
            "kỳ không nằm trong bảng. Tin, bài đăng sau kỳ chưa được tính.",
        ),
        headings=_TIMING,
        rows=[_story(n, story) for n, story in enumerate(timing.stories, start=1)],
    )


def summary_line(summary: LagSummary, name: str) -> str:
    """The lag to the k-th outlet in one sentence, with what is left out of it."""
    left = [
        f"{number(count)} câu chuyện {why}"
        for count, why in (
            (summary.bounded, "chỉ biết ngày"),
            (summary.undated, "có báo không rõ ngày"),
        )
        if count
    ]
    return (
        f"Đến cơ quan báo chí {name}: trung vị {figure(summary.median_hours)} trên "
        f"{number(summary.exact)} câu chuyện rõ giờ{''.join(f'; {each}' for each in left)}; "
        f"{number(summary.not_reached)} trên {number(summary.stories)} câu chuyện chưa được cơ "
        f"quan báo chí {name} đăng."
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


def releases(report: MonthReport) -> Table:
    """What portals released, what was not taken up included."""
    found = report.figures.pick_up
    return Table(
        number="",
        title="Tin, bài trên cổng thông tin điện tử và việc báo chí đăng lại",
        notes=(
            f"Có nguồn cổng thông tin quan sát được: {number(found.agencies_with_source)} trên "
            f"{number(found.agencies)} cơ quan. Cơ quan không có nguồn là không quan sát được, "
            "không phải không công bố.",
            f"Được báo chí đăng đến hết kỳ: {figure(found.share)} "
            f"({number(found.share.k or 0)} trên {number(found.share.n)}); trong 72 giờ: "
            f"{figure(found.share_72h)} ({number(found.share_72h.k or 0)} trên "
            f"{number(found.share_72h.n)}); độ trễ trung vị: {figure(found.median_hours)}.",
        ),
        headings=_RELEASES,
        rows=[_release(n, each, report) for n, each in enumerate(found.releases, start=1)],
    )


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


def agencies(report: MonthReport) -> Table:
    """Releases and pick-up by agency, those without a source included."""
    return Table(
        number="",
        title="Tin, bài trên cổng thông tin điện tử, theo cơ quan",
        notes=("–: không quan sát được hoặc quan sát chưa đủ để nói là không có.",),
        headings=_AGENCIES,
        rows=[_agency(n, line) for n, line in enumerate(report.figures.pick_up.lines, start=1)],
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
