"""Vietnamese text: cleaned at the door, folded for search, folded for matching.

Three forms, never mixed: the *display* text keeps what the outlet wrote; the *search* form has no
diacritics at all (``đ`` included); the *matching* form keeps diacritics and folds only the place of
the tone mark and the case, because ``hòa bình`` and ``Hòa Bình`` differ once stripped.
"""

from __future__ import annotations

import html
import re
import unicodedata

#: Control characters, and what is there but not seen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+"
)
#: Blanks that are not one plain space; nearly every space is, and need not be touched.
_BLANKS = re.compile(
    "[\t\r\n\u00a0\u2000-\u200a\u202f\u3000][ \t\r\n\u00a0\u2000-\u200a\u202f\u3000]*"
    "| [ \t\r\n\u00a0\u2000-\u200a\u202f\u3000]+"
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# The two spellings of a tone mark over oa, oe, uy: the old style (hòa) and the new style (hoà).
# Folding goes to the old style, which most outlets print.
_TONE_PAIRS = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
# Only an open syllable has two spellings (hoà/hòa; but hoàn, quý never move).
# The letter stands before the look behind it: so most of a text is passed over at once.
_TONE = re.compile(r"([oO](?<![qQ].)[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU](?<![qQ].)[ỳýỷỹỵỲÝỶỸỴ])(?![^\W\d_])")


def _bare_letters() -> dict[int, str | None]:
    """Letters with diacritics -> the letter alone; loose diacritics -> nothing."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        bare = unicodedata.normalize("NFD", chr(code))[0]
        if bare.isascii():
            table[code] = bare
    return table | {ord("đ"): "d", ord("Đ"): "D"}


_BARE = _bare_letters()


def clean(text: str) -> str:
    """Text as it is kept: entities resolved, NFC, invisible characters out, blanks single.

    >>> clean("Thủ&nbsp;tục \\u200bhành  chính\\n")
    'Thủ tục hành chính'
    """
    text = html.unescape(text) if "&" in text else text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        # No blank but the plain space is, nor anything unseen: most lines need no more.
        return (_BLANKS.sub(" ", text) if "  " in text else text).strip()
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def clean_paragraphs(text: str) -> str:
    """Like `clean`, but a line stays a line; empty lines go.

    >>> clean_paragraphs("Một  cửa\\n\\n  liên thông ")
    'Một cửa\\nliên thông'
    """
    return "\n".join(line for raw in text.splitlines() if (line := clean(raw)))


def fold_tones(text: str) -> str:
    """Text with one spelling of each tone mark; case and diacritics stay.

    >>> fold_tones("Hoà Bình, thuỷ lợi, uỷ ban, quý, hoàn")
    'Hòa Bình, thủy lợi, ủy ban, quý, hoàn'
    """
    return _TONE.sub(_swap_tone, text)


def _swap_tone(match: re.Match[str]) -> str:
    written = match.group(1)
    swapped = _TONE_PAIRS[written.lower()]
    if written.isupper():
        return swapped.upper()
    return swapped[0].upper() + swapped[1] if written[0].isupper() else swapped


def fold_for_matching(text: str) -> str:
    """The form in which names and terms are compared: NFC, one tone spelling, lower case.

    >>> fold_for_matching("UỶ BAN nhân dân")
    'ủy ban nhân dân'
    """
    return fold_tones(unicodedata.normalize("NFC", text)).lower()


def fold_for_search(text: str) -> str:
    """The form that is indexed and searched: ``[a-z0-9 ]`` only, no diacritics, đ as d.

    >>> fold_for_search("Sắp xếp Đề án 76/NQ-CP")
    'sap xep de an 76 nq cp'
    """
    composed = unicodedata.normalize("NFC", text).translate(_BARE).lower()
    return _NOT_WORD.sub(" ", composed).strip()
