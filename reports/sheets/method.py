"""How to read the figures: definitions, limits, versions."""

from __future__ import annotations

from domain.figures import MonthReport
from reports.book import Book, Heading, Styled
from reports.vietnamese import minute, percent

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


def write(book: Book, report: MonthReport) -> None:
    """Write the definitions that the measures declare, and the limits."""
    figures = report.figures
    sheet = book.sheet("Phương pháp", print_title=report.title)
    sheet.widths(_METHOD)
    rows = [(Styled(name, "strong"), text) for name, text in _LIMITS]
    rows.append(
        (
            Styled("Ngưỡng quan sát", "strong"),
            f"Ô không có tin chỉ ghi 0 khi quan sát được từ {percent(figures.observed_share)} trở "
            "lên số ngày-nguồn của các báo theo dõi cơ quan đó.",
        )
    )
    rows += [(Styled(item.name, "strong"), item.text) for item in figures.definitions]
    rows += [
        (Styled(f"Phiên bản: {name}", "strong"), version)
        for name, version in sorted(report.versions.items())
    ]
    rows.append((Styled("Lập lúc", "strong"), minute(report.generated_at)))
    sheet.table(_METHOD, rows, is_main=True)
