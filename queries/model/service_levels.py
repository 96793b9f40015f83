"""The promises of a policy as tables, and which of them a ticket has.

`write_clocks` builds the table `clocks` (one row per ticket, service level and cycle) and
`clock_pauses` (one row per clock and pause) from the tickets, their events and the tables of
`queries.model.working_time`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path

import duckdb
import polars as pl

from policies.calendar_model import Calendar
from policies.calendars import days
from policies.model import Policy, Sla
from policies.zones import day_start, local_day, to_utc
from queries.model.sla_choice import Choice
from queries.model.tables import run_file, write_table
from queries.model.working_time import data_span, target_seconds

CLOCKS_FOLDER = Path(__file__).parent / "clocks"
CHOICE_AFTER = "50"
EARLIEST, LATEST = datetime(1, 1, 1), datetime(9999, 1, 1)


def write_clocks(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create or replace `clocks`, `clock_pauses` and the policy's `slas`.

    Needs the contract's tables, `definitions` and the tables of `write_calendars`. Runs in the
    transaction that the connection is in.
    """
    _write_slas(connection, policy)
    files = sorted(CLOCKS_FOLDER.glob("*.sql"))
    for path in (path for path in files if path.name <= CHOICE_AFTER + "~"):
        run_file(connection, path)
    _write_candidates(connection, policy)
    _write_expected_escalations(connection, policy)
    for path in (path for path in files if path.name > CHOICE_AFTER + "~"):
        run_file(connection, path)


