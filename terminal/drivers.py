"""What moved a metric, for the terminal: contributions to its change, adding up to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from insights.change import compare
from insights.drivers import Drivers, drivers
from policies.model import Policy
from policies.refusal import Refused
from queries.buckets import bucket_days
from queries.catalogue import Metric
from queries.listing import data_state
from queries.measure import measure
from queries.months import Stretch, months_between, one_before, stretch, year_before
from queries.question import Question
from queries.wording import figure, signed
from terminal.printing import plain, printed_frame

AGAINST = ("previous", "last-year")
_UNITS = ("month", "quarter", "year")


def told_drivers(
    connection: duckdb.DuckDBPyConnection,
    policy: Policy,
    metric: Metric,
    *,
    period: str,
    against: str,
    by: str,
    where: Mapping[str, tuple[str, ...]],
    form: str,
) -> str:
    """The change of a metric from an earlier period, split by a column, in the form asked for."""
    looked_at, beside = _periods(connection, policy, period, against)
    answers = [
        measure(connection, metric, Question(each.from_on, each.to_on, (by,), where), policy)
        for each in (beside, looked_at)
    ]
    for answer in answers:
        if answer.reason:
            raise Refused(f"{metric.label} cannot be split by {by} here: {answer.reason}")
    is_scaled = metric.aggregate in ("count", "sum")
    scale = looked_at.days / beside.days if is_scaled else 1.0
    found = drivers(metric, answers[0].rows, answers[1].rows, scale=scale)
    if found.change is None:
        raise Refused(f"{metric.label} cannot be split: {found.reason}.")
    wholes = [
        measure(connection, metric, Question(each.from_on, each.to_on, (), where), policy).rows.row(
            0, named=True
        )
        for each in (beside, looked_at)
    ]
    verdict = compare(metric, *wholes, days=(beside.days, looked_at.days)).verdict
    if form == "csv":
        return printed_frame(found.rows, form)
    if form == "json":
        return _json(metric, found, (beside.name, looked_at.name), by, verdict)
    return _table(metric, found, (beside.name, looked_at.name), verdict)


def _periods(
    connection: duckdb.DuckDBPyConnection, policy: Policy, period: str, against: str
) -> tuple[Stretch, Stretch]:
    """The period looked at and the one before it; Refused where the data do not reach."""
    state: Any = data_state(connection)
    if state["first_at"] is None:
        raise Refused("There is no ticket in this warehouse: load an export first.")
    months = months_between(state["first_at"], state["data_at"], policy.timezone)
    unit = "quarter" if "Q" in period else "month" if "-" in period else "year"
    looked_at = stretch(months, *bucket_days(unit, period))
    beside = (one_before if against == "previous" else year_before)(months, looked_at)
    if not looked_at.days or beside is None:
        raise Refused(f"The data reach from {months[0].name} to {months[-1].name}: choose in them.")
    return looked_at, beside


def _json(metric: Metric, found: Drivers, periods: tuple[str, str], by: str, verdict: str) -> str:
    told = {
        "metric": metric.name,
        "unit": metric.unit,
        "by": by,
        "from": periods[0],
        "to": periods[1],
        "before": found.before,
        "after": found.after,
        "change": found.change,
        "verdict": verdict,
        "parts": {part: found.sum_of(part) for part in found.parts},
        "rows": found.rows.to_dicts(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"


def _table(metric: Metric, found: Drivers, periods: tuple[str, str], verdict: str) -> str:
    """A sentence, and a row for each value with its contributions in the metric's unit."""
    change = found.change or 0.0
    sums = ", ".join(f"{part} {signed(metric, found.sum_of(part))}" for part in found.parts)
    head = (
        f"{metric.label}: {signed(metric, change)} from {periods[0]} to {periods[1]}, {verdict};"
        f" {sums}\n\n"
    )
    rows = [
        {
            "value": row["bucket"],
            **{
                side: "" if row[f"value_{side}"] is None else figure(metric, row[f"value_{side}"])
                for side in ("before", "after")
            },
            "n_before": row["n_before"],
            "n_after": row["n_after"],
            **{part: signed(metric, row[part]) for part in found.parts},
            "total": signed(metric, row["total"]),
        }
        for row in found.rows.iter_rows(named=True)
    ]
    return head + printed_frame(pl.DataFrame(rows, infer_schema_length=None), "table")
