"""Merge what came in: new, updated, unchanged by key; the newest version of a row wins.

The rules do not depend on the order in which files arrive: a row is replaced only by one with a
newer `version_at` (then, by the fuller one, then by content), `exported_at` is the newest export
that showed the key, and events are a set.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.binding import quoted
from pipelines.contract import Table

MOMENTS = ("exported_at", "version_at")


@dataclass(frozen=True)
class Merged:
    """How many keys of a file were new, updated and unchanged."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


def merge_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> Merged:
    """Merge `incoming` into a keyed table."""
    same_key = " and ".join(f"i.{name} is not distinct from t.{name}" for name in table.key)
    if len(table.key) == 1:
        same_key = f"i.{table.key[0]} = t.{table.key[0]}"
    content = [name for name in table.names if name not in MOMENTS]

    def row(alias: str) -> str:
        return f"row({', '.join(f'{alias}.{quoted(name)}' for name in content)})"

    def filled(alias: str) -> str:
        return " + ".join(f"({alias}.{quoted(name)} is not null)::int" for name in content)

    connection.execute(
        f"""
        create or replace temp table verdicts as
        select
            i.rowid as incoming_row,
            t.rowid as known_row,
            case
                when t.rowid is null then 'new'
                when {row("i")} is not distinct from {row("t")} then 'unchanged'
                when i.version_at <> t.version_at
                    then if(i.version_at > t.version_at, 'updated', 'older')
                when {filled("i")} <> {filled("t")}
                    then if({filled("i")} > {filled("t")}, 'updated', 'older')
                when hash({row("i")}) > hash({row("t")}) then 'updated'
                else 'older'
            end as verdict,
            greatest(i.exported_at, t.exported_at) as exported_at,
            greatest(i.version_at, t.version_at) as version_at
        from incoming as i
        left join {table.name} as t on {same_key}
        """
    )
    connection.execute(
        f"""
        update {table.name} as t
        set exported_at = v.exported_at,
            version_at = if(v.verdict = 'unchanged', v.version_at, t.version_at)
        from verdicts as v
        where v.known_row = t.rowid
            and v.verdict in ('unchanged', 'older')
            and (v.exported_at > t.exported_at
                or (v.verdict = 'unchanged' and v.version_at > t.version_at))
        """
    )
    connection.execute(
        """
        create or replace temp table accepted as
        select i.* replace (coalesce(v.exported_at, i.exported_at) as exported_at)
        from incoming as i
        inner join verdicts as v on v.incoming_row = i.rowid
        where v.verdict in ('new', 'updated')
        """
    )
    connection.execute(
        f"""
        delete from {table.name}
        where rowid in (select known_row from verdicts where verdict = 'updated')
        """
    )
    connection.execute(f"insert into {table.name} by name select * from accepted")
    rows = connection.execute("select verdict, count(*) from verdicts group by all").fetchall()
    counts = dict(rows)
    return Merged(
        new=counts.get("new", 0),
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0) + counts.get("older", 0),
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

        select fresh.* exclude (twin), known.known_row, known.sequence as known_sequence
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
        select * exclude (known_row, known_sequence) from event_verdicts where known_row is null
        """
    )
    found = connection.execute(
        "select count(*) filter (known_row is null), count(known_row) from event_verdicts"
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def carry_events_to_exports(connection: duckdb.DuckDBPyConnection) -> None:
    """An event proves that its ticket was exported after it: `exported_at` is never before."""
    connection.execute(
        """
        update tickets as t
        set exported_at = e.last_at
        from (select ticket_id, max("at") as last_at from ticket_events group by ticket_id) as e
        where e.ticket_id = t.ticket_id and e.last_at > t.exported_at
        """
    )
