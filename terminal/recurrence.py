"""What keeps coming back, as the terminal prints it: candidates, decisions, effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from insights.decisions import Action
from insights.effect import effect
from insights.markers import Marker, markers
from insights.rhythm import FALSE_ALARMS
from insights.standing import (
    Order,
    candidate,
    candidates,
    decide_on,
    rhythm_in_words,
    tickets_of,
)
from policies.model import Policy
from policies.refusal import Refused
from queries import wording
from queries.catalogue import Metric
from terminal.printing import printed_frame
from terminal.questions import question_of

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
    rate = f"{FALSE_ALARMS:.0%}"
    foot = f"Where nothing has a rhythm, the chance that anything is listed is at most {rate}.\n"
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
    made = decide_on(connection, kept, policy, decision, who)
    return f"{made.at} {made.who}: {made.action} {made.candidate} {made.value}".rstrip() + "\n"


def chosen_markers(
    policy: Policy, kept: Path, title: str | None, day: str | None, where: Sequence[str]
) -> list[Marker]:
    """The markers asked for: one of a day of the user's own, one by title, or all."""
    conditions = question_of(day, None, (), where, None)
    if conditions.from_on is not None:
        return [Marker(conditions.from_on, title or f"since {day}", conditions.where)]
    found = [each for each in markers(policy, kept) if title in (None, each.title)]
    if not found:
        raise Refused(
            f"There is no marker{f' {title}' if title else ''}: write one into the policy as "
            "[[marker]], or give a day with --on 2026-03-01."
        )
    return [Marker(each.on, each.title, {**each.where, **conditions.where}) for each in found]


def printed_effects(
    connection: duckdb.DuckDBPyConnection,
    metrics: Sequence[Metric],
    found: Sequence[Marker],
    policy: Policy,
    days: int,
    form: str,
) -> str:
    """One row per marker and metric; a table for people in the words of the pages."""
    rows = [
        (metric, asdict(effect(connection, metric, marker, policy, days)))
        for marker in found
        for metric in metrics
    ]
    told = [_in_words(*row) if form == "table" else row[1] for row in rows]
    return printed_frame(pl.DataFrame(told, infer_schema_length=None), form)


def _in_words(metric: Metric, row: dict[str, Any]) -> dict[str, Any]:
    is_count = metric.unit == "count"  # told per day, where hundredths matter
    told = dict(row)
    for name in ("before", "after"):
        if row[name] is not None:
            told[name] = f"{row[name]:,.2f}" if is_count else wording.figure(metric, row[name])
    for name in ("difference", "low", "high"):
        if row[name] is not None:
            told[name] = (
                _signed(row[name], "+,.2f") if is_count else wording.signed(metric, row[name])
            )
    for name in ("relative", "relative_low", "relative_high"):
        if row[name] is not None:
            told[name] = _signed(row[name], "+.0%")
    if row["share_compared"] is not None:
        told["share_compared"] = f"{row['share_compared']:.0%}"
    return told


def _signed(value: float, form: str) -> str:
    return format(value, form).replace("-", wording.MINUS)
