"""Training: labels in, model files out; scores on articles the model has not seen."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from domain.agencies import read_register
from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, Area
from domain.errors import UsageError
from domain.records import TagInput
from domain.taxonomy import read_taxonomy
from nlp.evaluation import Score, Scores, evaluate
from nlp.folds import FOLDS, folds_of
from nlp.labelled import cut_down, read_background, read_labelled, story_groups
from nlp.model import SHIPPED, load_model
from nlp.tagger import load_tagger
from nlp.training import train

REGISTER, TAXONOMY = read_register(), read_taxonomy()
SHARED = Path(__file__).parents[2] / "shared" / "data" / "labelled-train.jsonl"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the labelled press articles are not beside the project"
)

#: So few articles fit so perfectly that the solver stops at its limit instead of at a minimum.
pytestmark = pytest.mark.filterwarnings("ignore:lbfgs failed to converge")

ABOUT = {
    Area.CHI_DAO: "kế hoạch cải cách hành chính, chỉ số PAR INDEX, kiểm tra cải cách hành chính",
    Area.THE_CHE: "văn bản quy phạm pháp luật, sửa nghị định, phân cấp phân quyền",
    Area.THU_TUC: "cắt giảm thủ tục hành chính, bộ phận một cửa, trả hồ sơ đúng hạn",
    Area.BO_MAY: "sắp xếp đơn vị hành chính, tinh gọn bộ máy, sáp nhập xã",
    Area.CONG_VU: "thi tuyển công chức, vị trí việc làm, tinh giản biên chế",
    Area.TAI_CHINH: "tự chủ tài chính, tài sản công, trụ sở dôi dư",
    Area.SO: "dịch vụ công trực tuyến, VNeID, cơ sở dữ liệu quốc gia",
}
OTHERWISE = [
    "bóng đá, bàn thắng, huấn luyện viên, sân cỏ",
    "giá vàng, chứng khoán, cổ phiếu, lợi nhuận",
    "mưa lớn, bão, áp thấp, lũ quét",
    "ca sĩ, phim, giải thưởng, khán giả",
]
PROVINCES = {"Nghệ An": "nghe_an", "Lạng Sơn": "lang_son", "Cà Mau": "ca_mau", "Sơn La": "son_la"}


def labelled_row(number: int) -> dict[str, Any]:
    """An invented article: every second one relevant, the codes taken in turn."""
    dice = random.Random(number)
    area = list(Area)[number // 2 % 7] if number % 2 else None
    words = (ABOUT[area] if area else OTHERWISE[number // 2 % 4]).split(", ")
    dice.shuffle(words)
    name, code = list(PROVINCES.items())[number % 4]
    subject = f"UBND tỉnh {name}" if area else "Người dân"
    return {
        "id": str(number),
        "title": f"{subject}: {words[0]} đợt {number}",
        "text": f"{subject} nói về {', '.join(words)}. Có Bộ Y tế dự họp. "
        f"Bà Tư từ Nam Định đến xem {dice.choice(words)} lần {number}. Bộ Công Thương không dự.",
        "url": f"https://bao.test/{number}.html",
        "published_at": "2026-08-01",
        "gold": {
            "rel": 2 if area else 0,
            "topics": [area] if area else [],
            "focus": [f"P34:{code}"] if area else [],
            "mention": ["BYT"] if number % 3 else ["BYT", "P34:ninh_binh"],
            "form": FORMS[number % len(FORMS)],
            "tone": TONES[number // 2 % len(TONES)],
            "audience": AUDIENCES[number // 3 % len(AUDIENCES)],
            "aspect": ASPECTS[number // 2 % 4] if area else "na",
        },
    }


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    return write_rows(folder / "nhan.jsonl", [labelled_row(number) for number in range(112)])


@pytest.fixture(scope="module")
def trained(labels: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scores]:
    folder = tmp_path_factory.mktemp("model")
    return folder, train(labels, folder, register=REGISTER, taxonomy=TAXONOMY)


def test_a_trained_model_can_be_loaded_and_used(trained: tuple[Path, Scores]) -> None:
    folder, _ = trained
    assert {path.name for path in folder.iterdir()} == {"model.npz", "card.json"}
    tagger = load_tagger(register=REGISTER, taxonomy=TAXONOMY, model_folder=folder)
    about, otherwise = tagger.tag(
        [
            TagInput(id="a", title="Bỏ bớt hồ sơ", text="cắt giảm thủ tục hành chính, một cửa"),
            TagInput(id="b", title="Mưa lớn", text="bão, áp thấp, lũ quét ở vùng núi"),
        ]
    )
    assert about.relevant and Area.THU_TUC in about.areas
    assert not otherwise.relevant
    assert tagger.version.startswith(load_model(folder).version)


def test_what_is_easy_is_learnt(trained: tuple[Path, Scores]) -> None:
    _, scores = trained
    assert scores.articles == 112
    assert scores.overall["relevance_f1"].value > 0.9
    assert set(scores.areas) == set(Area)


def test_every_score_has_an_interval_around_it(trained: tuple[Path, Scores]) -> None:
    _, scores = trained
    for score in [*scores.overall.values(), *scores.areas.values()]:
        assert isinstance(score, Score)
        assert 0 <= score.low <= score.value <= score.high <= 1


def test_scores_are_printed_in_vietnamese_with_a_comma(trained: tuple[Path, Scores]) -> None:
    lines = trained[1].lines()
    assert lines[0] == "Chấm trên 112 bài đã gắn nhãn (khoảng tin cậy 95 %):"
    assert any(line.startswith("Cơ quan, chủ thể: 0,") or "1,000" in line for line in lines)
    assert not any("0." in line for line in lines)


def test_the_card_tells_what_the_model_was_made_of(
    labels: Path, trained: tuple[Path, Scores]
) -> None:
    folder, scores = trained
    card = load_model(folder).card
    assert card["data"]["sha256"] == hashlib.sha256(labels.read_bytes()).hexdigest()
    assert (card["data"]["articles"], card["data"]["relevant"]) == (112, 56)
    assert card["register"] == REGISTER.version
    assert card["taxonomy"] == TAXONOMY.version
    told = card["scores_on_unseen_folds"]["overall"]
    assert told == {name: asdict(score) for name, score in scores.overall.items()}


def test_two_trainings_are_equal(
    labels: Path, trained: tuple[Path, Scores], tmp_path: Path
) -> None:
    folder, scores = trained
    again = train(labels, tmp_path / "sâu" / "hơn", register=REGISTER, taxonomy=TAXONOMY)
    assert again == scores
    for name in ("model.npz", "card.json"):
        assert (tmp_path / "sâu" / "hơn" / name).read_bytes() == (folder / name).read_bytes()


def test_what_is_read_besides_moves_no_scored_article_to_another_fold(labels: Path) -> None:
    scored, besides = (lambda found: (found[:60], found[60:]))(read_labelled(labels))
    alone = folds_of(scored, scored=len(scored))
    beside = folds_of([*scored, *besides], scored=len(scored))
    assert [[i for i in held if i < len(scored)] for _, held in beside] == [h for _, h in alone]
    held = sorted(i for _, held in beside for i in held)
    assert len(beside) == FOLDS
    assert held == list(range(len(scored) + len(besides)))


def test_evaluating_twice_gives_the_same_scores(labels: Path, trained: tuple[Path, Scores]) -> None:
    tagger = load_tagger(register=REGISTER, taxonomy=TAXONOMY, model_folder=trained[0])
    scores = evaluate(tagger, labels)
    assert scores == evaluate(tagger, labels)
    assert set(scores.overall) == set(trained[1].overall)


def test_the_shipped_model_comes_with_its_card() -> None:
    card = load_model().card
    assert card["register"] == REGISTER.version
    assert card["taxonomy"] == TAXONOMY.version
    assert {path.name for path in SHIPPED.iterdir()} >= {"model.npz", "card.json"}


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: (folder / "model.npz").unlink(), "Không có mô hình"),
        (lambda folder: (folder / "card.json").unlink(), "Không có mô hình"),
        (lambda folder: (folder / "model.npz").write_bytes(b"PK\x03\x04"), "hỏng"),
        (lambda folder: (folder / "model.npz").write_bytes(b""), "hỏng"),
        (lambda folder: (folder / "card.json").write_text("{}"), "hỏng"),
        (lambda folder: (folder / "card.json").write_text("{"), "hỏng"),
    ],
    ids=["no weights", "no card", "cut off", "empty", "card of nothing", "card half written"],
)
def test_a_damaged_model_is_told_with_what_to_do(
    trained: tuple[Path, Scores], tmp_path: Path, harm: Any, told: str
) -> None:
    for path in trained[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    harm(tmp_path)
    with pytest.raises(UsageError, match=told) as error:
        load_model(tmp_path)
    assert str(tmp_path) in str(error.value) and "diembao train" in str(error.value)


BAD_LABELS = [
    ("not JSON", "{", "dòng 2"),
    ("no gold", '{"id": "1", "title": "A", "text": "B"}', "dòng 2"),
    ("a list", "[]", "dòng 2"),
    ("a bad day", json.dumps(labelled_row(1) | {"published_at": "hôm qua"}), "dòng 2"),
]


@pytest.mark.parametrize(
    ("line", "told"), [case[1:] for case in BAD_LABELS], ids=[case[0] for case in BAD_LABELS]
)
def test_a_bad_line_of_labels_is_told_by_its_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "nhan.jsonl"
    path.write_text(json.dumps(labelled_row(0)) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        read_labelled(path)


def test_labels_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Không đọc được tệp"):
        read_labelled(tmp_path / "khong-co.jsonl")
    with pytest.raises(UsageError, match="không có bài nào"):
        read_labelled(write_rows(tmp_path / "trong.jsonl", []))


def test_too_few_labels_are_told_with_their_number(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "it.jsonl", [labelled_row(number) for number in range(0, 20, 2)])
    with pytest.raises(UsageError, match="0 bài liên quan và 10 bài không"):
        train(path, tmp_path / "m", register=REGISTER, taxonomy=TAXONOMY)


def test_codes_that_no_label_uses_are_never_said(tmp_path: Path) -> None:
    rows = [labelled_row(number) for number in range(28)]
    for row in rows:
        row["gold"] |= {"form": "tin", "topics": ["so"] if row["gold"]["rel"] else []}
        row["gold"] |= {"tone": "phe_phan" if row["id"] > "2" else "hon_hop"}
    path = write_rows(tmp_path / "it-ma.jsonl", rows)
    train(path, tmp_path / "m", register=REGISTER, taxonomy=TAXONOMY)
    tagger = load_tagger(register=REGISTER, taxonomy=TAXONOMY, model_folder=tmp_path / "m")
    for finding in tagger.tag([one.article for one in read_labelled(path)]):
        assert finding.form == "tin"
        assert set(finding.areas) <= {Area.SO}
        assert finding.tone in {"phe_phan", "hon_hop"}


def test_background_leaves_out_english_summaries(tmp_path: Path) -> None:
    rows = [
        {"title": "Một cửa", "sapo": "Sapo.", "text": "Thân bài."},
        {"title": "One stop", "text": "> The government announced"},
    ]
    (found,) = read_background(write_rows(tmp_path / "nen.jsonl", rows))
    assert (found.title, found.text) == ("Một cửa", "Sapo.\nThân bài.")


def test_an_article_cut_down_keeps_its_first_sentence() -> None:
    text = "Đây là câu đầu tiên của một bài báo rất dài. Đây là câu thứ hai."
    cut = cut_down(TagInput(id="1", title="Tít", text=text))
    assert (cut.title, cut.text) == ("Tít", text.partition(" Đây là câu thứ hai.")[0])


def test_a_story_told_twice_is_one_story(tmp_path: Path) -> None:
    other = {"title": "Bão đổi hướng", "text": "Áp thấp mạnh lên, biển động, tàu thuyền vào bờ."}
    rows = [labelled_row(0), labelled_row(1) | other, labelled_row(0) | {"title": "Tít khác"}]
    first, second, third = story_groups(read_labelled(write_rows(tmp_path / "n.jsonl", rows)))
    assert first == third != second


@pytest.fixture(scope="module")
def some_real_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fifth real article, in a file that is gone after the test."""
    with SHARED.open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in islice(stream, 0, None, 5)]
    return write_rows(tmp_path_factory.mktemp("real") / "mot-phan.jsonl", rows)


