"""Working time and service-level clocks beside a plain copy of the columns that they read.

Tickets with instants alone; then the same with a history in which every third was on hold once.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import duckdb

from bench.child import in_child
from bench.lines import Line
from pipelines.contract import TICKETS
from pipelines.warehouse import MEMORY_LIMIT, create_tables
from policies.model import Policy
from policies.read import read_policy
from queries.model.build import build_model
from queries.model.connection import connect
from queries.model.service_levels import write_clocks

POLICY = Path(__file__).parent / "policy.toml"
REPEATS = 3

TICKETS_SQL = """
insert into tickets by name
select
    'bench:' || range as ticket_id,
    'bench' as source,
    'INC' || range as number,
    'incident' as kind,
    if(range % 20 = 0, 'in_progress', 'resolved') as state,
    'P3' as priority,
    timestamp '2024-11-01' + to_seconds(range * 60000000 // $tickets) as opened_at,
    if(
        range % 20 = 0,
        null,
        opened_at + to_seconds(power(10, 2 + hash(range) % 4000 / 1000.0)::bigint)
    ) as resolved_at,
    coalesce(resolved_at, opened_at) as updated_at,
    timestamp '2026-10-31 12:00:00' as exported_at,
    updated_at as version_at
from range($tickets)
"""
HOLDS_SQL = """
insert into ticket_events by name
with held as (
    select ticket_id, opened_at, epoch(resolved_at) - epoch(opened_at) as life_seconds
    from tickets
    where resolved_at is not null
        and hash(ticket_id) % 3 = 0
),

turns as (
    select
        *,
        unnest([
            {'part': 0.2, 'old': 'new', 'new': 'on_hold'},
            {'part': 0.6, 'old': 'on_hold', 'new': 'in_progress'},
            {'part': 1.0, 'old': 'in_progress', 'new': 'resolved'}
        ]) as turn
    from held
)

select
    ticket_id,
    opened_at + to_seconds((life_seconds * turn.part)::bigint) as "at",
    0 as sequence,
    'state' as field,
    turn.old as old,
    turn.new as new
from turns
"""
WORKING_SECONDS_SQL = """
create or replace table worked as
select
    ticket_id,
    open_seconds_until(resolved_day, resolved_at) - open_seconds_until(opened_day, opened_at)
        as working_seconds
from tickets
cross join (select * from calendars where calendar = 'office') as office
left join calendar_days as opened_day
    on opened_day.calendar_day = day_key(office.day_offset, opened_at)
left join calendar_days as resolved_day
    on resolved_day.calendar_day = day_key(office.day_offset, resolved_at)
"""
DEADLINES_SQL = """
create or replace table judged as
with counted as (
    select
        ticket_id,
        resolved_at,
        office as calendar,
        open_seconds_until(opened_day, opened_at) + 8 * 3600 as until
    from tickets
    cross join (select * from calendars where calendar = 'office') as office
    left join calendar_days as opened_day
        on opened_day.calendar_day = day_key(office.day_offset, opened_at)
)

select
    ticket_id,
    deadline_at(deadline, until) as due_at,
    resolved_at <= due_at as is_met
from counted
left join calendar_deadlines as deadline
    on deadline.deadline_step = deadline_key(calendar, until)
"""
COPY_OF_INSTANTS_SQL = """
create or replace table copy as
select ticket_id, opened_at, resolved_at
from tickets
"""
COPY_OF_CLOCK_COLUMNS_SQL = """
create or replace table copy as
select
    ticket_id,
    number,
    priority,
    state,
    opened_at,
    resolved_at,
    closed_at,
    updated_at,
    exported_at
from tickets
"""


def compare_clocks(folder: Path, tickets: int) -> list[Line]:
    """The lines of working time, deadlines, clocks without and with holds."""
    found: dict[str, tuple[float, float | None]] = in_child(_clocks, folder, tickets).returned
    targets = {"SLA clocks, no holds": "20 x"}
    return [
        Line(work, tickets, ours, plain, target=targets.get(work, ""))
        for work, (ours, plain) in found.items()
    ]


def _clocks(folder: Path, tickets: int) -> dict[str, tuple[float, float | None]]:
    database = folder / f"clocks-{tickets}.duckdb"
    policy = read_policy(POLICY, TICKETS.names)
    connection = connect(database)
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    create_tables(connection)
    connection.execute(TICKETS_SQL, {"tickets": tickets})
    build_model(connection, policy)
    connection.execute("checkpoint")
    instants, columns = COPY_OF_INSTANTS_SQL, COPY_OF_CLOCK_COLUMNS_SQL
    found: dict[str, tuple[float, float | None]] = {
        "working seconds between two instants": _pair(connection, WORKING_SECONDS_SQL, instants),
        "deadline and verdict by the macros": _pair(connection, DEADLINES_SQL, instants),
        "SLA clocks, no holds": _pair(connection, policy, columns),
    }
    connection.execute(HOLDS_SQL)
    build_model(connection, policy)
    connection.execute("checkpoint")
    found["SLA clocks, a third with a history and a hold"] = _pair(connection, policy, columns)
    connection.close()
    database.unlink()
    return found


def _pair(
    connection: duckdb.DuckDBPyConnection, work: str | Policy, copy: str
) -> tuple[float, float | None]:
    """Medians of interleaved runs: the work (a statement, or all clocks of a policy), the copy."""
    pairs = [(_seconds(connection, work), _seconds(connection, copy)) for _ in range(REPEATS)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def _seconds(connection: duckdb.DuckDBPyConnection, work: str | Policy) -> float:
    began = time.perf_counter()
    if isinstance(work, str):
        connection.execute(work)
    else:
        write_clocks(connection, work)
    connection.execute("checkpoint")
    return time.perf_counter() - began
