"""Undo a load: the warehouse as if it had never been, as a new build.

What the other loads showed decides, by the rules of `pipelines/merge.py`; what nobody else showed
goes. The load stays in the ledger with the moment at which it was undone, and its files may be
loaded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from pipelines import logs
from pipelines.binding import quoted
from pipelines.contract import KEYED_TABLES, TICKETS, Table
from pipelines.lineage import EVENT_CONTENT, EVENT_IDENTITY, offers_of, same_key
from pipelines.merge import carry_events_to_exports, content_of, merge_events
from policies.refusal import Refused


@dataclass(frozen=True)
class Undone:
    """What became of the tickets that the load had shown, and of its events."""

    load_id: int
    files: int
    tickets_removed: int
    tickets_restored: int
    events_removed: int


def undo(connection: duckdb.DuckDBPyConnection, load_id: int) -> Undone:
    """Take one load back, within the caller's transaction.

    Raises Refused for a load that does not exist, is undone already, or is older than this art.
    """
    files = _files(connection, load_id)
    removed = restored = 0
    sources = _sources_of_logs(connection)
    for source in sources:
        logs.forget_lives(connection, source)
    for table in KEYED_TABLES:
        gone, back = _undo_rows(connection, table, load_id)
        if table is TICKETS:
            removed, restored = gone, back
    events = _undo_events(connection, load_id, sources)
    for source in sources:
        _tell_logs_anew(connection, source, load_id)
    connection.execute("delete from rejected_rows where load_id = $id", {"id": load_id})
    connection.execute(
        "update loads set undone_at = $now where load_id = $id",
        {"now": datetime.now(UTC).replace(tzinfo=None, microsecond=0), "id": load_id},
    )
    _carry_anew(connection)
    return Undone(load_id, files, removed, restored, events)


def _files(connection: duckdb.DuckDBPyConnection, load_id: int) -> int:
    """How many files the load had; refused where it cannot be undone."""
    rows = connection.execute(
        "select load_id, count(*), max(undone_at) from loads group by load_id order by load_id"
    ).fetchall()
    found = {row[0]: row for row in rows}
    if load_id not in found:
        if not found:
            raise Refused(f"There is no load {load_id}: nothing was loaded yet.")
        nearest = min(found, key=lambda known: (abs(known - load_id), known))
        raise Refused(
            f"There is no load {load_id}: the nearest is load {nearest}; `meantime loads` lists "
            "them all."
        )
    if found[load_id][2] is not None:
        raise Refused(
            f"Load {load_id} is undone since {found[load_id][2].isoformat()}Z: load its files "
            "again if they are to count."
        )
    untold = connection.execute(
        "select count(*) from (select load_id from tickets union all "
        "select load_id from ticket_events) where load_id is null"
    ).fetchone()
    if untold and untold[0]:
        raise Refused(
            f"Load {load_id} cannot be undone: the warehouse has rows from before loads could be; "
            "load the exports into a new warehouse."
        )
    return found[load_id][1]


def _carry_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """`exported_at` as the remaining exports and events make it."""
    connection.execute(
        f"""
        update tickets as t
        set exported_at = o.exported_at
        from (
            select ticket_id, max(exported_at) as exported_at
            from {offers_of(TICKETS)}
            group by ticket_id
        ) as o
        where o.ticket_id = t.ticket_id and o.exported_at <> t.exported_at
        """
    )
    carry_events_to_exports(connection)


def _undo_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, load_id: int
) -> tuple[int, int]:
    """Keys that nobody else showed go, the rest is decided anew: how many of each."""
    offers = offers_of(table)
    key = ", ".join(quoted(name) for name in table.key)
    content, filled = content_of(table)
    connection.execute(
        f"""
        create or replace temp table touched as
        select distinct {key}
        from (
            select {key} from {table.name} where load_id = $id
            union all
            select {key} from {offers} where load_id = $id
        )
        """,
        {"id": load_id},
    )
    connection.execute(
        f"""
        create or replace temp table remaining as
        with told as (
            select o.* exclude (is_current)
            from {offers} as o
            where not o.is_current
            union all by name
            select t.* replace (
                o.exported_at as exported_at, o.version_at as version_at, o.load_id as load_id
            )
            from {offers} as o
            inner join {table.name} as t on {same_key(table, "o", "t")}
            where o.is_current
        ),

        others as (
            select *, {content} as content
            from told
            where load_id is distinct from $id
                and exists (select 1 from touched where {same_key(table, "touched", "told")})
        )

        select
            *,
            row_number() over newest as place,
            first_value(content) over newest as winner,
            max(exported_at) over (partition by {key}) as last_exported_at,
            count(*) over (partition by {key}) as offers
        from others
        window newest as (
            partition by {key} order by version_at desc, {filled} desc, content desc, load_id
        )
        """,
        {"id": load_id},
    )
    for name in (table.name, offers):
        connection.execute(
            f"""
            delete from {name} as t
            where exists (select 1 from touched where {same_key(table, "touched", "t")})
            """
        )
    ours = "content, place, winner, last_exported_at, offers"
    connection.execute(
        f"""
        insert into {table.name} by name
        select * exclude ({ours}) replace (last_exported_at as exported_at)
        from remaining
        where place = 1
        """
    )
    connection.execute(
        f"""
        insert into {offers} by name
        select {key}, exported_at, version_at, load_id, true as is_current
        from remaining
        where offers > 1 and content = winner
        """
    )
    connection.execute(
        f"""
        insert into {offers} by name
        select * exclude ({ours}), false as is_current
        from remaining
        where offers > 1 and content <> winner
        """
    )
    row = connection.execute(
        """
        select
            (select count(*) from touched),
            (select count(*) from remaining where place = 1)
        """
    ).fetchone()
    assert row is not None
    return row[0] - row[1], row[1]


def _sources_of_logs(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The sources whose tickets are told by logs alone."""
    rows = connection.execute(
        """
        select distinct t.source
        from tickets as t
        where t.ticket_id in (select ticket_id from log_events_offers)
        order by t.source
        """
    ).fetchall()
    return [row[0] for row in rows]


