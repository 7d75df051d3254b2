"""Addresses: one form for one article, whatever path led to it."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

#: An address that is canonical already; nearly every address of a feed is.
_PLAIN = re.compile(
    r"https?://(?!m\.|amp\.|mobile\.)(?:[a-z0-9][a-z0-9\-]*\.)+[a-z0-9]+/[A-Za-z0-9/_.,~+=@\-]*"
)
_AMP_ENDING = re.compile(r"(?:/amp/?|\.amp|\.amp\.html?)$", re.IGNORECASE)
_AMP_ENDINGS = ("/amp", "/amp/", ".amp", ".amp.html", ".amp.htm")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.\-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>\"\\^`{|}]")
#: Second-level names under which a host is registered: `m.com.vn` is a site, not a mobile form.
_REGISTRIES = frozenset({"com", "net", "org", "gov", "edu", "ac", "info", "name", "health", "int"})
_DEFAULT_PORTS = {"http": 80, "https": 443}

#: Parameters that say where a reader came from, never which article is meant.
_TRACKING = frozenset({
    "_ga", "_gl", "amp", "at_campaign", "at_medium", "cmpid", "dclid", "fb_action_ids",
    "fb_action_types", "fb_comment_id", "fb_source", "fbclid", "from", "gbraid", "gclid", "gidzl",
    "gclsrc", "hidezl", "igshid", "itm_source", "itm_campaign", "itm_medium", "mc_cid", "mc_eid",
    "mibextid", "msclkid", "outputtype", "ref", "ref_src", "rss", "spm", "src", "trk", "twclid",
    "vn_aid", "vn_campaign", "vn_medium", "vn_source", "vn_term", "vn_thumb", "wbraid", "yclid",
    "zalo_share", "zarsrc", "zclid", "zdlink",
})  # fmt: skip
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_")


def canonical_address(url: str) -> str:
    """The form by which an article is known; `ValueError` for what is no http(s) address.

    Host in lower case, without default port, fragment, tracking parameters and the prefixes and
    endings of mobile and AMP forms; what remains of the query is sorted. The scheme stays: some
    portals answer on http alone.

    >>> canonical_address("https://M.vnexpress.net/a-1.html?utm_source=zalo&b=2&a=1#box_comment")
    'https://vnexpress.net/a-1.html?a=1&b=2'
    """
    if _PLAIN.fullmatch(url) and not url.endswith(
        ("/amp", "/amp/", ".amp", ".amp.html", ".amp.htm")
    ):
        return url
    parts = _split(url.strip())
    path = _AMP_ENDING.sub(_without_amp, _escape(parts.path)) or "/"
    query = _kept_query(parts.query)
    return f"{parts.scheme.lower()}://{_host(parts)}{path}" + (f"?{query}" if query else "")


def is_home(url: str) -> bool:
    """Whether a canonical address is that of a whole site, so of no article."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _split(url: str) -> SplitResult:
    if not url[:8].lower().startswith(("http://", "https://")):
        raise ValueError(f"“{url[:100]}” không phải địa chỉ http hoặc https")
    if _FORBIDDEN.search(url):
        raise ValueError(f"địa chỉ “{url[:100]}” có ký tự không hợp lệ")
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"địa chỉ “{url[:100]}” không có tên miền")
    if parts.username is not None:
        raise ValueError(f"địa chỉ “{url[:100]}” kèm tên đăng nhập")
    return parts


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    name = f"[{name}]" if ":" in name else name
    if not _HOST.fullmatch(name) or ".." in name:
        raise ValueError(f"tên miền “{name}” không hợp lệ")
    name = _desktop(name)
    port = parts.port
    if port is None or port == _DEFAULT_PORTS[parts.scheme.lower()]:
        return name
    return f"{name}:{port}"


def _desktop(host: str) -> str:
    """The host without a mobile or AMP label, where a registered site remains."""
    first, _, rest = host.partition(".")
    while first in {"m", "amp", "mobile"} and _is_registered(rest):
        host = rest
        first, _, rest = host.partition(".")
    return host


def _is_registered(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 2 or (len(labels) == 2 and labels[0] not in _REGISTRIES)


def _without_amp(match: re.Match[str]) -> str:
    ending = match.group(0).lower()
    if ending.startswith("/amp"):
        return ""
    before = match.string[: match.start()]
    if ending == ".amp" and not re.search(r"\.[a-z]{2,5}$", before):
        return match.group(0)  # the page itself may be named so
    return ending.removeprefix(".amp")


def _escape(path: str) -> str:
    """Letters outside ASCII and blanks percent-encoded; what is encoded stays, in capitals."""
    if "%" in path:
        path = re.sub(r"%[0-9a-fA-F]{2}", lambda match: match.group(0).upper(), path)
    return quote(path, safe="/%:@!$&'()*+,;=~-._")


def _kept_query(query: str) -> str:
    if not query:
        return ""
    kept = [part for part in query.split("&") if part and not _tracks(part)]
    return quote("&".join(sorted(kept)), safe="/%:@!$&'()*+,;=~-._?[]")


def _tracks(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
