"""A press on this machine for benchmarks: outlets with a feed each, and pages of a wanted weight.

    python -m benchmarks.loopback_press PORT PAGES KB

Every outlet has a loopback address of its own, so that a crawler sees so many hosts. All pages are
made before the first is served; the server says "ready" on its standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from random import Random

from domain.clock import VIETNAM

OUTLETS = 8
_FIRST_DAY = datetime(2026, 7, 1, 6, 0, tzinfo=VIETNAM)
_PARAGRAPHS = 18
_TEXT = """
cải cách hành chính thủ tục dịch vụ công trực tuyến người dân doanh nghiệp cán bộ xã phường tỉnh
thành phố sáng nay cho biết theo báo cáo của sở nội vụ tỷ lệ hồ sơ giải quyết đúng hạn đạt cao hơn
cùng kỳ năm trước nhiều địa phương đã rút ngắn thời gian trả kết quả ông bà chủ tịch ủy ban yêu cầu
các đơn vị rà soát lại quy trình bỏ giấy tờ không cần thiết bà con vùng cao đi lại xa nay chỉ phải
nộp một lần qua cổng quốc gia trung tâm phục vụ hành chính công mở cửa cả thứ bảy để kịp tiếp nhận
"""
_WORDS = _TEXT.split()


def host(number: int) -> str:
    """The address of an outlet."""
    return f"127.0.0.{number + 1}"


def page_path(number: int) -> str:
    """The path of a page."""
    return f"/xa-hoi/bai-viet-so-{number}.html"


def page(number: int, kb: int) -> bytes:
    """A news page of `kb` thousand bytes: head, menu, article, lists of other articles, script."""
    random = Random(number)
    headline = _sentence(random, 11)
    moment = _FIRST_DAY + timedelta(minutes=number)
    at = moment.isoformat()
    paragraphs = [" ".join(_sentence(random, 24) for _ in range(3)) for _ in range(_PARAGRAPHS)]
    said = {"@type": "NewsArticle", "headline": headline, "datePublished": at}
    top = (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{headline}</title>'
        f'<meta property="og:title" content="{headline}">'
        f'<meta property="article:published_time" content="{at}">'
        f'<meta name="description" content="{paragraphs[0]}">'
        f'<link rel="canonical" href="{page_path(number)}">'
        f'<script type="application/ld+json">{json.dumps(said, ensure_ascii=False)}</script></head>'
        f"<body><header><nav><ul>{''.join(_menu(random, 60))}</ul></nav></header><main><article>"
        f'<h1 class="title-detail">{headline}</h1>'
        f'<span class="date">{moment:%d/%m/%Y, %H:%M} (GMT+7)</span>'
        f'<p class="description">{paragraphs[0]}</p><div class="fck_detail">'
        + "".join(f'<p class="Normal">{text}</p>' for text in paragraphs[1:])
        + '<p class="author"><strong>Nguyễn Văn An</strong></p></div></article><aside>'
    )
    end = (
        "</aside></main><footer><p>Cơ quan chủ quản, giấy phép, toà soạn</p></footer></body></html>"
    )
    wanted = kb * 1000 - len(top.encode()) - len(end.encode())
    return (top + _filling(random, wanted) + end).encode()


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words)).capitalize() + "."


def _menu(random: Random, entries: int) -> Iterator[str]:
    for number in range(entries):
        name = " ".join(random.choices(_WORDS, k=2))
        yield (
            f'<li class="menu-item menu-item-{number}"><a href="/muc-{number}" title="{name}" '
            f'data-medium="Menu-{name}" data-position="{number}">{name}</a></li>'
        )


def _filling(random: Random, wanted: int) -> str:
    """Lists of other articles and a script, in the proportion of news pages."""
    parts, size = [], 0
    while size < wanted * 0.7:
        title = escape(_sentence(random, 10))
        parts.append(
            f'<div class="item-news"><a class="thumb" href="/{random.randrange(10**9)}.html">'
            f'<picture><img loading="lazy" data-src="/anh/{random.randrange(10**9)}.jpg" '
            f'alt="{title}"></picture></a><h3 class="title"><a href="/x">{title}</a></h3></div>'
        )
        size += len(parts[-1].encode())
    numbers = ",".join(str(random.randrange(10**6)) for _ in range(max(0, wanted - size) // 7))
    return f"{''.join(parts)}<script>var slots=[{numbers}];</script>"


def feed(outlet: int, pages: int, port: int) -> bytes:
    """The feed of an outlet: every page of it."""
    items = []
    for number in range(outlet, pages, OUTLETS):
        at = _FIRST_DAY + timedelta(minutes=number)
        items.append(
            f"<item><title>{_sentence(Random(number), 11)}</title>"
            f"<link>http://{host(outlet)}:{port}{page_path(number)}</link>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
        )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


async def serve(port: int, pages: int, kb: int) -> None:
    """Serve until killed."""
    bodies = {page_path(number): page(number, kb) for number in range(pages)}
    for outlet in range(OUTLETS):
        answers = {"/rss": feed(outlet, pages, port), **bodies}
        await asyncio.start_server(_Answering(answers).talk, host(outlet), port)
    print("ready", flush=True)
    await asyncio.Event().wait()


class _Answering:
    """This answers requests of kept connections from memory."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                path = asked.split(b" ", 2)[1].decode()
                writer.write(self._answer(path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the other side has gone

    def _answer(self, path: str) -> bytes:
        body = self._answers.get(path)
        status, said = ("404 Not Found", b"") if body is None else ("200 OK", body)
        kind = "application/rss+xml" if path == "/rss" else "text/html; charset=utf-8"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(said)}\r\n\r\n"
        return head.encode() + said


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:4])))
