"""What the press says when something is wrong: each answer stands in for a healthy one."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from unicodedata import normalize

from domain.clock import VIETNAM
from domain.outlets import Layout
from tests.fault_press.house import XML, House, Twist, page, rss, rss_item, sitemap_of, text
from tests.fault_press.server import HTML, Asked, Manner, Reply

#: The faults play on this day; each outlet has printed its articles in the two days before.
FIRST_CRAWL = datetime(2026, 9, 16, 10, 0, tzinfo=VIETNAM)
#: When the faults are gone: whatever had to wait, waited long enough.
SECOND_CRAWL = FIRST_CRAWL + timedelta(days=3)
THIRD_CRAWL = SECOND_CRAWL + timedelta(days=3)
#: Moments at which the articles of every outlet were printed.
PRINTED = tuple(FIRST_CRAWL - timedelta(hours=hours, minutes=7) for hours in (30, 19, 4))
_HUGE = 300_000_000
_INFLATED = 12_000_000


def status(code: int, **headers: str) -> Twist:
    """The list answers with a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return on_list(
        lambda house, asked: Reply(
            body="Không có gì ở đây.".encode(), status=code, headers={"Content-Type": HTML} | named
        )
    )


def on_list(answer: Callable[[House, Asked], Reply | None]) -> Twist:
    """The fault is in the list alone."""
    return lambda house, asked: answer(house, asked) if house.is_list(asked) else None


def on_page(answer: Callable[[House, Asked], Reply | None]) -> Twist:
    """The fault is in the articles' pages alone."""
    return lambda house, asked: answer(house, asked) if house.story(asked) else None


def on_robots(reply: Reply) -> Twist:
    """The fault is in robots.txt."""
    return lambda house, asked: reply if asked.path == "/robots.txt" else None


def listing(body: bytes, content_type: str = XML) -> Twist:
    """The list is these bytes."""
    return on_list(lambda house, asked: text(body, content_type))


def items(**form: Any) -> Twist:
    """The list's items have another form; `link` and `guid` are made from house, story, asked."""
    link, guid = form.pop("link", None), form.pop("guid", None)

    def answer(house: House, asked: Asked) -> Reply:
        shown = house.printed(asked.at)
        house.note(house.named, shown)
        lines = []
        for story in shown:
            for url in link(house, story, asked) if link else [house.url(story)]:
                lines.append(rss_item(url, story, guid=guid(asked, url) if guid else "", **form))
        return text(rss(lines), XML)

    return on_list(answer)


def both(*twists: Twist) -> Twist:
    """Several things at once; the first that has an answer gives it."""

    def answer(house: House, asked: Asked) -> Reply | None:
        found = (twist(house, asked) for twist in twists)
        return next((reply for reply in found if reply), None)

    return answer


def moved_to(target: Callable[[Asked], str]) -> Twist:
    """The list redirects."""
    return on_list(lambda house, asked: Reply(status=302, headers={"Location": target(asked)}))


def endless(house: House, asked: Asked) -> Reply | None:
    if house.is_list(asked) or asked.path.startswith("/vong/"):
        return Reply(status=302, headers={"Location": f"{house.root}/vong/{asked.before}"})
    return None


def whole(house: House, asked: Asked) -> bytes:
    """The healthy list's bytes, without counting them as served."""
    return rss(rss_item(house.url(story), story) for story in house.printed(asked.at))


def cut(manner: Manner) -> Twist:
    return on_list(lambda house, asked: Reply(body=whole(house, asked), manner=manner))


def gzipped(body: bytes) -> Reply:
    return Reply(body=body, headers={"Content-Type": XML, "Content-Encoding": "gzip"})


def bomb() -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    return pack.compress(b" " * _INFLATED) + pack.flush()


ENTITIES = "<!DOCTYPE x [" + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9)
) + "]>"  # fmt: skip


def flapping(house: House, asked: Asked) -> Reply | None:
    return Reply(status=502, body=b"busy") if asked.before == 0 else None


def robot_refused(house: House, asked: Asked) -> Reply | None:
    if asked.path != "/robots.txt" and "diembao" in asked.agent:
        return Reply(status=403, body=b"no")
    return None


def captcha(house: House, asked: Asked) -> Reply:
    return Reply(
        body="""<!DOCTYPE html><html><head><title>Xác thực truy cập</title></head><body>
<h1>Vui lòng nhập mã captcha để tiếp tục</h1><form><input name="captcha"></form></body></html>
""".encode()
    )


def cookie_wall(house: House, asked: Asked) -> Reply:
    return Reply(
        body=b"""<!DOCTYPE html><html><head><script>
document.cookie="D1N=0a1b2c3d; path=/"; window.location.reload(true);
</script></head><body></body></html>"""
    )


def soft_404(house: House, asked: Asked) -> Reply:
    return Reply(
        body="""<!DOCTYPE html><html><head><title>404 - Không tìm thấy trang</title></head>
<body><h1>Rất tiếc, trang bạn tìm không tồn tại</h1><a href="/">Về trang chủ</a></body></html>
""".encode()
    )


