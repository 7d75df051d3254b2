"""Đầy đủ: whether the press speaks of all agencies or of a few."""

from __future__ import annotations

from typing import Final

from domain.figures import Status
from domain.qualities import QualityFigure
from measures.diversity import concentration_spread
from measures.ground import Ground
from measures.shares import absent

#: Below this the concentration over some fifty agencies is not told from chance.
FEWEST_FOR_BALANCE: Final = 30


def balance(ground: Ground) -> QualityFigure:
    """Mức tập trung vào ít cơ quan (HHI): 0 là trải rất đều, 1 là chỉ nói về một cơ quan.

    Công thức: Σ n_g (n_g − 1) / (N (N − 1)), n_g là số câu chuyện mà cơ quan g là chủ thể, câu
    chuyện về hai cơ quan chia đôi. Là xác suất hai câu chuyện lấy ngẫu nhiên nói về cùng một cơ
    quan; 1/HHI là số cơ quan “hiệu dụng”.

    Đại lượng: xác suất ấy trong quá trình đưa tin.
    Bất định: quá trình đưa tin.
    Cách tính: phép đảo kiểm định bằng mô phỏng.
    Nguồn: Herfindahl–Hirschman, ước lượng không chệch của Simpson (1949).

    >>> from measures.examples import ground, text
    >>> half = [text(n, focus=(("BNV", "BTC")[n % 2],)) for n in range(1, 31)]
    >>> round(balance(ground(*half)).value, 3)
    0.483
    """
    figure_id = "complete.balance"
    if ground.scope.agency is not None:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính trên nhiều cơ quan", unit="index")
    ids = {agency.id: place for place, (agency, _) in enumerate(ground.listed)}
    labels = [[ids[agency] for agency in story.focus if agency in ids] for story in ground.stories]
    told = [label for label in labels if label]
    rows = [
        row.article_id
        for story in ground.stories
        for row in story.rows
        if any(agency in ids for agency in row.focus)
    ]
    if len(told) < FEWEST_FOR_BALANCE:
        return absent(
            figure_id,
            Status.NOT_ENOUGH,
            f"mới có {len(told)} câu chuyện, cần ít nhất {FEWEST_FOR_BALANCE}",
            unit="index", n=len(told), rows=rows,
        )  # fmt: skip
    spread = concentration_spread(told, len(ids))
    return QualityFigure(
        id=figure_id, unit="index", status=Status.OK, value=spread.value,
        interval=spread.interval, n=len(told), definition=figure_id, rows=tuple(rows),
    )  # fmt: skip
