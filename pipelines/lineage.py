"""Which load offered which row: what a merge would forget, and an undone load needs again.

A row that one load alone ever showed carries that load's number, and nothing else is noted: a first
load costs nothing. Once a second load shows the same key, `<table>_offers` has one row per load
that showed it, with its own moments; what it said stands there too, unless it is what the table
itself says (`is_current`). Events that come again are noted by what makes them the same event, and
all events of logs as they came.
"""

from __future__ import annotations

import duckdb

from pipelines.binding import quoted
from pipelines.contract import KEYED_TABLES, TICKET_EVENTS, Table

EVENT_IDENTITY = ("ticket_id", "at", "field", "content", "twin")
EVENT_CONTENT = "hash(old, new, actor)"


def offers_of(table: Table) -> str:
    """The table with the offers for a table."""
    return f"{table.name}_offers"


def create_offers(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables of this page, empty, where they are missing."""
    for table in KEYED_TABLES:
        columns = ", ".join(f"{quoted(column.name)} {column.sql_type}" for column in table.columns)
        connection.execute(
            f"create table if not exists {offers_of(table)} ({columns}, is_current boolean)"
        )
    events = ", ".join(f"{quoted(each.name)} {each.sql_type}" for each in TICKET_EVENTS.columns)
    connection.execute(f"create table if not exists log_events_offers ({events})")
    connection.execute(
        """
        create table if not exists ticket_events_offers (
            ticket_id varchar,
            "at" timestamp,
            field varchar,
            content ubigint,
            twin bigint,
            sequence bigint,
            actor_role varchar,
            load_id bigint
        )
        """
    )


def _key(table: Table, alias: str) -> str:
    return ", ".join(f"{alias}.{quoted(name)}" for name in table.key)


def same_key(table: Table, left: str, right: str) -> str:
    """SQL: two rows have the same key; parts of a key may be missing."""
    names = [quoted(name) for name in table.key]
    if len(names) == 1:
        return f"{left}.{names[0]} = {right}.{names[0]}"
    return " and ".join(f"{left}.{name} is not distinct from {right}.{name}" for name in names)


def note_first_rows(connection: duckdb.DuckDBPyConnection, table: Table, met: str) -> None:
    """What the load that brought a row offered, before another offer touches it.

    `met` names a temporary table whose `known_row` are the rows that are about to be touched.
    """
    connection.execute(
        f"""
        insert into {offers_of(table)} by name
        select {_key(table, "t")}, t.exported_at, t.version_at, t.load_id, true as is_current
        from {table.name} as t
        where t.rowid in (select known_row from {met} where known_row is not null)
            and not exists (
                select 1 from {offers_of(table)} as o where {same_key(table, "o", "t")}
            )
        """
    )


def note_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Note what `verdicts` are about to do to rows that are known already."""
    offers = offers_of(table)
    note_first_rows(connection, table, "verdicts")
    connection.execute(
        f"""
        create or replace temp table replaced as
        select
            t.* exclude (exported_at, version_at, load_id),
            o.exported_at, o.version_at, o.load_id, false as is_current
        from {offers} as o
        inner join {table.name} as t on {same_key(table, "o", "t")}
        where o.is_current
            and t.rowid in (select known_row from verdicts where verdict = 'updated')
        """
    )
    connection.execute(
        f"""
        delete from {offers} as o
        where o.is_current
            and exists (select 1 from replaced as r where {same_key(table, "o", "r")})
        """
    )
    connection.execute(f"insert into {offers} by name select * from replaced")
    connection.execute("drop table replaced")
    connection.execute(
        f"""
        insert into {offers} by name
        select {_key(table, "n")}, n.exported_at, n.version_at,
            getvariable('load_id') as load_id, true as is_current
        from newest as n
        where n.staged_row in (
            select staged_row from verdicts where verdict in ('updated', 'unchanged')
        )
        """
    )
    connection.execute(
        f"""
        insert into {offers} by name
        select s.* exclude (row_update, staged_row), false as is_current
        from staged_rows as s
        where s.staged_row in (select staged_row from verdicts where verdict = 'older')
        """
    )


def note_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Note the events of `event_verdicts` that are known already, and who brought them first."""
    identity = ", ".join(quoted(name) for name in EVENT_IDENTITY)
    same = " and ".join(f"o.{quoted(name)} = k.{quoted(name)}" for name in EVENT_IDENTITY)
    connection.execute(
        f"""
        insert into ticket_events_offers by name
        with known as (
            select t.ticket_id, t."at", t.field, hash(t.old, t.new, t.actor) as content, v.twin,
                t.sequence, t.actor_role, t.load_id
            from event_verdicts as v
            inner join ticket_events as t on t.rowid = v.known_row
        )

        select k.*
        from known as k
        where not exists (select 1 from ticket_events_offers as o where {same})
        """
    )
    connection.execute(
        f"""
        insert into ticket_events_offers by name
        select {identity.replace('"content"', f"{EVENT_CONTENT} as content")},
            sequence, actor_role, getvariable('load_id') as load_id
        from event_verdicts
        where known_row is not null
        """
    )


def note_log_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Note what a log told: its events are joined with those of other files, and look otherwise."""
    connection.execute(
        """
        insert into log_events_offers by name
        select *, getvariable('load_id') as load_id from incoming_events
        """
    )
