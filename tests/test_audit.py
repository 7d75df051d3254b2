"""What the audit sample says of a model: shares, their intervals, and the change since the last."""

from __future__ import annotations

import random

import pytest

from domain.codes import Area, Role
from domain.review import Audited, Verdict
from measures.audit import audit_report, drift, missed_interval, versions_of, weighed


def tags(*areas: Area, agencies: tuple[str, ...] = (), relevant: bool = True, form: str = "tin"):
    return Verdict(
        relevant=relevant and bool(areas),
        areas=areas,
        agencies=dict.fromkeys(agencies, Role.FOCUS),
        form=form,
        tone="trung_tinh",
        audience="chung",
        aspect="trien_khai",
    )


NOTHING = tags(relevant=False)
PROCEDURES = tags(Area.THU_TUC)


def seen(
    said: Verdict, true: Verdict, *, weight: float = 1.0, version: str = "m2", number: int = 0
):
    return Audited(
        article_id=number,
        stratum=f"{version} {weight}",
        weight=weight,
        model_version=version,
        said=said,
        true=true,
    )


def test_precision_and_recall_of_relevance_and_of_an_area():
    sample = [seen(PROCEDURES, PROCEDURES)] * 8 + [seen(PROCEDURES, NOTHING)] * 2
    sample += [seen(NOTHING, PROCEDURES, weight=4.0)] * 2 + [seen(NOTHING, NOTHING, weight=4.0)] * 8
    report = audit_report(sample, "m2")
    assert report.relevance.precision.value == pytest.approx(0.8)
    assert report.relevance.recall.value == pytest.approx(8 / (8 + 8))
    (area,) = [one for one in report.areas if one.code == Area.THU_TUC]
    assert (area.precision.value, area.precision.n) == (pytest.approx(0.8), 10)
    assert area.recall.n == 10
    assert report.articles == 20 and report.stands_for == pytest.approx(50)


def test_what_was_never_there_has_no_figure():
    report = audit_report([seen(PROCEDURES, PROCEDURES)], "m2")
    (area,) = [one for one in report.areas if one.code == Area.SO]
    assert area.precision.value is None and area.recall.value is None
    assert area.precision.interval is None


def test_an_empty_sample_says_nothing():
    report = audit_report([], "m2")
    assert (report.articles, report.stands_for, report.agencies) == (0, 0, [])
    assert report.relevance.precision.value is None


def test_agencies_are_those_that_were_named_the_commonest_first():
    both = tags(Area.THU_TUC, agencies=("BNV", "BTC"))
    sample = [seen(both, tags(Area.THU_TUC, agencies=("BNV",))), seen(both, both)]
    sample += [seen(tags(Area.THU_TUC), tags(Area.THU_TUC, agencies=("BYT",)))]
    report = audit_report(sample, "m2")
    assert [one.code for one in report.agencies] == ["BNV", "BTC", "BYT"]
    by_code = {one.code: one for one in report.agencies}
    assert by_code["BTC"].precision.value == pytest.approx(0.5)
    assert by_code["BYT"].precision.value is None
    assert by_code["BYT"].recall.value == 0


def test_questions_are_scored_on_relevant_articles_alone():
    sample = [
        seen(PROCEDURES, tags(Area.THU_TUC, form="bai")),
        seen(PROCEDURES, PROCEDURES),
        seen(tags(relevant=False, form="bai"), NOTHING),
    ]
    assert audit_report(sample, "m2").questions["form"].value == pytest.approx(0.5)


def test_nothing_missed_in_a_small_sample_is_no_certainty():
    sample = [seen(PROCEDURES, PROCEDURES, weight=2.0)] * 30
    few = [*sample, *[seen(NOTHING, NOTHING, weight=1_000.0)] * 10]
    many = [*sample, *[seen(NOTHING, NOTHING, weight=10.0)] * 1_000]
    low_of_few = audit_report(few, "m2").relevance.recall
    low_of_many = audit_report(many, "m2").relevance.recall
    assert low_of_few.value == low_of_many.value == 1
    assert low_of_few.interval and low_of_few.interval[0] < 0.05
    assert low_of_many.interval and low_of_many.interval[0] > 0.6


def test_undecided_articles_are_spoken_for_by_the_decided_ones_of_their_stratum():
    sample = [seen(PROCEDURES, PROCEDURES, weight=3.0)] * 4
    (one, *_) = weighed(sample, {sample[0].stratum: 8})
    assert one.weight == pytest.approx(6.0)


def test_only_articles_drawn_under_a_model_speak_for_it():
    sample = [seen(PROCEDURES, NOTHING, version="m1"), seen(PROCEDURES, PROCEDURES)]
    assert audit_report(sample, "m2").relevance.precision.value == 1
    assert audit_report(sample, "m1").relevance.precision.value == 0
    assert versions_of(sample) == ["m1", "m2"]


def test_drift_is_told_where_the_intervals_do_not_touch():
    worse = [seen(PROCEDURES, NOTHING)] * 40 + [seen(PROCEDURES, PROCEDURES)] * 10
    better = [seen(PROCEDURES, PROCEDURES, version="m1")] * 50
    changes = drift(audit_report(worse, "m2"), audit_report(better, "m1"))
    apart = {(one.code, one.figure) for one in changes if one.is_apart}
    assert ("relevant", "precision") in apart and (Area.THU_TUC, "precision") in apart
    assert not {figure for code, figure in apart if code == "form"}
    same = drift(audit_report(better, "m1"), audit_report(better, "m1"))
    assert same and not any(one.is_apart for one in same)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    dice = random.Random(2026)
    flagged, other, held = 200, 4_000, {"precision": 0, "recall": 0}
    rounds = 150
    right = [dice.random() < 0.85 for _ in range(flagged)]
    lost = [dice.random() < 0.02 for _ in range(other)]
    truth = {"precision": sum(right) / flagged, "recall": sum(right) / (sum(right) + sum(lost))}
    for _ in range(rounds):
        sample = [
            seen(PROCEDURES, PROCEDURES if right[i] else NOTHING, weight=flagged / 60)
            for i in dice.sample(range(flagged), 60)
        ]
        sample += [
            seen(NOTHING, PROCEDURES if lost[i] else NOTHING, weight=other / 100)
            for i in dice.sample(range(other), 100)
        ]
        found = audit_report(sample, "m2").relevance
        for figure in held:
            low, high = getattr(found, figure).interval
            held[figure] += low <= truth[figure] <= high
    assert held["precision"] / rounds >= 0.92
    assert held["recall"] / rounds >= 0.92


def test_the_interval_of_a_weighted_count():
    low, high = missed_interval([10.0] * 5, 10.0)
    plain_low, plain_high = missed_interval([1.0] * 5, 1.0)
    assert (low, high) == (pytest.approx(10 * plain_low), pytest.approx(10 * plain_high))
    assert missed_interval([], 0.0) == (0.0, 0.0)
