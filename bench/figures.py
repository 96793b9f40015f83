"""One KPI by month beside one grouped full scan of the columns that it reads, both warm."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.child import in_child
from bench.lines import Line
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.catalogue import METRICS_FOLDER, read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build

REPEATS = 7
PLAIN_SCANS = {
    "mttr": """
select
    date_trunc('month', finished_at) as month,
    kind,
    is_finished,
    count(*),
    avg(time_to_resolve_seconds)
from counted_tickets
group by all""",
    "tool_sla_compliance": """
select
    date_trunc('month', finished_at) as month,
    kind,
    is_finished,
    count(*),
    avg(tool_sla_met::int)
from counted_tickets
group by all""",
    "backlog": """
select
    date_trunc('month', from_at) as month,
    count(*),
    max(to_at)
from open_intervals
group by all""",
}
SAID = {
    "mttr": "MTTR with median and p90, by month",
    "tool_sla_compliance": "a rate by month",
    "backlog": "the backlog at the end of each month",
}


def compare_figures(warehouse: Path, tickets: int) -> list[Line]:
    """A line per metric: medians of interleaved runs."""
    found: dict[str, tuple[float, float]] = in_child(_figures, warehouse).returned
    return [
        Line(SAID[name], tickets, ours, plain, target="3 x")
        for name, (ours, plain) in found.items()
    ]


def _figures(warehouse: Path) -> dict[str, tuple[float, float]]:
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(warehouse).current_path(), policy)
    metrics = read_metrics([METRICS_FOLDER])
    found: dict[str, tuple[float, float]] = {}
    for name, scan in PLAIN_SCANS.items():
        metric = metrics[name]

        def ours(metric=metric) -> object:
            return measure(connection, metric, Question(by=("month",)), policy)

        def plain(scan: str = scan) -> object:
            with connection.cursor() as cursor:
                return cursor.sql(scan).pl()

        ours(), plain()
        pairs = [(_seconds(ours), _seconds(plain)) for _ in range(REPEATS)]
        found[name] = (
            statistics.median(pair[0] for pair in pairs),
            statistics.median(pair[1] for pair in pairs),
        )
    return found


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
