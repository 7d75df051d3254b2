"""What is talked about: key phrases of a set of texts, and the opening sentences of one.

Words are those of underthesea's word segmentation: "thủ tục hành_chính" is one thing to count,
"hành" is not. It reads some fifty articles a second, so it is used on relevant texts alone.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.text import clean, fold_for_matching, fold_tones

#: A phrase has two to this many words.
_LONGEST: Final = 3
#: Syllables of a phrase: one says little, more than this is a sentence.
_SYLLABLES: Final = range(2, 8)
#: A phrase stands in at least this many texts.
_LEAST_TEXTS: Final = 2
#: Words that hold sentences together and begin or end no phrase.
_LINKING_WORDS: Final = """
    và của các những là có được cho trong với đã đang sẽ từ đến tới này đó khi để theo về tại trên
    dưới ở bị bởi do vì nên mà thì cũng như nhưng hoặc hay một hai ba bốn năm sáu bảy tám chín
    mười nhiều ít mọi mỗi từng không chưa còn chỉ rất hơn nhất lại ra vào lên xuống qua sau trước
    giữa cùng bằng nếu tuy dù vẫn đều phải cần nào gì ai đâu sao thế vậy rằng hôm nay ngày tháng
    ông bà anh chị họ tôi chúng ta người việc sự cuộc cái con chiếc số lần
"""
_LINKING: Final = frozenset(_LINKING_WORDS.split())
#: Two reports may be made at once, and underthesea is half loaded to who asks while it loads.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """This is a phrase, the number of texts that hold it, and how far it stands out."""

    words: str
    count: int
    score: float


def key_phrases(texts: Sequence[str], background: Sequence[str], *, count: int) -> list[Phrase]:
    """The phrases that stand out in `texts`, set against `background`, the strongest first.

    The score is the share of texts that hold the phrase, times the logarithm (base 2) of how much
    larger that share is than in the background, both smoothed by half a text; what is no larger
    does not stand out. A phrase that is part of a stronger one is left out. Words are written as
    the texts write them most often.
    """
    found, before = _spellings(texts), _spellings(background)
    scored = []
    for folded, spellings in found.items():
        held = spellings.total()
        if held >= _LEAST_TEXTS:
            usual = before[folded].total() if folded in before else 0
            score = _score(held, len(texts), usual, background)
            if score > 0:
                scored.append(Phrase(words=_most_written(spellings), count=held, score=score))
    ranked = sorted(scored, key=lambda each: (-each.score, -len(each.words), each.words))
    return list(_without_parts(ranked, count))


def sentences(text: str, count: int) -> str:
    """The first `count` sentences of a text; a line end always ends a sentence."""
    # underthesea takes a second and 100 MB to import: only who cuts sentences pays for it.
    from underthesea import sent_tokenize

    lines = (line for raw in text.splitlines() if (line := clean(raw)))
    found = (sentence for line in lines for sentence in sent_tokenize(line))
    return " ".join(sentence for sentence, _ in zip(found, range(count), strict=False))


def _score(held: int, of: int, before: int, background: Sequence[str]) -> float:
    share = (held + 0.5) / (of + 1)
    usual = (before + 0.5) / (len(background) + 1)
    return held / of * max(0.0, math.log2(share / usual)) if background else held / of


def _spellings(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """For each phrase, folded, in how many texts it stands, by how each first writes it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        first: dict[str, str] = {}
        for phrase in _phrases_in(text):
            first.setdefault(fold_for_matching(phrase), phrase)
        for folded, phrase in first.items():
            found[folded][phrase] += 1
    return found


def _most_written(spellings: Counter[str]) -> str:
    """The commonest spelling; among equals that with the fewest capitals."""
    return min(
        spellings, key=lambda words: (-spellings[words], sum(map(str.isupper, words)), words)
    )


def _phrases_in(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = _words(line)
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                phrase = words[start:end]
                if _is_phrase(phrase):
                    yield " ".join(phrase)


def _words(line: str) -> list[str]:
    from underthesea import word_tokenize

    with _ONE_AT_A_TIME:
        words = word_tokenize(clean(line))
    return [fold_tones(word) for word in words]


def _is_phrase(words: Sequence[str]) -> bool:
    if not all(word.replace(" ", "").isalpha() for word in words):
        return False
    if words[0].lower() in _LINKING or words[-1].lower() in _LINKING:
        return False
    return sum(word.count(" ") + 1 for word in words) in _SYLLABLES


def _without_parts(ranked: Iterable[Phrase], count: int) -> Iterator[Phrase]:
    kept: list[str] = []
    for phrase in ranked:
        if len(kept) == count:
            return
        padded = f" {phrase.words.lower()} "
        if not any(padded in stronger for stronger in kept):
            kept.append(padded)
            yield phrase
