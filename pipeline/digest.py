"""The press of one day: composed, written under its name in the reports folder, or to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from domain.agencies import AgencyRegister, read_register
from domain.errors import UsageError
from domain.figures import Digest
from domain.periods import between
from domain.records import ArticleRow
from domain.validation import unknown
from measures.digest import compose_digest
from pipeline.context import Context
from pipeline.files import write_whole
from pipeline.record import on_record
from pipeline.report_parts import own_templates
from reports.digest import DIGEST_FORMS, write_digest
from reports.names import digest_name
from storage.database import reading
from storage.rows import article_rows, source_days
from storage.stories import group_texts

#: More than any digest shows of a text.
_OPENING = 2_000


def day_digest(
    context: Context, register: AgencyRegister, day: date, *, agency: str | None = None
) -> Digest:
    """The digest of a Vietnamese day; `agency` None is the whole country."""
    since, until = between(day, day).bounds()
    with reading(context.engine) as connection:
        rows = article_rows(connection, since, until, relevant_only=True)
        days = source_days(connection, since, until)
        bare = [row.article_id for row in rows if not row.description]
        openings = {text.id: text.text for text in group_texts(connection, bare)}
    # A story without a sapo is told by the first sentences of its text.
    rows = [replace(row, description=row.description or _opening(row, openings)) for row in rows]
    found = compose_digest(
        rows,
        days,
        register,
        day,
        context.outlets,
        agency=agency,
        generated_at=context.clock(),
    )
    return replace(found, templates=own_templates(context))


def _opening(row: ArticleRow, texts: Mapping[int, str]) -> str:
    return " ".join(texts.get(row.article_id, "").split())[:_OPENING]


def write_day(context: Context, register: AgencyRegister, day: date) -> tuple[Path, ...]:
    """Write the digest of a day in every form, into the reports folder."""
    digest = day_digest(context, register, day)
    return tuple(
        _write(digest, context.report_folder / digest_name(day, digest.scope, form), form)
        for form in DIGEST_FORMS
    )


def write_digest_file(
    context: Context, register: AgencyRegister, day: date, path: Path, *, agency: str | None = None
) -> Digest:
    """Write the digest of a day to a file whose ending names its form."""
    form = path.suffix.removeprefix(".").lower()
    if form not in DIGEST_FORMS:
        raise UsageError(
            f"{unknown('dạng điểm báo', form, DIGEST_FORMS)} "
            f"Đặt tên tệp kết thúc bằng {' hoặc '.join(f'.{each}' for each in DIGEST_FORMS)}."
        )
    digest = day_digest(context, register, day, agency=agency)
    _write(digest, path, form)
    return digest


def digest_on_record(context: Context, day: date) -> tuple[Path, ...]:
    """Write the digest of a day as a run of its own."""
    with on_record(context, "digest") as counts:
        paths = write_day(context, read_register(), day)
        counts["files"] = [str(path) for path in paths]
    return paths


def _write(digest: Digest, path: Path, form: str) -> Path:
    write_whole(path, lambda stream: write_digest(digest, stream, form))
    return path
