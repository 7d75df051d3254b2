"""What a monitor may ask of a running clock: is it alive, is it ready, how does it stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipeline.context import Context
from pipeline.disk import TREND_DAYS, days_left, disk_state
from pipeline.jobs import PlannedJob
from storage.database import reading
from storage.health import source_counts
from storage.job_runs import JobTry, job_counts, last_ends, newest_tries
from storage.notices import disk_trend, unsent
from storage.rows import totals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: Every metric with its help: what `docs/operating.md` lists.
METRICS = {
    "diembao_job_last_success_timestamp_seconds": "End of the last good run of each job",
    "diembao_job_last_slot_done": "1 where the newest slot of a job was run well, else 0",
    "diembao_job_runs": "Tries of each job by how they ended",
    "diembao_articles": "Articles stored",
    "diembao_articles_relevant": "Articles stored that are relevant",
    "diembao_sources": "Sources by how their last poll ended: ok or not",
    "diembao_disk_free_bytes": "Free bytes on the disk of the home folder",
    "diembao_disk_days_left": "Days until the disk is full, by its trend; absent without one",
    "diembao_notices_unsent": "Notices that nobody took yet",
    "diembao_clock_heartbeat_timestamp_seconds": "When the clock last looked whose turn it is",
}


#: A job that is new waits for its first turn: nothing is wrong with it.
_WELL = frozenset({"done", "known"})


class _Reader:
    """This asks the database when the monitor asks: nothing is kept between two questions."""

    def __init__(self, context: Context, jobs: Sequence[PlannedJob], beat: datetime) -> None:
        self._context = context
        self._jobs = jobs
        self._beat = beat

    def collect(self) -> Iterator[Metric]:
        """The metrics, one family after the other."""
        with reading(self._context.engine) as connection:
            ends, counts = last_ends(connection), job_counts(connection)
            stored, sources = totals(connection), source_counts(connection)
            trend, waiting = disk_trend(connection, TREND_DAYS), unsent(connection)
            newest = newest_tries(connection)
        yield from self._jobs_metrics(ends, newest)
        yield _runs(counts)
        yield _gauge("diembao_articles", stored["articles"])
        yield _gauge("diembao_articles_relevant", stored["relevant"])
        by_end = GaugeMetricFamily(
            "diembao_sources", METRICS["diembao_sources"], labels=["outcome"]
        )
        for outcome, number in sorted(sources.items()):
            by_end.add_metric([outcome], number)
        yield by_end
        yield _gauge("diembao_disk_free_bytes", disk_state(self._context.home).free)
        if (left := days_left(trend)) is not None:
            yield _gauge("diembao_disk_days_left", left)
        yield _gauge("diembao_notices_unsent", len(waiting))
        yield _gauge("diembao_clock_heartbeat_timestamp_seconds", self._beat.timestamp())

    def _jobs_metrics(
        self, ends: dict[str, datetime], newest: dict[str, JobTry]
    ) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "diembao_job_last_success_timestamp_seconds",
            METRICS["diembao_job_last_success_timestamp_seconds"],
            labels=["job"],
        )
        on_time = GaugeMetricFamily(
            "diembao_job_last_slot_done", METRICS["diembao_job_last_slot_done"], labels=["job"]
        )
        now = self._context.clock()
        for job in self._jobs:
            if job.name in ends:
                success.add_metric([job.name], ends[job.name].timestamp())
            one = newest.get(job.name)
            done = one is None or (one.state in _WELL and one.slot >= job.slots.last(now))
            on_time.add_metric([job.name], float(done))
        yield success
        yield on_time


def _runs(counts: dict[tuple[str, str], int]) -> Metric:
    runs = CounterMetricFamily(
        "diembao_job_runs", METRICS["diembao_job_runs"], labels=["job", "state"]
    )
    for (job, state), number in sorted(counts.items()):
        runs.add_metric([job, state], number)
    return runs


def metrics_page(context: Context, jobs: Sequence[PlannedJob], beat: datetime) -> bytes:
    """All metrics in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Reader(context, jobs, beat))
    return generate_latest(registry)


def _gauge(name: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, METRICS[name], value=value)
