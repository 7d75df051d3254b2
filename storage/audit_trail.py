"""The audit trail: lines are added and never changed; the database itself refuses it."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from domain.users import Deed
from storage.tables import audit_trail


def note_deed(connection: Connection, deed: Deed) -> None:
    """Add a line."""
    connection.execute(
        insert(audit_trail).values(
            at=deed.at,
            who=deed.who,
            action=deed.action,
            object=deed.object,
            detail=deed.detail,
            address=deed.address,
        )
    )


def deeds(connection: Connection, *, limit: int, before: int = 0) -> list[tuple[int, Deed]]:
    """Lines with their numbers, the newest first; those before a number where one is given."""
    question = select(audit_trail).order_by(audit_trail.c.id.desc()).limit(limit)
    if before:
        question = question.where(audit_trail.c.id < before)
    return [
        (
            row.id,
            Deed(
                at=row.at,
                who=row.who,
                action=row.action,
                object=row.object,
                detail=row.detail,
                address=row.address,
            ),
        )
        for row in connection.execute(question)
    ]
