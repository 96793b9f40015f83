"""Logs of status changes: their rows made whole, and the tickets that only a log tells of.

A log says of a ticket what changed and when. Everything that a list would say of it (opened,
resolved, closed) is derived from the whole history known so far, so that a log may come in several
files, in any order.
"""

from __future__ import annotations

import duckdb

from pipelines.binding import Bindings, quoted
from pipelines.conform import Plan
from pipelines.findings import Finding, finding
from pipelines.incoming import HISTORY_FIELDS, staged_columns
from pipelines.reading.opened import OpenedFile
from pipelines.sources import Form
from policies.refusal import Refused

MOMENTS = ("opened_at", "resolved_at", "closed_at")


def refuse_a_list(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, form: Form, place: int
) -> None:
    """A file in which no ticket has a second row is a list, and its one time may be anything."""
    bind = Bindings()
    row = connection.execute(
        f"""
        select count(c{place}) = count(distinct c{place})
        from {opened.relation(bind, form.null_markers)}
        """,
        bind.values,
    ).fetchone()
    if row and row[0]:
        raise Refused(
            f"{opened.label} looks like a log of status changes, but no ticket has more than one "
            "row: if it is a list of tickets, let `meantime map` propose its columns, and load it "
            "with --map."
        )


def refuse_a_mixture(connection: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Tickets of one source come from lists or from logs: what a log tells of a ticket is derived
    from all of its changes, and would wipe out what a list says."""
    row = connection.execute(
        """
        with told as (select distinct ticket_id from log_events_offers)

        select count(told.ticket_id), count(*) - count(told.ticket_id)
        from tickets
        left join told on told.ticket_id = tickets.ticket_id
        where source = $source
        """,
        {"source": form.source},
    ).fetchone()
    assert row is not None
    by_logs, by_lists = row
    if form.is_log and by_lists:
        raise Refused(
            f"{by_lists:,} tickets of {form.source} come from a list: give the mapping "
            f'{form.name!r} rows = "history" for their changes, or a source of its own.'
        )
    if not form.is_log and by_logs:
        raise Refused(
            f"{by_logs:,} tickets of {form.source} come from a log of changes: give the mapping "
            f"{form.name!r} a source of its own."
        )


def make_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill blank cells of `staged` from the row before, and number the rows of one instant.

    Rows of one instant are in the order of the file, or against it where the file goes backwards
    in time, or as a sequence of its own tells.
    """
    there = staged_columns(connection)
    carried = ", ".join(
        f"{_carried(name)} as {quoted(name)}" for name in HISTORY_FIELDS if name in there
    )
    connection.execute(
        f"""
        create or replace temp table staged as
        with ordered as (
            select *, rowid as file_place, row_update as own_update
            from staged
        ),

        steps as (
            select
                epoch(updated_at) - epoch(
                    lag(updated_at) over (partition by number order by file_place)
                ) as seconds
            from ordered
        ),

        directed as (
            select
                *,
                -- most tickets' rows tell whether the file runs forwards or backwards in time
                file_place * (select if(sum(sign(seconds)) < 0, -1, 1) from steps) as way
            from ordered
        ),

        whole as (
            select
                * replace (
                    {carried},
                    row_number() over (
                        partition by number, updated_at order by own_update, way
                    ) - 1 as row_update
                )
            from directed
            window history as (
                partition by number
                order by updated_at, own_update, way
                rows between unbounded preceding and current row
            )
        )

        select * exclude (file_place, own_update, way)
        from whole
        order by file_place
        """
    )


def _carried(name: str) -> str:
    """SQL of a cell, or of what the last row that says something says; a reason to wait ends with
    the waiting."""
    last = f"last_value({quoted(name)} ignore nulls) over history"
    if name != "hold_reason":
        return last
    return f"case when last_value(state ignore nulls) over history = 'on_hold' then {last} end"


def forget_lives(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Empty what was derived, so that rows of equal age meet as their files tell them."""
    derived = ", ".join(f"{quoted(name)} = null" for name in (*MOMENTS, *HISTORY_FIELDS))
    connection.execute(f"update tickets set {derived} where source = $source", {"source": source})


def tell_lives(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """What a list would say of the tickets that only a log tells of, from their histories.

    Where the log knows a resolved state, only that is a resolution; else closing is.
    """
    _join_histories(connection, source)
    last = ", ".join(
        f"arg_max(new, (\"at\", sequence)) filter (field = '{name}') as {quoted(name)}"
        for name in HISTORY_FIELDS
    )
    derived = ", ".join(
        f"{quoted(name)} = l.{quoted(name)}" for name in (*MOMENTS, *HISTORY_FIELDS)
    )
    connection.execute(
        f"""
        update tickets as t
        set {derived}
        from (
            with changes as (
                select e.*
                from ticket_events as e
                inner join tickets as t on t.ticket_id = e.ticket_id
                where t.source = $source
            ),

            known as (
                select bool_or(new = 'resolved') as has_resolved
                from changes
                where field = 'state'
            ),

            lives as (
                select
                    ticket_id,
                    {last},
                    min("at") as opened_at,
                    max("at") filter (
                        field = 'state' and new = 'resolved' and old is distinct from new
                    ) as last_resolved_at,
                    max("at") filter (
                        field = 'state' and new = 'closed' and old is distinct from new
                    ) as last_closed_at
                from changes
                group by ticket_id
            )

            select
                * replace (case when state = 'on_hold' then hold_reason end as hold_reason),
                case
                    when state not in ('resolved', 'closed') then null
                    when has_resolved then last_resolved_at
                    else last_closed_at
                end as resolved_at,
                case when state = 'closed' then last_closed_at end as closed_at
            from lives
            cross join known
        ) as l
        where l.ticket_id = t.ticket_id
        """,
        {"source": source},
    )
    connection.execute(
        "update tickets set opened_at = updated_at where source = $source and opened_at is null",
        {"source": source},
    )


def _join_histories(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Where one file's history ends and another's begins, what was before is what came before.

    A change that two files tell, one of them as its first row, is one. A row that repeats the
    state before it stays: a file yet to come may have something in between.
    """
    connection.execute(
        """
        create or replace temp table joined_events as
        with told_once as (
            select e.*
            from ticket_events as e
            inner join tickets as t on t.ticket_id = e.ticket_id
            where t.source = $source
            qualify row_number() over (
                partition by e.ticket_id, e."at", e.field, e.new, e.actor order by sequence desc
            ) = 1
        )

        select * replace (
            lag(new) over (
                partition by ticket_id, field order by "at", sequence, new, actor
            ) as old
        )
        from told_once
        """,
        {"source": source},
    )
    connection.execute(
        "delete from ticket_events where ticket_id in (select ticket_id from joined_events)"
    )
    connection.execute("insert into ticket_events by name select * from joined_events")
    connection.execute("drop table joined_events")


def findings_of_log(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Finding]:
    """What is odd about a log: histories that begin late, closing taken for resolution, and
    numbers that are known from a list. A part of a log goes on where a part before it ended."""
    row = connection.execute(
        """
        with known as (
            select t.number, min(e."at") as first_at
            from ticket_events as e
            inner join tickets as t on t.ticket_id = e.ticket_id
            where e.field = 'state' and t.number in (select number from staged)
            group by t.number
        ),

        firsts as (
            select
                staged.number,
                case
                    when any_value(known.first_at) < min(updated_at) then 'new'
                    else arg_min(state, (updated_at, row_update))
                end as state
            from staged
            left join known on known.number = staged.number
            group by staged.number
        )

        select
            count(*),
            count(*) filter (state not in ('new', 'unknown')),
            min(number) filter (state not in ('new', 'unknown')),
            (select count(*) filter (state = 'resolved') from staged),
            (select count(*) filter (state = 'closed') from staged)
        from firsts
        """
    ).fetchone()
    assert row is not None
    tickets, late, example, resolved, closed = row
    found: list[Finding] = []
    if late:
        message = (
            f"{late:,} of {tickets:,} tickets begin in another state than new, for example "
            f"{example}: if their history begins late, their durations are too short"
        )
        found.append(finding("history_begins_late", late, message, plan.named("state"), example))
    if closed and not resolved and not plan.form.events_only:
        message = (
            f"the log knows no resolved state, so its {closed:,} closings are taken for resolutions"
        )
        found.append(finding("closing_as_resolution", closed, message, plan.named("state")))
    if not plan.form.events_only:
        found += _known_elsewhere(connection, plan)
    return found


def _known_elsewhere(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Finding]:
    """Tickets of a list with the numbers of the log would be counted twice."""
    row = connection.execute(
        """
        select t.source, count(*) as tickets, min(t.number)
        from tickets as t
        where t.source <> $source and t.number in (select number from staged)
        group by t.source
        order by tickets desc, t.source
        limit 1
        """,
        {"source": plan.form.source},
    ).fetchone()
    if row is None:
        return []
    source, tickets, example = row
    message = (
        f"{tickets:,} numbers, for example {example}, are tickets of {source} too and now count "
        f"twice: to give those their history instead, undo this load and use --source {source}"
    )
    return [finding("known_elsewhere", tickets, message, plan.named("number"), example)]