def _tell_logs_anew(connection: duckdb.DuckDBPyConnection, source: str, load_id: int) -> None:
    """The histories of a source from what the other logs told, load by load as they came."""
    connection.execute("delete from log_events_offers where load_id = $id", {"id": load_id})
    for table in ("ticket_events", "ticket_events_offers"):
        connection.execute(
            f"""
            delete from {table}
            where ticket_id in (select ticket_id from tickets where source = $source)
                or starts_with(ticket_id, $source || ':')
            """,
            {"source": source},
        )
    rows = connection.execute(
        "select distinct load_id from log_events_offers order by 1"
    ).fetchall()
    for (other,) in rows:
        connection.execute("set variable load_id = $id::bigint", {"id": other})
        connection.execute(
            """
            create or replace temp table incoming_events as
            select o.* exclude (load_id)
            from log_events_offers as o
            where o.load_id = $id and starts_with(o.ticket_id, $source || ':')
            """,
            {"id": other, "source": source},
        )
        merge_events(connection)
        logs.tell_lives(connection, source)


def _undo_events(
    connection: duckdb.DuckDBPyConnection, load_id: int, sources_of_logs: list[str]
) -> int:
    """Events that no other load showed go; of the rest the earliest remaining offer counts.

    The events of tickets that logs tell of are told anew elsewhere.
    """
    same = " and ".join(f"o.{quoted(name)} = e.{quoted(name)}" for name in EVENT_IDENTITY)
    connection.execute(
        f"""
        create or replace temp table event_fates as
        with events as (
            select
                rowid as event_row, ticket_id, "at", field, {EVENT_CONTENT} as content, load_id,
                row_number() over (
                    partition by ticket_id, "at", field, old, new, actor order by sequence
                ) as twin
            from ticket_events
            where ticket_id in (
                select ticket_id from ticket_events where load_id = $id
                union
                select ticket_id from ticket_events_offers where load_id = $id
            )
                and split_part(ticket_id, ':', 1) not in (select unnest($sources::varchar[]))
        )

        select
            e.event_row,
            count(o.load_id) as offers,
            count(o.load_id) filter (o.load_id <> $id) as others,
            min(o.sequence) filter (o.load_id <> $id) as sequence,
            first(o.actor_role order by o.load_id) filter (o.load_id <> $id) as actor_role,
            min(o.load_id) filter (o.load_id <> $id) as load_id,
            e.load_id as first_load_id
        from events as e
        left join ticket_events_offers as o on {same}
        group by e.event_row, e.load_id
        """,
        {"id": load_id, "sources": sources_of_logs},
    )
    gone = connection.execute(
        """
        delete from ticket_events
        where rowid in (
            select event_row
            from event_fates
            where (offers = 0 and first_load_id = $id) or (offers > 0 and others = 0)
        )
        """,
        {"id": load_id},
    ).fetchone()
    connection.execute(
        """
        update ticket_events as t
        set sequence = f.sequence, actor_role = f.actor_role, load_id = f.load_id
        from event_fates as f
        where f.event_row = t.rowid and f.others > 0 and f.others < f.offers
        """
    )
    connection.execute("delete from ticket_events_offers where load_id = $id", {"id": load_id})
    return gone[0] if gone else 0
