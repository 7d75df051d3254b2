"""The card of the shipped model as a page to read: `python -m cli.model_card` writes it.

The figures are those of `nlp/model/card.json`; what is confused with what was found by reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from domain.codes import AREA_NAMES, ASPECT_NAMES, AUDIENCE_NAMES, FORM_NAMES, TONE_NAMES
from nlp.card import TARGETS
from nlp.evaluation import SCORE_NAMES
from nlp.model import load_model
from reports.vietnamese import number

PAGE: Final = Path(__file__).parents[1] / "docs" / "model-card.md"
_CODE_NAMES: Final[Mapping[str, str]] = {
    **{str(area): name for area, name in AREA_NAMES.items()},
    **FORM_NAMES,
    **TONE_NAMES,
    **AUDIENCE_NAMES,
    **ASPECT_NAMES,
}
_QUESTIONS: Final = {
    "form": "Thể loại",
    "tone": "Sắc thái",
    "audience": "Đối tượng",
    "aspect": "Khía cạnh",
}
_VERDICTS: Final = {"reached": "đạt", "near": "gần đạt", "missed": "chưa đạt"}
#: Confusions of each question that are shown, at most.
_SHOWN: Final = 4

_HEAD: Final = """\
<!-- Made by `python -m cli.model_card` from `nlp/model/card.json`; train anew instead. -->

# Model card · Phiếu mô hình gắn nhãn

Mô hình đọc tít và 1.600 ký tự đầu của một bài rồi trả lời: bài có nói về cải cách hành chính
không, thuộc lĩnh vực nào, thể loại, sắc thái, đối tượng, khía cạnh; và cơ quan nào được nhắc đến
hay là chủ thể. Mô hình tuyến tính, trọng số là số (không có mã lệnh trong tệp); chỉ có tít và
sapo cũng đọc được.

## Học từ đâu
"""

_REPRODUCE: Final = """
Học lại, được đúng các trọng số này (cùng phiên bản thư viện, hạt giống cố định; thứ tự tệp như
sau):

```text
diembao train ../shared/data/labelled-train.jsonl \\
  --background ../shared/data/press-fulltext-2024-2025.jsonl.gz \\
  --background ../shared/data/press-fulltext-2016-2019.jsonl.gz \\
  --background ../shared/data/gov-policy-2025.jsonl.gz \\
  --everyday ../shared/data/press-year.warc.gz --out nlp/model
```

## Chấm thế nào

Năm phần; các bài gần trùng nhau nằm cùng một phần. Mỗi phần được chấm bằng mô hình chưa thấy nó,
với ngưỡng và hiệu chỉnh chọn trên bốn phần kia. Bài đọc thêm (`nlp/labels/read-texts.csv`) chỉ để
học và để đặt ngưỡng liên quan, không bao giờ để chấm. Độ mạnh của điều chuẩn và trọng số giữa các
nhóm đặc trưng được chọn bằng tay trên chính các phần này, không lồng thêm một tầng: điểm vì thế
hơi rộng rãi. Bài liên quan mà máy bỏ sót thì không có lĩnh vực nào, và điểm của lĩnh vực tính cả
những bài đó. Khoảng tin cậy 95 %, lấy mẫu lại theo bài. “Gần đạt”: khoảng tin cậy chứa mức cần
đạt. Cách chia năm phần chỉ theo các bài để chấm, không đổi khi đọc thêm bài; một cách chia khác
làm điểm xê dịch 0,01–0,02 mà khoảng tin cậy không kể. Hai so sánh đầu dưới đây làm khi cách chia
còn đổi theo số bài học thêm, trên cùng ba cách chia, lấy trung bình.

Điều đã thử:

- **Đọc thêm.** 1.668 bài đọc thêm (trong đó 1.378 tin rút ngẫu nhiên theo tầng, phần lớn quanh
  ngưỡng) nâng độ chính xác trung bình của “liên quan” từ 0,973 lên 0,976, F1 ở ngưỡng đi kèm từ
  0,903 lên 0,917; trên các tin giữ riêng để kiểm lại, độ phủ của cả năm báo chí từ 0,55 lên 0,68.
  1.040 bài toàn văn đọc sau cùng (cả
  phần mà máy còn ngờ) không làm điểm đổi quá mức xê dịch do chia phần.
- **Một mạng nơ-ron làm thầy.** Chừng sáu nghìn bài không dùng để chấm được hỏi vị trí trong không
  gian vectơ câu (multilingual-e5-small, không thấy nhãn nào); mô hình học đoán vị trí ấy từ các từ
  và dùng nó cho sắc thái và khía cạnh. Trên ba cách chia, sắc thái từ 0,575 lên 0,631, khía cạnh từ
  0,666 lên 0,687; “liên quan” và lĩnh vực không hơn nên không dùng. Trọng số của phần này chọn trên
  một trong ba cách chia. Chạy chương trình không cần mạng ấy.
