"""Whether the rows of a file are changes of tickets, and which columns then tell what.

A log has a number that comes again, a time that every row has and that differs between the rows of
a ticket, and a column of states that does too; or, where no column has words of states, one named
after activities. A file in which the opening stays the same from row to row is a list: of the same
tickets at several times, or joined with something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from pipelines.binding import Bindings
from pipelines.mappings.content import ROWS_LOOKED_AT, Content
from pipelines.mappings.likeness import likeness, tells_activities, tells_what_was
from pipelines.mappings.mapping import columns_of
from pipelines.mappings.meanings import share_understood
from pipelines.reading.opened import OpenedFile

ONCE = 0.8  # of the rows: with more different numbers a few tickets only come twice
MOSTLY = 0.5
NEARLY_ALL = 0.9
LONGEST_NUMBER = 40
MOST_ROWS_A_TICKET = 50


def log_columns(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    markers: tuple[str, ...],
    found: list[Content],
    chosen: Mapping[str, int],
) -> dict[str, int] | None:
    """The places of number, updated_at and state; None where the rows are no changes.

    `chosen` are the places of contract columns as they were told for a list.
    """
    number = _number(found, chosen)
    if number is None:
        return None
    times = [each for each in found if each.kind == "dates" and each.filled == each.rows]
    state = columns_of("tickets")["state"]
    states = [
        each
        for each in found
        if share_understood(state, each) > MOSTLY and not tells_what_was(each.name)
    ]
    # codes of activities mean nothing to us, but read as a list they would open each ticket at its
    # last change
    states = states or [each for each in found if tells_activities(each.name)]
    moves = _moves(connection, opened, markers, number, [*times, *states])
    if moves.get(chosen.get("opened_at", -1), 1.0) < NEARLY_ALL:
        return None
    times = [each for each in times if moves[each.place] >= NEARLY_ALL]
    states = [each for each in states if moves[each.place] >= MOSTLY]
    if not times or not states:
        return None
    named = [
        each for each in times if each.place in (chosen.get("updated_at"), chosen.get("opened_at"))
    ]
    told = max(states, key=lambda each: (likeness("state", each.name)[0], each.place))
    return {"number": number.place, "updated_at": (named or times)[0].place, "state": told.place}


def _number(found: list[Content], chosen: Mapping[str, int]) -> Content | None:
    """The column of the tickets' numbers where these come again."""
    named = next((each for each in found if each.place == chosen.get("number")), None)
    if named is not None:
        return named if named.distinct < ONCE * named.rows else None
    ids = [
        each
        for each in found
        if each.filled == each.rows
        and each.longest <= LONGEST_NUMBER
        and each.kind not in ("dates", "durations", "empty")
        and each.rows / MOST_ROWS_A_TICKET < each.distinct < ONCE * each.rows
    ]
    return max(ids, key=lambda each: each.distinct, default=None)


def _moves(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    markers: tuple[str, ...],
    number: Content,
    columns: Iterable[Content],
) -> dict[int, float]:
    """Of the tickets that come again the share in which a column differs from row to row."""
    places = sorted({each.place for each in columns})
    if not places:
        return {}
    bind = Bindings()
    rows = f"select * from {opened.relation(bind, markers)} limit {ROWS_LOOKED_AT}"
    differ = ", ".join(f"count(distinct c{place}) > 1 as d{place}" for place in places)
    shares = ", ".join(f"coalesce(avg(d{place}::integer), 0)" for place in places)
    told = connection.execute(
        f"""
        select {shares}
        from (select {differ} from ({rows}) group by c{number.place} having count(*) > 1)
        """,
        bind.values,
    ).fetchone()
    assert told is not None
    return dict(zip(places, told, strict=True))
