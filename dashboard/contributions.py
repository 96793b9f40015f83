"""What the values of a dimension contributed to a change, and which of them have a bar."""

from __future__ import annotations

from dashboard.filters import View
from dashboard.session import Data, answer
from insights.drivers import Drivers, drivers
from queries.catalogue import Metric
from queries.months import Stretch

MOST = 6
OTHERS = "(other contributions)"


def contributions(
    data: Data, view: View, metric: Metric, dimension: str, beside: Stretch
) -> Drivers:
    """The drivers between the period looked at and another one."""
    before = answer(data, metric, view.of(beside, dimension))
    after = answer(data, metric, view.of(view.period, dimension))
    is_scaled = metric.aggregate in ("count", "sum") and beside.days
    scale = view.period.days / beside.days if is_scaled else 1.0
    return drivers(metric, before.rows, after.rows, scale=scale)


def others(data: Data, view: View, metric: Metric, dimension: str) -> tuple[str, ...]:
    """The values behind the one bar of those that contributed least."""
    if view.compared is None:
        return ()
    rows = contributions(data, view, metric, dimension, view.compared).rows
    return tuple(rows["bucket"][MOST:].to_list())
