"""JSON lines in, findings out: what `diembao tag --in --out` reads and writes.

Nothing that stands on one line stops the lines after it: what cannot be used is told with its
number and left out.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any, Final

from crawlers.charsets import decode_page
from domain.clock import VIETNAM
from domain.errors import SetAside
from domain.records import Finding, TagInput
from nlp.legacy_text import legacy_charset
from nlp.tagger import TEXT_LIMIT, Tagger

_BATCH: Final = 256
#: Where title and text stand: as `tag` asks for them, or as `search` and `extract` write them.
_TITLES: Final = ("title", "headline")
_TEXTS: Final = ("text", "description", "articleBody", "body")
_BOM: Final = b"\xef\xbb\xbf"
#: So much of a text is cleaned: more than is read, whatever markup stands in it.
_CLEANED: Final = 5 * TEXT_LIMIT
#: Elements whose content is no text.
_CODE: Final = ("script", "style")
#: What stands where a letter could not be read, and how much of it leaves a text readable.
_LOST: Final = "\ufffd"
_MOST_LOST: Final = 3
_ONE_LOST_IN: Final = 50
_BROKEN: Final = (
    "chữ Việt bị hỏng bảng mã ({}); hãy chuyển sang Unicode (UTF-8) rồi gắn nhãn lại dòng này"
)


def tag_lines(
    tagger: Tagger, lines: Iterable[bytes], out: IO[str], tell: Callable[[str], None]
) -> int:
    """Tag JSON lines as they come; `tell` hears of each bad one. How many were bad."""
    failed = 0
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, _BATCH)):
        texts = []
        for number, raw in batch:
            try:
                if line := _decoded(raw):
                    texts.append(read_line(line))
            except ValueError as error:
                failed += 1
                tell(f"Dòng {number}: {error}.")
        for finding in tagger.tag(texts):
            out.write(json.dumps(as_line(finding), ensure_ascii=False) + "\n")
        out.flush()
    return failed


def _decoded(raw: bytes) -> str:
    try:
        return raw.removeprefix(_BOM).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"không phải UTF-8 (từ byte {error.start + 1}); hãy chuyển tệp sang UTF-8"
        ) from error


def read_line(line: str) -> TagInput:
    """One JSON line as a text to tag; a `ValueError` says in Vietnamese what is wrong."""
    data = _parsed(line)
    if not isinstance(data, dict):
        raise ValueError("phải là một đối tượng JSON có “id” và “title”")
    number = _id_of(data)
    title_in = next((name for name in _TITLES if name in data), "")
    if not title_in and "text" not in data:
        raise ValueError("thiếu “title”")
    title = _text_of(data, title_in) if title_in else ""
    texts = [_text_of(data, name) for name in _TEXTS if name in data]
    return TagInput(
        id=number,
        title=title,
        text="\n".join(text for text in texts if text),
        url=_plain(data, "url"),
        outlet=_plain(data, "outlet"),
        published_at=_moment(data.get("published_at")),
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"không phải JSON hợp lệ (từ cột {error.colno})") from error
    except RecursionError as error:
        raise ValueError("JSON lồng nhau quá sâu") from error
    except ValueError as error:
        raise ValueError("không phải JSON hợp lệ (có số quá dài)") from error


def _id_of(data: dict[str, Any]) -> str:
    if "id" not in data:
        raise ValueError("thiếu “id”")
    found = data["id"]
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise ValueError("“id” phải là chuỗi ký tự hoặc số nguyên")
    if not _is_writable(str(found)):
        raise ValueError("“id” có ký tự hỏng, không ghi ra UTF-8 được")
    return str(found)


def _is_writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _plain(data: dict[str, Any], name: str) -> str:
    found = data.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise ValueError(f"“{name}” phải là chuỗi ký tự")
    return found


def _text_of(data: dict[str, Any], name: str) -> str:
    """A text without what is no words: entities resolved, code out, a wrong charset put right."""
    text = _plain(data, name)[:_CLEANED]
    if not _is_writable(text):
        # Half of a pair of a picture, cut off by whoever cut the text.
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "&" in text:
        text = html.unescape(text)
    for element in _CODE:
        text = without_element(text, element)
    try:
        text = decode_page(text.encode("utf-8"), "", name)
    except SetAside as error:
        raise ValueError(_BROKEN.format(f"ở “{name}”")) from error
    if text.count(_LOST) >= _MOST_LOST and text.count(_LOST) * _ONE_LOST_IN > len(text):
        raise ValueError(_BROKEN.format(f"ở “{name}”: mất {text.count(_LOST)} chữ"))
    if charset := legacy_charset(text):
        raise ValueError(_BROKEN.format(f"ở “{name}”: {charset}"))
    return text


def without_element(text: str, name: str) -> str:
    """The text without the elements of a name and what stands in them.

    >>> without_element("a<script>b()</script>c<SCRIPT src='d'>e", "script")
    'a c '
    """
    lower = text.lower()
    if len(lower) != len(text) or f"<{name}" not in lower:
        return text
    kept, reached = [], 0
    while (start := lower.find(f"<{name}", reached)) >= 0:
        kept.append(text[reached:start])
        end = lower.find(f"</{name}>", start)
        reached = len(text) if end < 0 else end + len(name) + 3
    return " ".join([*kept, text[reached:]])


def _moment(written: Any) -> datetime | None:
    if not written:
        return None
    try:
        if len(str(written)) == 10:
            return datetime.combine(date.fromisoformat(str(written)), time(12), VIETNAM)
        moment = datetime.fromisoformat(str(written))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
        return moment.astimezone(VIETNAM)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"“published_at” = {str(written)[:40]!r} không phải ngày ISO 8601"
        ) from error


def as_line(finding: Finding) -> dict[str, Any]:
    """A finding in the form of `diembao tag --out`."""
    return {
        "id": finding.id,
        "relevance": round(finding.relevance, 6),
        "relevant": finding.relevant,
        "topics": [{"id": area, "score": round(score, 6)} for area, score in finding.areas.items()],
        "agencies": [{"id": tag.id, "role": tag.role} for tag in finding.agencies],
        "form": finding.form,
        "tone": finding.tone,
        "audience": finding.audience,
        "aspect": finding.aspect,
        "scores": {
            name: {code: round(score, 6) for code, score in scores.items()}
            for name, scores in finding.scores.items()
        },
    }
