"""Charsets: bytes to Vietnamese text, or a reason why not."""

from __future__ import annotations

import codecs
import re
import unicodedata

from domain.errors import SetAside

_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w\-]+)", re.IGNORECASE)
#: What UTF-8 Vietnamese becomes when read as cp1252: "Thá»§ tá»¥c", "Ä‘á» Ã¡n", "Æ°".
_GARBLED = re.compile(
    r"á[º»][\x80-\xbf\u2018-\u203a\u20ac\u0152-\u0192\u02c6\u02dc]|Ã[\x80-\xbf\u20ac\u2018-\u201d]|Ä[‘\x91\x90]|Æ[°¯¡]"
)
#: The most damage a page may have and still be read: one lost character in so many.
_ONE_LOST_IN = 500


def looks_garbled(text: str) -> bool:
    """Whether Vietnamese text was decoded by a wrong charset.

    >>> looks_garbled("Thá»§ tá»¥c hÃ nh chÃ\xadnh"), looks_garbled("Thủ tục hành chính")
    (True, False)
    """
    return _GARBLED.search(text) is not None


def decode_page(body: bytes, content_type: str, url: str) -> str:
    """The text of a page: by BOM, header, meta tag, else UTF-8; `SetAside` if it comes out broken.

    UTF-8 that holds is believed before any declaration: a wrong declaration is common, and text
    in another charset hardly ever happens to be valid UTF-8.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, errors="replace")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = _by_declaration(body, content_type, url)
    if _mostly_garbled(text):
        text = _repaired(_repaired(text))
        if _mostly_garbled(text):
            raise SetAside(
                f"Trang {url} bị hỏng bảng mã từ máy chủ (chữ Việt mã hóa hai lần), không dùng "
                "được. Trang gốc được giữ trong lưu trữ; xem lại sau khi tòa soạn sửa."
            )
    _refuse_legacy(text, url)
    return text


def _mostly_garbled(text: str) -> bool:
    # Plain search comes first: no garbled Vietnamese text is without these, no sound one has them;
    # and a single letter is found faster than two.
    if not any(mark[1] in text and mark in text for mark in _MARKS):
        return False
    return len(_GARBLED.findall(text)) > len(_VIETNAMESE.findall(text))


def _repaired(text: str) -> str:
    """Text that was UTF-8, read as cp1252 and written as UTF-8 again, put right.

    >>> _repaired("Thá»§ tá»¥c hÃ\xa0nh chÃ\xadnh")
    'Thủ tục hành chính'
    """
    return _RUN.sub(_as_utf8, text)


def _as_utf8(run: re.Match[str]) -> str:
    try:
        raw = b"".join(_byte_of(letter) for letter in run.group())
        return raw.decode("utf-8")
    except UnicodeError:
        return run.group()


def _byte_of(letter: str) -> bytes:
    """The byte behind a letter; the five bytes cp1252 leaves empty came through as they were."""
    return letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252")


def _refuse_legacy(text: str, url: str) -> None:
    """Fonts of the 1990s draw Vietnamese with other letters; what they stood for is not guessed."""
    for name, letters, pattern in _LEGACY:
        if not any(letter in text and text.count(letter) > _FEW for letter in letters):
            continue
        if len(pattern.findall(text)) > max(_FEW, len(_VIETNAMESE.findall(text))):
            raise SetAside(
                f"Trang {url} viết bằng bảng mã cũ {name}, không phải Unicode, nên không đọc. "
                "Trang gốc được giữ trong lưu trữ; muốn dùng thì chuyển mã rồi nhập bằng "
                "“diembao import”."
            )


#: Letters that a run of misread UTF-8 is made of.
_RUN = re.compile(
    "[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]{2,}"
)
_FEW = 12
_MARKS = ("á»", "áº", "Ä‘", "Ä\x91", "Æ°")
#: Name, letters that abound in it, its spelling. TCVN3 (ABC) writes "đ" as "®" and toned vowels as
#: signs; VNI sets the tone behind its vowel.
_LEGACY = (
    ("TCVN3 (ABC)", "®µ", re.compile("®[a-zµ¸¶·¹«¬ª©Ò-þ]|[a-z][µ¸¶¹¬«][a-z ]")),
    ("VNI", "öøûï", re.compile("a[øûõï]|o[äïø]|öô|u[ûï]|e[äû]|ñ[aoöôe][äøûïôù]")),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạ-ỹẠ-Ỹ]")


def _by_declaration(body: bytes, content_type: str, url: str) -> str:
    repaired = body.decode("utf-8", errors="replace")
    if repaired.count("\ufffd") * _ONE_LOST_IN < len(repaired):
        return repaired
    for name in _declared(body, content_type):
        try:
            text = body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
        # windows-1258 writes tone marks apart from their letters.
        return unicodedata.normalize("NFC", text)
    raise SetAside(
        f"Trang {url} không rõ bảng mã: không phải UTF-8 và không khai báo đúng bảng mã khác. "
        "Trang gốc được giữ trong lưu trữ để người xem lại."
    )


def _declared(body: bytes, content_type: str) -> list[str]:
    header = _HEADER.search(content_type)
    meta = _META.search(body[:4096])
    names = [header.group(1)] if header else []
    if meta:
        names.append(meta.group(1).decode("ascii", errors="replace"))
    return [name for name in names if name.lower().replace("-", "") != "utf8"]
