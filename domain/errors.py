"""Errors named by what happens next. The message an operator reads is Vietnamese."""

from __future__ import annotations

import errno
from typing import Final

_OS_REASONS: Final = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không được phép",
    errno.ENOENT: "không tồn tại",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EEXIST: "có một tệp ở chỗ cần thư mục",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
}


def os_reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese where the reason is a common one.

    >>> os_reason(OSError(errno.ENOSPC, "No space left on device"))
    'đĩa đã đầy'
    """
    return _OS_REASONS.get(error.errno or 0) or error.strerror or str(error)


class DiembaoError(Exception):
    """The work failed; the message says what, where, and what to do."""

    #: The exit status of the command that meets this error.
    exit_code = 1


class UsageError(DiembaoError):
    """The arguments or the configuration cannot be used; nothing was started."""

    exit_code = 2


class SetAside(DiembaoError):
    """The document cannot be read as what it should be; it is kept for a person to look at."""


class StorageError(DiembaoError):
    """The database or the archive cannot be used as it is."""


class ArchiveError(DiembaoError):
    """A WARC file is damaged; what stood before the damage was read."""
