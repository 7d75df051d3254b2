"""How to read the figures: definitions, limits, versions."""

from __future__ import annotations

from collections.abc import Sequence

from domain.figures import MonthReport
from reports.values import Heading, Styled, Table, Value
from reports.vietnamese import minute, number, observed, percent

_METHOD = (Heading("Nội dung", 34), Heading("Giải thích", 110))

_LIMITS = (
    (
        "Phạm vi",
        "Số liệu nói về đầu ra trên báo chí (tin, bài), không phải số người đọc, không phải mức độ "
        "hài lòng và không thay cho điểm Chỉ số cải cách hành chính.",
    ),
    (
        "Câu chuyện và tin, bài",
        "Câu chuyện là một nhóm tin, bài có nội dung sao chép nhau; tin, bài là từng lần đăng. Hai "
        "số luôn đứng riêng.",
    ),
    (
        "Báo chí và cổng thông tin",
        "Chỉ báo, tạp chí, thông tấn, phát thanh, truyền hình được tính là phản ánh của báo chí. "
        "Cổng thông tin là tiếng nói của chính cơ quan, trang tổng hợp là bản chép lại: luôn đếm "
        "riêng.",
    ),
    (
        "Cơ quan",
        "Cơ quan lấy theo danh mục của ngày cuối kỳ; đơn vị đã sáp nhập trước đó được tính cho cơ "
        "quan tiếp nhận chính.",
    ),
    (
        "Nhãn",
        "Mức liên quan, lĩnh vực, cơ quan, thể loại, sắc thái do máy gắn và có thể sai; nhãn do "
        "người sửa luôn được giữ. Số liệu chưa hiệu chỉnh theo sai số gắn nhãn.",
    ),
    (
        "Giờ đăng",
        "Giờ Việt Nam. Bài không rõ giờ đăng được xếp vào kỳ theo giờ thu thập và ghi rõ ở cột độ "
        "chính xác của giờ.",
    ),
)


def method(report: MonthReport) -> Table:
    """Table 9: the definitions that the measures declare, the limits, the versions."""
    figures = report.figures
    press = figures.observation.press
    rows: list[Sequence[Value]] = [(Styled(name, "strong"), text) for name, text in _LIMITS]
    rows.append(
        (
            Styled("Nguồn quan sát được", "strong"),
            f"{observed(press.sources_observed, press.sources)} báo chí, "
            f"{percent(press.share if press.source_days else None)} số ngày-nguồn.",
        )
    )
    rows.append(
        (
            Styled("Ngưỡng quan sát", "strong"),
            f"Ô không có tin chỉ ghi 0 khi quan sát được từ {percent(figures.observed_share)} trở "
            "lên số ngày-nguồn của các báo theo dõi cơ quan đó.",
        )
    )
    rows.append((Styled("Tỷ lệ chưa gán lĩnh vực", "strong"), _without_area(report)))
    rows += [(Styled(item.name, "strong"), item.text) for item in figures.definitions]
    rows += [
        (Styled(f"Phiên bản: {name}", "strong"), version)
        for name, version in sorted(report.versions.items())
    ]
    rows.append((Styled("Lập lúc", "strong"), minute(report.generated_at)))
    return Table(
        number="9", title="Phương pháp và giới hạn của số liệu", headings=_METHOD, rows=rows
    )


def _without_area(report: MonthReport) -> str:
    found = sum(1 for row in report.rows if not row.areas)
    return (
        f"{number(found)} trên {number(len(report.rows))} tin, bài về cải cách hành chính chưa "
        "được gán lĩnh vực nào."
    )
