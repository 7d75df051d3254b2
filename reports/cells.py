"""Text that came from the outside, made safe to stand in a file."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

#: The longest text an Excel cell holds, in UTF-16 units.
LONGEST_CELL: Final = 32_767
#: The longest address Excel takes as a hyperlink.
LONGEST_LINK: Final = 2_079
CUT_MARK: Final = " … [đã cắt bớt]"

# What XML cannot carry: control characters, halves of a surrogate pair, non-characters. Marks of
# writing direction are letters' business and stay.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""The text without the characters that no document may hold.

    >>> printable("Một\x00 cửa\x1b")
    'Một cửa'
    """
    # Most texts hold nothing but letters, which is quickly seen.
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def fitting(text: str) -> str:
    """The text as a spreadsheet cell holds it: printable, and visibly cut where it is too long.

    >>> len(fitting("x" * 40_000)), fitting("x" * 40_000)[-15:]
    (32767, ' … [đã cắt bớt]')
    """
    text = printable(text)
    if len(text) <= LONGEST_CELL // 2 or _units(text) <= LONGEST_CELL:
        return text
    room = LONGEST_CELL - _units(CUT_MARK)
    units = text.encode("utf-16-le")[: room * 2]
    return units.decode("utf-16-le", errors="ignore") + CUT_MARK


def is_link(url: str) -> bool:
    """Whether an address may be followed from a document: http or https, whole, not too long.

    >>> is_link("https://baovidu.vn/mot-cua.html"), is_link("javascript:alert(1)")
    (True, False)
    """
    if url != printable(url) or len(url) > LONGEST_LINK or any(map(str.isspace, url)):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
