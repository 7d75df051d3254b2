"""What a database says when it refuses, for the person who keeps it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

#: SQLite's own codes, without the part that tells kinds of one fault apart.
_REASONS = {
    sqlite3.SQLITE_BUSY: "chương trình khác đang giữ cơ sở dữ liệu quá lâu",
    sqlite3.SQLITE_LOCKED: "chương trình khác đang giữ cơ sở dữ liệu quá lâu",
    sqlite3.SQLITE_READONLY: "tệp chỉ cho đọc; cấp quyền ghi cho người dùng chạy diembao",
    sqlite3.SQLITE_PERM: "không có quyền truy cập tệp",
    sqlite3.SQLITE_IOERR: "đĩa đọc, ghi lỗi; kiểm tra dung lượng và sức khỏe của đĩa",
    sqlite3.SQLITE_CORRUPT: "tệp bị hỏng; phục hồi từ bản sao lưu",
    sqlite3.SQLITE_FULL: "đĩa đã đầy; dọn đĩa hoặc thêm đĩa",
    sqlite3.SQLITE_CANTOPEN: "không mở được tệp; kiểm tra quyền ghi của thư mục nhà và ổ đĩa",
    sqlite3.SQLITE_NOTADB: "tệp không phải SQLite; phục hồi từ bản sao lưu",
}


def refusal_of(error: BaseException) -> str | None:
    """Why the database refused, without the statement and its values; None for other errors."""
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    reason = _REASONS.get(code) or str(error.orig).partition("\n")[0]
    return f"Cơ sở dữ liệu từ chối: {reason}. Dữ liệu đã ghi trước đó còn nguyên."
