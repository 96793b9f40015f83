"""Builds the model: the policy's tables first, then the SQL files in order of their names.

Everything is `create or replace`, so that another policy rebuilds it in place. Whatever needs a
window over all tickets is built here, once per load, and never while somebody waits for a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from policies.calendar_model import ALWAYS
from policies.calendars import open_intervals
from policies.model import Policy
from policies.zones import day_start, local_day
from queries.buckets import bounds_by_day
from queries.model.service_levels import write_clocks
from queries.model.working_time import write_calendars
from queries.selection import quoted

MODEL_FOLDER = Path(__file__).parent

# Columns of words: stored as enums unless an export has made something else of one.
WORDS = (
    "source",
    "kind",
    "state",
    "source_state",
    "hold_reason",
    "priority",
    "impact",
    "urgency",
    "severity",
    "service",
    "configuration_item",
    "category",
    "subcategory",
    "symptom",
    "resolver_group",
    "assignee",
    "customer",
    "location",
    "channel",
    "detection",
    "resolution_code",
)
MOST_WORDS = 10_000

_CREATES = re.compile(r"^create or replace (view|table) (\w+)", re.MULTILINE)
_EARLIEST, _LATEST = datetime(1970, 1, 2), datetime(2200, 1, 1)


def build_model(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Build every table of the model on a connection whose schema has the contract's tables.

    Runs in the caller's transaction, if there is one.
    """
    _write_policy(connection, policy)
    _write_service_windows(connection, policy)
    write_calendars(connection, policy)
    _write_reporting_days(connection, policy.timezone)
    _write_worded_tickets(connection, policy.definitions.repeat_key)
    _write_failing_tickets(connection, policy.outage.where)
    for path in sorted(MODEL_FOLDER.glob("[0-9]*.sql")):
        _run(connection, path.read_text(encoding="utf-8"))
    write_clocks(connection, policy)


