"""What a person says of an article's story in a form: moved, parted, named the original."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import FormData

from domain.errors import UsageError
from domain.validation import unknown
from pipeline.story_moves import Move, move, target_of
from storage.article_pages import ArticleText, Said, article_text, said_of
from storage.database import Connection
from storage.findings import Correction
from storage.search import index_pending
from storage.story_corrections import (
    ORIGINAL,
    STORY,
    original_of_story,
    story_decisions,
)
from web.agencies import may_correct
from web.tag_forms import LONGEST_REASON
from web.visits import Forbidden, Visit

STORY_FIELDS: Final = (STORY, ORIGINAL)
_NAMES: Final = {
    Move.JOIN: "thuộc một câu chuyện khác",
    Move.ALONE: "là một câu chuyện riêng",
    Move.ORIGINAL: "là bản gốc của câu chuyện",
    Move.NOT_ORIGINAL: "để máy chọn lại bản gốc",
    Move.MACHINE: "để máy gộp lại",
}


def story_moves(connection: Connection, article: ArticleText) -> list[tuple[str, str]]:
    """What may be said of an article's story as it stands, with its name."""
    decisions = story_decisions(connection)
    original = original_of_story(connection, article.story_id)
    possible = {
        Move.JOIN: True,
        Move.ALONE: decisions.placed.get(article.id) != article.id,
        Move.ORIGINAL: original not in (None, article.id),
        Move.NOT_ORIGINAL: article.id in decisions.originals,
        Move.MACHINE: article.id in decisions.placed,
    }
    return [(how.value, name) for how, name in _NAMES.items() if possible[how]]


def seen_of_story(connection: Connection, article: ArticleText, said: Said) -> str:
    """What stood when the form was shown: somebody else may speak in the meantime."""
    words = sum(each.field in STORY_FIELDS for each in said.corrections)
    return f"{article.story_id} {original_of_story(connection, article.story_id)} {words}"


def shown_of_story(visit: Visit, correction: Correction) -> str:
    """A word on a story, as the page shows it."""
    value = correction.value
    if correction.field == ORIGINAL:
        return visit.say("là bản gốc của câu chuyện" if value else "để máy chọn lại bản gốc")
    if value is None:
        return visit.say("để máy gộp lại")
    if value == correction.article_id:
        return visit.say("là một câu chuyện riêng")
    return visit.say("cùng câu chuyện với bài số %(n)s") % {"n": value}


def move_article(visit: Visit, form: FormData, number: int) -> bool:
    """Keep what the form says of an article's story; False where there is no such article."""
    desk = visit.desk
    reason = str(form.get("reason", "")).strip()[:LONGEST_REASON]
    how = str(form.get("how", ""))
    with desk.context.engine.begin() as connection:
        found = article_text(connection, number)
        if found is None:
            return False
        _check_owner(visit, found)
        if str(form.get("seen", "")) != seen_of_story(
            connection, found, said_of(connection, number)
        ):
            raise UsageError("Câu chuyện vừa thay đổi. Xem lại rồi ghi lại.")
        if how not in set(Move):
            raise UsageError(unknown("cách sửa", how[:40], Move))
        if not reason:
            raise UsageError("Ghi lý do sửa.")
        target = _target(visit, connection, form) if how == Move.JOIN else 0
        move(
            connection, number, Move(how), desk.context.outlets,
            target=target, author=visit.person.name, at=desk.context.clock(), reason=reason,
        )  # fmt: skip
        index_pending(connection, limit=1, only=number)
        visit.note(connection, "correct", object_=f"article {number}", detail=f"story {how}")
    return True


def _target(visit: Visit, connection: Connection, form: FormData) -> int:
    """The article that the form names; an officer moves nothing into another agency's story."""
    number = target_of(connection, str(form.get("target", ""))[:2_000])
    target = article_text(connection, number)
    assert target is not None
    _check_owner(visit, target)
    return number


def _check_owner(visit: Visit, article: ArticleText) -> None:
    if not may_correct(visit.desk, visit.person, [agency for agency, _ in article.agencies]):
        raise Forbidden(f"Bài “{article.headline[:120]}” không nêu cơ quan mà bạn phụ trách.")
