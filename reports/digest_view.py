"""A day's digest as titles and lines, the same for every form it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from domain.codes import AREA_NAMES, TONE_NAMES, UNKNOWN
from domain.figures import Digest, DigestPlacement, DigestStory
from reports.cells import is_link, printable
from reports.vietnamese import local, long_day, minute, number, observed, percent, short_day

#: How much of a sapo a digest shows: sentences, and no more characters than this.
USUAL: Final = (2, 280)
#: The same on a day with more stories than fit a page otherwise.
BUSY: Final = (1, 160)
BUSY_FROM: Final = 12
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZĐÀ-Ỹ“\"])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """This is one outlet of an entry, with the address where it may be followed."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """This is one story as it is printed."""

    headline: str
    placements: tuple[Placement, ...]
    excerpt: str
    #: Agencies, areas and tone in one line.
    labels: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """This is a titled group of entries."""

    title: str
    entries: tuple[Entry, ...]


def fields(digest: Digest) -> dict[str, Any]:
    """Every field that a template of the digest may name."""
    return {
        "title": title(digest),
        "lead": lead(digest),
        "sections": sections(digest),
        "nothing": nothing(digest),
        "limits": limits(digest),
    }


def title(digest: Digest) -> str:
    """The title as the press offices write it."""
    return f"Điểm báo ngày {long_day(digest.day)}"


def lead(digest: Digest) -> str:
    """The line below the title: scope, how much there is, on what ground."""
    press = digest.observation.press
    stories = stories_line(digest)
    return (
        f"Phạm vi: {printable(digest.scope)}. {stories[:1].upper()}{stories[1:]}; "
        f"{observed(press.sources_observed, press.sources)} báo chí."
    )


def stories_line(digest: Digest) -> str:
    """How many stories the press had; a day that was not looked at is no day without any."""
    if _is_ahead(digest):
        return "ngày này chưa tới nên chưa có gì để điểm"
    stories = len(digest.critical) + sum(map(len, digest.by_area.values()))
    if not stories and not digest.observation.press.sources_observed:
        return "chưa quan sát ngày này nên không rõ số câu chuyện"
    return f"{number(stories)} câu chuyện về cải cách hành chính trên báo chí"


def _is_ahead(digest: Digest) -> bool:
    return digest.day > local(digest.generated_at).date()


def sections(digest: Digest) -> list[Section]:
    """Criticism first, then the areas, then what stands on portals alone."""
    groups = [("Phản ánh, phê bình", digest.critical)]
    for area, stories in digest.by_area.items():
        groups.append((AREA_NAMES[area] if area else "Chưa rõ lĩnh vực", stories))
    groups.append(("Chỉ có trên cổng thông tin hoặc trang tổng hợp", digest.releases))
    is_busy = sum(len(stories) for _, stories in groups) >= BUSY_FROM
    size = BUSY if is_busy else USUAL
    return [_section(name, stories, size) for name, stories in groups if stories]


def _section(name: str, stories: Iterable[DigestStory], size: tuple[int, int]) -> Section:
    entries = tuple(_entry(story, size) for story in stories)
    return Section(title=f"{name} ({number(len(entries))})", entries=entries)


def _entry(story: DigestStory, size: tuple[int, int]) -> Entry:
    return Entry(
        headline=printable(story.headline),
        placements=tuple(map(_placement, story.placements)),
        excerpt=excerpt(printable(story.description), *size),
        labels=printable(_labels(story)),
    )


def _placement(placement: DigestPlacement) -> Placement:
    text = f"{placement.outlet_name} {short_day(local(placement.at).date())}"
    return Placement(text=printable(text), url=placement.url if is_link(placement.url) else "")


def _labels(story: DigestStory) -> str:
    parts = ["; ".join(story.agencies)] if story.agencies else []
    if len(story.areas) > 1:
        parts.append("; ".join(AREA_NAMES[area] for area in story.areas))
    if story.tone != UNKNOWN:
        parts.append(TONE_NAMES[story.tone].lower())
    return " · ".join(parts)


def excerpt(text: str, sentences: int, longest: int) -> str:
    """The first sentences, cut at a word with an ellipsis where they are long.

    >>> excerpt("Một câu. Hai câu. Ba câu.", 2, 100), excerpt("Một câu rất dài.", 2, 9)
    ('Một câu. Hai câu.', 'Một câu…')
    """
    kept = " ".join(_SENTENCE_END.split(text.strip())[:sentences])
    if len(kept) <= longest:
        return kept
    return kept[:longest].rsplit(" ", 1)[0].rstrip(",;:- ") + "…"


def nothing(digest: Digest) -> str:
    """What to say on a day without a story: nothing found, or nothing looked at."""
    press = digest.observation.press
    if _is_ahead(digest):
        return "Ngày này chưa tới: lập lại điểm báo khi đã thu thập tin của ngày."
    if press.sources_observed == 0:
        return "Không quan sát được nguồn báo chí nào trong ngày: không rõ có tin, bài hay không."
    return "Không thấy tin, bài nào về cải cách hành chính trong các nguồn quan sát được."


def limits(digest: Digest) -> list[str]:
    """What the sources could not show that day."""
    observation = digest.observation
    press, portals = observation.press, observation.portals
    lines = [
        f"Báo chí: {observed(press.sources_observed, press.sources)} ({percent(press.share)})."
        if press.sources
        else "Báo chí: không có nguồn nào được khai báo.",
        f"Cổng thông tin cơ quan: {observed(portals.sources_observed, portals.sources)}."
        if portals.sources
        else "Cổng thông tin cơ quan: không có nguồn nào được khai báo.",
    ]
    silent = [outlet.name for outlet in observation.outlets if not outlet.sources_observed]
    if silent:
        lines.append(f"Không quan sát được: {printable(', '.join(silent))}.")
    lines.append(f"Nhãn do máy gắn và có thể sai. Lập lúc {minute(digest.generated_at)}.")
    return lines
