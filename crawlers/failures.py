"""Failures of fetching, named: which outcome, and what happened in Vietnamese."""

from __future__ import annotations

from datetime import datetime

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
from domain.clock import VIETNAM

_NO_SCHEME = "địa chỉ không phải http hoặc https"
_KINDS: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (DownloadTimeoutError, Outcome.TIMEOUT, "máy chủ không trả lời trong thời gian chờ"),
    (CannotResolveHostError, Outcome.DNS, "không tìm thấy tên miền"),
    (DownloadConnectionRefusedError, Outcome.REFUSED, "máy chủ từ chối kết nối"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "nội dung lớn quá mức cho phép nên dừng tải"),
    (ResponseDataLossError, Outcome.INCOMPLETE, "máy chủ chỉ gửi được một phần"),
    (UnsupportedURLSchemeError, Outcome.UNSUPPORTED, _NO_SCHEME),
)
_HTTP_REASONS = {
    401: "máy chủ đòi đăng nhập",
    403: "máy chủ từ chối truy cập",
    404: "không có địa chỉ này",
    410: "địa chỉ này đã bị gỡ",
    429: "máy chủ báo tải quá dày",
    451: "máy chủ từ chối vì lý do pháp lý",
}
#: Failures that are the host's, whichever of its addresses was asked.
_OF_THE_HOST = frozenset({
    Outcome.REFUSED, Outcome.DNS, Outcome.TLS, Outcome.PRIVATE_ADDRESS, Outcome.UNSUPPORTED,
    Outcome.RETRY_LATER,
})  # fmt: skip


class PutOff(IgnoreRequest):
    """The host asked to be left alone until a moment; its pages stay for a later crawl."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} until {until.isoformat()}")
        self.host = host
        self.until = until


class PrivateAddress(IgnoreRequest):
    """The host stands in a private network; it is not asked unless the configuration says so."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class WrongScheme(IgnoreRequest):
    """The address is neither http nor https; it is not asked."""


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt could not be had, so nothing of it is asked in this crawl."""

    def __init__(self, *, status: int = 0, cause: Exception | None = None) -> None:
        super().__init__(f"status {status}" if status else repr(cause))
        self.status = status
        self.cause = cause


def explain_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome that an exception of the downloader stands for, and its reason."""
    if isinstance(error, HttpError):
        status = error.response.status
        if 300 <= status < 400:
            return Outcome.REDIRECTS, f"mã {status}, trang chuyển tới địa chỉ không tải được"
        reason = _HTTP_REASONS.get(
            status, "máy chủ gặp lỗi" if status >= 500 else "máy chủ không trả trang"
        )
        return Outcome.HTTP_ERROR, f"mã {status}, {reason}"
    if isinstance(error, IgnoreRequest):
        return _refused(error) or _ignored(str(error))
    for kind, outcome, reason in _KINDS:
        if isinstance(error, kind):
            return outcome, reason
    return _broken(error)


def put_off_until(error: BaseException) -> datetime | None:
    """The moment until which a host asked to be left alone, None where the failure is another."""
    if isinstance(error, RobotsUnreachable) and error.cause is not None:
        return put_off_until(error.cause)
    return error.until if isinstance(error, PutOff) else None


def _refused(error: IgnoreRequest) -> tuple[Outcome, str] | None:
    if isinstance(error, PutOff):
        until = error.until.astimezone(VIETNAM)
        return Outcome.RETRY_LATER, (
            f"máy chủ {error.host} hẹn tải lại sau {until:%d/%m/%Y %H:%M}; "
            "chương trình chờ tới lúc đó"
        )
    if isinstance(error, PrivateAddress):
        return Outcome.PRIVATE_ADDRESS, (
            f"{error.host} là địa chỉ trong mạng nội bộ nên không tải; nếu đúng là máy chủ cần "
            "theo dõi, thêm vào allow_private_hosts trong config.toml"
        )
    if isinstance(error, WrongScheme):
        return Outcome.UNSUPPORTED, _NO_SCHEME
    if isinstance(error, RobotsUnreachable):
        return _without_robots(error)
    return None


def _without_robots(error: RobotsUnreachable) -> tuple[Outcome, str]:
    """A host that cannot be reached at all fails by its own name, else robots.txt is named."""
    reason = f"mã {error.status}"
    if error.cause is not None:
        outcome, reason = explain_failure(error.cause)
        if outcome in _OF_THE_HOST:
            return outcome, reason
    return Outcome.ROBOTS_UNREACHABLE, (
        f"không đọc được robots.txt của trang ({reason}) nên lượt này không tải gì từ đó"
    )


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
