"""Findings: what a model said of an article, and what counts once persons have spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, UNKNOWN, Area, Role
from domain.errors import UsageError
from domain.records import AgencyTag, Evidence, Finding
from domain.validation import unknown
from storage.story_corrections import ORIGINAL, STORY
from storage.tables import (
    article_agencies,
    article_areas,
    articles,
    corrections,
    findings,
)
from storage.upsert import insert_rows, upsert

#: Below this relevance an article without agencies keeps its probability alone, not every score.
_WORTH_DETAIL = 0.05
_CODES = {"form": FORMS, "tone": TONES, "audience": AUDIENCES, "aspect": ASPECTS}
#: Fields that a person may correct.
CORRECTABLE = ("relevant", "areas", "agencies", *_CODES, STORY, ORIGINAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """This is one decision of a person on one field of one article."""

    article_id: int
    #: relevant (bool), areas (codes), agencies ({id: role}), form, tone, audience or aspect;
    #: story (an article's number or None) and original (bool), see `storage.story_corrections`.
    field: str
    value: Any
    author: str
    at: datetime
    reason: str = ""


def store_findings(connection: Connection, batch: Sequence[Finding]) -> None:
    """Store what the tagger said and renew what counts."""
    if not batch:
        return
    upsert(
        connection,
        findings,
        [
            {
                "article_id": int(finding.id),
                "model_version": finding.model_version,
                "relevance": finding.relevance,
                "relevant": finding.relevant,
                "form": finding.form,
                "tone": finding.tone,
                "audience": finding.audience,
                "aspect": finding.aspect,
                "detail": _detail(finding),
            }
            for finding in batch
        ],
    )
    _decide(connection, {int(finding.id): finding for finding in batch})


def correct(connection: Connection, correction: Correction) -> None:
    """Keep a person's decision and let it count at once; a wrong value is a `UsageError`."""
    correct_all(connection, [correction])


def correct_all(connection: Connection, batch: Sequence[Correction]) -> None:
    """Keep several decisions, all or none; each article is decided anew once."""
    if not batch:
        return
    for correction in batch:
        _check(correction)
    ids = list(dict.fromkeys(correction.article_id for correction in batch))
    known = set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(ids))))
    for number in ids:
        if number not in known:
            raise UsageError(f"Không có bài số {number} trong cơ sở dữ liệu.")
    connection.execute(insert(corrections), [asdict(correction) for correction in batch])
    found = {number: current_finding(connection, number) for number in ids}
    standing = {number: finding for number, finding in found.items() if finding is not None}
    if standing:
        _decide(connection, standing)


def renew(connection: Connection, article_id: int) -> None:
    """Decide an article anew, after what persons said of it has changed."""
    finding = current_finding(connection, article_id)
    if finding is not None:
        _decide(connection, {article_id: finding})


def current_finding(connection: Connection, article_id: int) -> Finding | None:
    """What the newest model said of an article, before corrections; None while untagged."""
    row = connection.execute(
        select(findings)
        .join(
            articles,
            (articles.c.id == findings.c.article_id)
            & (articles.c.tag_version == findings.c.model_version),
        )
        .where(findings.c.article_id == article_id)
    ).one_or_none()
    return None if row is None else finding_of(row)


def _check(correction: Correction) -> None:
    if correction.field not in CORRECTABLE:
        raise UsageError(unknown("mục sửa", correction.field, CORRECTABLE))
    value = correction.value
    good = {
        "relevant": isinstance(value, bool),
        "areas": isinstance(value, list) and set(value) <= set(Area),
        "agencies": isinstance(value, dict) and set(value.values()) <= set(Role),
        STORY: value is None or type(value) is int,
        ORIGINAL: isinstance(value, bool),
    }.get(correction.field, value in (*_CODES.get(correction.field, ()), UNKNOWN))
    if not good:
        raise UsageError(f"Giá trị {value!r} không dùng được cho mục “{correction.field}”.")


