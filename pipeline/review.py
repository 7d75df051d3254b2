"""The review queue: drawing articles, writing the workbook, and what the decisions tell."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import UNKNOWN, Role
from domain.errors import UsageError
from domain.periods import Period
from domain.records import Finding
from domain.review import (
    AuditReport,
    Drawn,
    Drift,
    Reason,
    Verdict,
)
from domain.text import fold_for_search
from measures.audit import audit_report, drift, versions_of, weighed
from pipeline.context import Context
from pipeline.files import write_whole
from reports import review_book as layout
from storage.database import reading
from storage.gold import gold
from storage.lock import writer_lock
from storage.review import (
    STRATA,
    audited,
    current_version,
    least_certain,
    newest_flagged,
    pending,
    population,
    put_in_queue,
)

#: Share of a draw that is the audit; the rest is what the machine is least sure of.
_AUDIT_SHARE: Final = 0.5
#: How the audit is divided over its strata: relevant articles are rare and are drawn more often.
_ALLOTTED: Final[Mapping[str, float]] = {"flagged": 0.6, "near": 0.25, "rest": 0.15}

#: So many of the newest relevant articles are looked through for doubtful areas.
_FLAGGED_READ: Final = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """This says what a workbook holds."""

    rows: int
    #: Of them drawn just now, at random and for doubt.
    audit: int
    uncertain: int


def export_queue(
    context: Context,
    register: AgencyRegister,
    path: Path,
    *,
    count: int,
    period: Period | None = None,
) -> Queue:
    """Write what is undecided, and draw more articles until there are `count`."""
    since, until = period.bounds() if period else (None, None)
    with writer_lock(context.home), context.engine.begin() as connection:
        version = current_version(connection)
        if not version:
            raise UsageError("Chưa có bài nào được gắn nhãn. Chạy “diembao tag” trước.")
        waiting = pending(connection, since, until)
        drawn: list[Drawn] = []
        if len(waiting) < count:
            drawn = _draw(
                population(connection, version, since, until),
                _doubtful(
                    least_certain(connection, version, since, until, limit=2 * count),
                    newest_flagged(connection, version, since, until, limit=_FLAGGED_READ),
                ),
                count=count - len(waiting),
                version=version,
                now=context.clock(),
            )
            put_in_queue(connection, drawn)
        rows = pending(connection, since, until)[:count]
    # Shuffled, so that whoever stops half-way has decided a random part.
    random.Random(f"{version} {len(rows)}").shuffle(rows)
    day = context.clock().astimezone(VIETNAM).date()
    write = partial(
        layout.write,
        rows,
        lambda agency, at: register.get(agency, at.astimezone(VIETNAM).date()).official_name,
        _listed(register, [day, *(row.at.astimezone(VIETNAM).date() for row in rows)]),
        created=context.clock(),
    )
    write_whole(path, write)
    return Queue(
        rows=len(rows),
        audit=sum(one.reason is Reason.AUDIT for one in drawn),
        uncertain=sum(one.reason is Reason.UNCERTAIN for one in drawn),
    )


def _draw(
    strata: Mapping[str, Sequence[int]],
    doubtful: Sequence[int],
    *,
    count: int,
    version: str,
    now: datetime,
) -> list[Drawn]:
    """An audit sample, each stratum by its share, then what is least certain."""
    audit = max(1, round(count * _AUDIT_SHARE))
    # The same articles, once drawn, are never drawn again: a fixed seed repeats no draw.
    dice = random.Random(f"{version} {sum(map(len, strata.values()))}")
    drawn: list[Drawn] = []
    for name in STRATA:
        held = strata[name]
        size = min(len(held), max(1, round(audit * _ALLOTTED[name])), count - len(drawn))
        drawn += [
            Drawn(
                article_id=number,
                reason=Reason.AUDIT,
                drawn_at=now,
                model_version=version,
                weight=len(held) / size,
            )
            for number in sorted(dice.sample(held, size))
        ]
    chosen = {one.article_id for one in drawn}
    return drawn + [
        Drawn(article_id=number, reason=Reason.UNCERTAIN, drawn_at=now, model_version=version)
        for number in [each for each in doubtful if each not in chosen][: count - len(drawn)]
    ]


def _doubtful(by_relevance: Sequence[Finding], flagged: Sequence[Finding]) -> list[int]:
    """Two by the doubt of their relevance, then one by the doubt of its areas, and so on."""
    by_area = sorted(flagged, key=lambda one: (_margin(one), one.id))
    mixed: dict[int, None] = {}
    for turn in range(max(len(by_relevance), len(by_area))):
        for one in (*by_relevance[2 * turn : 2 * turn + 2], *by_area[turn : turn + 1]):
            mixed[int(one.id)] = None
    return list(mixed)


def _margin(finding: Finding) -> float:
    """How near the least sure area is to the other answer."""
    return min((abs(p - 0.5) for p in finding.scores.get("areas", {}).values()), default=1.0)


def _listed(register: AgencyRegister, days: Sequence[Any]) -> list[tuple[str, str]]:
    """Ids and names of the agencies that a tag may name on any of some days."""
    found = {
        (agency.id, agency.official_name)
        for day in set(days)
        for agency in register.on(day)
        if register.is_output(agency.id)
    }
    return sorted(found, key=lambda pair: (fold_for_search(pair[1]), pair[0]))


def write_gold(context: Context, path: Path) -> int:
    """Write what was decided as labelled articles for training; how many."""
    with reading(context.engine) as connection:
        texts = gold(connection)
    lines = "".join(
        json.dumps(
            {
                "id": f"review-{one.article_id}",
                "title": one.title,
                "text": one.text[:1_600],
                "url": one.url,
                "outlet": one.outlet,
                "published_at": one.published_at.isoformat() if one.published_at else None,
                "stratum": f"review-{one.reason}",
                "gold": _gold(one.verdict),
            },
            ensure_ascii=False,
        )
        + "\n"
        for one in texts
    )

    def write(stream: BinaryIO) -> None:
        stream.write(lines.encode())

    write_whole(path, write)
    return len(texts)


def _gold(verdict: Verdict) -> dict[str, Any]:
    """The labels in the form of the training set; a question without an answer is left empty."""
    roles = verdict.agencies.items()
    return {
        # The queue asks whether, not how much: a clear part at least.
        "rel": int(verdict.relevant),
        "topics": list(verdict.areas),
        "focus": [agency for agency, role in roles if role is Role.FOCUS],
        "mention": [agency for agency, role in roles if role is Role.MENTION],
        **{
            field: "" if code == UNKNOWN else code
            for field, code in verdict.as_json().items()
            if field in layout.CHOICES
        },
    }


def audit(context: Context) -> tuple[list[AuditReport], list[Drift]]:
    """What the audit says of each version of the model, newest first, and of the last change."""
    with reading(context.engine) as connection:
        found, drawn = audited(connection)
    sample = weighed(found, drawn)
    reports = [audit_report(sample, version) for version in reversed(versions_of(sample))]
    return reports, drift(reports[0], reports[1]) if len(reports) > 1 else []