- **Từ nặng nhẹ theo độ tương phản** (tỷ số log của naive Bayes, Wang và Manning 2012): từ đứng lệch
  hẳn về một phía được tin sớm hơn. Cho “liên quan”, cùng các bài tự viết: độ chính xác trung bình
  từ 0,976 lên 0,978, F1 ở ngưỡng đi kèm ngang nhau (0,926); ở tỷ lệ thật của báo chí, trên các tin
  dùng để đặt ngưỡng độ phủ từ 0,65 lên 0,72, nhưng trên 418 tin giữ riêng chỉ còn 60 trên 68 tin
  đúng (độ chính xác 0,863, từ 0,753 đến 0,954; độ phủ 0,686). Lĩnh vực (không kể bài bỏ sót): trên
  một cách chia F1 gộp từ 0,854 lên 0,865, trên cách khác không hơn. Không dùng.
- **Máy vectơ hỗ trợ, hàm nhân, láng giềng gần nhất** cho “liên quan”: riêng từng cách kém hơn (độ
  chính xác trung bình 0,965–0,978); cộng tất cả được 0,982 mà F1 không hơn, lại phải mang theo bài
  đã học khi chạy: không dùng.
- **Bài người đọc còn ngờ** tính nửa đúng khi đặt ngưỡng (trước đây tính là sai): người khác đọc có
  thể nói thế này hoặc thế kia.
- **Không giúp, hoặc không hơn xê dịch do chia phần:** điều chuẩn mạnh hay yếu gấp đôi, gấp bốn;
  trọng số khác cho tít, từ điển, bài cắt ngắn, tin coi là không liên quan; hướng gom từ học thêm
  từ 50.000 tin hằng ngày, 300 hoặc 400 hướng; hình dạng bài cho “liên quan”; bỏ cân bằng các lĩnh
  vực. Cộng điểm nhiều hơn cho bài có cả thân làm F1 tăng chút ít mà độ chính xác trung bình giảm.
- **Chưa thử:** n-gram ký tự; tinh chỉnh mạng nơ-ron; vectơ câu lúc chạy (chậm hơn mức 300 bài một
  giây nhiều lần).

## Điểm trên phần chưa thấy
"""

_CONFUSED: Final = """
Đọc các bài sai nhiều nhất thì thấy:

- **Sắc thái.** Bài giới thiệu luật, nghị định mới mà câu chữ nhấn vào cái lợi được gán “tích
  cực”, máy đọc thành “trung tính”; bài kê số liệu kết quả thì ngược lại. Bảng xếp hạng có người
  đứng đầu, có người đứng cuối được gán “hỗn hợp”, máy theo nửa đầu của tít. Lời phê bình nói nhẹ,
  đặt trong miệng lãnh đạo hoặc trong nghị quyết, bị đọc thành “trung tính”. Hai người đọc cũng
  lệch nhau nhiều nhất ở đây (kappa 0,75).
- **Khía cạnh.** Mục tiêu có nhiều con số phần trăm bị đọc thành “kết quả”; kết quả xấu (khảo sát
  chi phí không chính thức, khiếu kiện) bị đọc thành “vướng mắc”; lập ban soạn thảo là “triển
  khai” mà máy đọc là “chính sách”.
- **Liên quan.** Bỏ sót: VNeID, mã định danh trong bài về xe, đất; hậu quả của sáp nhập ở trường
  học, bản đồ, hội đoàn; tự chủ đại học nói thoáng qua. Báo nhầm: luật chuyên ngành sửa vì sắp xếp
  bộ máy, điều động cán bộ Đảng, cơ chế đặc thù cho một dự án, phê bình cán bộ không dính đến công
  vụ.
- **Lĩnh vực.** “Thể chế” yếu nhất: bài về phân cấp thường còn thuộc lĩnh vực khác, và bài về luật
  chuyên ngành trông giống hệt.
- **Thể loại.** Gần như chỉ phân biệt được tin và văn bản; bài sâu, phỏng vấn, bình luận quá ít để
  học.

## Ngưỡng liên quan

Độ chính xác và độ phủ tính cho cả năm báo chí (tỷ lệ liên quan thật khoảng 2 %), trên các tin rút
ngẫu nhiên theo tầng và đọc bằng mắt, mỗi tin chưa được mô hình chấm nó học; tin người đọc không
chắc tính nửa đúng. Cột cuối là F1 trên các bài đã gán nhãn, cùng ngưỡng.

"""

_TAIL: Final = """
Kiểm lại trên 418 tin khác, không dùng để học hay chọn gì: `make bench-relevance` (cần
`../shared`).

## Không dùng để

