"""The lowest and the highest that a figure could be, had the tickets of a check been otherwise.

| mode | what is tried |
|---|---|
| excluded | the figure without them |
| values | each with its `low`, then each with its `high` of the evidence, in seconds |
| either | each missed, then each met (shares); none, then each of them (counts, levels) |
| better | as it stands, then each met (shares) |
| missing | as many more, all missed, then all met (shares); none, then all (counts, levels) |
| unknown | nothing bounds it |

Without them is always tried, and the figure as it stands always lies within its bounds. What
stands on the outages of services (a ratio) is computed anew from other failures: without them
(excluded), without their downtime (values), with each of them a failure (missing).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from policies.model import Policy
from queries.aggregation import Rows, Scope, rows_of
from queries.catalogue import Metric
from queries.checking import Check, Mode
from queries.known import Known
from queries.model.build import MODEL_FOLDER
from queries.periods import period_of
from queries.question import Question
from queries.selection import first_row, read_span, select_evidence

FAILING = "ticket_id in (select ticket_id from failing_tickets)"
DOUBTFUL = "ticket_id in (select ticket_id from doubtful)"
_BODY = re.compile(r"^.*?^create or replace table \w+ as$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Bound:
    """A figure as it stands, and the lowest and highest it could be; None where it has no such.

    `touched` is how many rows of the figure are doubtful. Durations are seconds, shares 0 to 1.
    """

    metric: Metric
    mode: Mode
    touched: int
    value: float | None
    excluded: float | None
    lowest: float | None
    highest: float | None


def bounds_of(
    connection: duckdb.DuckDBPyConnection,
    check: Check,
    metrics: Mapping[str, Metric],
    policy: Policy,
) -> list[Bound]:
    """What the tickets of a check do to the figures that it touches, over all of the data."""
    with connection.cursor() as cursor:
        return [
            _bound(cursor, check, metrics[name], mode, policy)
            for name, mode in check.affects.items()
            if name in metrics
        ]


def _bound(
    cursor: duckdb.DuckDBPyConnection, check: Check, metric: Metric, mode: Mode, policy: Policy
) -> Bound:
    question = Question()
    known = Known()
    selection = select_evidence(cursor, metric, question, known)
    period = period_of(question, policy.timezone)
    scope = Scope(cursor, metric, question, selection, period, read_span(cursor, known))
    if metric.aggregate == "ratio":
        return _bound_of_ratio(scope, check, mode, policy)
    rows = rows_of(scope, "\n    evidence.ticket_id,")
    sums = _sums(cursor, check, rows)
    other, doubtful = (sums["n_other"], sums["total_other"]), (sums["n_in"], sums["total_in"])
    if metric.aggregate == "count" or (metric.aggregate == "level" and metric.unit == "count"):
        value, excluded = other[1] + doubtful[1], other[1]
        all_of_them = {"missing": value + sums["found"], "either": other[1] + sums["found"]}
        tried = [value, excluded, all_of_them.get(mode)]
    else:
        value = _mean(other[1] + doubtful[1], other[0] + doubtful[0])
        excluded = _mean(other[1], other[0])
        tried = [value, excluded, *_tried(mode, sums)]
    if mode == "unknown":
        return Bound(metric, mode, sums["touched"], value, excluded, None, None)
    known = [each for each in tried if each is not None]
    lowest, highest = (min(known), max(known)) if known else (None, None)
    touched = sums["found"] if mode == "missing" else sums["touched"]
    return Bound(metric, mode, touched, value, excluded, lowest, highest)


def _tried(mode: Mode, sums: Mapping[str, Any]) -> list[float | None]:
    """The figures of a mean or a share, had the doubtful rows been otherwise."""
    n, total, touched = sums["n_other"], sums["total_other"], sums["touched"]
    match mode:
        case "values":
            kept = sums["n_kept"], sums["total_kept"]
            rows = n + kept[0] + sums["n_bounded"]
            return [
                _mean(total + kept[1] + sums["total_low"], rows),
                _mean(total + kept[1] + sums["total_high"], rows),
            ]
        case "either":
            return [_mean(total, n + touched), _mean(total + touched, n + touched)]
        case "better":
            rows, met = sums["n_in"], sums["n_in"]
            return [_mean(total + met, n + rows)]
        case "missing":
            standing = total + sums["total_in"]
            rows = n + sums["n_in"] + sums["found"]
            return [_mean(standing, rows), _mean(standing + sums["found"], rows)]
        case _:
            return []


def _mean(total: float, n: int) -> float | None:
    return total / n if n else None


def _sums(cursor: duckdb.DuckDBPyConnection, check: Check, rows: Rows) -> dict[str, Any]:
    """The rows of a figure, doubtful ones apart.

    `touched` are the doubtful rows that the figure looks at, `n_in` those of them that it uses;
    `n_bounded` have a low and a high value, and `n_kept` are used without one.
    """
    has_values = "values" in check.affects.values()
    low, high = ("any_value(low)", "any_value(high)") if has_values else ("null", "null")
    sql = f"""
