"""What is said of the rows of a file that could not be used."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pipeline.row_files import RowError
from reports.vietnamese import number

#: So many bad rows are named one by one; a wrong column makes every row bad.
_NAMED = 50


def tell_errors(errors: Sequence[RowError], unused: Sequence[str]) -> None:
    """Name the bad rows on stderr, and the columns that were not used."""
    for error in errors[:_NAMED]:
        click.echo(str(error), err=True)
    if len(errors) > _NAMED:
        click.echo(f"… và {number(len(errors) - _NAMED)} lỗi nữa.", err=True)
    if unused:
        click.echo(f"Cột không dùng đến: {', '.join(unused)}.", err=True)


def tell_remarks(remarks: Sequence[str]) -> None:
    """Say on stderr what a person should know of rows that are no error."""
    for remark in remarks[:_NAMED]:
        click.echo(remark, err=True)
    if len(remarks) > _NAMED:
        click.echo(f"… và {number(len(remarks) - _NAMED)} nhận xét nữa.", err=True)