@pytest.mark.shared
@needs_shared
def test_a_fifth_of_the_real_labels_already_teaches(some_real_labels: Path, tmp_path: Path) -> None:
    scores = train(some_real_labels, tmp_path, register=REGISTER, taxonomy=TAXONOMY)
    assert scores.overall["relevance_f1"].value > 0.7
    assert scores.overall["agencies_any_f1"].value > 0.8
    assert load_model(tmp_path).card["data"]["articles"] == scores.articles


@pytest.mark.shared
@needs_shared
def test_the_shipped_card_names_the_real_labels() -> None:
    data = load_model().card["data"]
    assert data["sha256"] == hashlib.sha256(SHARED.read_bytes()).hexdigest()
    assert data["articles"] == len(read_labelled(SHARED))


@pytest.mark.shared
@needs_shared
def test_the_shipped_tagger_knows_the_agencies_of_the_real_labels() -> None:
    scores = evaluate(load_tagger(register=REGISTER, taxonomy=TAXONOMY), SHARED)
    assert scores.overall["agencies_any_f1"].value > 0.94


def test_an_article_labelled_without_a_tone_counts_in_no_score_of_tone(tmp_path: Path) -> None:
    rows = [labelled_row(n) for n in range(4)]
    plain = evaluate_rows(tmp_path / "a.jsonl", rows)
    silent = {**labelled_row(1), "id": "khong-ro", "gold": {**labelled_row(1)["gold"], "tone": ""}}
    more = evaluate_rows(tmp_path / "b.jsonl", [*rows, silent])
    assert more.overall["tone_macro_f1"].value == plain.overall["tone_macro_f1"].value


def evaluate_rows(path: Path, rows: list[dict[str, Any]]) -> Scores:
    tagger = load_tagger(register=REGISTER, taxonomy=TAXONOMY)
    return evaluate(tagger, write_rows(path, rows))