- đánh giá một cán bộ, một nhà báo, một tòa soạn;
- quyết định mà không có người đọc bài;
- văn bản không phải tiếng Việt, mạng xã hội, bài trước 2016;
- tìm cơ quan ngoài danh mục; coi sắc thái như thăm dò dư luận.

Xác suất được hiệu chỉnh trên tập bài đã gán nhãn (khoảng một nửa liên quan), không phải trên tỷ
lệ 2 % của báo chí hằng ngày. Bài có cả thân được cộng điểm so với bài chỉ có tít và sapo, vì
nguồn tin hằng ngày phần lớn không liên quan.
"""


def model_card_page(card: Mapping[str, Any]) -> str:
    """The whole page."""
    scores = card["scores_on_unseen_folds"]
    parts = [
        _HEAD,
        *_made_of(card),
        _REPRODUCE,
        *_overall(scores["overall"], card["verdicts"]),
        "\n## Từng lĩnh vực\n",
        *_by_code("Lĩnh vực", scores["area_f1"]),
        "\n## Từng mã",
        *_questions(scores["class_f1"]),
        "\n## Nhầm lẫn còn lại\n",
        *_confusions(scores["confusions"]),
        _CONFUSED + _frontier(card) + _TAIL,
    ]
    return "\n".join(parts)


def _made_of(card: Mapping[str, Any]) -> Iterator[str]:
    data = card["data"]
    yield "| | |\n|---|---|"
    yield f"| bài đã gán nhãn, để học và để chấm | {data['articles']} ({data['labelled']}) |"
    yield f"| trong đó liên quan | {data['relevant']} |"
    yield f"| bài đọc thêm, chỉ để học | {number(data['texts_read_besides'])} |"
    yield f"| bài tự viết, chỉ giống cải cách ở câu chữ | {data['look_alikes_written']} |"
    yield f"| tin hằng ngày đã đọc, chỉ để học | {data['everyday_items_read']} |"
    presumed = number(data["everyday_items_presumed"])
    yield f"| tin hằng ngày coi là không liên quan, trọng số thấp | {presumed} |"
    yield f"| bài không nhãn, để chọn từ | {number(data['background_texts'])} |"
    placed = number(data.get("texts_placed_by_an_encoder", 0))
    yield f"| bài có vị trí do mạng nơ-ron cho biết, cho sắc thái và khía cạnh | {placed} |"
    yield f"| mã băm của tệp nhãn | `{data['sha256'][:16]}…` |"
    yield f"| danh mục cơ quan, từ điển | `{card['register']}`, `{card['taxonomy']}` |"


def _overall(scores: Mapping[str, Any], verdicts: Mapping[str, str]) -> Iterator[str]:
    yield "| | điểm | khoảng 95 % | cần đạt | |\n|---|---:|---|---:|---|"
    for name, score in scores.items():
        yield (
            f"| {SCORE_NAMES[name].strip()} | {_three(score['value'])} | {_range(score)} "
            f"| {_three(TARGETS[name])} | {_VERDICTS[verdicts[name]]} |"
        )


def _by_code(title: str, scores: Mapping[str, Any]) -> Iterator[str]:
    yield f"| {title} | F1 | khoảng 95 % |\n|---|---:|---|"
    for code, score in scores.items():
        yield f"| {_CODE_NAMES[code]} | {_three(score['value'])} | {_range(score)} |"


def _questions(classes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, scores in classes.items():
        yield ""
        yield from _by_code(_QUESTIONS[name], scores)


def _confusions(confusions: Mapping[str, Sequence[Sequence[Any]]]) -> Iterator[str]:
    yield "| | người gán | máy gán | số bài |\n|---|---|---|---:|"
    for name, pairs in confusions.items():
        for true, said, count in pairs[:_SHOWN]:
            yield f"| {_QUESTIONS[name]} | {_CODE_NAMES[true]} | {_CODE_NAMES[said]} | {count} |"


def _frontier(card: Mapping[str, Any]) -> str:
    (shipped,) = next(h["decision"] for h in card["heads"] if h["name"] == "relevance")
    rows = ["| ngưỡng | độ chính xác | độ phủ | F1, bài gán nhãn |", "|---:|---:|---:|---:|"]
    rows += [
        f"| {_two(one['least'])} | {_two(one['precision'])} | {_two(one['recall'])} "
        f"| {_three(one['labelled_f1'])} |"
        for one in card["frontier"]
    ]
    return "\n".join(rows) + f"\n\nNgưỡng đi kèm mô hình: {_two(shipped)}.\n"


def _range(score: Mapping[str, float]) -> str:
    return f"{_three(score['low'])}–{_three(score['high'])}"


def _two(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _three(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


if __name__ == "__main__":
    PAGE.write_text(model_card_page(load_model().card), encoding="utf-8")
    click.echo(PAGE.name)
