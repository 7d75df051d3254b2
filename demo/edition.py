"""Editions: the text an outlet really prints, made from the story by the declared changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from demo.placement import Placement, Variant
from demo.story import Story

_LAST_SENTENCE = re.compile(r"(?<=[.!?”]) [^.!?]*[.!?”]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """This is a story as one outlet prints it."""

    headline: str
    sapo: str
    paragraphs: tuple[str, ...]
    #: Without the byline where a text is taken over as it stands.
    author: str
    #: The line under the text ("Theo ..."), "" where there is none.
    credit: str
    section: str
    at: datetime
    updated_at: datetime | None


def edition_of(
    story: Story,
    placement: Placement,
    *,
    credit: str = "",
    house_style: Iterable[tuple[str, str]] = (),
) -> Edition:
    """The story as the placement prints it; `credit` names the outlet a copy came from."""
    edited = placement.variant is Variant.EDITED
    style = tuple(house_style) if edited else ()
    sapo = placement.sapo or _restyled(story.sapo, style)
    return Edition(
        headline=placement.headline or story.headline,
        sapo=sapo,
        paragraphs=tuple(_restyled(text, style) for text in _kept(story, placement)),
        author="" if placement.variant is Variant.REPRINT else story.author,
        credit=credit if placement.is_copy else story.credit,
        section=story.section,
        at=placement.at,
        updated_at=placement.updated_at,
    )


def _kept(story: Story, placement: Placement) -> list[str]:
    kept = [
        without_last_sentence(text) if number in placement.trim else text
        for number, text in enumerate(story.body, start=1)
        if number not in placement.drop
    ]
    return [*kept, placement.adds] if placement.adds else kept


def without_last_sentence(paragraph: str) -> str:
    """The paragraph without its last sentence; one sentence alone stays.

    >>> without_last_sentence("Bộ đã họp. Kết luận có sau.")
    'Bộ đã họp.'
    >>> without_last_sentence("Bộ đã họp.")
    'Bộ đã họp.'
    """
    return _LAST_SENTENCE.sub("", paragraph)


def _restyled(text: str, style: Iterable[tuple[str, str]]) -> str:
    for written, preferred in style:
        text = text.replace(written, preferred)
    return text
