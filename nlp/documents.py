"""Numbers of official documents in text: "82/QĐ-BNV" in all its spellings.

Read on the folded text, so that "82/QĐ-BNV", "82 /QD–BNV", "Quyết định số 082/QĐ-BNV" and
"Quyết định 82" are one document, the last one with an unknown issuer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.text import fold_for_search

#: Kinds of documents by the folded abbreviation in their number, and the words that name them.
_KINDS: Final = {
    "qd": "quyet dinh",
    "nd": "nghi dinh",
    "nq": "nghi quyet",
    "tt": "thong tu",
    "ct": "chi thi",
    "cd": "cong dien",
    "kl": "ket luan",
    "kh": "ke hoach",
    "hd": "huong dan",
    "tb": "thong bao",
    "bc": "bao cao",
    "tb kl": "thong bao ket luan",
    "l": "luat",
}
_BY_WORDS: Final = {words: kind for kind, words in _KINDS.items()}
_YEAR = r"(?: (?P<year>(?:19|20)\d\d))?"
_FULL = re.compile(
    rf"\b0*(?P<number>[1-9]\d{{0,4}}){_YEAR} (?P<kind>{'|'.join(_KINDS)}) (?P<by>[a-z]\w*)"
)
#: Resolutions of the National Assembly carry no kind: "202/2025/QH15".
_ASSEMBLY = re.compile(r"\b0*(?P<number>[1-9]\d{0,4}) (?P<year>20\d\d) (?P<by>(?:ubtv)?qh\d\d)\b")
#: What follows a count, not a number: "kế hoạch 5 năm" (but "Quyết định 82 năm 2026, ngày 1/7").
_COUNTED = r"(?! (?:nam(?! 20\d\d)|ngay(?! \d)|thang|nguoi|dong|ty|trieu|phan))"
_NAMED = re.compile(
    rf"\b(?P<words>{'|'.join(sorted(_BY_WORDS, key=len, reverse=True))})(?: so)? "
    rf"0*(?P<number>[1-9]\d{{0,4}}){_YEAR}\b{_COUNTED}"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """This is a document as a text names it; what the text leaves out is ""."""

    number: str
    #: ``qd``, ``nd``, ``nq`` and so on.
    kind: str
    year: str
    #: Folded abbreviation of the issuer: ``bnv``, ``cp``, ``ttg``.
    by: str

    def may_be(self, other: DocumentNumber) -> bool:
        """Whether both may name one document: nothing that both say differs."""
        return self.number == other.number and all(
            one == another or not one or not another
            for one, another in zip(
                (self.kind, self.year, self.by), (other.kind, other.year, other.by), strict=True
            )
        )

    def is_surely(self, other: DocumentNumber) -> bool:
        """Whether both name one document, issuer included."""
        return self.may_be(other) and bool(self.by) and self.by == other.by


def document_numbers(text: str) -> list[DocumentNumber]:
    """The documents that a text names, in order, each once.

    >>> [(d.number, d.kind, d.by) for d in document_numbers("Quyết định số 82 /QĐ–BNV")]
    [('82', 'qd', 'bnv')]
    >>> [(d.number, d.kind, d.year) for d in document_numbers("theo Nghị định 238/2025")]
    [('238', 'nd', '2025')]
    """
    # "NÐ-CP" with the Icelandic letter is a common slip of keyboards.
    folded = fold_for_search(text.replace("Ð", "Đ").replace("ð", "đ"))
    return list(dict.fromkeys(_found(folded)))


def _found(folded: str) -> Iterator[DocumentNumber]:
    told: set[tuple[str, str]] = set()
    for match in _FULL.finditer(folded):
        kind = match["kind"]
        told.add((match["number"], kind))
        yield DocumentNumber(match["number"], kind, match["year"] or "", match["by"])
    for match in _ASSEMBLY.finditer(folded):
        told |= {(match["number"], kind) for kind in ("nq", "l")}
        yield DocumentNumber(match["number"], "", match["year"], match["by"])
    for match in _NAMED.finditer(folded):
        kind = _BY_WORDS[match["words"]]
        if (match["number"], kind) not in told:
            yield DocumentNumber(match["number"], kind, match["year"] or "", "")
