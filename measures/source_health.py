"""How a source stands: its polls in, a doctor's note out. The words are for the person who acts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from domain.clock import VIETNAM
from domain.codes import SourceState
from domain.health import (
    OWN_OUTCOMES,
    LastPoll,
    PollDay,
    SourceHealth,
    SourceHistory,
)
from domain.written import minute, number
from measures.health_words import code_of, declaration, ending

#: Days of polls that are looked at: a week against the four before it.
RECENT_DAYS = 7
USUAL_DAYS = 28
HISTORY = timedelta(days=RECENT_DAYS + USUAL_DAYS + 1)

_BLOCKED = frozenset({"blocked", "wall"})
_BLOCKED_CODES = frozenset({"401", "403", "451"})
_MOVED = frozenset({"dns", "http_404", "http_410", "redirects", "unreadable", "not_a_list"})
_OLD = timedelta(days=7)
_UNCHANGED = timedelta(days=14)
_MOST_MALFORMED = 0.2
#: A source that answers is asked every day.
_FORGOTTEN = timedelta(days=3)
_FEWEST_GAPS = 5
_FEWEST_DAYS = {RECENT_DAYS: 4, USUAL_DAYS: 14}

Finding = tuple[SourceState, datetime | None, str, str]


def source_health(history: SourceHistory, *, now: datetime) -> SourceHealth:
    """Tình trạng của một nguồn, từ các lần hỏi trong 36 ngày gần đây; câu đầu tiên đúng thì dùng.

    Từ chối bởi robots.txt; bị chặn; hỏi không được; trả lời mà không có bài; liệt kê mãi bài cũ
    (bài mới nhất cũ hơn 7 ngày và hơn 3 lần nhịp thường, hoặc 14 ngày không đổi, hoặc trên 20% mục
    không đọc được); im lặng lâu hơn nhịp thường (P95) và hơn 24 giờ; bình thường.
    """
    polls = [poll for poll in history.last if poll.outcome not in OWN_OUTCOMES]
    # A list is judged as of the moment it was last asked: not to be asked is no fault of its own.
    asked = polls[0].at if polls else now
    state, since, evidence, remedy = (
        _unasked(history, polls)
        or _unanswered(history, polls[0])
        or _empty(history, polls[0])
        or _rotten(history, asked)
        or _quiet(history, asked)
        or _well(history, polls[0])
    )
    odd = anomaly(history.days, today=now.astimezone(VIETNAM).date())
    return SourceHealth(
        url=history.url,
        kind=history.kind,
        state=state,
        since=since,
        evidence=" ".join(part for part in (evidence, odd, _forgotten(now - asked)) if part),
        remedy=remedy,
    )


def _forgotten(silence: timedelta) -> str:
    if silence < _FORGOTTEN:
        return ""
    return (
        f"Đã {number(silence.days)} ngày chương trình không hỏi nguồn này; "
        "xem “diembao schedule” có đang chạy không."
    )


def _unasked(history: SourceHistory, polls: Sequence[LastPoll]) -> Finding | None:
    if polls:
        return None
    return (
        SourceState.NEW, None, "Chưa hỏi lần nào.",
        f"Chạy “diembao outlets check {history.outlet_id}” để hỏi thử.",
    )  # fmt: skip


def _unanswered(history: SourceHistory, last: LastPoll) -> Finding | None:
    if last.outcome == "ok":
        return None
    since = history.failing_since or last.at
    if last.outcome == "robots":
        return (
            SourceState.UNOBSERVABLE, since,
            f"robots.txt của trang không cho máy tải, hỏi lúc {minute(last.at)}.",
            "Chương trình tuân theo và không vượt. Hỏi tòa soạn để được phép, hoặc khai nguồn khác "
            f"trong {declaration(history.outlet_id)}.",
        )  # fmt: skip
    before = (
        f"lần cuối trả lời được lúc {minute(history.ok_at)}"
        if history.ok_at
        else "chưa lần nào trả lời được"
    )
    failures = _failures(history)
    evidence = (
        f"Hỏi lúc {minute(last.at)}: {(last.detail or ending(last)).rstrip('.')}; {before}; "
        f"{number(failures)} lần hỏng trong {number(len(history.days))} ngày có hỏi."
    )
    if last.outcome in _BLOCKED or code_of(last) in _BLOCKED_CODES:
        return SourceState.BLOCKED, since, evidence, _blocked_remedy(history)
    return SourceState.FAILING, since, evidence, _failing_remedy(history, last)


def _blocked_remedy(history: SourceHistory) -> str:
    return (
        f"Mở {history.url} trong trình duyệt. Nếu người xem được mà máy bị chặn, "
        "đề nghị tòa soạn mở cho tên mà chương trình xưng (dòng user_agent ở mục [crawl] của tệp "
        "cấu hình); chương trình không vượt rào."
    )


def _failing_remedy(history: SourceHistory, last: LastPoll) -> str:
    if last.outcome == "unreadable" and last.detail:
        return (
            f"Làm như dòng trên nói. Nếu mở {history.url} trong trình duyệt thấy nguồn đã dời hoặc "
            f"bỏ, tìm địa chỉ mới rồi sửa dòng url trong {declaration(history.outlet_id)}."
        )
    if last.outcome == "robots_unreachable":
        return (
            "Chờ: chương trình tự hỏi lại. Nếu quá 3 ngày vẫn hỏng, mở "
            f"{urljoin(history.url, '/robots.txt')} trong trình duyệt rồi báo cho tòa soạn."
        )
    if last.outcome in _MOVED or code_of(last) in {"404", "410"}:
        return (
            f"Mở {history.url} trong trình duyệt. Nếu trang đã dời hoặc bỏ nguồn này, "
            f"tìm địa chỉ mới rồi sửa dòng url trong {declaration(history.outlet_id)}."
        )
    if last.outcome == "tls":
        return (
            f"Mở {history.url} trong trình duyệt. Nếu trình duyệt cũng báo chứng thư không hợp lệ, "
            "báo cho tòa soạn; nếu không, xem giờ và chứng thư gốc của máy này."
        )
    if last.outcome == "private_address":
        return (
            "Địa chỉ dẫn vào mạng nội bộ nên bị từ chối. Nếu đó là máy chủ của cơ quan mình, "
            "thêm tên máy vào [crawl] allow_private_hosts; nếu không, sửa dòng url trong "
            f"{declaration(history.outlet_id)}."
        )
    if last.outcome == "too_large":
        return "Tăng [crawl] max_feed_mb trong tệp cấu hình nếu nguồn này quả thật lớn như vậy."
    return (
        "Chờ: chương trình tự hỏi lại. Nếu quá 3 ngày vẫn hỏng, "
        f"mở {history.url} trong trình duyệt rồi hỏi tòa soạn."
    )


def _empty(history: SourceHistory, last: LastPoll) -> Finding | None:
    if last.items:
        return None
    since = history.empty_since or last.at
    return (
        SourceState.EMPTY, since,
        f"Có trả lời nhưng không liệt kê bài nào từ {minute(since)}.",
        f"Mở {history.url} trong trình duyệt. Nếu người xem thấy bài thì khai báo không còn khớp: "
        f"sửa dòng links hoặc article_url trong {declaration(history.outlet_id)}. "
        "Nếu không thấy, tìm nguồn khác.",
    )  # fmt: skip


def _rotten(history: SourceHistory, now: datetime) -> Finding | None:
    finding = _malformed(history) or _old(history, now) or _unchanged(history, now)
    if finding is None:
        return None
    since, evidence = finding
    return (
        SourceState.ROTTING, since, evidence,
        f"Mở {history.url} trong trình duyệt và so với trang chủ. Nếu nguồn này đã bị bỏ quên, "
        f"tìm địa chỉ đang dùng rồi sửa dòng url trong {declaration(history.outlet_id)}.",
    )  # fmt: skip


def _malformed(history: SourceHistory) -> tuple[datetime | None, str] | None:
    days = history.days[-RECENT_DAYS:]
    items, bad = sum(day.items for day in days), sum(day.malformed for day in days)
    if not items or bad <= _MOST_MALFORMED * items:
        return None
    first = next(day.day for day in days if day.malformed)
    return (
        datetime(first.year, first.month, first.day, tzinfo=VIETNAM),
        f"{number(bad)} trên {number(items)} mục không đọc được, từ {first:%d/%m/%Y}.",
    )


def _old(history: SourceHistory, now: datetime) -> tuple[datetime | None, str] | None:
    days = [day for day in history.days if day.ok]
    newest = days[-1].newest_at if days else None
    if newest is None:
        return None
    usual = timedelta(hours=_percentile(history.gaps, 0.5) or 0)
    if now - newest <= max(_OLD, 3 * usual):
        return None
    return newest, f"Bài mới nhất trong danh sách đã từ {minute(newest)}."


def _unchanged(history: SourceHistory, now: datetime) -> tuple[datetime | None, str] | None:
    changed = history.changed_at
    if changed is None or now - changed <= _UNCHANGED:
        return None
    return changed, f"Danh sách không đổi một chữ nào từ {minute(changed)}."


def _quiet(history: SourceHistory, now: datetime) -> Finding | None:
    usual = _percentile(history.gaps, 0.95)
    if usual is None or history.new_at is None:
        return None
    if now - history.new_at <= max(timedelta(hours=24), timedelta(hours=usual)):
        return None
    return (
        SourceState.QUIET, history.new_at,
        f"Vẫn trả lời nhưng không có bài mới từ {minute(history.new_at)}; "
        f"thường thì chậm nhất {number(math.ceil(usual))} giờ có một bài.",
        "Chờ; có thể là ngày nghỉ. Nếu trang chủ có bài mới mà nguồn này không có, "
        f"tìm nguồn khác để khai ở {declaration(history.outlet_id)}.",
    )  # fmt: skip


def _well(history: SourceHistory, last: LastPoll) -> Finding:
    new = sum(day.new_items for day in history.days[-RECENT_DAYS:])
    newest = next((day.newest_at for day in reversed(history.days) if day.newest_at), None)
    told = f", bài mới nhất lúc {minute(newest)}" if newest else ""
    return (
        SourceState.OK, None,
        f"Trả lời lúc {minute(last.at)} với {number(last.items)} bài{told}; "
        f"{number(new)} bài mới trong {RECENT_DAYS} ngày.",
        "Không cần làm gì.",
    )  # fmt: skip


def anomaly(days: Iterable[PollDay], *, today: date) -> str:
    """What is odd in the new items a day of the last week against the four weeks before it.

    A day that was not observed is left out; a day observed without anything new is a zero. Today
    is not over and does not count.
    """
    seen = {day.day: day.new_items for day in days if day.ok}
    recent = _window(seen, today - timedelta(days=RECENT_DAYS), today)
    usual = _window(seen, today - timedelta(days=RECENT_DAYS + USUAL_DAYS),
                    today - timedelta(days=RECENT_DAYS))  # fmt: skip
    if len(recent) < _FEWEST_DAYS[RECENT_DAYS] or len(usual) < _FEWEST_DAYS[USUAL_DAYS]:
        return ""
    mean = sum(usual) / len(usual)
    spread = math.sqrt(sum((count - mean) ** 2 for count in usual) / (len(usual) - 1))
    now = sum(recent) / len(recent)
    if now < mean - 1.5 * spread:
        word = "ít"
    elif now > mean + 2 * spread:
        word = "nhiều"
    else:
        return ""
    return (
        f"{word.capitalize()} bài bất thường: {number(now, 1)} bài mới mỗi ngày trong 7 ngày qua, "
        f"thường là {number(mean, 1)}."
    )


def _window(seen: Mapping[date, int], first: date, end: date) -> list[int]:
    return [count for day, count in seen.items() if first <= day < end]


def _percentile(gaps: Mapping[int, int], share: float) -> float | None:
    """The gap, in hours, that so large a share of the gaps does not exceed; None for too few."""
    total = sum(gaps.values())
    if total < _FEWEST_GAPS:
        return None
    passed = 0
    for hours in sorted(gaps):
        passed += gaps[hours]
        if passed >= share * total:
            break
    # Gaps are kept as whole hours gone by: the gap was up to an hour longer.
    return hours + 1.0


def _failures(history: SourceHistory) -> int:
    return sum(
        count
        for day in history.days
        for outcome, count in day.outcomes.items()
        if outcome != "ok" and outcome not in OWN_OUTCOMES
    )
