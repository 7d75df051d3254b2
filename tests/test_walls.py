"""Walls for machines that answer 200: named, and told from articles about them."""

from __future__ import annotations

import pytest

from crawlers.list_reading import wall_in
from crawlers.walls import wall_of

ARTICLE = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><body>Vui lòng nhập Captcha để tiếp tục</body></html>", "captcha"),
        ("<title>Just a moment...</title><body>Enable JavaScript</body>", "kiểm tra trình duyệt"),
        ("<body><p>Đang tải</p><script>window._cf_chl_opt={a:1}</script>", "kiểm tra trình duyệt"),
        (
            '<html><body><script>document.cookie="D1N=abc"+"; path=/";'
            "window.location.reload(true);</script></body></html>",
            "cookie",
        ),
        (
            "<script>document.cookie = 'a=1'; location.href = '/x';</script>Đang chuyển trang",
            "cookie",
        ),
        ("<h1>Từ chối truy cập</h1>Mã sự cố 8812", "từ chối truy cập"),
        ("<html><head><script src=/a.js></script></head><body></body></html>", "JavaScript"),
    ],
)
def test_a_wall_is_named(page, words):
    assert words in wall_of(page)


@pytest.mark.parametrize(
    "page",
    [
        f"<html>{ARTICLE}<title>Captcha là gì</title><body><p>Mã captcha ...</p></body></html>",
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script><p>DDoS, captcha</p>',
        "<html><body><script>document.cookie='a=1'</script><p>Bộ Nội vụ họp về một cửa, sáng 14/3 "
        "tại Hà Nội, có lãnh đạo các bộ.</p></body></html>",
        "<html><body></body></html>",
        "<html>A</html>",
        "Captcha",
        "<p>" + "Tin dài về thủ tục. " * 100 + "captcha</p>",
    ],
)
def test_a_page_is_no_wall(page):
    assert wall_of(page) == ""


def test_a_feed_that_writes_of_captchas_is_no_wall():
    feed = b"<?xml version='1.0'?><rss><item><title>Captcha</title></item></rss>"
    assert wall_in(feed) == ""
