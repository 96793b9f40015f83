"""What keeps coming back: candidates with tickets in the period, their rhythm and their cost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from insights.standing import candidates, held_tickets, refuse_without, rhythm_in_words
from policies.model import Policy
from policies.refusal import Refused
from policies.zones import to_local
from queries import wording
from queries.months import months_before, stretch
from reports import cells
from reports.asking import Asked
from reports.cells import Align, Cell, Table
from reports.kpis import Periods
from reports.listed import listed
from reports.sections import Comeback, EventStrips, Section

NAME = "Recurring problems"
DRAWN = 8
FEWEST_TICKETS = 2
SHOWN = 10
STRIP_MONTHS = 6


def comebacks(asked: Asked, periods: Periods) -> Section:
    """The recurring problems with a ticket in the period, the most working hours of it first."""
    try:
        refuse_without(asked.source.connection)
    except Refused as reason:
        return Section(NAME, "Not known", notes=(str(reason),))
    tickets = _tickets(asked, periods)
    found = _found(asked, tickets)
    rate = asked.source.policy.recurrence.cost_per_hour
    price: list[tuple[str, float, Align]] = [] if rate is None else [("Cost", 0.9, "right")]
    table = Table(
        NAME,
        "Problems that came back in the period, the most working time first",
        cells.columns(
            ("Problem", 3.0, "left"),
            ("Service", 1.7, "left"),
            ("Tickets in the period", 0.9, "right"),
            ("Working time", 1.2, "right"),
            *price,
            ("Tickets in all", 0.8, "right"),
            ("Rhythm", 1.8, "left"),
            ("Next expected", 1.2, "left"),
            ("Problem record", 2.4, "left"),
        ),
        cells.rows_of([_line(row, asked, rate) for row in found.to_dicts()]),
        absent="No ticket of this selection belongs to a problem that keeps coming back.",
    )
    count = found.height
    # a ticket of two problems was worked on once
    own = tickets.filter(
        pl.col("is_inside") & pl.col("candidate_id").is_in(found["candidate_id"].to_list())
    )
    spent = float(own.unique("ticket_id")["working_seconds"].sum() or 0.0)
    headline = (
        f"{count:,} known problem{'' if count == 1 else 's'} came back, at "
        f"{spent / wording.HOUR:,.0f} working hours"
        if count
        else "Nothing that is known came back"
    )
    note = (
        "Found by the similarity of titles and by rhythm, over all loaded tickets; with a single "
        "ticket in the period only where it has a rhythm. Working time: "
        "opened to resolved in the default calendar, of the tickets of the period."
    )
    charts = (_strips(asked, tickets, found, periods),) if count else ()
    return Section(NAME, headline, charts, (table,), (note,), SHOWN)


def _tickets(asked: Asked, periods: Periods) -> pl.DataFrame:
    """candidate_id, opened_at, is_inside and seconds of the tickets since some months before."""
    looked_at = periods.looked_at
    last = looked_at.to_on - timedelta(days=1)
    first = min(months_before(f"{last:%Y-%m}", STRIP_MONTHS - 1), looked_at.from_on)
    days = stretch(asked.months, first, looked_at.to_on)
    rows = listed(asked, "came_back", days, ("ticket_id", "opened_at", "working_seconds"))
    zone = asked.source.zone
    inside = [to_local(at, zone).date() >= looked_at.from_on for at in rows["opened_at"]]
    held = asked.shared.kept_once("held_tickets", held_tickets)
    return (
        rows.with_columns(pl.Series("is_inside", inside, dtype=pl.Boolean))
        .join(held, on="ticket_id", how="inner")
        .sort("opened_at", "ticket_id", "candidate_id")
    )


def _found(asked: Asked, tickets: pl.DataFrame) -> pl.DataFrame:
    """The candidates with a rhythm or several tickets in the period, with what those cost."""
    policy = asked.source.policy
    known = asked.shared.kept_once(
        "candidates", lambda connection, kept: _known(connection, kept, policy)
    )
    inside = (
        tickets.filter("is_inside")
        .group_by("candidate_id")
        .agg(pl.len().alias("inside"), pl.col("working_seconds").sum().alias("seconds"))
    )
    return (
        known.join(inside, on="candidate_id", how="inner")
        .filter((pl.col("inside") >= FEWEST_TICKETS) | pl.col("is_rhythmic"))
        .sort("seconds", "inside", "candidate_id", descending=[True, True, False])
    )


def _known(connection: duckdb.DuckDBPyConnection, kept: Path, policy: Policy) -> pl.DataFrame:
    """All candidates: those that only a rhythm made stand in place of their parts."""
    by_cost = candidates(connection, kept, policy)
    by_rhythm = candidates(connection, kept, policy, "rhythm")
    made = by_rhythm.filter(pl.col("basis") == "family")
    return pl.concat([by_cost.filter(pl.col("part_of").is_null()), made])


def _line(row: dict[str, Any], asked: Asked, rate: float | None) -> list[Cell]:
    zone = asked.source.zone
    seconds = row["seconds"] or 0.0
    price = [] if rate is None else [cells.count(round(seconds / wording.HOUR * rate))]
    expected = row["next_from_at"]
    return [
        cells.text(row["name"]),
        cells.text(row["service"]),
        cells.count(row["inside"]),
        cells.duration(seconds),
        *price,
        cells.count(row["tickets"]),
        cells.text(rhythm_in_words(row), "" if row["is_rhythmic"] else "quiet"),
        cells.day(to_local(expected, zone).date() if expected is not None else None),
        cells.text(_record(row), "quiet" if row["problem_state"] == "none" else ""),
    ]


def _record(row: dict[str, Any]) -> str:
    state = row["problem_state"]
    if state in (None, "none"):
        return "none"
    return f"{row['problems'] or ''} {state}".strip()


def _strips(
    asked: Asked, tickets: pl.DataFrame, found: pl.DataFrame, periods: Periods
) -> EventStrips:
    zone = asked.source.zone
    looked_at = periods.looked_at
    last = looked_at.to_on - timedelta(days=1)
    first = min(months_before(f"{last:%Y-%m}", STRIP_MONTHS - 1), looked_at.from_on)
    opened: dict[str, list[str]] = {}
    for row in tickets.to_dicts():
        at = f"{to_local(row['opened_at'], zone):%Y-%m-%dT%H:%M}"
        opened.setdefault(row["candidate_id"], []).append(at)
    drawn = found.head(DRAWN).to_dicts()
    return EventStrips(
        "When they came",
        "One mark for each ticket of a recurring problem: "
        + "; ".join(f"{row['name']}, {row['inside']} in the period" for row in drawn)
        + ".",
        f"{first}",
        f"{looked_at.to_on}",
        f"{looked_at.from_on}",
        tuple(
            Comeback(str(row["name"] or ""), tuple(opened.get(row["candidate_id"], ())))
            for row in drawn
        ),
    )
