"""What is doubtful about the data, counted, and what that does to each figure.

A check is one SQL file of `queries/checks`: its header says what it looks for and which figures it
touches, its query lists the tickets (or rows) it found. The bounds of a figure are the lowest and
the highest it could be, had the doubtful tickets been otherwise:

| mode | what is tried |
|---|---|
| excluded | the figure without them |
| values | each with its `low`, then each with its `high` of the evidence, in seconds |
| either | each missed, then each met (shares) |
| better | as it stands, then each met (shares) |
| missing | as many more, all missed, then all met (shares); none, then all (counts) |
| unknown | nothing bounds it |

Without them is always tried, and the figure as it stands always lies within its bounds.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from policies.model import Policy
from policies.refusal import Refused
from queries.aggregation import Scope, rows_of
from queries.catalogue import Metric, read_headed
from queries.periods import period_of
from queries.question import Question
from queries.selection import first_row, read_span, select_evidence

CHECKS_FOLDER = Path(__file__).parent / "checks"
MOST_EVIDENCE = 1_000

Mode = Literal["excluded", "values", "either", "better", "missing", "unknown"]
Among = Literal["tickets", "incidents", "finished", "rows", "files"]
Sentence = Annotated[str, Field(min_length=1)]

_POPULATIONS: dict[Among, str] = {
    "tickets": "select count(*) as n from counted_tickets",
    "incidents": "select count(*) as n from counted_tickets where kind = 'incident'",
    "finished": "select count(*) as n from counted_tickets where is_finished",
    "rows": 'select coalesce(sum("rows"), 0) as n from loads where undone_at is null',
    "files": "select count(*) as n from loads where undone_at is null",
}


class CheckHeader(BaseModel):
    """What a check says about itself; `among` is what its count is a share of."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    label: Sentence
    explanation: Sentence
    among: Among
    affects: Mapping[str, Mode] = Field(default_factory=dict)


class Check(CheckHeader):
    """A check: its header, its name (that of the file) and the query of its evidence."""

    name: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """How much a check found: `count` of `among`, its share, and what the policy lets pass."""

    check: Check
    count: int
    among: int
    limit: int | float | None

    @property
    def share(self) -> float | None:
        return self.count / self.among if self.among else None

    @property
    def is_over(self) -> bool:
        """Whether it is more than the policy lets pass."""
        if self.limit is None:
            return False
        if isinstance(self.limit, int):
            return self.count > self.limit
        return self.count > 0 and (self.share is None or self.share > self.limit)


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


def read_checks(folder: Path = CHECKS_FOLDER) -> dict[str, Check]:
    """All checks by name, in order of name; Refused for a file that is none."""
    checks: dict[str, Check] = {}
    for path in sorted(folder.glob("*.sql")):
        header, sql = read_headed(path, CheckHeader, "check")
        checks[path.stem] = Check(name=path.stem, sql=sql, **dict(header))
    return checks


def check_limits(policy: Policy, checks: Mapping[str, Check]) -> None:
    """Refused where the policy names a check that there is not."""
    for name in policy.checks:
        if name not in checks:
            near = difflib.get_close_matches(name, checks, n=1, cutoff=0)
            raise Refused(f"The policy: checks.{name} is no check; did you mean {near[0]!r}?")


def findings_of(
    connection: duckdb.DuckDBPyConnection, checks: Mapping[str, Check], policy: Policy
) -> list[Finding]:
    """What each check found, in order of name."""
    check_limits(policy, checks)
    found = []
    with connection.cursor() as cursor:
        for name, check in checks.items():
            count = first_row(cursor, f"select count(*) as n from ({check.sql})")["n"]
            among = first_row(cursor, _POPULATIONS[check.among])["n"]
            found.append(Finding(check, int(count), int(among), policy.checks.get(name)))
    return found


def evidence_of(
    connection: duckdb.DuckDBPyConnection, check: Check, limit: int = MOST_EVIDENCE
) -> pl.DataFrame:
    """What a check found: ticket_id, number, title, state, priority, opened_at, detail."""
    with connection.cursor() as cursor:
        return cursor.sql(
            f"""
            select
                found.ticket_id,
                tickets.number,
                tickets.title,
                tickets.state,
                tickets.priority,
                tickets.opened_at,
                found.detail
            from ({check.sql}) as found
            left join tickets on tickets.ticket_id = found.ticket_id
            order by tickets.opened_at desc, found.ticket_id, found.detail
            limit $row_limit
            """,
            params={"row_limit": limit},
        ).pl()


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
    if metric.aggregate not in ("mean", "rate", "count"):
        return Bound(metric, "unknown", 0, None, None, None, None)
    sums = _sums(cursor, check, metric, policy)
    other, doubtful = (sums["n_other"], sums["total_other"]), (sums["n_in"], sums["total_in"])
    if metric.aggregate == "count":
        value, excluded = other[1] + doubtful[1], other[1]
        tried = [value, excluded, *([value + sums["found"]] if mode == "missing" else [])]
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


def _sums(
    cursor: duckdb.DuckDBPyConnection, check: Check, metric: Metric, policy: Policy
) -> dict[str, Any]:
    """The rows of a figure, doubtful ones apart.

    `touched` are the doubtful rows that the figure looks at, `n_in` those of them that it uses;
    `n_bounded` have a low and a high value, and `n_kept` are used without one.
    """
    question = Question()
    selection = select_evidence(cursor, metric, question)
    period = period_of(question, policy.timezone)
    scope = Scope(cursor, metric, question, selection, period, read_span(cursor))
    rows = rows_of(scope, "\n    evidence.ticket_id,")
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
