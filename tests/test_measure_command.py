"""`diembao measure`: stored rows to a profile, for machines and for people, opened to its rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import measure_rows
from cli.measure import measure
from cli.measure_docs import measures_page
from domain.agencies import read_register
from domain.codes import Area, DatePrecision, Role
from domain.errors import UsageError
from domain.events import EventKind, EventLink, EventState, OfficialEvent
from domain.periods import between
from domain.review import Audited, Verdict
from measures.catalogue import CATALOGUE, LABELS
from pipeline.audit_tags import audit_by_tag
from pipeline.context import Context
from pipeline.profile import Opened, measured_profile
from reports.profile import profile_json, profile_lines
from storage.event_links import store_links
from storage.events import add_events
from tests.stored_press import DAY, NOW, as_one_story, open_house, put

REGISTER = read_register()
JULY = between(date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def house(tmp_path: Path) -> Context:
    """Two stories, one of them in two outlets, and an event that one of them reports."""
    context = open_house(tmp_path)
    story = as_one_story(context, put(context, 1), put(context, 2, "bao_hai"))
    put(context, 3, at=DAY + timedelta(days=3))
    event = OfficialEvent(
        kind=EventKind.DOCUMENT, agency_id="BNV", title="Kế hoạch", precision=DatePrecision.MINUTE,
        at=DAY - timedelta(hours=5), state=EventState.CONFIRMED,
    )  # fmt: skip
    with context.engine.begin() as connection:
        (number,) = add_events(connection, [event], now=NOW)
        store_links(connection, [number], [EventLink(event_id=number, story_id=story, score=0.9)])
    return context


def measured(house: Context, **asked) -> Opened:
    return measured_profile(house, REGISTER, JULY, **asked)


def as_json(opened: Opened) -> dict:
    definitions = {each.id: each.definition for each in CATALOGUE.values()}
    return json.loads(json.dumps(profile_json(opened.measured, definitions)))


def test_the_json_has_the_shape_that_machines_rely_on(house):
    found = as_json(measured(house, agency="BNV"))
    assert list(found)[:7] == ["plan", "from", "to", "scope", "observed", "qualities", "versions"]
    assert found["plan"] == "bnv-2026"
    assert (found["from"], found["to"]) == ("2026-07-01", "2026-07-31")
    assert found["scope"] == {"agency": "BNV", "area": None}
    assert set(found["observed"]) == {"sources", "of", "share_of_days"}
    assert set(found["versions"]) == {"model", "register", "taxonomy", "plan"}
    assert [each["id"] for each in found["qualities"]] == [
        "complete", "timely", "audience", "regular", "diverse", "context",
    ]  # fmt: skip
    for figure in (figure for each in found["qualities"] for figure in each["figures"]):
        assert list(figure)[:11] == [
            "id", "value", "interval", "n", "k", "unit", "status", "target", "met", "corrected",
            "definition",
        ]  # fmt: skip
        assert figure["status"] in {
            "ok", "not_enough", "not_reached", "not_observed", "not_applicable",
        }  # fmt: skip
        assert (figure["value"] is None) == (figure["status"] != "ok")
        assert figure["definition"].startswith(CATALOGUE[figure["id"]].name)


def test_every_figure_of_the_catalogue_is_measured_and_no_other(house):
    listed = [figure.id for each in measured(house).measured.qualities for figure in each.figures]
    assert sorted(listed) == sorted(CATALOGUE)


def test_figures_open_down_to_stored_rows(house):
    opened = measured(house, agency="BNV")
    figures = {one.id: one for each in opened.measured.qualities for one in each.figures}
    assert figures["complete.events"].k == 1
    assert [opened.events[row].event.title for row in figures["complete.events"].rows] == [
        "Kế hoạch"
    ]
    # Two stories in the whole press, both about the ministry: too few for a share of voice.
    assert (figures["context.share_of_voice"].k, figures["context.share_of_voice"].n) == (2, 2)
    assert len({opened.articles[row].url for row in figures["context.placements"].rows}) == 3


def test_the_audit_speaks_for_each_tag_apart():
    def verdict(relevant: bool, area: Area, agency: str, tone: str) -> Verdict:
        return Verdict(
            relevant=relevant, areas=(area,) if relevant else (), agencies={agency: Role.FOCUS},
            form="tin", tone=tone, audience="chung", aspect="trien_khai",
        )  # fmt: skip

    said = verdict(True, Area.SO, "BNV", "phe_phan")
    cases = [
        said,
        verdict(True, Area.THE_CHE, "BNV", "trung_tinh"),
        verdict(False, Area.SO, "X", ""),
    ]
    sample = [
        Audited(article_id=n, stratum="s", weight=2.0, model_version="v1", said=said, true=true)
        for n, true in enumerate(cases)
    ]
    found = audit_by_tag(sample, frozenset({"BNV"}))
    assert {tag: [one.true for one in rows] for tag, rows in found.items()} == {
        "relevant": [True, True, False],
        "critical": [True, False, False],
        "cell": [True, False, False],
        "agency": [True, True, False],
        "area": [True, False, False],
        "voice": [True, True, False],
    }
    assert {one.weight for rows in found.values() for one in rows} == {2.0}


def test_each_row_of_each_figure_can_be_shown(house):
    opened = measured(house)
    for each in opened.measured.qualities:
        for figure in each.figures:
            assert len(list(measure_rows.rows_json(opened, figure))) >= len(set(figure.rows)) or (
                figure.id == "complete.cells"
            )
            assert list(measure_rows.rows_text(opened, figure, REGISTER)) or not figure.rows


@pytest.mark.parametrize("name", ["timely.within_72h", "Đăng trong 72 giờ", "đăng trong  72 giờ"])
def test_a_figure_is_opened_by_its_id_or_its_name(name):
    assert measure_rows.figure_called(name) == "timely.within_72h"


def test_a_figure_that_is_not_known_is_told_with_the_nearest(house):
    with pytest.raises(UsageError, match="Có phải “Đăng trong 72 giờ”"):
        measure_rows.figure_called("Đăng trong 27 giờ")


@pytest.mark.parametrize(
    ("figure_id", "told"),
    [
        ("complete.events", ["(1/1). 1 sự kiện:", "đăng đầu tiên, sau 5 giờ; 2 báo"]),
        ("complete.cells", ["7 ô:", "Chính phủ số: 2 câu chuyện", "không quan sát được đủ báo chí",
                            "03/07/2026 00:00  Báo bao_hai: Bộ Nội vụ công bố việc số 2"]),
        ("context.placements", ["Tin, bài: 3. 3 tin, bài:", "Chính phủ số; sắc thái"]),
        ("diverse.voices", ["chưa có số (tít và sapo không cho biết chắc ai được dẫn lời)."]),
    ],
)  # fmt: skip
def test_an_opened_figure_says_what_made_it_or_why_there_is_none(house, figure_id, told):
    opened = measured(house, agency="BNV")
    lines = measure_rows.rows_text(opened, measure_rows.figure_of(opened, figure_id), REGISTER)
    text = "\n".join(lines)
    for words in told:
        assert words in text


def test_events_that_nobody_looked_at_are_told_with_what_to_do(house):
    event = OfficialEvent(
        kind=EventKind.RELEASE, agency_id="BNV", title="Tin cổng", at=DAY,
        precision=DatePrecision.MINUTE,
    )  # fmt: skip
    with house.engine.begin() as connection:
        add_events(connection, [event], now=NOW)
    opened = measured(house)
    figure = measure_rows.figure_of(opened, "timely.before")
    assert "diembao events confirm" in list(measure_rows.rows_text(opened, figure, REGISTER))[-1]


def test_the_text_says_what_was_observed_and_why_figures_are_missing(house):
    names = {each.id: each.name for each in CATALOGUE.values()}
    text = "\n".join(profile_lines(measured(house).measured, names, "Toàn quốc"))
    assert "quan sát được 0 trên" in text
    assert "trên 51 cơ quan có nguồn công bố" in text
    assert "đề xuất, chưa được phê duyệt" in text
    assert "Chưa có số, chưa đủ số liệu" in text
    assert not {figure_id for figure_id in CATALOGUE if figure_id in text}


def test_a_plan_that_is_not_known_is_named(house):
    with pytest.raises(Exception, match="bnv-2032"):
        measured(house, plan_id="bnv-2032")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "2026-07-01"], "--to"),
        (["--from", "2026-07-01", "--to", "hôm nay"], "hôm nay"),
    ],
)
def test_unusable_arguments_are_named(arguments, told):
    said = CliRunner().invoke(measure, arguments)
    assert said.exit_code == 2
    assert told in said.output


def test_the_words_of_a_figure_say_all_that_the_docs_promise():
    for entry in CATALOGUE.values():
        assert set(entry.words) == {"", *LABELS}, entry.id
        assert ">>>" in (entry.measure.__doc__ or ""), entry.id
        assert entry.name


def test_the_page_on_measures_says_what_the_program_says():
    page = Path(__file__).parents[1] / "docs" / "measures.md"
    assert page.read_text(encoding="utf-8") == measures_page(), "run: python -m cli.docs"
