"""Bối cảnh: share of voice, copies, depth, pick-up of releases, reuse of their text, answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from domain.codes import PRESS_KINDS
from domain.events import OfficialEvent
from domain.figures import Figure, Status
from domain.qualities import QualityFigure
from domain.records import ArticleRow
from domain.text import fold_for_search
from measures.ground import Ground, Story
from measures.intervals import FEWEST_FOR_MEAN, mean_interval
from measures.outcomes import HOUR, Outcome
from measures.pickup import pick_up
from measures.shares import absent, share
from measures.survival import Wait, curve
from measures.timeliness import FEWEST_FOR_MEDIAN, time_figure
from measures.timing import carriers
from measures.variety import is_critical

_SHINGLE: Final = 4


def volume(figure_id: str, unit: str, found: int, ground: Ground) -> QualityFigure:
    """Số câu chuyện; số tin, bài: đếm được bao nhiêu là có ít nhất bấy nhiêu.

    Công thức: số nhóm tin trùng (câu chuyện); số bài kể cả đăng lại (tin, bài). Không thấy tin nào
    chỉ là 0 khi quan sát được đủ báo chí.

    Đại lượng: số đã đếm trong kỳ.
    Bất định: không nêu; phần không quan sát được chỉ làm số này lớn thêm.
    Cách tính: đếm.
    Nguồn: Media Cloud (tách câu chuyện và bản đăng lại); AMEC.

    >>> from measures.examples import ground, text
    >>> volume("context.stories", "stories", 1, ground(text(1))).value
    1.0
    """
    if not found and not ground.is_watched:
        return absent(figure_id, Status.NOT_OBSERVED, "không quan sát được đủ báo chí", unit=unit)
    return QualityFigure(
        id=figure_id, unit=unit, status=Status.OK, value=float(found), n=found,
        reason="số đếm, không phải ước lượng", definition=figure_id,
        rows=tuple(row.article_id for story in ground.stories for row in story.rows),
    )  # fmt: skip


def continuing_outlets(grounds: Sequence[Ground]) -> frozenset[str]:
    """The press outlets that were watched well enough in each period in which any was watched."""
    panels = [
        _watched_outlets(ground)
        for ground in grounds
        if ground.observation.press.source_days_observed
    ]
    return frozenset(set.intersection(*panels)) if panels else frozenset()


def _watched_outlets(ground: Ground) -> set[str]:
    return {
        outlet.outlet_id
        for outlet in ground.observation.outlets
        if outlet.kind in PRESS_KINDS and outlet.share >= ground.scope.threshold
    }


def of_continuing(ground: Ground, panel: Collection[str]) -> QualityFigure:
    """Tin, bài của những báo quan sát được đủ ở mọi kỳ đem so.

    Công thức: số tin, bài của các báo ấy. Báo mới theo dõi, báo sáp nhập hay ngừng không làm số này
    nhảy: dùng để đọc xu hướng qua các mốc ngắt.

    Đại lượng: số đã đếm trong kỳ trên nhóm báo không đổi.
    Bất định: không nêu; nhóm báo không đổi không đại diện cho mọi báo.
    Cách tính: đếm.
    Nguồn: nguyên tắc so sánh trên nhóm không đổi; metrics của hệ thống, quy tắc đọc.

    >>> from measures.examples import ground, text
    >>> of_continuing(ground(text(1), text(2, "bao_b")), {"bao_a"}).value
    1.0
    """
    figure_id = "context.continuing"
    if not panel:
        return absent(
            figure_id,
            Status.NOT_OBSERVED,
            "không báo nào quan sát được đủ ở mọi kỳ đem so",
            unit="placements",
        )
    if not _watched_outlets(ground).issuperset(panel):
        return absent(
            figure_id, Status.NOT_OBSERVED, "kỳ này không báo nào được quan sát", unit="placements"
        )
    rows = [
        row.article_id for story in ground.stories for row in story.rows if row.outlet_id in panel
    ]
    return QualityFigure(
        id=figure_id, unit="placements", status=Status.OK, value=float(len(rows)), n=len(panel),
        reason=f"{len(panel)} báo; số đếm, không phải ước lượng", definition=figure_id,
        rows=tuple(rows),
    )  # fmt: skip


def attention(ground: Ground, read: int | None) -> QualityFigure:
    """Phần của cải cách hành chính trong mọi tin, bài báo chí đã đọc.

    Công thức: số tin, bài trong phạm vi / số tin, bài báo chí đã đọc trong kỳ.

    Đại lượng: phần đã quan sát trong kỳ; dùng khi số báo theo dõi thay đổi.
    Bất định: không nêu; tin trong cùng câu chuyện phụ thuộc nhau.
    Cách tính: đếm.
    Nguồn: Media Cloud (chuẩn hóa theo lượng tin thu thập được).

    >>> from measures.examples import ground, text
    >>> attention(ground(text(1), text(2)), read=50).value
    0.04
    """
    figure_id = "context.attention"
    placed = sum(len(story.rows) for story in ground.stories)
    if not read:
        return absent(figure_id, Status.NOT_OBSERVED, "kỳ này chưa đọc tin, bài báo chí nào")
    read = max(read, placed)
    return QualityFigure(
        id=figure_id, unit="share", status=Status.OK, value=placed / read, n=read, k=placed,
        reason="số đếm, không phải ước lượng", definition=figure_id,
        rows=tuple(row.article_id for story in ground.stories for row in story.rows),
    )  # fmt: skip


def share_of_voice(ground: Ground) -> QualityFigure:
    """Tỷ phần tiếng nói: phần của cơ quan trong mọi câu chuyện về cải cách hành chính.

    Công thức: số câu chuyện mà cơ quan là chủ thể / số câu chuyện của cả nước trong kỳ. Phụ thuộc
    lượng tin của các cơ quan khác: chỉ là bối cảnh.

    Đại lượng: xác suất một câu chuyện có cơ quan là chủ thể.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: cách dùng phổ biến trong đo lường truyền thông.

    >>> from measures.examples import ground, text
    >>> told = [text(n, focus=(("BNV", "BTC")[n % 2],)) for n in range(1, 11)]
    >>> share_of_voice(ground(*told, agency="BTC")).value
    0.5
    """
    figure_id = "context.share_of_voice"
    if ground.scope.agency is None:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính cho một cơ quan")
    rows = [story.chief.article_id for story in ground.stories]
    return share(figure_id, len(ground.stories), ground.nationwide, rows=rows)


def copies(stories: Sequence[Story]) -> QualityFigure:
    """Tỷ lệ đăng lại: phần tin, bài là bản đăng lại của một câu chuyện đã đếm.

    Công thức: 1 − số câu chuyện / số tin, bài.

    Đại lượng: 1 − 1/m, m là số tin, bài trung bình của một câu chuyện trong quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của số trung bình lệch phải, lấy mẫu theo câu chuyện.
    Nguồn: Media Cloud (tách câu chuyện và bản đăng lại).

    >>> from measures.examples import text
    >>> from measures.ground import stories_of
    >>> told = [text(n, ("bao_a", "bao_b")[n % 2], story_id=n // 2) for n in range(60)]
    >>> copies(stories_of(told)).value
    0.5
    """
    figure_id = "context.reprint_ratio"
    sizes = sorted(float(len(story.rows)) for story in stories)
    rows = [row.article_id for story in stories for row in story.rows]
    if len(sizes) < FEWEST_FOR_MEAN:
        return _few(figure_id, len(sizes), rows, "share")
    low, high = mean_interval(sizes, floor=1.0)
    mean = sum(sizes) / len(sizes)
    return QualityFigure(
        id=figure_id, unit="share", status=Status.OK, value=1 - 1 / mean,
        interval=(1 - 1 / low, 1 - 1 / high), n=len(sizes), definition=figure_id,
        rows=tuple(rows),
    )  # fmt: skip


def depth(stories: Sequence[Story]) -> QualityFigure:
    """Độ sâu: số cơ quan báo chí trung bình đăng một câu chuyện.

    Công thức: tổng số lượt (câu chuyện, cơ quan báo chí) / số câu chuyện.

    Đại lượng: số trung bình ấy trong quá trình đưa tin, trên các báo được theo dõi.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của số trung bình lệch phải.
    Nguồn: cách đo độ lan tỏa của Media Cloud.

    >>> from measures.examples import text
    >>> from measures.ground import stories_of
    >>> told = [text(n, ("bao_a", "bao_b")[n % 2], story_id=n // 2) for n in range(60)]
    >>> depth(stories_of(told)).value
    2.0
    """
    figure_id = "context.depth"
    sizes = sorted(float(len(story.outlets)) for story in stories)
    rows = [row.article_id for story in stories for row in story.rows]
    if len(sizes) < FEWEST_FOR_MEAN:
        return _few(figure_id, len(sizes), rows, "outlets")
    return QualityFigure(
        id=figure_id, unit="outlets", status=Status.OK, value=sum(sizes) / len(sizes),
        interval=mean_interval(sizes, floor=1.0), n=len(sizes), definition=figure_id,
        rows=tuple(rows),
    )  # fmt: skip


def _few(figure_id: str, n: int, rows: Sequence[int], unit: str) -> QualityFigure:
    return absent(
        figure_id, Status.NOT_ENOUGH,
        f"mới có {n} câu chuyện, cần ít nhất {FEWEST_FOR_MEAN}", unit=unit, n=n, rows=rows,
    )  # fmt: skip


def picked_up(ground: Ground) -> QualityFigure:
    """Tỷ lệ tin trên cổng của cơ quan được báo chí đăng lại gần nguyên văn trong 72 giờ.

    Công thức: số tin của cổng có bản trùng trên báo chí trong 72 giờ / số tin đã công bố đủ 72 giờ.
    Tin được báo chí viết lại bằng lời khác tính ở “timely.within_72h”.

    Đại lượng: xác suất một tin của cổng được đăng lại trong 72 giờ.
    Bất định: quá trình đưa tin, và giờ chỉ biết đến ngày.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phối hợp, chia sẻ thông tin), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> own = [text(n, "cong_bnv", story_id=n) for n in range(1, 6)]
    >>> picked_up(ground(*own, text(6, day=2, story_id=1))).value
    0.2
    """
    figure_id = "context.picked_up_72h"
    pressed = [row for rows in ground.placements.values() for row in rows]
    found = pick_up(
        [*pressed, *ground.owned],
        [agency for agency, _ in ground.listed],
        ground.observation,
        ground.scope,
    )
    prompt: Figure = found.share_72h
    if not found.agencies_with_source:
        return absent(figure_id, Status.NOT_OBSERVED, "chưa quan sát được nguồn công bố nào")
    high = round(prompt.bounds[1] * prompt.n) if prompt.bounds else None
    rows = [release.article_id for release in found.releases]
    return share(figure_id, prompt.k or 0, prompt.n, possible=high, rows=rows)


def text_reuse(found: Sequence[Outcome]) -> QualityFigure:
    """Mức dùng lại lời của thông cáo: phần cụm bốn tiếng của tin báo chí có trong văn bản công bố.

    Công thức: trung bình, trên các cặp (sự kiện có toàn văn, câu chuyện), của phần cụm bốn tiếng
    liền nhau trong tít và sapo bài báo đầu tiên cũng có trong văn bản; bài đăng lại cả tin của cổng
    là 1. Cao là đăng lại, thấp là báo tự viết.

    Đại lượng: mức dùng lại trung bình trong quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ với điểm lẻ; rộng hơn mức cần thiết.
    Nguồn: Broder (1997), độ chứa của cụm từ.

    >>> from measures.examples import lags
    >>> text_reuse(lags(1, 2)).status
    <Status.NOT_ENOUGH: 'not_enough'>
    """
    pairs = [
        (outcome.id, _reused(outcome.row.event, row))
        for outcome in found
        if outcome.row.event.text and outcome.carriers
        for row in [outcome.carriers[0].row]
    ]
    rows = [event for event, _ in pairs]
    return share(
        "context.text_reuse", sum(sorted(part for _, part in pairs)), len(pairs), rows=rows
    )


def _reused(event: OfficialEvent, row: ArticleRow) -> float:
    """How much of what is known of the article stands in the event's text."""
    if row.portal_text_id is not None and row.portal_text_id == event.article_id:
        return 1.0
    return contained(event.text, f"{row.headline} {row.description}")


def portal_text(ground: Ground) -> QualityFigure:
    """Tỷ lệ câu chuyện mà có báo đăng nguyên văn tin trên cổng của một cơ quan.

    Công thức: số câu chuyện có ít nhất một bài báo lặp lại cả tin của một cổng thông tin / số câu
    chuyện. Tính trên nội dung đọc được: bài mới chỉ có tít và sapo thì so tít và sapo.

    Đại lượng: xác suất một câu chuyện trên báo là tin của cổng đăng lại.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phối hợp, chia sẻ thông tin), Quyết định 82/QĐ-BNV; cách tách bản
    đăng lại của Media Cloud.

    >>> from measures.examples import ground, text
    >>> told = [text(n, portal_text_id=9 if n == 1 else None) for n in range(1, 11)]
    >>> portal_text(ground(*told)).value
    0.1
    """
    figure_id = "context.portal_text"
    if not ground.observation.portals.source_days_observed:
        return absent(figure_id, Status.NOT_OBSERVED, "chưa quan sát được cổng thông tin nào")
    stories = ground.stories
    repeating = [
        story for story in stories if any(row.portal_text_id is not None for row in story.rows)
    ]
    rows = [story.chief.article_id for story in stories]
    return share(figure_id, len(repeating), len(stories), rows=rows)


def contained(source: str, text: str) -> float:
    """The part of the text's runs of four syllables that stand in the source too.

    >>> contained("Bộ Nội vụ cắt giảm thủ tục hành chính", "Bộ Nội vụ cắt giảm biên chế")
    0.5
    """
    held, asked = _shingles(source), _shingles(text)
    return len(asked & held) / len(asked) if asked else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = fold_for_search(text).split()
    return {tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)}


def answer_time(ground: Ground, found: Sequence[Outcome]) -> QualityFigure:
    """Thời gian từ tin phản ánh vướng mắc, phê phán đến khi cơ quan chủ thể trả lời; trung vị.

    Công thức: trả lời là sự kiện của chính cơ quan chủ thể được gắn với câu chuyện, công bố sau khi
    báo đăng. Tin chưa được trả lời là còn chờ đến hết kỳ.

    Đại lượng: trung vị của thời gian chờ trong quá trình ấy, kể cả tin không bao giờ được trả lời.
    Bất định: quá trình đưa tin và trả lời.
    Cách tính: Kaplan–Meier; khoảng Brookmeyer–Crowley trên thang ln(−ln S).
    Nguồn: mục tiêu 3 (giám sát), Quyết định 82/QĐ-BNV; Kaplan và Meier (1958).

    >>> from measures.examples import ground, text
    >>> asked = [text(n, tone="phe_phan") for n in range(1, 11)]
    >>> found = answer_time(ground(*asked), [])
    >>> found.status, found.reason
    (<Status.NOT_REACHED: 'not_reached'>, 'hơn 30,7 ngày quan sát')
    """
    figure_id = "context.answer_median"
    asked = [story for story in ground.stories if story.focus and is_critical(story)]
    waits = [_answer(story, ground, found) for story in asked]
    rows = [story.chief.article_id for story in asked]
    came = sum(wait.came for wait in waits)
    if len(waits) < FEWEST_FOR_MEDIAN:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {len(waits)} tin phản ánh, cần ít nhất {FEWEST_FOR_MEDIAN}",
            unit="hours", n=len(waits), k=came, rows=rows,
        )  # fmt: skip
    line = curve(waits)
    return time_figure(figure_id, line, line, 0.5, n=len(waits), k=came, rows=rows)


def _answer(story: Story, ground: Ground, found: Sequence[Outcome]) -> Wait:
    told = carriers(story.rows)[0].row.counted_at
    answers = [
        outcome.at.high
        for outcome in found
        if story.id in outcome.row.stories
        and outcome.row.event.agency_id in story.focus
        and outcome.at.low > told
    ]
    if answers:
        return Wait(hours=(min(answers) - told) / HOUR, came=True)
    return Wait(hours=(ground.end - told) / HOUR, came=False)
