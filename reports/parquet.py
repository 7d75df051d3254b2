"""The article list as Parquet: codes and ids, moments with their zone, lists as lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, Final

from domain.figures import MonthReport
from domain.records import ArticleRow

#: Rows held at a time on the way into the file.
_BATCH: Final = 20_000
_ZONE: Final = "Asia/Ho_Chi_Minh"
#: Column: (type, how it is had). ``at`` is a moment, ``list`` a list of texts.
_COLUMNS: Final[dict[str, tuple[str, Callable[[ArticleRow], Any]]]] = {
    "article_id": ("int", lambda row: row.article_id),
    "story_id": ("int", lambda row: row.story_id),
    "is_original": ("bool", lambda row: row.is_original),
    "outlet_id": ("text", lambda row: row.outlet_id),
    "outlet_name": ("text", lambda row: row.outlet_name),
    "outlet_kind": ("text", lambda row: row.outlet_kind.value),
    "outlet_level": ("text", lambda row: row.outlet_level.value),
    "outlet_province": ("text", lambda row: row.outlet_province),
    "url": ("text", lambda row: row.url),
    "headline": ("text", lambda row: row.headline),
    "description": ("text", lambda row: row.description),
    "section": ("text", lambda row: row.section),
    "content": ("text", lambda row: row.content.value),
    "media": ("text", lambda row: row.media),
    "published_at": ("at", lambda row: row.published_at),
    "date_precision": ("text", lambda row: row.date_precision.value),
    "date_origin": ("text", lambda row: row.date_origin.value),
    "first_seen_at": ("at", lambda row: row.first_seen_at),
    "relevance": ("float", lambda row: row.relevance),
    "areas": ("list", lambda row: row.areas),
    "focus": ("list", lambda row: row.focus),
    "mention": ("list", lambda row: row.mention),
    "form": ("text", lambda row: row.form),
    "tone": ("text", lambda row: row.tone),
    "audience": ("text", lambda row: row.audience),
    "aspect": ("text", lambda row: row.aspect),
    "sha256": ("text", lambda row: row.sha256),
    "corrected": ("bool", lambda row: row.corrected),
    "model_version": ("text", lambda row: row.model_version),
}


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the relevant placements; title, days and scope stand in the file's metadata."""
    # Loading it takes half a second: only who writes this format waits for it.
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    kinds: dict[str, Any] = {
        "int": pyarrow.int64(),
        "bool": pyarrow.bool_(),
        "float": pyarrow.float64(),
        "text": pyarrow.string(),
        "at": pyarrow.timestamp("s", tz=_ZONE),
        "list": pyarrow.list_(pyarrow.string()),
    }
    period = report.figures.period
    schema = pyarrow.schema(
        [(name, kinds[kind]) for name, (kind, _) in _COLUMNS.items()],
        metadata={
            "title": report.title,
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "scope": report.figures.scope,
            "agency": report.figures.agency or "",
        },
    )
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for start in range(0, len(report.rows), _BATCH):
            rows = report.rows[start : start + _BATCH]
            arrays = [
                _array(pyarrow, [get(row) for row in rows], kinds[kind])
                for kind, get in _COLUMNS.values()
            ]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))


def _array(pyarrow: Any, values: list[Any], kind: Any) -> Any:
    """A column; half a surrogate pair has no UTF-8 form, every other character stays as it is."""
    try:
        return pyarrow.array(values, kind)
    except UnicodeEncodeError:
        whole = [text.encode("utf-8", errors="replace").decode("utf-8") for text in values]
        return pyarrow.array(whole, kind)
