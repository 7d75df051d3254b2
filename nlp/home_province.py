"""The province that a provincial outlet means when it names none: "UBND tỉnh", "toàn tỉnh"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from nlp.aliases import Writing
from nlp.folded import Folded
from nlp.mentions import Mention

_RANK: Final = r"(?:tỉnh|thành phố|tp)"
#: Organs named without their province, by the cue that a named one would carry.
_UNNAMED: Final = {
    "committee": rf"(?:ubnd|hđnd|ủy ban nhân dân|hội đồng nhân dân) {_RANK}",
    "head": rf"(?:lãnh đạo|chính quyền|thanh tra) {_RANK}",
    "department": r"sở (?:nội vụ|tư pháp|tài chính|khoa học và công nghệ|thông tin và truyền thông|"
    r"xây dựng|nông nghiệp và môi trường|kế hoạch và đầu tư)|"
    rf"trung tâm phục vụ hành chính công {_RANK}",
    "police": rf"công an {_RANK}",
    "rank": r"(?:toàn|trên địa bàn) tỉnh",
}
_ORGAN: Final = re.compile(
    "|".join(rf"(?P<{cue}>(?<!\w)(?:{organ})(?!\w))" for cue, organ in _UNNAMED.items())
)
#: What may stand between an organ and the province that it does name.
_JOINT: Final = re.compile(rf"\W*(?:{_RANK}\W*)?")


def unnamed_organs(
    home: str, title: Folded, text: Folded, mentions: Sequence[Mention]
) -> list[Mention]:
    """Organs of `home` that name no province, up to the first other place that is named.

    From there on "the province" may be that one.
    """
    places = [mention for mention in mentions if mention.writing is Writing.PLACE]
    found = _organs(home, title, [place for place in places if place.part == "title"], "title")
    if any(place.part == "title" and home not in place.agencies for place in places):
        return found
    return found + _organs(home, text, [p for p in places if p.part == "text"], "text")


def _organs(home: str, text: Folded, places: Sequence[Mention], part: str) -> list[Mention]:
    others = (place.start for place in places if home not in place.agencies)
    named = {place.start for place in places}
    until = min(others, default=len(text.lower))
    return [
        Mention(part, match.start(), match.end(), (home,), Writing.PLACE, cue=match.lastgroup or "")
        for match in _ORGAN.finditer(text.lower, 0, until)
        if not _is_named(text.lower, match.end(), named) and not _is_town(text, match)
    ]


def _is_named(lower: str, end: int, named: Collection[int]) -> bool:
    joint = _JOINT.match(lower, end)
    return joint is not None and joint.end() in named


def _is_town(text: Folded, organ: re.Match[str]) -> bool:
    """Whether a town of the province is named: "UBND thành phố Vinh"."""
    after = text.kept[organ.end() :][:2].strip()
    return not organ.group().endswith("tỉnh") and after[:1].isupper()
