"""The audit sample by tag: what the machine said of each article and what a person says."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from domain.codes import Role
from domain.review import Audited, Verdict
from measures.correction import Checked
from measures.profile import AGENCY_TAG, AREA_TAG, CELL_TAG, CRITICAL_TAG, RELEVANT_TAG, VOICE_TAG
from measures.variety import is_critical_code


def audit_by_tag(sample: Sequence[Audited], ids: AbstractSet[str]) -> dict[str, list[Checked]]:
    """The audit sample by the tags that are corrected; `ids` are those of the agency in scope."""
    relevant = [
        Checked(predicted=one.said.relevant, true=one.true.relevant, weight=one.weight)
        for one in sample
    ]
    critical = [
        Checked(
            predicted=is_critical_code(one.said.tone, one.said.aspect),
            true=one.true.relevant and is_critical_code(one.true.tone, one.true.aspect),
            weight=one.weight,
        )
        for one in sample
        if one.said.relevant
    ]
    cells = [
        Checked(predicted=True, true=cell in _cells(one.true), weight=one.weight)
        for one in sample
        for cell in sorted(_cells(one.said))
    ]
    agencies = [
        Checked(predicted=True, true=agency in _subjects(one.true), weight=one.weight)
        for one in sample
        for agency in sorted(_subjects(one.said))
    ]
    areas = [
        Checked(predicted=True, true=area in _areas(one.true), weight=one.weight)
        for one in sample
        for area in sorted(_areas(one.said))
    ]
    voice = [
        Checked(
            predicted=not ids.isdisjoint(_focus(one.said)),
            true=one.true.relevant and not ids.isdisjoint(_focus(one.true)),
            weight=one.weight,
        )
        for one in sample
        if one.said.relevant
    ]
    return {
        RELEVANT_TAG: relevant,
        CRITICAL_TAG: critical,
        CELL_TAG: cells,
        AGENCY_TAG: agencies,
        AREA_TAG: areas,
        VOICE_TAG: voice,
    }


def _focus(verdict: Verdict) -> list[str]:
    return [agency for agency, role in verdict.agencies.items() if role is Role.FOCUS]


def _cells(verdict: Verdict) -> set[tuple[str, str]]:
    if not verdict.relevant:
        return set()
    return {(agency, area) for agency in _focus(verdict) for area in verdict.areas}


def _subjects(verdict: Verdict) -> set[str]:
    return set(_focus(verdict)) if verdict.relevant else set()


def _areas(verdict: Verdict) -> set[str]:
    return set(verdict.areas) if verdict.relevant else set()
