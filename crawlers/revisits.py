"""Revisit records: the body of an answer that was archived before, found again in the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawlers.gzip_members import ByteSource
from crawlers.warc_records import (
    RecordHead,
    opened,
    pass_end,
    read_block,
    read_head,
    skip_block,
    split_http,
)

_SAME_PAYLOAD = "identical-payload-digest"


class EarlierBodies:
    """This knows where the responses of one file lie, for the revisits that refer to them."""

    def __init__(self, path: Path, began: int) -> None:
        self._path = path
        #: What lies before was not read; it is looked through if a revisit asks for it.
        self._unread = began
        #: (address, WARC-Date) -> offset of the record.
        self._places: dict[tuple[str, str], int] = {}

    def add(self, head: RecordHead, offset: int) -> None:
        """Remember a response."""
        if head.kind == "response":
            self._places[head.url, head.date] = offset

    def find(self, revisit: RecordHead) -> tuple[Any, bytes] | None:
        """HTTP headers and body, as sent, of the response that a revisit refers to.

        None where the file does not hold it, or where it is another body than the revisit says.
        """
        if _SAME_PAYLOAD not in revisit.field("WARC-Profile"):
            return None
        place = self._place(revisit)
        if place is None:
            return None
        with opened(self._path, place) as file:
            source = ByteSource(file, place)
            head = read_head(source)
            block = read_block(source, head)
        said = revisit.field("WARC-Payload-Digest")
        if block is None or said != head.field("WARC-Payload-Digest"):
            return None
        http, sent = split_http(block)
        return None if http is None else (http.headers, sent)

    def _place(self, revisit: RecordHead) -> int | None:
        url = revisit.field("WARC-Refers-To-Target-URI").strip("<>") or revisit.url
        wanted = (url, revisit.field("WARC-Refers-To-Date"))
        if wanted not in self._places and self._unread:
            self._look_back()
        return self._places.get(wanted)

    def _look_back(self) -> None:
        met, upto = self._places, self._unread
        self._places, self._unread = {}, 0
        with opened(self._path, 0) as file:
            source = ByteSource(file, 0)
            while (offset := source.position) < upto and not source.at_end():
                head = read_head(source)
                skip_block(source, head)
                pass_end(source)
                self.add(head, offset)
        self._places |= met
