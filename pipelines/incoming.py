"""From staged rows to rows that can be merged: ids, the newest row of each key, the history.

Reads the temporary table `staged`. The wide rows are not copied again: `staged_rows` and `incoming`
are views of them with all contract columns of a keyed table (`incoming` has one row per key),
`newest` is the narrow temporary table that says which rows those are. `incoming_events` is a
temporary table with one row per change of a field.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.binding import Bindings, quoted
from pipelines.conform import Plan, pseudonym
from pipelines.contract import TICKET_EVENTS, Column, Table
from pipelines.languages import PRIORITIES_IN_LANGUAGES, STATES_IN_LANGUAGES

ID_OF = {"tickets": "ticket_id", "changes": "change_id", "problems": "problem_id"}
HISTORY_FIELDS = (
    "state",
    "source_state",
    "hold_reason",
    "resolver_group",
    "assignee",
    "priority",
)
OUR_STATES = tuple(dict.fromkeys(STATES_IN_LANGUAGES.values()))
SYSTEM_ACTORS = ("system", "guest", "admin.system")


def staged_columns(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where table_name = 'staged'"
    ).fetchall()
    return {row[0] for row in rows}


def write_incoming(connection: duckdb.DuckDBPyConnection, plan: Plan, exported: datetime) -> None:
    """Create `staged_rows`, `newest` and `incoming`: the last row of each key."""
    there = staged_columns(connection)
    # variables, because a view takes no parameters and a joined row would cost the rows' order
    connection.execute("set variable file_source = $source::varchar", {"source": plan.form.source})
    connection.execute(
        "set variable file_exported_at = $exported_at::timestamp", {"exported_at": exported}
    )
    source = f"coalesce({'source, ' if 'source' in there else ''}getvariable('file_source'))"
    columns = ", ".join(
        f"cast({_column(plan.table, column, there, source)} as {column.sql_type}) "
        f"as {quoted(column.name)}"
        for column in plan.table.columns
    )
    connection.execute(
        f"""
        create or replace temp view staged_rows as
        select
            {columns},
            {"row_update" if "row_update" in there else "null::bigint"} as row_update,
            rowid as staged_row
        from staged
        """
    )
    _write_newest(connection, plan.table)
    connection.execute(
        """
        create or replace temp view incoming as
        select * exclude (row_update)
        from staged_rows
        where staged_row in (select staged_row from newest)
        """
    )


def _write_newest(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Which row of each key counts: the newest, of equals the last in the file."""
    key = ", ".join(quoted(name) for name in table.key)
    connection.execute(
        f"""
        create or replace temp table newest as
        select {key}, exported_at, version_at, row_update, staged_row
        from staged_rows
        """
    )
    repeats = connection.execute(
        f"select count(*) > count(distinct row({key})) from newest"
    ).fetchone()
    if repeats and repeats[0]:
        connection.execute(
            f"""
            delete from newest
            where staged_row not in (
                select staged_row
                from newest
                qualify row_number() over (
                    partition by {key}
                    order by version_at desc, row_update desc nulls last, staged_row desc
                ) = 1
            )
            """
        )


def _column(table: Table, column: Column, there: set[str], source: str) -> str:
    """SQL of one contract column over `staged`."""
    name = quoted(column.name)
    if column.name == "exported_at":
        return "getvariable('file_exported_at')"
    if column.name == "load_id":
        return "getvariable('load_id')"
    if column.name == "version_at":
        updated = "updated_at, " if "updated_at" in there else ""
        return f"coalesce({updated}getvariable('file_exported_at'))"
    if column.name == "source":
        return source
    if column.name == ID_OF.get(table.name, "ticket_id"):
        return _id(column.name, there, source)
    if column.name == "number" and "number" not in there:
        return f"regexp_replace({ID_OF[table.name]}, '^[^:]*:', '')"
    if column.name == "kind" and table.name == "tickets":
        return "coalesce(kind, 'incident')" if "kind" in there else "'incident'"
    if column.name not in there:
        return f"null::{column.sql_type}"
    if column.reference:
        return f"case when {name} like '%:%' then {name} else {source} || ':' || {name} end"
    return name


def _id(column: str, there: set[str], source: str) -> str:
    """`source:number`; an id that the file itself gives comes first."""
    made = f"{source} || ':' || number" if "number" in there else "null"
    if column not in there:
        return made
    given = f"case when {column} like '%:%' then {column} else {source} || ':' || {column} end"
    return f"coalesce({given}, {made})"


