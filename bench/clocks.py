"""Working time and service-level clocks beside a plain copy of the columns that they read.

Tickets with instants alone; then the same with a history in which every third was on hold once.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.child import in_child
from bench.lines import Line
from pipelines.contract import TICKETS
from pipelines.warehouse import MEMORY_LIMIT, complete_tables, write_build_info
from policies.model import Policy
from policies.read import read_policy
from queries.model.build import build_model
from queries.model.connection import connect
from queries.model.service_levels import write_clocks
from queries.session import open_build

POLICY = Path(__file__).parent / "policy.toml"
# Medians of three runs, and histories, as long as they take minutes.
REPEATS = 3
MOST_REPEATED = 2_000_000
WHAT_IF = "what if: every clock under another target, with those holds"

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


@dataclass(frozen=True)
class Took:
    """Seconds by the wall and of processors."""

    seconds: float
    processor_seconds: float


def compare_clocks(folder: Path, tickets: int) -> list[Line]:
    """The lines of working time, deadlines, clocks without and with holds, and what-if."""
    found: dict[str, tuple[Took, Took]] = in_child(_clocks, folder, tickets).returned
    targets = {"SLA clocks, no holds": "20 x", WHAT_IF: "seconds"}
    return [
        Line(
            work,
            tickets,
            ours.seconds,
            plain.seconds,
            ours.processor_seconds / plain.processor_seconds,
            targets.get(work, ""),
        )
        for work, (ours, plain) in found.items()
    ]


def _clocks(folder: Path, tickets: int) -> dict[str, tuple[Took, Took]]:
    database = folder / f"clocks-{tickets}.duckdb"
    policy = read_policy(POLICY, TICKETS.names)
    connection = connect(database)
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("set preserve_insertion_order = false")
    complete_tables(connection)
    connection.execute(TICKETS_SQL, {"tickets": tickets})
    build_model(connection, policy)
    connection.execute("checkpoint")
    instants = _statement(connection, COPY_OF_INSTANTS_SQL)
    columns = _statement(connection, COPY_OF_CLOCK_COLUMNS_SQL)
    clocks = _all_clocks(connection, policy)
    working, deadlines = (
        _statement(connection, sql) for sql in (WORKING_SECONDS_SQL, DEADLINES_SQL)
    )
    repeats = REPEATS if tickets <= MOST_REPEATED else 1
    found = {
        "working seconds between two instants": _pair(working, instants, repeats),
        "deadline and verdict by the macros": _pair(deadlines, instants, repeats),
        "SLA clocks, no holds": _pair(clocks, columns, repeats),
    }
    if tickets > MOST_REPEATED:
        connection.close()
        database.unlink()
        return found
    connection.execute(HOLDS_SQL)
    build_model(connection, policy)
    write_build_info(connection, 1, policy)
    connection.execute("checkpoint")
    found["SLA clocks, a third with a history and a hold"] = _pair(clocks, columns, repeats)
    plain = _took(columns)
    connection.close()
    found[WHAT_IF] = (_took(_what_if(database, folder)), plain)
    database.unlink()
    return found


def _statement(connection: duckdb.DuckDBPyConnection, sql: str) -> Callable[[], None]:
    def run() -> None:
        connection.execute(sql)
        connection.execute("checkpoint")

    return run


def _all_clocks(connection: duckdb.DuckDBPyConnection, policy: Policy) -> Callable[[], None]:
    def run() -> None:
        write_clocks(connection, policy)
        connection.execute("checkpoint")

    return run


def _what_if(database: Path, folder: Path) -> Callable[[], None]:
    """Every clock under a policy with another target, beside the build."""
    path = folder / "other.toml"
    path.write_text(
        POLICY.read_text(encoding="utf-8").replace('target = "8h"', 'target = "4h"'),
        encoding="utf-8",
    )
    other = read_policy(path, TICKETS.names)

    def run() -> None:
        open_build(database, other).close()

    return run


def _pair(work: Callable[[], None], copy: Callable[[], None], repeats: int) -> tuple[Took, Took]:
    """Medians of interleaved runs of the work and of the copy."""
    pairs = [(_took(work), _took(copy)) for _ in range(repeats)]
    return _median([ours for ours, _ in pairs]), _median([plain for _, plain in pairs])


def _median(runs: Sequence[Took]) -> Took:
    return Took(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor_seconds for run in runs),
    )


def _took(work: Callable[[], None]) -> Took:
    began, began_processor = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - began, time.process_time() - began_processor)