def _write_slas(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    pauses = list(dict.fromkeys(sla.pause for sla in policy.sla if sla.pause))
    slas = [
        (
            number,
            sla.name,
            sla.clock,
            sla.calendar,
            policy.calendars[sla.calendar].has_windows,
            # an update clock begins at the change whatever the policy says
            sla.retroactive and sla.clock != "update",
            _is_relative(sla),
            pauses.index(sla.pause) if sla.pause and not _is_relative(sla) else None,
        )
        for number, sla in enumerate(policy.sla)
    ]
    columns = {
        "sla_number": pl.Int32,
        "sla": pl.String,
        "clock": pl.String,
        "calendar": pl.String,
        "has_windows": pl.Boolean,
        "retroactive": pl.Boolean,
        "is_relative": pl.Boolean,
        "pause_set": pl.Int32,
    }
    write_table(connection, "slas", _frame(slas, columns))
    words = [
        (number, word.lower())
        for number, pause in enumerate(pauses)
        for word in dict.fromkeys(pause)
    ]
    write_table(
        connection, "pause_words", _frame(words, {"pause_set": pl.Int32, "word": pl.String})
    )
    instants = {"from_at": pl.Datetime("us"), "to_at": pl.Datetime("us")}
    targets = [
        row for number, sla in enumerate(policy.sla) for row in _targets(number, sla, policy)
    ]
    columns = {"sla_number": pl.Int32, **instants, "target_seconds": pl.Int64}
    write_table(connection, "sla_targets", _frame(targets, columns))
    first_at, last_at = data_span(connection)
    dues = [
        (number, *row)
        for number, sla in enumerate(policy.sla)
        if sla.target is not None and sla.target.next_day_time is not None
        for row in _next_day_deadlines(
            policy.calendars[sla.calendar], sla.target.next_day_time, first_at, last_at
        )
    ]
    columns = {"sla_number": pl.Int32, "from_at": pl.Datetime("us"), "due_at": pl.Datetime("us")}
    write_table(connection, "relative_deadlines", _frame(dues, columns))


def _is_relative(sla: Sla) -> bool:
    return sla.target is not None and sla.target.is_relative


def _targets(
    number: int, sla: Sla, policy: Policy
) -> Iterable[tuple[int, datetime, datetime, int]]:
    """The target by the clock's start: working days are as long as the calendar's version says."""
    versions = policy.calendars[sla.calendar].versions
    starts = [EARLIEST] + [
        day_start(version.from_day, version.timezone)
        for version in versions[1:]
        if version.from_day is not None
    ]
    for version, start, end in zip(versions, starts, [*starts[1:], LATEST], strict=True):
        yield number, start, end, target_seconds(sla, version.working_day_seconds)


def _next_day_deadlines(
    calendar: Calendar, at: time, first_at: datetime, last_at: datetime
) -> list[tuple[datetime, datetime | None]]:
    """For each local day: when it begins, and that time on the next day with open hours."""
    zone = calendar.versions[-1].timezone
    first, last = local_day(first_at, zone), local_day(last_at, zone)
    following: datetime | None = None
    found: list[tuple[datetime, datetime | None]] = []
    horizon = last.replace(year=last.year + 2, day=min(last.day, 28))
    for day in reversed(list(days(calendar, first, horizon))):
        if day.day <= last:
            found.append((day.starts_at, following))
        if day.windows:
            following = to_utc(datetime.combine(day.day, at), zone)
    return found


def _frame(
    rows: Sequence[tuple[object, ...]], columns: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")


CANDIDATE_COLUMNS = """
        lives.ticket_id,
        lives.clock,
        lives.cycle,
        lives.life_start_at,
        lives.life_stop_at as stop_at,
        lives.exported_at,
        lives.void_reason,
        lives.unusable_reason,
        lives.flag_reason,
        lives.basis"""


def _write_candidates(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create the temporary table `clock_candidates`: one row per promise that a ticket has or had.

    A promise is in force from `in_force_from_at` until a change of priority brings another one,
    `in_force_to_at` (null: to the end).
    """
    columns = connection.sql("describe tickets").pl()["column_name"].to_list()
    precision = "coalesce(lives.precision_seconds, 1)" if "precision_seconds" in columns else "1"
    choice = Choice(policy)
    chosen = choice.sql()
    connection.execute(
        f"""
        create or replace temp table clock_candidates as
        with lives as (
            select
                *,
                priority as span_priority,
                life_start_at as span_from_at
            from clock_lives
            anti join priority_spans on priority_spans.ticket_id = clock_lives.ticket_id
        )
        select
            {CANDIDATE_COLUMNS},
            {precision} as precision_seconds,
            life_start_at as in_force_from_at,
            null::timestamp as in_force_to_at,
            span_priority as priority,
            null::varchar as next_priority,
            {chosen} as sla_number
        from lives
        where lives.clock <> 'update' or sla_number is not null
        """,
        choice.values,
    )
    connection.execute(
        f"""
        insert into clock_candidates by name
        with lives as (
            select
                clock_lives.*,
                priority_spans.priority as span_priority,
                greatest(priority_spans.from_at, life_start_at) as span_from_at
            from clock_lives
            join priority_spans
                on priority_spans.ticket_id = clock_lives.ticket_id
                and (
                    priority_spans.from_at < coalesce(life_stop_at, exported_at)
                    or priority_spans.from_at <= life_start_at
                )
                and (priority_spans.to_at is null or priority_spans.to_at > life_start_at)
        ),
        chosen as (
            select
                {CANDIDATE_COLUMNS},
                {precision} as precision_seconds,
                span_from_at,
                span_priority as priority,
                {chosen} as sla_number,
                {choice.groups_sql()} as sla_group
            from lives
        ),
        -- the same promise under another priority, or in a version that began meanwhile, goes on
        turns as (
            select
                *,
                sla_group is distinct from lag(sla_group) over life
                    or span_from_at = min(span_from_at) over life as is_turn
            from chosen
            window life as (partition by ticket_id, clock, cycle order by span_from_at)
        ),
        stretches as (
            select
                * exclude (span_from_at, is_turn),
                span_from_at as in_force_from_at,
                lead(span_from_at) over life as in_force_to_at,
                lead(priority) over life as next_priority,
                count(sla_number) over (partition by ticket_id, clock, cycle) as promises
            from turns
            where is_turn
            window life as (partition by ticket_id, clock, cycle order by span_from_at)
        )
        select stretches.* exclude (sla_group, promises)
        from stretches
        left join slas on slas.sla_number = stretches.sla_number
        where stretches.sla_number is not null or (promises = 0 and stretches.clock <> 'update')
        -- a clock that starts at opening and comes back after another priority is the same clock
        qualify coalesce(not retroactive, false)
            or row_number() over (
                partition by ticket_id, stretches.clock, cycle, stretches.sla_number
                order by in_force_from_at desc
            ) = 1
        """,
        choice.values,
    )


def _write_expected_escalations(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create the temporary table `expected_escalations`: the tickets that a rule expects one of.

    The priority that counts is the one that a ticket was opened with: raising it is an answer.
    """
    choice = Choice(policy)
    after = choice.escalation_sql()
    connection.execute(
        f"""
        create or replace temp table expected_escalations as
        with opened_with as (
            select
                priority_spans.ticket_id,
                priority_spans.priority
            from priority_spans
            join tickets on tickets.ticket_id = priority_spans.ticket_id
            where priority_spans.from_at <= opened_at
                and (priority_spans.to_at is null or priority_spans.to_at > opened_at)
        ),
        lives as (
            select
                tickets.*,
                coalesce(opened_with.priority, tickets.priority) as span_priority
            from tickets
            left join opened_with on opened_with.ticket_id = tickets.ticket_id
        )
        select
            ticket_id,
            opened_at,
            exported_at,
            {after} as after_seconds
        from lives
        where after_seconds is not null
        """,
        choice.values,
    )
