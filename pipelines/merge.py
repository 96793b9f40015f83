"""Merge what came in: new, updated, unchanged by key; the newest version of a row wins.

What a row replaces is not forgotten: `pipelines/lineage.py` notes it, so that a load can be undone.
The rules do not depend on the order in which files arrive: a row is replaced only by one with a
newer `version_at` (then, by the fuller one, then by content), `exported_at` is the newest export
that showed the key, and events are a set.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines import lineage
from pipelines.binding import quoted
from pipelines.contract import TICKETS, Table
from pipelines.lineage import same_key

MOMENTS = ("exported_at", "version_at", "load_id")


@dataclass(frozen=True)
class Merged:
    """How many keys of a file were new, updated and unchanged."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


def merge_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> Merged:
    """Merge `incoming` into a keyed table; what is not taken over leaves `staged`."""
    is_same = same_key(table, "t", "v")
    # what is written from here on has no order, and keeping one leaves all threads but one idle
    connection.execute("set preserve_insertion_order = false")
    _write_verdicts(connection, table)
    counts = _counts(connection)
    if set(counts) - {"new"}:
        lineage.note_rows(connection, table)
    connection.execute(
        f"""
        delete from {table.name}
        where rowid in (select known_row from verdicts where verdict = 'updated')
        """
    )
    connection.execute(
        """
        delete from staged
        where rowid not in (
            select staged_row from verdicts where verdict in ('new', 'updated')
        )
        """
    )
    connection.execute(
        f"""
        insert into {table.name} by name
        select * exclude (row_update, staged_row) from staged_rows
        """
    )
    connection.execute(
        f"""
        update {table.name} as t
        set exported_at = v.exported_at,
            version_at = if(v.verdict = 'unchanged', v.version_at, t.version_at)
        from (select * from verdicts where known_row is not null) as v
        where {is_same}
            and (v.exported_at > t.exported_at
                or (v.verdict = 'unchanged' and v.version_at > t.version_at))
        """
    )
    connection.execute("set preserve_insertion_order = true")
    return Merged(
        new=counts.get("new", 0),
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0) + counts.get("older", 0),
    )


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(
        connection.execute("select verdict, count(*) from verdicts group by all").fetchall()
    )


def content_of(table: Table) -> tuple[str, str]:
    """SQL of what a row says, as a 64-bit hash, and of how many of its columns say something."""
    names = [quoted(name) for name in table.names if name not in MOMENTS]
    filled = " + ".join(f"({name} is not null)::int" for name in names)
    return f"hash({', '.join(names)})", filled


def _write_verdicts(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """What becomes of each row of `incoming`.

    Contents are compared by their 64-bit hashes, so that rows of a hundred texts need not meet.
    """
    content, filled = content_of(table)
    connection.execute(
        f"""
        create or replace temp table verdicts as
        with met as (
            select
                {", ".join(f"i.{quoted(name)}" for name in table.key)},
                i.staged_row,
                t.rowid as known_row,
                i.exported_at,
                i.version_at,
                t.exported_at as known_exported_at,
                t.version_at as known_version_at
            from newest as i
            left join {table.name} as t on {same_key(table, "i", "t")}
        ),

        said as (
            select staged_row, {content} as content, {filled} as filled
            from staged_rows
            where staged_row in (select staged_row from met where known_row is not null)
        ),

        known as (
            select rowid as known_row, {content} as content, {filled} as filled
            from {table.name}
            where rowid in (select known_row from met)
        )

        select
            {", ".join(f"met.{quoted(name)}" for name in table.key)},
            met.staged_row,
            met.known_row,
            case
                when met.known_row is null then 'new'
                when said.content = known.content then 'unchanged'
                when met.version_at > met.known_version_at then 'updated'
                when met.version_at < met.known_version_at then 'older'
                when said.filled > known.filled then 'updated'
                when said.filled < known.filled then 'older'
                when said.content > known.content then 'updated'
                else 'older'
            end as verdict,
            greatest(met.exported_at, met.known_exported_at) as exported_at,
            greatest(met.version_at, met.known_version_at) as version_at
        from met
        left join said on said.staged_row = met.staged_row
        left join known on known.known_row = met.known_row
        """
    )


def merge_events(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Merge `incoming_events` into `ticket_events`: the numbers of new and of known events.

    Two events are the same when ticket, instant, field, both values and actor are; the same thing
    twice in one instant (there and back again) is told apart by its place among its equals.
    """
    same = 'ticket_id, "at", field, old, new, actor'
    connection.execute(
        f"""
        create or replace temp table event_verdicts as
        with fresh as (
            select *, row_number() over (partition by {same} order by sequence) as twin
            from incoming_events
        ),

        known as (
            select *, rowid as known_row,
                row_number() over (partition by {same} order by sequence) as twin
            from ticket_events
            where ticket_id in (select ticket_id from incoming_events)
        )

        select fresh.*, known.known_row, known.sequence as known_sequence
        from fresh
        left join known
            on fresh.ticket_id = known.ticket_id
            and fresh."at" = known."at"
            and fresh.field = known.field
            and fresh.old is not distinct from known.old
            and fresh.new is not distinct from known.new
            and fresh.actor is not distinct from known.actor
            and fresh.twin = known.twin
        """
    )
    found = connection.execute(
        "select count(*) filter (known_row is null), count(known_row) from event_verdicts"
    ).fetchone()
    assert found is not None
    if found[1]:
        lineage.note_events(connection)
    connection.execute(
        """
        update ticket_events as t
        set sequence = v.sequence
        from event_verdicts as v
        where v.known_row = t.rowid and v.sequence < t.sequence
        """
    )
    connection.execute(
        """
        insert into ticket_events by name
        select * exclude (known_row, known_sequence, twin), getvariable('load_id') as load_id
        from event_verdicts
        where known_row is null
        """
    )
    return found[0], found[1]


def carry_events_to_exports(connection: duckdb.DuckDBPyConnection) -> None:
    """An event proves that its ticket was exported after it: `exported_at` is never before."""
    connection.execute(
        """
        create or replace temp table carried as
        select t.rowid as known_row, e.last_at
        from tickets as t
        inner join (
            select ticket_id, max("at") as last_at from ticket_events group by ticket_id
        ) as e on e.ticket_id = t.ticket_id
        where e.last_at > t.exported_at
        """
    )
    found = connection.execute("select count(*) from carried").fetchone()
    if not found or not found[0]:
        return
    lineage.note_first_rows(connection, TICKETS, "carried")
    connection.execute(
        """
        update tickets as t
        set exported_at = c.last_at
        from carried as c
        where c.known_row = t.rowid
        """
    )
