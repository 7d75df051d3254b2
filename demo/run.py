"""The main job on the demo press: crawl it over HTTP, tag, measure, export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from demo.press import start_press
from demo.truth import Comparison, compare
from domain.agencies import read_register
from domain.clock import VIETNAM, Clock, ShiftedClock
from domain.figures import MonthReport
from domain.outlets import OutletBook
from domain.periods import month
from domain.settings import CrawlSettings, Settings, parse_settings
from pipeline.context import Context, Progress, no_progress
from pipeline.digest import write_day
from pipeline.export import export
from pipeline.opening import open_context
from pipeline.run import RunSummary, run
from storage.database import reading
from storage.rows import article_addresses

DEMO_HOME = Path("var/demo")
#: The reporting months that the demo press fills.
MONTHS = ("2026-07", "2026-08")
#: The demo plays on this evening: the press has just printed its last articles.
EVENING = datetime(2026, 8, 20, 21, 0, tzinfo=VIETNAM)
#: A day on which much was printed, for a second digest.
BUSY_DAY = date(2026, 7, 17)
_FORMATS = ("xlsx", "csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoResult:
    """This is what the demo run gave and where its files are."""

    run: RunSummary
    reports: tuple[MonthReport, ...]
    files: tuple[Path, ...]
    #: What was found of what the press printed.
    comparison: Comparison
    home: Path

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong; empty where all went well."""
        return self.run.problems


def run_demo(home: Path, *, clock: Clock, progress: Progress = no_progress) -> DemoResult:
    """Start the demo press on loopback and do everything with it, into `home`.

    The clock is set to the demo's own evening: from there it goes on as `clock` does.
    """
    register = read_register()
    evening = ShiftedClock(clock, EVENING - clock())
    with start_press() as press:
        context = open_demo(home, press.outlets, press.proxy_url, clock=evening, progress=progress)
        summary = run(context, register=register)
    made, reports = list(summary.digests), []
    for each in MONTHS:
        report, paths = export(
            context, register, month(each), formats=_FORMATS, folder=context.report_folder
        )
        reports.append(report)
        made += paths
    made += write_day(context, register, BUSY_DAY)
    with reading(context.engine) as connection:
        found = article_addresses(connection)
    return DemoResult(
        run=summary,
        reports=tuple(reports),
        files=tuple(dict.fromkeys(made)),
        comparison=compare(found),
        home=home,
    )


def open_demo(
    home: Path,
    outlets: OutletBook,
    proxy_url: str,
    *,
    clock: Clock,
    progress: Progress = no_progress,
) -> Context:
    """The demo's installation: its own settings, with the press as HTTP proxy."""
    settings = demo_settings(proxy_url)
    context = open_context(
        settings,
        home,
        clock=clock,
        progress=progress,
        create=True,
        outlets_folder=Path(str(files("demo"))) / "outlets",
    )
    return context.watching([outlet.id for outlet in outlets])


def demo_settings(proxy_url: str) -> Settings:
    """The settings of the demo, with the press as HTTP proxy."""
    text = (files("demo") / "config.toml").read_text(encoding="utf-8")
    settings = parse_settings(text, "demo/config.toml")
    crawl = CrawlSettings(**(settings.crawl.model_dump() | {"proxy": proxy_url}))
    return Settings(**(dict(settings) | {"crawl": crawl}))
