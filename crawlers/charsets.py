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
    if looks_garbled(text) and len(_GARBLED.findall(text)) > len(_VIETNAMESE.findall(text)):
        raise SetAside(
            f"Trang {url} bị hỏng bảng mã từ máy chủ (chữ Việt mã hóa hai lần), không dùng được. "
            "Trang gốc được giữ trong lưu trữ; xem lại sau khi tòa soạn sửa."
        )
    return text


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
