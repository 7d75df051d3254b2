"""Names around an article: who wrote it, who is credited, and what the site calls itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from domain.text import clean, fold_for_search

_SEPARATORS = re.compile(r"\s*(?:;|,|\||/| - | – |\s+và\s+|\s+&\s+)\s*")
_LABEL = re.compile(
    r"^(?:tác giả(?: bài viết)?|(?:bài|tin)(?:, bài)?\s*(?:,|và|-|&|\+)\s*(?:ảnh|clip|video)|"
    r"thực hiện|tin|bài|ảnh|theo|nhóm (?:pv|tác giả)|phóng viên|người viết|pv|by)\s*[:：]\s*",
    re.IGNORECASE,
)
_MORE_AUTHORS = re.compile(r"\s*và \d+ tác giả khác", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:vn|com|net|org)\b", re.IGNORECASE)
_MAIL = re.compile(r"\(?\b[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+\)?")
#: An outlet that signs as author is none; a name of the page's own controls neither.
_NO_PERSON = re.compile(
    r"(?:báo|tạp chí|cổng thông tin|cổng ttđt|trang thông tin|trang tin|đài phát thanh|website)"
    r"(?:\s|$)|(?:tác giả|theo dõi|xem thêm|admin|administrator|super user|webmaster)$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^[(\[]?\s*(?:(?:Theo|Nguồn(?: tin)?)\s*[:：]?\s+)(?=[^a-zà-ỹ\s])"
    r"(?P<who>(?:[^.!?;]|\.(?=\w)){2,60})[)\]]?\.?$"
)
#: Agencies that are named alone, without "Theo".
_AGENCY = re.compile(
    r"[(\[]?\s*(?:TTXVN(?:/[\w+]+)?|Vietnam\+|TTXVN/Báo Tin tức|Chinhphu\.vn)\s*[)\]]?\.?"
)
_LONGEST_NAME = 60
_SUFFIX = re.compile(r"\s+[-|–—]\s+(?=[^-|–—]*$)")


def authors_from(lines: Iterable[str], site_names: Iterable[str]) -> tuple[str, ...]:
    """The persons named, each once; the site's own name is no author.

    >>> authors_from(["Lê Anh - Bá Tư", "tuoitre.vn", "và 1 tác giả khác"], ["Báo Tuổi Trẻ"])
    ('Lê Anh', 'Bá Tư')
    """
    sites = [squeezed for name in site_names if (squeezed := _squeeze(name))]
    found: dict[str, None] = {}
    for line in lines:
        for name in _names_in(line):
            if not _is_site(name, sites):
                found.setdefault(name)
    return tuple(found)


def _names_in(line: str) -> Iterator[str]:
    line = _MAIL.sub("", line)
    if _LINK.search(line):
        return
    for part in _SEPARATORS.split(without_label(_MORE_AUTHORS.sub("", clean(line)))):
        name = part.strip(" .,:;()[]-–|")
        named = name and len(name) <= _LONGEST_NAME and name[0].isalpha()
        if named and not _NO_PERSON.match(name) and not _ADDRESS.search(name):
            yield name


def without_label(line: str) -> str:
    """A byline without the word before the name.

    >>> without_label("Bài, ảnh: Lê Anh"), without_label("Tin, ảnh: Lê Anh")
    ('Lê Anh', 'Lê Anh')
    """
    return _LABEL.sub("", line)


def _is_site(name: str, sites: list[str]) -> bool:
    squeezed = _squeeze(name)
    if len(squeezed) < 4:
        return False
    return any(squeezed in site or site in squeezed for site in sites)


def _squeeze(name: str) -> str:
    return fold_for_search(name).replace(" ", "")


def site_names(url: str, *names: str) -> tuple[str, ...]:
    """What a site may call itself: its names, and the telling label of its host.

    >>> site_names("https://www.dantri.com.vn/a.htm", "Báo Dân trí")
    ('Báo Dân trí', 'Dân trí', 'dantri')
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    label = host.split(".")[0]
    short = [re.sub(r"^(?:Báo điện tử|Báo|Tạp chí)\s+", "", name) for name in names]
    all_names = [name for pair in zip(names, short, strict=True) for name in pair] + [label]
    return tuple(dict.fromkeys(name for name in all_names if len(name) > 2))


def without_site_name(title: str, names: Iterable[str]) -> str:
    """A title without the site's name that many pages append.

    >>> without_site_name("Đề án 06 - Hai năm - Tuổi Trẻ Online", ["Tuổi Trẻ"])
    'Đề án 06 - Hai năm'
    """
    match = _SUFFIX.search(title)
    if match is None:
        return title
    suffix = _squeeze(title[match.end() :])
    sites = [squeezed for name in names if (squeezed := _squeeze(name))]
    named = any(site in suffix or suffix in site for site in sites if suffix)
    return title[: match.start()].strip() if named else title


def credit_in(line: str) -> str:
    """The line itself where it is a credit, "" otherwise.

    >>> credit_in("(Theo TTXVN)"), credit_in("Theo ông Phớc, mức giảm trừ sẽ tăng."), credit_in("A")
    ('Theo TTXVN', '', '')
    """
    if _AGENCY.fullmatch(clean(line)):
        return clean(line).strip("()[] .")
    match = _CREDIT.match(clean(line))
    if match is None or len(match.group("who").split()) > 8:
        return ""
    if "," in match.group("who"):
        return ""
    return clean(line).strip("()[] .")