def huge(house: House, asked: Asked) -> Reply:
    return Reply(body=b"<html><body>", manner=Manner.STREAM, amount=_HUGE)


def paged(when: Callable[[datetime], str] | None = None, **form: Any) -> Twist:
    """Pages of another form; they are served, and count as such."""

    def answer(house: House, asked: Asked) -> Reply | None:
        story = house.story(asked)
        if story is None:
            return None
        house.note(house.served, [story])
        line = when(story.at) if when else None
        return Reply(body=page(story, when=line, **form).encode())

    return answer


def legacy_page(house: House, asked: Asked) -> Reply | None:
    story = house.story(asked)
    if story is None:
        return None
    house.note(house.served, [story])
    written = page(story).replace('charset="utf-8"', 'charset="windows-1258"')
    return Reply(body=to_1258(written), headers={"Content-Type": "text/html; charset=windows-1258"})


def to_1258(written: str) -> bytes:
    """Text in windows-1258, which writes tone marks apart from their letters.

    >>> to_1258("Thủ tục").decode("windows-1258").encode() == "Thu\u0309 tu\u0323c".encode()
    True
    """
    out = bytearray()
    for char in normalize("NFC", written):
        try:
            out += char.encode("windows-1258")
        except UnicodeEncodeError:
            plain = normalize("NFD", char)
            marks = [mark for mark in plain[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"]
            rest = normalize("NFC", plain[0] + "".join(m for m in plain[1:] if m not in marks))
            out += (rest + "".join(marks)).encode("windows-1258")
    return bytes(out)


def renamed(house: House, asked: Asked) -> Reply | None:
    new = house.aliases[0]
    if asked.host == new:
        return None
    where = f"http://{new}{asked.path}"
    return Reply(status=301, headers={"Location": where}) if asked.path != "/robots.txt" else None


def withdrawn(house: House, asked: Asked) -> Reply | None:
    """Served while it stands; from the second day on it is gone."""
    if house.story(asked) and asked.at >= SECOND_CRAWL:
        return Reply(status=410, body="Bài viết đã được gỡ.".encode())
    return None


def updated(house: House, asked: Asked) -> Reply | None:
    """Each day the lists carry another headline of the same article."""
    if not house.is_list(asked):
        return None
    days = (asked.at - FIRST_CRAWL).days
    shown = house.printed(asked.at)
    house.note(house.named, shown)
    lines = [
        rss_item(house.url(s), s, sapo=f"{s.sapo} Cập nhật lần {days}." if days else "")
        for s in shown
    ]
    return text(rss(lines), XML)


def no_page(house: House, asked: Asked) -> Reply:
    return Reply(status=500, body=b"error")


def _future(house: House, asked: Asked) -> Reply | None:
    story = house.story(asked)
    if story is None:
        return None
    house.note(house.served, [story])
    ahead = story.at + timedelta(days=400)
    return Reply(body=page(story, when=f"{ahead:%d/%m/%Y %H:%M}").encode())


def undated_then_ahead(house: House, asked: Asked) -> Reply | None:
    return items(date="Fri, 01 Oct 2027 08:00:00 +0700")(house, asked) or _future(house, asked)


def nul_bytes(house: House, asked: Asked) -> Reply:
    house.note(house.named, house.printed(asked.at))
    return text(whole(house, asked).replace(b"<item>", b"<item>\x00"), XML)


def mislabelled(house: House, asked: Asked) -> Reply | None:
    if house.is_list(asked):
        house.note(house.named, house.printed(asked.at))
        return text(whole(house, asked), "text/html")
    return None


def misdeclared(house: House, asked: Asked) -> Reply:
    lines = [rss_item(house.url(story), story) for story in house.printed(asked.at)]
    return text(rss(lines, '<?xml version="1.0" encoding="iso-8859-1"?>'), "application/xml")


def some_without_link(house: House, asked: Asked) -> Reply:
    shown = house.printed(asked.at)
    house.note(house.named, shown)
    broken = "<item><title>Tin không có địa chỉ</title></item>"
    return text(rss([broken, *(rss_item(house.url(story), story) for story in shown)]), XML)


def amp_links(house: House, story: Any, asked: Asked) -> list[str]:
    mobile = f"http://m.{house.host}{story.path}"
    return [house.url(story), mobile, f"{house.url(story)}/amp", f"{mobile}?ref=home"]


def tracked_links(house: House, story: Any, asked: Asked) -> list[str]:
    url = house.url(story)
    return [url, f"{url}?utm_source=rss&utm_medium=feed", f"{url}?fbclid=Iw{asked.before}#top"]


NEW_LAYOUT = Layout(
    since=date(2026, 9, 16), headline="h1.ten-bai", description="h2.mo-dau",
    body="section.bai > p", published="time.luc",
)  # fmt: skip


def two_layouts(house: House, asked: Asked) -> Reply | None:
    story = house.story(asked)
    if story is None:
        return None
    house.note(house.served, [story])
    return Reply(body=page(story, new_layout=story.at >= PRINTED[-1]).encode())


PICTURE = '<img src="/ngay-gio.png" alt="">'
SITEMAP_BOMB = sitemap_of("<url><loc>&e8;</loc></url>", ENTITIES)