def _run(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Create a table or view, also where an older model had it as the other of the two."""
    made = _CREATES.search(sql)
    if made is not None:
        kind, name = made.groups()
        other = {"view": "BASE TABLE", "table": "VIEW"}[kind]
        query = """
select count(*)
from information_schema.tables
where table_catalog = current_database()
    and table_name = $name
    and table_type = $other"""
        if connection.sql(query, params={"name": name, "other": other}).pl().item():
            connection.execute(f"drop {other.split()[-1]} {quoted(name)}")
    connection.execute(sql)


def _write_policy(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """What the policy says, as tables that the SQL files read."""
    definitions = policy.definitions
    switches = {
        "mttr_clock": [definitions.mttr_clock],
        "first_contact_seconds": [definitions.first_contact_within],
        "repeat_days": [definitions.repeat_days],
        "resolved_from_events": [definitions.resolved_from_events],
        "response_from_assignment": [definitions.response_from_assignment],
        "default_calendar": [policy.default_calendar],
    }
    _write(connection, "definitions", pl.DataFrame(switches))
    matrix = [
        (impact, urgency, priority)
        for impact, row in policy.priority_matrix.items()
        for urgency, priority in row.items()
    ]
    _write(connection, "priority_matrix", _texts(["impact", "urgency", "priority"], matrix))
    services = [
        (
            service.name,
            day_start(service.since, policy.timezone),
            service.calendar,
            service.slo,
        )
        for service in policy.service
    ]
    types = {
        "name": pl.String,
        "since_at": pl.Datetime("us"),
        "calendar": pl.String,
        "slo": pl.Float64,
    }
    _write(connection, "services", pl.DataFrame(services, schema=types, orient="row"))
    groups = [(group,) for group in dict.fromkeys(policy.groups.first_level)]
    _write(connection, "first_level_groups", _texts(["resolver_group"], groups))


def _texts(names: list[str], rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """A frame as a table of the model."""
    connection.register("policy_frame", frame)
    connection.execute(f"create or replace table {quoted(table)} as select * from policy_frame")
    connection.unregister("policy_frame")


def _write_service_windows(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """The stretches of time in which each service of the policy is meant to work, until the data
    ends; around the clock is one stretch without an end."""
    newest = "select coalesce(max(exported_at), max(updated_at), max(opened_at)) from tickets"
    data_at = connection.sql(newest).pl().item()
    windows: list[tuple[str, datetime, datetime | None]] = []
    for service in policy.service:
        since_at = day_start(service.since, policy.timezone)
        if service.calendar == ALWAYS:
            windows.append((service.name, since_at, None))
        elif data_at is not None and since_at < data_at:
            calendar = policy.calendars[service.calendar]
            found = open_intervals(calendar, since_at, data_at)
            windows += [(service.name, from_at, to_at) for from_at, to_at in found]
    instant = pl.Datetime("us")
    types = {"service": pl.String, "from_at": instant, "to_at": instant}
    _write(connection, "service_windows", pl.DataFrame(windows, schema=types, orient="row"))


def _write_reporting_days(connection: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> None:
    """One row per UTC day: the reporting zone's day at its beginning, and the local midnights in
    it, so that the local day of an instant is an equi-join and two comparisons."""
    sql = """
select
    greatest(min(least(opened_at, coalesce(resolved_at, opened_at))), $earliest) as first_at,
    least(max(greatest(opened_at, coalesce(resolved_at, opened_at))), $latest) as last_at
from tickets"""
    ends = {"earliest": _EARLIEST, "latest": _LATEST}
    first_at, last_at = connection.sql(sql, params=ends).pl().row(0)
    first_on = local_day(first_at or _EARLIEST, zone) - timedelta(days=1)
    last_on = local_day(last_at or _EARLIEST, zone) + timedelta(days=2)
    days = [first_on + timedelta(days=n) for n in range((last_on - first_on).days)]
    frame = bounds_by_day([day_start(day, zone) for day in days])
    frame = frame.with_columns(local_day=pl.lit(_day_before(first_on)) + _days("position"))
    _write(connection, "reporting_days", frame.drop("position"))


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _days(column: str) -> pl.Expr:
    return pl.duration(days=pl.col(column))


def _write_worded_tickets(connection: duckdb.DuckDBPyConnection, repeat_key: Sequence[str]) -> None:
    """The tickets as a view: columns of few words as enums, and the repeat key.

    Enums cost a third of text to store and to group by. The repeat key is a hash of its parts,
    regardless of case: two of ten million different keys coincide in one of 400,000 warehouses.
    A ticket without a kind is an incident.
    """
    connection.execute("drop table if exists counted_tickets")
    values = {name: quoted(name) for name in WORDS} | {"kind": "coalesce(kind, 'incident')"}
    counts = [f"approx_count_distinct({sql}) as {name}" for name, sql in values.items()]
    distinct = connection.sql(f"select {', '.join(counts)} from tickets").pl().row(0, named=True)
    worded = []
    for name, value in values.items():
        if 0 < distinct[name] <= MOST_WORDS:
            kind = quoted(f"{name}_word")
            words = f"select distinct {value} from tickets where {value} is not null order by 1"
            connection.execute(f"create or replace type {kind} as enum ({words})")
            worded.append(f"cast({value} as {kind}) as {quoted(name)}")
    known = " and ".join(f"{quoted(name)} is not null" for name in repeat_key)
    parts = ", ".join(f"lower(cast({quoted(name)} as varchar))" for name in repeat_key)
    connection.execute(f"""
create or replace view worded_tickets as
select
    *{f" replace ({', '.join(worded)})" if worded else ""},
    {known} as has_repeat_key,
    hash({parts}) as repeat_key
from tickets""")


def _write_failing_tickets(
    connection: duckdb.DuckDBPyConnection, where: Mapping[str, Sequence[object]]
) -> None:
    """The tickets that the policy calls failures of their service; major incidents always are."""
    conditions, parameters = [], {}
    for number, (name, values) in enumerate(where.items()):
        keys = [f"value_{number}_{n}" for n in range(len(values))]
        parameters |= dict(zip(keys, values, strict=True))
        conditions.append(f"{quoted(name)} in ({', '.join('$' + key for key in keys)})")
    connection.execute(
        f"""
create or replace table failing_tickets as
select ticket_id
from tickets
where is_major
    or ({" and ".join(conditions) or "false"})""",
        parameters,
    )
