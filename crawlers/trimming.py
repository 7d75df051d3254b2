"""What is trimmed off any body: its repeated head, its signature, lines that are no text of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crawlers.bylines import authors_from, credit_in, without_label
from domain.text import fold_for_matching

_SIGNATURE = re.compile(r"[A-ZĐÀ-Ỹ][\w.]*(?:[ -]+[A-ZĐÀ-Ỹ(][\w.()]*){1,5}")
_LEADING_DATELINE = re.compile(r"^[\s\d/:.,\-|]*(?:GMT\+7)?[\s\d/:.,\-|()]*$")
_LABELLED_DATELINE = re.compile(
    r"(?:ngày đăng|ngày phát hành|đăng ngày|đăng lúc|cập nhật|thứ \w+|chủ nhật)\b.{0,20}?"
    r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}.{0,20}",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 80
#: An outlet's name before the sapo ("(VTC News) - ") has no more letters than this.
_LONGEST_PREFIX = 30
#: A heading of what stands below an article.
_BELOW = re.compile(
    r"(?:các )?(?:tin|bài)(?: viết)? (?:liên quan|khác|mới|cũ hơn|mới hơn|cùng chuyên mục)|"
    r"cùng chuyên mục|có thể bạn quan tâm|bình luận(?: \(\d+\))?|ý kiến(?: bạn đọc)?|"
    r"gửi (?:bình luận|ý kiến)(?: của bạn)?|từ kh[oóòỏõọ][áa]?|tags?|đọc nhiều|xem nhiều|"
    r"tin mới(?: nhất)?|đọc thêm|xem thêm",
    re.IGNORECASE,
)
_NO_TEXT = re.compile(
    r"(?:từ kh[oóòỏõọ][áa]?|tags?|chủ đề|đọc thêm|xem thêm|chia sẻ(?: bài viết)?)\s*[:：]|"
    r"(?:©|®|bản quyền (?:thuộc|bởi)|giấy phép (?:số|hoạt động|xuất bản)|mời (?:quý )?(?:vị|"
    r"bạn|bạn đọc|độc giả) (?:xem|đọc|theo dõi|đón đọc))|"
    r"(?:theo dõi|đọc) .{0,60}(?:google news|trên zalo)|"
    r"(?:chia sẻ|in bài viết|lưu bài viết|copy link|quay lại|lên đầu trang|trở lại|nghe đọc bài|"
    r"thích|facebook|twitter|zalo|email|bản in|gửi email)$|(?:ảnh|đồ họa)\s*[:：]\s*\S.{0,40}$",
    re.IGNORECASE,
)
#: The hour before each entry of a live report.
_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d{2}'?")
#: Boxes below an article are shorter than so much of it.
_MOST_OF_BODY = 0.4
_LONGEST_NO_TEXT = 160


def without_foreign_lines(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs without tags, share lines, licences, and what follows "Tin liên quan".

    >>> without_foreign_lines(["Bài dài hơn những dòng phía dưới.", "Tin liên quan", "Tin kia"])
    ['Bài dài hơn những dòng phía dưới.']
    """
    total = sum(map(len, paragraphs))
    kept: list[str] = []
    read = 0
    for line in paragraphs:
        heading = _BELOW.fullmatch(line.strip(" :.|»>"))
        if heading and kept and total - read <= total * _MOST_OF_BODY:
            break
        read += len(line)
        short = len(line) <= _LONGEST_NO_TEXT
        nothing = short and (_NO_TEXT.match(line) or _CLOCK.fullmatch(line))
        if not heading and not nothing:
            kept.append(line)
    return kept


def is_printed_sapo(line: str, description: str) -> bool:
    """Whether a paragraph is the sapo, perhaps with the outlet's name before it.

    >>> is_printed_sapo("(VTC News) - Bỏ 12 thủ tục cấp xã.", "Bỏ 12 thủ tục cấp xã.")
    True
    """
    printed, declared = folded(line), folded(description)
    if not declared:
        return False
    return printed.endswith(declared) and len(printed) - len(declared) <= _LONGEST_PREFIX


def tidy(
    paragraphs: Sequence[str], *, headline: str, description: str, authors: Sequence[str]
) -> tuple[list[str], list[str], str]:
    """The body without its repeated head and its signature: body, signatures, credit line."""
    body = list(paragraphs)
    while body and _is_head(body[0], headline, description):
        del body[0]
    signed: list[str] = []
    credit = ""
    while len(body) > 1 and len(body[-1]) <= _LONGEST_SIGNATURE:
        if found := credit_in(body[-1]):
            credit = found
        elif _is_signature(body[-1], authors):
            signed.append(body[-1])
        else:
            break
        del body[-1]
    return body, signed, credit


def _is_head(line: str, headline: str, description: str) -> bool:
    return (
        folded(line) == folded(headline)
        or is_printed_sapo(line, description)
        or _LEADING_DATELINE.match(line) is not None
        or _LABELLED_DATELINE.fullmatch(line) is not None
    )


def _is_signature(line: str, authors: Sequence[str]) -> bool:
    named = authors_from([line], [])
    if authors:
        known = {folded(author) for author in authors}
        return bool(named) and all(folded(name) in known for name in named)
    bare = without_label(line)
    if bare != line and named:
        return True
    return bool(named) and all(_SIGNATURE.fullmatch(name) for name in named)


@lru_cache(maxsize=32)  # headline and sapo are compared several times a page
def folded(text: str) -> str:
    """Text for comparing: no punctuation, no case, one spelling of tone marks."""
    return re.sub(r"\W+", " ", fold_for_matching(text)).strip()
