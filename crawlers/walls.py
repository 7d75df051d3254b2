"""Walls: pages that answer 200 and hold no page, but a test for machines. Named, never passed."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

#: A wall is a small page; a larger one is what it says it is.
LARGEST_WALL = 80_000
_MOST_WORDS = 800
#: A page that says no more than this is not about captchas, it asks for one.
_A_LINE = 150
#: What a page of scripts shows to a reader, beside its title.
_FEWEST_WORDS = 40
_CHALLENGE = re.compile(
    r"just a moment|attention required|checking your browser|kiểm tra trình duyệt|"
    r"are you (?:a )?human|ddos[- ]guard|ddos protection|xác minh (?:bạn|rằng bạn)|"
    r"verify(?:ing)? you are human|đang xác minh",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    r"captcha|mã xác nhận bạn không phải|không phải (?:là )?(?:người máy|robot)", re.I
)
_REFUSED = re.compile(
    r"access denied|từ chối truy cập|bạn đã bị chặn|request blocked|403 forbidden|"
    r"you have been blocked|không có quyền truy cập",
    re.IGNORECASE,
)
_CHALLENGE_CODE = re.compile(
    r"_cf_chl_opt|challenge-platform|cf-browser-verification|slowAES|toNumbers\(|_Incapsula_|"
    r"__jsl_clearance|awsWafCookieDomain|DDoS-Guard",
)
_SETS_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=|cookieStore\s*\.\s*set")
_RELOADS = re.compile(
    r"location\s*\.\s*(?:reload|replace|assign)\s*\(|location\s*(?:\.\s*href)?\s*=[^=]"
)
_ARTICLE = (
    'meta[property="og:type"][content="article"], meta[property="article:published_time"], '
    '[itemprop="articleBody"], [itemtype$="NewsArticle"], article p'
)
#: Where a machine is put to the test.
_TEST = 'form, input, iframe, [class*="captcha" i], [id*="captcha" i], script[src*="captcha" i]'
#: Found without parsing: nearly every article carries one of them.
_SURE_MARKS = ("article:published_time", "NewsArticle", '"articleBody"')
_LINKED_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"\w*Article"')


def wall_of(page: str) -> str:
    """What wall a page is, in Vietnamese; "" where it is none.

    A page that declares an article is none, whatever it writes about: news of captchas is news.

    >>> wall_of("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>")
    'trang kiểm tra trình duyệt'
    >>> wall_of("<h1>Bộ Nội vụ họp</h1><p>Sáng 14/3, ...</p>")
    ''
    """
    if len(page) > LARGEST_WALL or "<" not in page or any(mark in page for mark in _SURE_MARKS):
        return ""
    tree = LexborHTMLParser(page)
    if tree.css_first(_ARTICLE) is not None or _LINKED_ARTICLE.search(page):
        return ""
    scripts = "\n".join(node.text() for node in tree.css("script"))
    has_script = tree.css_first("script") is not None
    title_node = tree.css_first("title")
    title = title_node.text(strip=True) if title_node is not None else ""
    asks = tree.css_first(_TEST) is not None or "captcha" in scripts.lower()
    words = _visible(tree)
    if len(words) > _MOST_WORDS:
        return ""
    return _by_words(title, words, asks=asks) or (
        _by_script(words, scripts, page) if has_script else ""
    )


def _visible(tree: LexborHTMLParser) -> str:
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    body = tree.body
    return body.text(separator=" ", strip=True) if body is not None else ""


def _by_words(title: str, words: str, *, asks: bool) -> str:
    told = f"{title}\n{words}"
    if (asks or len(words) <= _A_LINE) and _CAPTCHA.search(told):
        return "trang đòi nhập mã xác nhận (captcha)"
    if _CHALLENGE.search(told):
        return "trang kiểm tra trình duyệt"
    if _REFUSED.search(told):
        return "trang báo từ chối truy cập"
    return ""


def _by_script(words: str, scripts: str, page: str) -> str:
    if _CHALLENGE_CODE.search(page):
        return "trang kiểm tra trình duyệt"
    if len(words) > _FEWEST_WORDS:
        return ""
    if _SETS_COOKIE.search(scripts) and _RELOADS.search(scripts):
        return "trang đòi chạy mã lệnh để nhận cookie"
    if not words:
        return "trang trắng chỉ có mã lệnh (JavaScript)"
    return ""
