"""Articles labelled by people: read from JSON lines, grouped so that a story stays in one fold."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.records import TagInput
from domain.text import fold_for_search

#: Share of the shorter text's shingles that makes two labelled articles one story.
_SAME_STORY = 0.35
#: A shingle in more articles than this is a phrase of the trade, not a trace of copying.
_COMMON = 20


_FIRST_SENTENCE = re.compile(r"(.{40,400}?[.!?…])(?:\s|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """This is an article with what people said of it."""

    article: TagInput
    #: 2 main subject, 1 secondary, 0 no.
    rel: int
    topics: tuple[str, ...]
    focus: tuple[str, ...]
    mention: tuple[str, ...]
    form: str
    tone: str
    audience: str
    aspect: str

    @property
    def relevant(self) -> bool:
        """Whether the article is about administrative reform at all."""
        return self.rel > 0


def read_labelled(path: Path) -> list[Labelled]:
    """Read labelled articles; a line that is not one is a `UsageError` with its number."""
    found = []
    for number, line in _lines(path):
        try:
            found.append(_labelled(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"Tệp nhãn {path}, dòng {number}: không đọc được bài đã gắn nhãn ({error})."
            ) from error
    if not found:
        raise UsageError(f"Tệp nhãn {path} không có bài nào.")
    return found


def read_background(path: Path) -> list[TagInput]:
    """Read unlabelled texts (`title`, `text`, perhaps `sapo`); English summaries are left out."""
    found = []
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            text = "\n".join(filter(None, (row.get("sapo", ""), row["text"])))
            title = row["title"]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"Tệp {path}, dòng {number}: không đọc được bài ({error}).") from error
        if not text.startswith(">"):
            found.append(TagInput(id=f"{path.name}:{number}", title=title, text=text))
    return found


def cut_down(article: TagInput) -> TagInput:
    """The article as a feed may show it: title and first sentence."""
    first = _FIRST_SENTENCE.match(article.text.replace("\n", " "))
    return replace(article, text=first.group(1) if first else article.text[:300])


def story_groups(labelled: Sequence[Labelled]) -> list[int]:
    """For each article the number of its story: the first article that tells it."""
    shingles = [_shingles(f"{one.article.title} {one.article.text}") for one in labelled]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(number)
    shared = Counter(
        (first, second)
        for held in holders.values()
        if len(held) < _COMMON
        for place, first in enumerate(held)
        for second in held[place + 1 :]
    )
    leaders = list(range(len(labelled)))
    for (first, second), count in sorted(shared.items()):
        if count > _SAME_STORY * min(len(shingles[first]), len(shingles[second])):
            one, other = _leader(leaders, first), _leader(leaders, second)
            leaders[max(one, other)] = min(one, other)
    return [_leader(leaders, number) for number in range(len(labelled))]


def _leader(leaders: Sequence[int], number: int) -> int:
    while leaders[number] != number:
        number = leaders[number]
    return number


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = fold_for_search(text).split()
    return set(zip(words, words[1:], words[2:], strict=False))


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with _opened(path) as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Không đọc được tệp {path}: {error}.") from error


def _labelled(row: dict[str, Any]) -> Labelled:
    gold = row["gold"]
    day = row.get("published_at")
    moment = datetime.fromisoformat(day) if day else None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return Labelled(
        article=TagInput(
            id=row["id"],
            title=row["title"],
            text=row["text"],
            url=row.get("url") or "",
            outlet=row.get("outlet") or "",
            published_at=moment,
        ),
        rel=gold["rel"],
        topics=tuple(gold["topics"]),
        focus=tuple(gold["focus"]),
        mention=tuple(gold["mention"]),
        form=gold["form"],
        tone=gold["tone"],
        audience=gold["audience"],
        aspect=gold["aspect"],
    )
