"""Builds the model in three storeys: histories, tickets, promises.

Histories stand on the exports alone, tickets on the policy's definitions, promises on its service
levels too; a question under another policy builds anew only the storeys that the policy moves.
Everything is `create or replace`. Whatever needs a window over all tickets is built here, once per
load, and never while somebody waits for a page.
"""

from __future__ import annotations

import hashlib
import json
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
from queries.bands import HOURS, WEEKDAYS, duration_band_macro
from queries.day_bounds import bounds_by_day
from queries.model.local_time import offsets_by_day
from queries.model.service_levels import write_clocks
from queries.model.tables import drop, run_folder, write_table
from queries.model.working_time import write_calendars
from queries.problem_states import PROBLEM_STATE_MACRO
from queries.selection import quoted

MODEL_FOLDER = Path(__file__).parent
HISTORIES_FOLDER = MODEL_FOLDER / "histories"

# What the promises alone read of a policy; see `tickets_digest`.
OF_PROMISES = frozenset({"sla", "escalation", "targets", "checks"})

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

_EARLIEST, _LATEST = datetime(1970, 1, 2), datetime(2200, 1, 1)


def build_model(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Build every table of the model on a connection whose schema has the contract's tables.

    Runs in the caller's transaction, if there is one.
    """
    build_histories(connection)
    write_calendars(connection, policy)
    write_macros(connection)
    build_tickets(connection, policy)
    write_clocks(connection, policy)


def write_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """The macros that name the band of a duration and the state of problems, for any policy."""
    connection.execute(duration_band_macro())
    connection.execute(PROBLEM_STATE_MACRO)


def build_histories(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that no policy moves: what the events say of each ticket's states and priority."""
    run_folder(connection, HISTORIES_FOLDER)


def build_tickets(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """The tables that the policy's definitions move; needs histories and calendars."""
    _write_policy(connection, policy)
    _write_service_windows(connection, policy)
    _write_reporting_days(connection, policy.timezone)
    _write_words_of_time(connection)
    _write_worded_tickets(connection, policy.definitions.repeat_key)
    _write_matching(connection, "failing_tickets", policy.outage.where, "is_major")
    _write_matching(connection, "tickets_to_review", policy.reviews.where, "false")
    run_folder(connection, MODEL_FOLDER)


def tickets_digest(policy: Policy) -> str:
    """SHA-256 of what `build_tickets` reads of a policy: all but the promises and their calendars.

    What a later key of the policy says belongs to it unless named in `OF_PROMISES`: building too
    much costs seconds, building too little a wrong number.
    """
    calendars = {policy.default_calendar, *(service.calendar for service in policy.service)}
    unread = {"metrics_folder", "organisation", "marker", "recurrence"}
    said = policy.model_dump(mode="json", exclude=unread | set(OF_PROMISES))
    said["default_calendar"] = policy.default_calendar
    said["calendars"] = {
        name: calendar for name, calendar in said["calendars"].items() if name in calendars
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _write_policy(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """What the policy says, as tables that the SQL files read."""
    definitions = policy.definitions
    switches = {
        "mttr_clock": [definitions.mttr_clock],
        "first_contact_seconds": [definitions.first_contact_within],
        "repeat_days": [definitions.repeat_days],
        "resolved_from_events": [definitions.resolved_from_events],
        "response_from_assignment": [definitions.response_from_assignment],
        "review_seconds": [policy.reviews.within],
        "default_calendar": [policy.default_calendar],
    }
    write_table(connection, "definitions", pl.DataFrame(switches))
    matrix = [
        (impact, urgency, priority)
        for impact, row in policy.priority_matrix.items()
        for urgency, priority in row.items()
    ]
    write_table(connection, "priority_matrix", _texts(["impact", "urgency", "priority"], matrix))
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
    write_table(connection, "services", pl.DataFrame(services, schema=types, orient="row"))
    groups = [(group,) for group in dict.fromkeys(policy.groups.first_level)]
    write_table(connection, "first_level_groups", _texts(["resolver_group"], groups))


def _texts(names: list[str], rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


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
    write_table(connection, "service_windows", pl.DataFrame(windows, schema=types, orient="row"))


def _write_reporting_days(connection: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> None:
    """One row per UTC day: the reporting zone's day at its beginning, the local midnights in it,
    and its clocks, so that the local day or hour of an instant is an equi-join and comparisons."""
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
    frame = frame.drop("position").join(offsets_by_day(frame["utc_day"], zone), on="utc_day")
    write_table(connection, "reporting_days", frame)


def _write_words_of_time(connection: duckdb.DuckDBPyConnection) -> None:
    """Hours and weekdays as enums, which cost a byte."""
    drop(connection, "counted_tickets")
    for name, words in (("hour_word", HOURS), ("weekday_word", WEEKDAYS)):
        listed = ", ".join(f"'{word}'" for word in words)
        connection.execute(f"create or replace type {name} as enum ({listed})")


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
    drop(connection, "counted_tickets")  # it holds on to the types
    drop(connection, "worded_tickets", unless="view")
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


def _write_matching(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    where: Mapping[str, Sequence[object]],
    anyway: str,
) -> None:
    """The tickets that fit conditions of the policy, and those that belong to them anyway."""
    conditions, parameters = [], {}
    for number, (name, values) in enumerate(where.items()):
        keys = [f"value_{number}_{n}" for n in range(len(values))]
        parameters |= dict(zip(keys, values, strict=True))
        conditions.append(f"{quoted(name)} in ({', '.join('$' + key for key in keys)})")
    drop(connection, table, unless="table")
    connection.execute(
        f"""
create or replace table {table} as
select ticket_id
from tickets
where {anyway}
    or ({" and ".join(conditions) or "false"})""",
        parameters,
    )