def _detail(finding: Finding) -> dict[str, Any]:
    if finding.relevance < _WORTH_DETAIL and not finding.agencies:
        return {}
    return {
        "areas": dict(finding.areas),
        "agencies": [asdict(tag) for tag in finding.agencies],
        "scores": {name: dict(scores) for name, scores in finding.scores.items()},
        "evidence": {
            name: [asdict(each) for each in found] for name, found in finding.evidence.items()
        },
    }


def finding_of(row: Any) -> Finding:
    """A row of the table of findings as a finding, with its evidence."""
    detail = row.detail
    return Finding(
        id=str(row.article_id),
        model_version=row.model_version,
        relevance=row.relevance,
        relevant=row.relevant,
        areas={Area(area): score for area, score in detail.get("areas", {}).items()},
        agencies=tuple(
            AgencyTag(
                id=tag["id"],
                role=Role(tag["role"]),
                via_legacy_name=tag["via_legacy_name"],
                evidence=_evidence(tag.get("evidence", [])),
            )
            for tag in detail.get("agencies", [])
        ),
        form=row.form,
        tone=row.tone,
        audience=row.audience,
        aspect=row.aspect,
        scores=detail.get("scores", {}),
        evidence={name: _evidence(held) for name, held in detail.get("evidence", {}).items()},
    )


def _evidence(held: Sequence[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**each) for each in held)


def _decide(connection: Connection, batch: Mapping[int, Finding]) -> None:
    """Make the finding, with the newest correction of each field applied, what counts."""
    ids = list(batch)
    spoken = _corrections(connection, ids)
    decided = {number: _corrected(batch[number], spoken.get(number, {})) for number in ids}
    connection.execute(delete(article_areas).where(article_areas.c.article_id.in_(ids)))
    connection.execute(delete(article_agencies).where(article_agencies.c.article_id.in_(ids)))
    area_rows = [
        {"article_id": number, "area": area}
        for number, finding in decided.items()
        for area in finding.areas
    ]
    agency_rows = [
        {
            "article_id": number,
            "agency_id": tag.id,
            "role": tag.role,
            "via_legacy_name": tag.via_legacy_name,
        }
        for number, finding in decided.items()
        for tag in finding.agencies
    ]
    for table, rows in ((article_areas, area_rows), (article_agencies, agency_rows)):
        insert_rows(connection, table, rows)
    connection.execute(
        update(articles)
        .where(articles.c.id == bindparam("number"))
        .values({name: bindparam(f"new_{name}") for name in _DECIDED} | {"indexed": False}),
        [_decided_values(number, finding, number in spoken) for number, finding in decided.items()],
    )


_DECIDED = (
    "tag_version", "relevance", "relevant", "form", "tone", "audience", "aspect", "corrected",
)  # fmt: skip


def _decided_values(number: int, finding: Finding, corrected: bool) -> dict[str, Any]:
    values = (
        finding.model_version,
        finding.relevance,
        finding.relevant,
        finding.form,
        finding.tone,
        finding.audience,
        finding.aspect,
        corrected,
    )
    named = {f"new_{name}": value for name, value in zip(_DECIDED, values, strict=True)}
    return {"number": number, **named}


def _corrections(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    spoken: dict[int, dict[str, Any]] = {}
    for row in connection.execute(
        select(corrections)
        .where(corrections.c.article_id.in_(ids))
        .order_by(corrections.c.at, corrections.c.id)
    ):
        spoken.setdefault(row.article_id, {})[row.field] = row.value
    return spoken


def _corrected(finding: Finding, spoken: Mapping[str, Any]) -> Finding:
    changes: dict[str, Any] = {name: value for name, value in spoken.items() if name in _CODES}
    if "relevant" in spoken:
        changes["relevant"] = spoken["relevant"]
        if not spoken["relevant"]:
            changes["areas"] = {}
    if "areas" in spoken and changes.get("relevant", True):
        changes["areas"] = {Area(area): 1.0 for area in spoken["areas"]}
        changes.setdefault("relevant", bool(spoken["areas"]) or finding.relevant)
    if "agencies" in spoken:
        changes["agencies"] = tuple(
            AgencyTag(id=agency, role=Role(role)) for agency, role in spoken["agencies"].items()
        )
    return replace(finding, **changes)