def write_incoming_events(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create `incoming_events` from an event file, or from the updates of an event form."""
    if plan.table is TICKET_EVENTS:
        _events_as_given(connection, plan)
    else:
        _events_between_updates(connection, plan)


def _events_as_given(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """One row is one event; file order counts within one instant."""
    bind = Bindings()
    there = staged_columns(connection)
    source = f"coalesce({'source, ' if 'source' in there else ''}{bind(plan.form.source)})"
    given = {name: name if name in there else "null" for name in ("old", "new", "actor")}
    sequence = "coalesce(sequence, file_sequence)" if "sequence" in there else "file_sequence"
    role = "actor_role" if "actor_role" in there else "null"
    actor = given["actor"]
    if plan.pseudonymise and "actor" in there:
        actor = pseudonym("actor", plan.pseudonym_key, bind)
    connection.execute(
        f"""
        create or replace temp table incoming_events as
        with events as (
            select
                {_id("ticket_id", there, source)} as ticket_id,
                "at",
                lower(trim(field)) as field,
                {given["old"]}::varchar as old,
                {given["new"]}::varchar as new,
                {actor}::varchar as actor,
                {role}::varchar as actor_role,
                {"sequence" if "sequence" in there else "null::bigint"} as sequence,
                row_number() over (partition by ticket_id, "at" order by rowid) as file_sequence
            from (select *, rowid from staged)
        ),

        worded as (
            select
                ticket_id,
                "at",
                {sequence} as sequence,
                field,
                {_event_value("old", plan, bind)} as old,
                {_event_value("new", plan, bind)} as new,
                actor,
                actor_role
            from events
        ),

        tool_words as (
            select ticket_id, "at", {sequence} as sequence, 'source_state' as field,
                old, new, actor, actor_role
            from events
            where field = 'state'
                and not coalesce(lower(new) in ({bind.all(OUR_STATES)}), true)
        )

        select * from worded
        union all
        select * from tool_words
        """,
        bind.values,
    )


def _event_value(side: str, plan: Plan, bind: Bindings) -> str:
    """Before or after, in our words for states and priorities; people pseudonymised on demand."""
    states = " ".join(
        f"when {bind(word)} then {bind(ours)}" for word, ours in STATES_IN_LANGUAGES.items()
    )
    ranks = " ".join(
        f"when {bind(word)} then {bind(ours)}" for word, ours in PRIORITIES_IN_LANGUAGES.items()
    )
    person = f"{side}"
    if "assignee" in plan.pseudonymise:
        person = pseudonym(side, plan.pseudonym_key, bind)
    return f"""case
        when {side} is null then null
        when field = 'state' then coalesce(case lower(trim({side})) {states} end, 'unknown')
        when field = 'priority' then coalesce(
            case lower(trim({side})) {ranks} end,
            case lower(trim(split_part({side}, ' - ', 1))) {ranks} end,
            {side})
        when field = 'assignee' then {person}
        else {side}
    end"""


def _events_between_updates(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """What changed from one update to the next; the first update tells where the history begins."""
    bind = Bindings()
    there = staged_columns(connection)
    source = f"coalesce({'source, ' if 'source' in there else ''}{bind(plan.form.source)})"
    fields = [name for name in HISTORY_FIELDS if name in there]
    opened = "opened_at" if "opened_at" in there else "updated_at"
    lags = ", ".join(f"lag({name}) over updates as old_{name}" for name in fields)
    cells = ", ".join(
        f"{{field: {bind(name)}, old: old_{name}::varchar, new: {name}::varchar, "
        f"since_opening: {_since_opening(name, fields)}}}"
        for name in fields
    )
    actor = "row_actor"
    if plan.pseudonymise:
        actor = pseudonym("row_actor", plan.pseudonym_key, bind)
    connection.execute(
        f"""
        create or replace temp table incoming_events as
        with updates as (
            select
                {_id("ticket_id", there, source)} as ticket_id,
                coalesce(updated_at, {opened}) as updated_at,
                {opened} as opened_at,
                row_update,
                row_actor,
                {", ".join(fields)},
                row_number() over updates as place,
                {lags}
            from (select *, rowid as file_order from staged)
            window updates as (
                partition by number
                order by coalesce(updated_at, {opened}), row_update, file_order
            )
        ),

        sides as (
            select
                ticket_id,
                place = 1 and coalesce(row_update, 0) = 0 as is_creation,
                opened_at,
                updated_at,
                coalesce(row_update, place) as sequence,
                unnest([{cells}]) as change,
                {actor} as actor,
                case when lower(row_actor) in ({bind.all(SYSTEM_ACTORS)}) then 'system' end
                    as actor_role
            from updates
        )

        select
            ticket_id,
            if(is_creation and change.since_opening, opened_at, updated_at) as "at",
            sequence,
            change.field as field,
            change.old as old,
            change.new as new,
            actor,
            actor_role
        from sides
        where change.old is distinct from change.new
        """,
        bind.values,
    )


def _since_opening(field: str, fields: list[str]) -> str:
    """Whether what the creating update says of a field was so from the ticket's opening.

    Priority and group are set when a ticket is opened; that somebody took it, or that it was
    resolved at once, happened when the record was written.
    """
    if field in ("priority", "resolver_group"):
        return "true"
    if field in ("state", "source_state") and "state" in fields:
        return "coalesce(state = 'new', false)"
    return "false"
