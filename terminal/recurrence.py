"""`meantime candidates`, and the decisions about them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from insights.decisions import Action, decide
from insights.rhythm import FALSE_ALARMS
from insights.standing import Order, candidate, candidates, rhythm_in_words, tickets_of
from policies.model import Policy
from terminal.printing import printed_frame

BY_COST = (
    "candidate_id", "name", "tickets", "working_hours", "running_share", "callers", "service",
    "trend", "rhythm", "share_with_problem", "problem_state", "resolutions",
)  # fmt: skip
BY_RHYTHM = (
    "candidate_id", "name", "tickets", "rhythm", "next_from_at", "next_to_at", "missed", "q",
    "service", "share_with_problem", "problem_state", "resolutions",
)  # fmt: skip


def printed_candidates(
    connection: duckdb.DuckDBPyConnection,
    kept: Path,
    policy: Policy,
    order: Order,
    form: str,
    *,
    with_dismissed: bool,
) -> str:
    """The list; a table shows the main columns, JSON and CSV all of them."""
    rows = candidates(connection, kept, policy, order, with_dismissed=with_dismissed)
    words = [rhythm_in_words(row) for row in rows.iter_rows(named=True)]
    rows = rows.with_columns(pl.Series("rhythm", words, dtype=pl.String))
    if form != "table":
        return printed_frame(rows, form)
    if rows.is_empty():
        return "Nothing keeps coming back.\n" if order == "cost" else "No rhythm was found.\n"
    shown = BY_COST if order == "cost" else BY_RHYTHM
    foot = f"At most {FALSE_ALARMS:.0%} of the rhythms listed are expected to be chance.\n"
    return printed_frame(rows.select(shown), form) + (foot if order == "rhythm" else "")


def printed_tickets(
    connection: duckdb.DuckDBPyConnection, kept: Path, policy: Policy, name: str, form: str
) -> str:
    """The tickets of one candidate; Refused where there is none."""
    candidate(connection, kept, policy, name)
    return printed_frame(tickets_of(connection, kept, name), form)


def decided(
    connection: duckdb.DuckDBPyConnection,
    kept: Path,
    policy: Policy,
    decision: tuple[str, Action, str],
    who: str,
) -> str:
    """Keep one decision about a candidate that there is, and say so."""
    name, action, value = decision
    candidate(connection, kept, policy, name)
    if action == "merge":
        candidate(connection, kept, policy, value)
    made = decide(kept, who, name, action, value)
    return f"{made.at} {made.who}: {made.action} {made.candidate} {made.value}".rstrip() + "\n"
