"""Small real stand-ins shared by the tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from domain.codes import Level, OutletKind
from domain.outlets import Domain, Outlet, Source


def outlet(outlet_id: str, **changes: Any) -> Outlet:
    """A declared outlet with one feed, on a host named after it."""
    values: dict[str, Any] = {
        "id": outlet_id,
        "name": f"Báo {outlet_id}",
        "kind": OutletKind.PRESS,
        "level": Level.NATIONAL,
        "domains": (Domain(host=f"{outlet_id}.test"),),
        "sources": (Source(url=f"https://{outlet_id}.test/rss"),),
    }
    return Outlet(**(values | changes))


def rss(items: Iterable[tuple[str, str, str, str]]) -> bytes:
    """An RSS feed of (address, headline, sapo, pubDate)."""
    entries = "".join(
        f"<item><title>{escape(headline)}</title><link>{escape(url)}</link>"
        f"<description>{escape(sapo)}</description><pubDate>{published}</pubDate></item>"
        for url, headline, sapo, published in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'.encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """This is one response to be put into a WARC file."""

    url: str
    body: bytes
    at: datetime
    content_type: str = "application/rss+xml; charset=utf-8"
    status: int = 200


def write_warc(path: Path, responses: Iterable[Response]) -> Path:
    """Write responses into one WARC file, gzip by record."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for response in responses:
            http = StatusAndHeaders(
                str(response.status), [("Content-Type", response.content_type)], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                response.url,
                "response",
                payload=BytesIO(response.body),
                http_headers=http,
                warc_headers_dict={
                    "WARC-Date": response.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                },
            )
            writer.write_record(record)
            record.raw_stream.close()
    return path