with doubtful as (
    select
        ticket_id,
        cast({low} as double) as low,
        cast({high} as double) as high
    from ({check.sql})
    where ticket_id is not null
    group by ticket_id
),

found as (
    select count(*) as found
    from ({check.sql})
),

figure as (
    select
        doubtful.ticket_id is not null as is_in,
        cast(evidence_rows.value as double) as value,
        doubtful.low,
        doubtful.high
    from (
{rows.sql}
    ) as evidence_rows
    left join doubtful on doubtful.ticket_id = evidence_rows.ticket_id
)

select
    count(value) filter (not is_in) as n_other,
    coalesce(sum(value) filter (not is_in), 0) as total_other,
    count(value) filter (is_in) as n_in,
    coalesce(sum(value) filter (is_in), 0) as total_in,
    count(*) filter (is_in) as touched,
    count(*) filter (is_in and high is not null) as n_bounded,
    coalesce(sum(low) filter (is_in and high is not null), 0) as total_low,
    coalesce(sum(high) filter (is_in and high is not null), 0) as total_high,
    count(value) filter (is_in and high is null) as n_kept,
    coalesce(sum(value) filter (is_in and high is null), 0) as total_kept,
    any_value(found.found) as found
from found
left join figure on true"""
    return first_row(cursor, sql, rows.parameters)


def _bound_of_ratio(scope: Scope, check: Check, mode: Mode, policy: Policy) -> Bound:
    """Service time without downtime, over failures or over time; null without either."""
    counts = first_row(scope.cursor, _TOUCHED.format(check=check.sql))
    value = _ratio(scope, "")
    excluded = _ratio(scope, _otherwise(check, f"{FAILING} and not {DOUBTFUL}"))
    if mode == "unknown":
        return Bound(scope.metric, mode, counts["failing"], value, excluded, None, None)
    tried, touched = [value, excluded], counts["failing"]
    if mode == "values":
        tried.append(_ratio(scope, _otherwise(check, FAILING, ended_at="opened_at")))
    if mode == "missing" and "priority" in policy.outage.where:
        touched = counts["possible"]
        tried.append(_ratio(scope, _otherwise(check, f"{FAILING} or {DOUBTFUL}")))
    known = [each for each in tried if each is not None]
    lowest, highest = min(known, default=None), max(known, default=None)
    if value is not None and excluded is None:
        highest = None  # without failures there is no end to the time between them
    return Bound(scope.metric, mode, touched, value, excluded, lowest, highest)


def _ratio(scope: Scope, otherwise: str) -> float | None:
    """The figure over all of the data, its query preceded by what is otherwise."""
    sql = f"{otherwise} select * from (\n{scope.metric.sql}\n)"
    metric = scope.metric.model_copy(update={"sql": sql})
    selection = select_evidence(scope.cursor, metric, scope.question, Known())
    rows = rows_of(replace(scope, metric=metric, selection=selection))
    sums = first_row(
        scope.cursor,
        f"select sum(numerator) as above, sum(denominator) as below from ({rows.sql})",
        rows.parameters,
    )
    return sums["above"] / sums["below"] if sums["below"] else None


def _otherwise(check: Check, failing: str, *, ended_at: str = "finished_at") -> str:
    """Outages and downtime from other failures, in the place of the model's: `failing` says which
    tickets are failures, `ended_at` when the doubtful ones of them ended."""
    outages, downtime = (
        _BODY.sub("", (MODEL_FOLDER / name).read_text(encoding="utf-8")).rstrip().rstrip(";")
        for name in ("80_outages.sql", "82_downtime.sql")
    )
    outages = outages.replace("failing_tickets", "other_failures")
    return f"""
with doubtful as (
    select distinct ticket_id
    from ({check.sql})
    where ticket_id is not null
),

other_failures as (
    select ticket_id
    from counted_tickets
    where {failing}
),

other_tickets as (
    select * replace (if({DOUBTFUL}, {ended_at}, finished_at) as finished_at)
    from counted_tickets
),

outages as ({outages.replace("counted_tickets", "other_tickets")}),

downtime as ({downtime})
"""


_TOUCHED = """
with doubtful as (
    select distinct ticket_id
    from ({check})
    where ticket_id is not null
)

select
    count(*) filter (ticket_id in (select ticket_id from failing_tickets)) as failing,
    count(*) filter (ticket_id not in (select ticket_id from failing_tickets)) as possible
from counted_tickets
where ticket_id in (select ticket_id from doubtful)
    and kind = 'incident'
    and service is not null"""
