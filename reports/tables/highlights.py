"""The tables of what stands out: stories, outlets that were first, key phrases."""

from __future__ import annotations

from collections.abc import Sequence

from domain.codes import AREA_NAMES
from domain.figures import MonthReport, Phrase
from domain.highlights import Headline
from reports.articles import names_of
from reports.values import Count, Heading, Link, Moment, Table, Value

_STORIES = (
    Heading("STT", 6),
    Heading("Câu chuyện", 52),
    Heading("Cơ quan báo chí đăng đầu tiên", 22, short="Báo đăng đầu tiên"),
    Heading("Thời điểm", 17),
    Heading("Lĩnh vực", 24),
    Heading("Cơ quan là chủ thể", 26, is_printed=False),
    Heading("Số cơ quan báo chí", 10, short="Số báo"),
    Heading("Tin, bài", 9),
    Heading("Địa chỉ", 44, is_printed=False),
)
_PHRASES = (
    Heading("STT", 6),
    Heading("Cụm từ", 44),
    Heading("Số bài", 12),
    Heading("Điểm so với kỳ trước", 14),
)


def most_placed(report: MonthReport) -> Table:
    """The stories that most outlets carried."""
    return _stories(report, "Câu chuyện được nhiều báo đăng nhất", report.highlights.most_placed)


def results(report: MonthReport) -> Table:
    """Favourable stories of results."""
    return _stories(report, "Mô hình, cách làm hay báo chí nêu", report.highlights.results)


def _stories(report: MonthReport, title: str, found: Sequence[Headline]) -> Table:
    return Table(
        number="",
        title=title,
        headings=_STORIES,
        rows=[_story(n, story, report) for n, story in enumerate(found, start=1)],
    )


def _story(n: int, story: Headline, report: MonthReport) -> Sequence[Value]:
    return (
        Count(n),
        story.headline,
        story.outlet_name,
        Moment(story.at, story.precision),
        "; ".join(AREA_NAMES[area] for area in story.areas),
        names_of(story.agencies, report.figures.names),
        Count(story.outlets),
        Count(story.placements),
        Link(story.url),
    )


def first(report: MonthReport) -> Table:
    """The outlets that were surely first most often."""
    return Table(
        number="",
        title="Cơ quan báo chí chắc chắn đăng đầu tiên nhiều nhất",
        headings=(Heading("STT", 6), Heading("Cơ quan báo chí", 52), Heading("Câu chuyện", 22)),
        rows=[
            (Count(n), each.outlet_name, Count(each.stories))
            for n, each in enumerate(report.highlights.first, start=1)
        ],
    )


def phrases(report: MonthReport) -> Table:
    """The key phrases of the period and how they rise against the period before."""
    return Table(
        number="",
        title="Cụm từ nổi bật và tăng so với kỳ trước",
        headings=_PHRASES,
        rows=[_phrase(n, phrase) for n, phrase in enumerate(report.phrases, start=1)],
    )


def _phrase(n: int, phrase: Phrase) -> Sequence[Value]:
    return Count(n), phrase.words, Count(phrase.articles), phrase.score
