"""Bodies of HTTP responses: transfer and content encodings undone, within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO

import brotli
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

#: The most that a body may inflate to; a page of this size is no page.
MAX_INFLATED = 64 * 1024 * 1024
_STEP = 256 * 1024
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br"})


class _TooLarge(Exception):
    """The body inflates beyond the limit."""


class _Undecodable(Exception):
    """The body is not what its Content-Encoding says."""


def decoded_body(raw: bytes, headers: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    """The body as its author wrote it, and what is wrong with it in Vietnamese ("" if nothing).

    A body that cannot be decoded whole is given as far as it goes.
    """
    named = {name.lower(): value for name, value in headers}
    chunked = "chunked" in named.get("transfer-encoding", "").lower()
    fault = "" if chunked else _shortage(raw, named.get("content-length", ""))
    body = raw
    if chunked:
        body, fault = _joined_chunks(raw)
    for encoding in reversed(named.get("content-encoding", "").lower().split(",")):
        body, encoding_fault = _decoded(body, encoding.strip())
        fault = fault or encoding_fault
    return body, fault


def _shortage(raw: bytes, declared: str) -> str:
    missing = int(declared) - len(raw) if declared.strip().isdecimal() else 0
    return f"máy chủ chỉ gửi được một phần, thiếu {missing} byte" if missing > 0 else ""


def _joined_chunks(raw: bytes) -> tuple[bytes, str]:
    """The chunks joined; many archives keep the header of a body already joined."""
    first_line = raw[:64].partition(b"\r\n")[0].partition(b";")[0].strip()
    try:
        int(first_line, 16)
    except ValueError:
        return raw, ""
    try:
        return ChunkedDataReader(BytesIO(raw), raise_exceptions=True).read(), ""
    except ChunkedDataException:
        partial = ChunkedDataReader(BytesIO(raw)).read()
        return partial, "máy chủ chỉ gửi được một phần (thiếu khúc cuối)"


def _decoded(body: bytes, encoding: str) -> tuple[bytes, str]:
    if encoding in {"", "identity"} or not body:
        return body, ""
    if encoding not in _KNOWN:
        return body, f"kiểu nén “{encoding}” không đọc được"
    parts: list[bytes] = []
    try:
        _inflate(body, encoding, parts)
    except _TooLarge:
        return b"", f"nội dung nén nở quá {MAX_INFLATED // 1_048_576} MB, không giải nén"
    except _Undecodable as error:
        if not parts:
            return body, ""  # archived already decoded, under its old header
        return b"".join(parts), str(error)
    return b"".join(parts), ""


def _inflate(body: bytes, encoding: str, parts: list[bytes]) -> None:
    if encoding == "br":
        _inflate_brotli(body, parts)
    else:
        raw_deflate = encoding == "deflate" and body[:1] != b"\x78"
        _inflate_zlib(body, -15 if raw_deflate else 47, parts)


def _inflate_zlib(body: bytes, wbits: int, parts: list[bytes]) -> None:
    inflate = zlib.decompressobj(wbits=wbits)
    size = 0
    rest = body
    while not inflate.eof:
        try:
            part = inflate.decompress(rest, _STEP)
        except zlib.error as error:
            raise _Undecodable(f"nội dung nén hỏng ({error})") from error
        rest = inflate.unconsumed_tail
        if not part and not rest:
            if not inflate.eof:
                raise _Undecodable("nội dung nén bị cắt giữa chừng")
            break
        size = _kept(part, parts, size)


def _inflate_brotli(body: bytes, parts: list[bytes]) -> None:
    inflate = brotli.Decompressor()
    size = 0
    for start in range(0, len(body), 4096):
        try:
            part = inflate.process(body[start : start + 4096])
        except brotli.error as error:
            raise _Undecodable(f"nội dung nén hỏng ({error})") from error
        size = _kept(part, parts, size)
    if not inflate.is_finished():
        raise _Undecodable("nội dung nén bị cắt giữa chừng")


def _kept(part: bytes, parts: list[bytes], size: int) -> int:
    size += len(part)
    if size > MAX_INFLATED:
        raise _TooLarge
    if part:
        parts.append(part)
    return size
