"""What an article mainly is: text, a video, pictures, an infographic."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.metadata import Metadata
from domain.codes import Media
from domain.text import fold_for_search

#: With so much text beside it, a film or a row of pictures only illustrates.
_A_TEXT = 800
_FEW_WORDS = 500
#: So many pictures with few words make a photo story.
_MANY_PICTURES = 5
_PLAYERS = (
    'video, [type="VideoStream"], [class*="video-js" i], [class*="videoplayer" i], '
    'iframe[src*="youtube.com/embed"], iframe[src*="player" i]'
)
_NAMED = (
    (Media.INFOGRAPHIC, re.compile(r"\binfographics?\b|\bdo hoa\b|\binfo\b")),
    (Media.VIDEO, re.compile(r"^(?:video|clip|truyen hinh|media|multimedia video)\b|\bvideo$")),
    (Media.PHOTO, re.compile(r"^(?:anh|photo|phong su anh|tin anh|chum anh|photos)$")),
)
_HEADLINE = (
    (Media.INFOGRAPHIC, re.compile(r"^\W*(?:infographics?|đồ họa|đồ hoạ)\b", re.IGNORECASE)),
    (Media.VIDEO, re.compile(r"^\W*(?:video|clip)\s*[\]:|\-)]", re.IGNORECASE)),
    (Media.PHOTO, re.compile(r"^\W*(?:ảnh|photo|chùm ảnh)\s*[\]:|\-)]", re.IGNORECASE)),
)


def count_players(tree: LexborHTMLParser) -> int:
    """How many films the page plays; asked before boxes are taken out."""
    return len(tree.css(_PLAYERS))


def count_pictures(tree: LexborHTMLParser) -> int:
    """How many pictures stand in figures or centred boxes of the page."""
    return len(tree.css('figure img, [type="Photo"] img, table.picture img, .photo img'))


def media_of(
    url: str,
    headline: str,
    section: str,
    meta: Metadata,
    *,
    length: int,
    players: int,
    pictures: int,
) -> Media:
    """What the article says it is by headline, section and address, else by what it holds."""
    for media, pattern in _HEADLINE:
        if pattern.search(headline):
            return media
    folders = urlsplit(url).path.strip("/").split("/")[:-1]
    for name in (section, *folders):
        for media, pattern in _NAMED:
            if pattern.search(fold_for_search(name)) and length < _A_TEXT:
                return media
    return _by_content(meta, length, players, pictures)


def _by_content(meta: Metadata, length: int, players: int, pictures: int) -> Media:
    if length >= _FEW_WORDS:
        return Media.TEXT
    if players or "VideoObject" in meta.kinds or any(k.startswith("video") for k in meta.kinds):
        return Media.VIDEO
    if pictures >= _MANY_PICTURES or "ImageGallery" in meta.kinds:
        return Media.PHOTO
    return Media.TEXT
