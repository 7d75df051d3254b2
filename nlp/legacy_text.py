"""Vietnamese written for the fonts of the 1990s: letters that are not what they look like."""

from __future__ import annotations

import re
from typing import Final

#: Fewer than this may be a trade mark or a foreign name.
_FEWEST: Final = 3
#: TCVN3 (ABC) writes "đ" as "®" and toned vowels as signs; VNI sets the tone behind its vowel.
_SPELLINGS: Final = (
    ("TCVN3", re.compile(r"®[a-zµ¸¶·¹«¬ª©Ò-þ]|[a-z][µ¸¶¹¬«Òîé×][a-z ]|[µ¸¶¹][nmcptioy]")),
    ("VNI", re.compile(r"[aeouAEOU][øûïÏØÛ]|[aeoAEO][äåáãâùõ]|[öô][ôûøùï]|ñ[aeuoöô]")),
)
_VIETNAMESE: Final = re.compile("[ăđơưĂĐƠƯạ-ỹẠ-Ỹ]")
_READ: Final = 20_000


def legacy_charset(text: str) -> str:
    """The old charset that a text is written in, "" where it is plain.

    >>> legacy_charset("Bé Néi vô ®Èy m¹nh c¶i c¸ch hµnh chÝnh"), legacy_charset("Bộ Nội vụ")
    ('TCVN3', '')
    >>> legacy_charset("Boä Noäi vuï ñaåy maïnh caûi caùch haønh chính")
    'VNI'
    """
    head = text[:_READ]
    for name, spelling in _SPELLINGS:
        found = len(spelling.findall(head))
        if found >= _FEWEST and found > len(_VIETNAMESE.findall(head)):
            return name
    return ""
