"""One article has one address, whatever path led to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.addresses import canonical_address, is_home


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://vnexpress.net/a-4672302.html", "https://vnexpress.net/a-4672302.html"),
        ("HTTPS://VnExpress.net/a-1.html", "https://vnexpress.net/a-1.html"),
        ("https://vnexpress.net:443/a-1.html", "https://vnexpress.net/a-1.html"),
        ("http://127.0.0.1:8080/a-1.html", "http://127.0.0.1:8080/a-1.html"),
        ("http://cema.gov.vn:80/tin.htm", "http://cema.gov.vn/tin.htm"),
        ("https://vnexpress.net", "https://vnexpress.net/"),
        ("  https://vnexpress.net/a-1.html\n", "https://vnexpress.net/a-1.html"),
        # tracking
        ("https://a.vn/x.html?utm_source=zalo&utm_medium=s", "https://a.vn/x.html"),
        ("https://a.vn/x.html?fbclid=Iw#box_comment_vne", "https://a.vn/x.html"),
        ("https://a.vn/x.html?gidzl=q&zarsrc=30&gclid=1&rss=1", "https://a.vn/x.html"),
        ("https://a.vn/x?b=2&a=1&utm_campaign=c", "https://a.vn/x?a=1&b=2"),
        ("https://a.vn/x?ItemID=5&", "https://a.vn/x?ItemID=5"),
        # mobile and AMP
        ("https://m.vnexpress.net/a-1.html", "https://vnexpress.net/a-1.html"),
        ("https://amp.vnexpress.net/a-1.html", "https://vnexpress.net/a-1.html"),
        ("https://m.com.vn/a-1.html", "https://m.com.vn/a-1.html"),  # the site itself
        ("https://a.vn/bai-post1.html/amp", "https://a.vn/bai-post1.html"),
        ("https://a.vn/bai/amp/", "https://a.vn/bai"),
        ("https://a.vn/bai-1.html.amp", "https://a.vn/bai-1.html"),
        ("https://a.vn/bai-1.amp.html", "https://a.vn/bai-1.html"),
        ("https://a.vn/bai-1.amp", "https://a.vn/bai-1.amp"),  # what it would be is not known
        ("https://a.vn/bai-1.html?amp=1", "https://a.vn/bai-1.html"),
        # letters
        ("https://a.vn/tin tức.html", "https://a.vn/tin%20t%E1%BB%A9c.html"),
        ("https://a.vn/tin%20t%e1%bb%a9c.html", "https://a.vn/tin%20t%E1%BB%A9c.html"),
        ("https://báo.vn/a", "https://xn--bo-mia.vn/a"),
    ],
)
def test_one_address_for_one_article(url: str, canonical: str) -> None:
    assert canonical_address(url) == canonical


@pytest.mark.parametrize(
    "url",
    ["", "vnexpress.net/a", "/a-1.html", "ftp://a.vn/x", "javascript:void(0)", "mailto:a@b.vn",
     "https://", "https:///x", "https://a b.vn/x", "https://a.vn:99999/x", "https://u:p@a.vn/x",
     "https://a.vn/<script>", "https://a.vn/x\ny", "https://a..vn/x", "https://-a.vn/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_address(url)


_ADDRESSES = st.builds(
    "{}://{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["a.vn", "m.a.vn", "WWW.a.com.vn", "amp.m.a.vn", "a.vn:8080"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters='<>"\\^`{|}?#')
    ),
    st.sampled_from(["", "?utm_source=a&x=1", "?b=2&a=1#top", "#x", "/amp", ".amp.html", "?ứ=ữ"]),
)


@given(url=_ADDRESSES)
def test_canonical_twice_is_canonical_once(url: str) -> None:
    try:
        once = canonical_address(url)
    except ValueError:
        return
    assert canonical_address(once) == once


def test_a_home_page_is_no_article() -> None:
    assert is_home("https://a.vn/")
    assert not is_home("https://a.vn/?id=1")
