"""Failures of fetching, named: which outcome, and what happened in Vietnamese."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.web.client import ResponseFailed

from crawlers.crawl_records import Outcome

_KINDS: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (DownloadTimeoutError, Outcome.TIMEOUT, "máy chủ không trả lời trong thời gian chờ"),
    (CannotResolveHostError, Outcome.DNS, "không tìm thấy tên miền"),
    (DownloadConnectionRefusedError, Outcome.REFUSED, "máy chủ từ chối kết nối"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "nội dung lớn quá mức cho phép nên dừng tải"),
    (ResponseDataLossError, Outcome.INCOMPLETE, "máy chủ chỉ gửi được một phần"),
    (UnsupportedURLSchemeError, Outcome.UNSUPPORTED, "địa chỉ không phải http hoặc https"),
)
_HTTP_REASONS = {
    401: "máy chủ đòi đăng nhập",
    403: "máy chủ từ chối truy cập",
    404: "không có địa chỉ này",
    410: "địa chỉ này đã bị gỡ",
    429: "máy chủ báo tải quá dày",
}


def explain_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome that an exception of the downloader stands for, and its reason."""
    if isinstance(error, HttpError):
        status = error.response.status
        reason = _HTTP_REASONS.get(
            status, "máy chủ gặp lỗi" if status >= 500 else "máy chủ không trả trang"
        )
        return Outcome.HTTP_ERROR, f"mã {status}, {reason}"
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    for kind, outcome, reason in _KINDS:
        if isinstance(error, kind):
            return outcome, reason
    return _broken(error)


def _ignored(message: str) -> tuple[Outcome, str]:
    if "robots.txt" in message:
        return Outcome.ROBOTS, "robots.txt của trang không cho tải; chương trình tuân theo"
    if "redirect" in message:
        return Outcome.REDIRECTS, "trang chuyển hướng lòng vòng"
    if "MAXSIZE" in message:
        return Outcome.TOO_LARGE, "nội dung giải nén ra lớn quá mức cho phép"
    return Outcome.FAILED, f"không tải được ({message})"


def _broken(error: BaseException) -> tuple[Outcome, str]:
    text = f"{error!r}"
    if "SSL" in text or "certificate" in text.lower() or "TLS" in text:
        return Outcome.TLS, "kết nối bảo mật (TLS) của máy chủ không hợp lệ"
    if isinstance(error, (DownloadFailedError, ResponseFailed)):
        return Outcome.FAILED, "kết nối bị ngắt giữa chừng"
    return Outcome.FAILED, f"không tải được ({type(error).__name__})"
