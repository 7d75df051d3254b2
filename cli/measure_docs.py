"""The page on measures: every figure with its formula, what it means, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from domain.qualities import QUALITY_NAMES, QualityId
from measures.agency_index import FEWEST_IN_GROUP, agency_indexes
from measures.catalogue import CATALOGUE, LABELS, Entry, words_of

_HEAD = """\
<!-- Made by `python -m cli.docs`; edit the docstrings in `measures/` instead. -->

# Measures · Các số liệu

What `diembao measure` prints, figure by figure: the formula, the quantity meant, the uncertainty
meant (tagging, articles missed, or the process of reporting), the method, the least n, the source.
How often each interval holds in worlds whose truth is known stands in [worlds.md](worlds.md).

Mọi số liệu đo việc đưa tin (đầu ra), không đo tác động. Không có điểm tổng: sáu yêu cầu đọc riêng.

Cách đọc chung:

- Đơn vị đếm là câu chuyện (nhóm tin trùng); tin, bài kể cả đăng lại chỉ dùng ở nơi nói rõ.
- Cổng thông tin của cơ quan và trang tổng hợp không phải báo chí, tính riêng.
- Không quan sát được không phải là 0: số liệu thành một khoảng (`bounds`), khoảng tin cậy nới lên.
- `interval` là khoảng tin cậy 95%. Số không có khoảng hợp lệ thì không có khoảng và nói lý do.
- Dưới cỡ mẫu tối thiểu thì không có số (`not_enough`); đường cong chưa xuống tới thì `not_reached`.
- `corrected` là số đã hiệu chỉnh sai số gắn nhãn theo mẫu kiểm tra (`diembao review`), chỉ có ở tỷ
  lệ, số đếm và ô; khoảng lặng, hạng, số lớn nhất không hiệu chỉnh được.
- Không xếp hạng: hai cơ quan có khoảng chồng lên nhau thì không nói được ai hơn (xem cuối trang).
- So sánh: kỳ trước cùng độ dài và cùng kỳ năm trước, cơ quan cũ quy về cơ quan kế thừa; mốc ngắt
  01/03/2025 và 01/07/2025 in kèm."""


def measures_page() -> str:
    """Every figure of the catalogue, quality by quality."""
    parts = [_HEAD]
    for quality in QualityId:
        listed = [each for each in CATALOGUE.values() if each.quality is quality]
        parts.append(f"## {QUALITY_NAMES[quality]}")
        for _, group in groupby(listed, key=lambda each: (each.measure, each.minimum)):
            parts.append("\n".join(_section(list(group))))
    parts.append("\n".join(_agencies()))
    return "\n\n".join(parts) + "\n"


def _agencies() -> Iterator[str]:
    """What the table of all agencies says; its words are those of its function too."""
    words = words_of(agency_indexes)
    yield "## Cơ quan so với nhóm: `diembao measure --by-agency`"
    yield ""
    yield words[""]
    yield ""
    for label in LABELS:
        yield f"- {label}: {words[label]}"
    yield f"- Cỡ mẫu tối thiểu: {FEWEST_IN_GROUP} câu chuyện của cả nhóm"


def _section(entries: list[Entry]) -> Iterator[str]:
    first = entries[0]
    words = first.words
    yield f"### {'; '.join(each.name for each in entries)}"
    yield ""
    yield ", ".join(f"`{each.id}`" for each in entries)
    yield ""
    yield words[""]
    yield ""
    for label in LABELS:
        if label in words:
            yield f"- {label}: {words[label]}"
    if first.minimum:
        yield f"- Cỡ mẫu tối thiểu: {first.minimum}"
