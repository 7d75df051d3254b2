"""The words of a doctor's note: how a poll ended, and which file declares the outlet."""

from __future__ import annotations

from domain.health import LastPoll

_ENDINGS = {
    "private_address": "địa chỉ thuộc mạng nội bộ",
    "retry_later": "máy chủ xin hoãn",
    "robots_unreachable": "không tải được robots.txt",
    "http_error": "máy chủ không trả trang",
    "dns": "không tìm thấy tên miền",
    "timeout": "quá thời gian chờ",
    "refused": "máy chủ từ chối kết nối",
    "tls": "kết nối bảo mật không hợp lệ",
    "too_large": "nội dung quá lớn",
    "redirects": "chuyển hướng lòng vòng",
    "incomplete": "chỉ nhận được một phần",
    "not_a_list": "không còn là danh sách bài",
    "unreadable": "không đọc được như khai báo",
    "damaged": "nội dung hỏng",
    "unsupported": "loại nguồn này chưa đọc được",
    "blocked": "trang xác minh thay cho danh sách",
    "wall": "trang xác minh thay cho danh sách",
    "failed": "kết nối hỏng",
    "robots": "robots.txt không cho tải",
    "time_up": "hết thời gian của lượt thu thập trước khi hỏi tới",
    "page_limit": "đủ số trang của lượt thu thập",
}
_CODES = {
    "401": "đòi đăng nhập",
    "403": "từ chối",
    "404": "không có trang này",
    "410": "trang đã bỏ",
    "429": "bị hỏi quá dày",
    "451": "bị chặn theo pháp luật",
}


def ending(poll: LastPoll) -> str:
    """How a poll ended, in words."""
    if poll.outcome in _ENDINGS:
        return _ENDINGS[poll.outcome]
    code = code_of(poll)
    if not code:
        return f"lỗi {poll.outcome}"
    meaning = "máy chủ lỗi" if code.startswith("5") else _CODES.get(code, "")
    return f"máy chủ trả mã {code}" + (f" ({meaning})" if meaning else "")


def code_of(poll: LastPoll) -> str:
    """The HTTP status an outcome names, "" where it names none.

    >>> from datetime import UTC, datetime
    >>> code_of(LastPoll(at=datetime(2026, 11, 24, tzinfo=UTC), outcome="http_503"))
    '503'
    """
    return poll.outcome.removeprefix("http_") if poll.outcome[5:].isdigit() else ""


def declaration(outlet_id: str) -> str:
    """The file in which the outlet is declared."""
    return f"tệp khai báo {outlet_id}.toml"
