"""Names like an agency's that the register lacks, found by underthesea's entity recognition.

Its types are of no use for agencies, its spans are: a span that opens like an agency's name and
holds no name of the register is proposed to a person. Five articles a second, so it reads only
what is relevant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.agencies import AgencyRegister
from domain.records import TagInput
from domain.text import clean, fold_for_matching, fold_tones
from nlp.aliases import generate_aliases
from nlp.folded import fold
from nlp.mentions import MentionFinder

#: So much of a text is read.
_HEAD: Final = 2_000
#: What a name of a central or provincial organ opens with, in lower case.
_OPENINGS: Final = (
    "bộ", "ban", "cục", "tổng cục", "chi cục", "vụ", "sở", "ủy ban", "hội đồng", "văn phòng",
    "thanh tra", "trung tâm", "viện", "ban quản lý", "tổ công tác", "kho bạc", "học viện",
    "cơ quan",
)  # fmt: skip
_OPENING: Final = re.compile(rf"(?:{'|'.join(sorted(_OPENINGS, key=len, reverse=True))})(?!\w)")
#: Organs that the register leaves out on purpose, or that are no single organ.
_KNOWN_OTHERWISE: Final = re.compile(
    r"(?:ban (?:bí thư|chấp hành|thường vụ|tổ chức|tuyên giáo|dân vận|kinh tế|nội chính)|"
    r"bộ (?:chính trị|trưởng|luật|máy)|hội đồng nhân dân|ủy ban nhân dân|ban tổ chức)(?!\w)"
)
_WORDS: Final = range(3, 11)
_SENTENCE_LIMIT: Final = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownName:
    """This is a name, the texts that hold it, and the sentence it was first met in."""

    name: str
    texts: tuple[str, ...]
    sentence: str


def unknown_names(
    texts: Sequence[TagInput], register: AgencyRegister, *, least: int = 2
) -> list[UnknownName]:
    """Names in at least `least` texts, those of most texts first."""
    finder = MentionFinder(generate_aliases(register))
    held: dict[str, dict[str, str]] = {}
    written: dict[str, str] = {}
    for text in texts:
        for name, sentence in _names_in(text, finder):
            key = fold_for_matching(name)
            written.setdefault(key, name)
            held.setdefault(key, {}).setdefault(text.id, sentence)
    found = [
        UnknownName(name=written[key], texts=tuple(ids), sentence=next(iter(ids.values())))
        for key, ids in held.items()
        if len(ids) >= least
    ]
    return sorted(found, key=lambda one: (-len(one.texts), one.name))


def _names_in(text: TagInput, finder: MentionFinder) -> Iterator[tuple[str, str]]:
    # underthesea takes a second and 100 MB to import: only who looks for names pays for it.
    from underthesea import ner, sent_tokenize

    head = f"{text.title}.\n{text.text[:_HEAD]}"
    for line in head.splitlines():
        for sentence in sent_tokenize(clean(line)) if line.strip() else ():
            if not _may_name(sentence):
                continue
            for name in _spans(ner(sentence)):
                if _is_like_an_agency(name) and not finder.find("text", fold(name, len(name))):
                    yield name, sentence[:_SENTENCE_LIMIT]


def _may_name(sentence: str) -> bool:
    """Whether an opening stands in the sentence with a capital: recognition takes a fifth of a
    second an article."""
    return any(match.group()[0].isupper() for match in _ANY_OPENING.finditer(sentence))


_ANY_OPENING: Final = re.compile(rf"(?<!\w){_OPENING.pattern}", re.IGNORECASE)


def _spans(tokens: Sequence[Sequence[str]]) -> Iterator[str]:
    """Runs of words that the recognition holds together, whatever it calls them.

    It breaks names at "và": what goes on behind it in the same case belongs to the name.
    """
    run: list[str] = []
    for place, (word, *_, label) in enumerate(tokens):
        joins = word == "và" and bool(run) and _goes_on(tokens[place + 1 :])
        if label == "O" and not joins:
            yield from _ended(run)
            run = []
        elif label.startswith("B-") and run and run[-1] != "và":
            yield from _ended(run)
            run = [word]
        elif word == ",":
            yield from _ended(run)
            run = []
        else:
            run.append(word)
    yield from _ended(run)


def _goes_on(tokens: Sequence[Sequence[str]]) -> bool:
    if not tokens:
        return False
    word, *_, label = tokens[0]
    return label != "O" and word[0].isupper() and not _OPENING.match(word.lower())


def _ended(run: Sequence[str]) -> Iterator[str]:
    if run:
        yield fold_tones(" ".join(run))


def _is_like_an_agency(name: str) -> bool:
    lower = name.lower()
    return (
        name[0].isupper()
        and len(name.split()) in _WORDS
        and _OPENING.match(lower) is not None
        and _KNOWN_OTHERWISE.match(lower) is None
    )
