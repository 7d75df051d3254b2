"""The facts of a period as the fields of the report's template: numbers already in Vietnamese."""

from __future__ import annotations

from typing import Any, Final

from domain.figures import MonthReport
from reports.cells import printable
from reports.names import WINDOW_NAMES
from reports.sentences import criticism, gaps, goals, overview, proposals, stories
from reports.vietnamese import day, minute, number, quoted

#: Stories and phrases named in the text; the tables hold all of them.
_STORIES: Final = 5
_PHRASES: Final = 10


def facts(report: MonthReport) -> dict[str, Any]:
    """Every field that the template may name."""
    figures = report.figures
    period, totals = figures.period, figures.totals
    found = report.highlights
    return {
        "ky": {
            "ten": period.title,
            "tu": day(period.start),
            "den": day(period.end),
            "so_ngay": number(period.days),
            "cua_so": f" ({WINDOW_NAMES[report.window]})" if report.window else "",
        },
        "pham_vi": printable(figures.scope),
        "pham_vi_ghi_chu": printable(report.scope_note),
        "lap_luc": minute(report.generated_at),
        "nguon": overview.sources(report),
        "tong": {
            "da_doc_cau": overview.read(report),
            "da_doc": overview.known(report, totals.articles),
            "cau_chuyen": overview.value(totals.stories.value),
            "tin_bai": overview.value(totals.placements.value),
            "goc": number(totals.originals),
            "dang_lai": number(totals.reprints),
            "cong": number(totals.counts.portal),
            "tong_hop": number(totals.counts.aggregator),
            "cau": overview.total_sentence(report),
        },
        "so_sanh": list(overview.comparisons(report)),
        "ngay_nhieu_nhat": overview.busiest(report),
        "noi_bat_cau": overview.most_placed(report),
        "noi_bat": [stories.story(story) for story in found.most_placed[:_STORIES]],
        "cum_tu": ", ".join(quoted(printable(each.words)) for each in report.phrases[:_PHRASES]),
        "dang_dau": ", ".join(
            f"{printable(each.outlet_name)} ({number(each.stories)})"
            for each in found.first[:_STORIES]
        ),
        "muc_tieu": list(goals.goals(report)),
        "linh_vuc": [stories.area(report, line) for line in totals.by_area],
        "mo_hinh_cau": overview.results(report),
        "mo_hinh": [stories.story(story) for story in found.results[:_STORIES]],
        "phe_binh": {
            "cau": criticism.summary(report),
            "so": number(len(found.criticism)),
            "tin": criticism.named(report),
        },
        "khoang_trong": list(gaps.gaps(report)),
        "de_xuat": list(proposals.proposals(report)),
    }
