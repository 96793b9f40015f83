"""Several rows of one ticket: repeats, updates, or a join with something that a ticket has many of.

Such rows are never counted as tickets; what is found here says why they are there.
"""

from __future__ import annotations

import duckdb

from pipelines.binding import Bindings
from pipelines.conform import KEYS
from pipelines.finding import Finding, finding
from pipelines.plan import Plan

# A column belongs to the other side of a join where it varies within this share of such tickets.
VARYING = 0.05
# Fewer repeats than this share of the rows are told, but the file is not read again for them.
WORTH_A_LOOK = 0.02
MOST_NAMES = 5


def repeated_tickets(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Finding]:
    """The same ticket on several rows of a list: the newest row is kept."""
    if plan.form.history is not None:
        return []
    row = connection.execute(
        "select (select count(*) from staged) - (select count(*) from newest), count(*) from staged"
    ).fetchone()
    count, rows = row if row else (0, 0)
    if not count:
        return []
    if count < WORTH_A_LOOK * rows:
        message = f"{count:,} rows repeat a ticket of this file; the newest row of each was kept"
        return [finding("repeated_ticket", count, message)]
    varying = _varying(connection, plan)
    updated = {plan.opened.header[place] for place in plan.cells.get("updated_at", ())}
    if not varying:
        message = f"{count:,} rows repeat another row of this file word for word; each counts once"
        return [finding("repeated_ticket", count, message)]
    names = ", ".join(repr(name) for name in varying[:MOST_NAMES])
    if updated & set(varying):
        message = (
            f"{count:,} rows repeat a ticket of this file at another time of its last change: "
            f"looks like a history; each ticket counts once, as its newest row tells ({names} vary)"
        )
        return [finding("repeated_ticket", count, message, varying[0])]
    message = (
        f"{count:,} rows repeat a ticket: looks like a join with {names}, which vary within a "
        "ticket; each ticket counts once"
    )
    return [finding("join", count, message, varying[0])]


def _varying(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """The columns of the file that vary within a ticket, those that vary most first."""
    key = next((name for name in KEYS if name in plan.places), None)
    if key is None:
        return []
    keys = plan.places[key]
    others = [place for place in range(len(plan.opened.header)) if place not in keys]
    if not others:
        return []
    bind = Bindings()
    relation = plan.opened.relation(bind, plan.form.null_markers)
    varies = ", ".join(
        f"(min(c{place}) <> max(c{place}) or count(c{place}) not in (0, count(*))) as v{place}"
        for place in others
    )
    shares = ", ".join(f"coalesce(avg(v{place}::integer), 0)" for place in others)
    row = connection.execute(
        f"""
        with repeated as (
            select {varies}
            from {relation}
            where c{keys[0]} is not null
            group by trim(c{keys[0]})
            having count(*) > 1
        )

        select {shares}
        from repeated
        """,
        bind.values,
    ).fetchone()
    found = [
        (share, plan.opened.header[place] or f"column {place + 1}")
        for place, share in zip(others, row or (), strict=True)
        if share >= VARYING
    ]
    return [name for _, name in sorted(found, key=lambda each: -each[0])]
