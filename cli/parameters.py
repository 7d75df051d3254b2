"""Kinds of arguments that several commands take."""

from __future__ import annotations

from datetime import date

import click


class Day(click.ParamType[date]):
    """This is a day, written 2026-07-01 or 01/07/2026."""

    name = "ngày"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day written in `value`."""
        if isinstance(value, date):
            return value
        written = str(value)
        parts = written.split("/")[::-1] if "/" in written else written.split("-")
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            self.fail(f"“{written}” không phải ngày. Viết 2026-07-01 hoặc 01/07/2026.", param, ctx)


DAY = Day()


class ColumnName(click.ParamType[tuple[str, str]]):
    """This says that a column of a file holds a field, written “tên cột=mục”."""

    name = "cột=mục"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The column and the field written in `value`."""
        if isinstance(value, tuple):
            return value
        column, equals, field = str(value).rpartition("=")
        if not (column.strip() and equals and field.strip()):
            self.fail(
                f"“{value}” phải có dạng “tên cột=mục”, ví dụ “Tít bài=headline”.", param, ctx
            )
        return column.strip(), field.strip()


COLUMNS = ColumnName()
