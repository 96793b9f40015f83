"""Two verdicts side by side: ours and the tool's, one policy's and another's."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb
import polars as pl

from queries.measure import Answer
from queries.service_levels import Reconciliation, WhatIf, against_current
from terminal.printing import answer_rows, plain, printed_answers, printed_frame


def printed_reconciliation(found: Reconciliation, form: str) -> str:
    """The tickets with both verdicts, disagreements first; the agreement rate above the table."""
    if form == "json":
        told = {
            "compared": found.compared,
            "agreement": found.agreement,
            "tickets": found.tickets.to_dicts(),
        }
        return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"
    if form == "csv":
        return printed_frame(found.tickets, form)
    if found.agreement is None:
        return "No ticket has both a verdict of its tool and a computed one.\n"
    apart = found.tickets.filter(~pl.col("agrees"))
    head = f"{found.compared:,} tickets have both verdicts; they agree on {found.agreement:.2%}.\n"
    return head + (printed_frame(apart, form) if len(apart) else "")


def printed_what_if(found: WhatIf, form: str) -> str:
    """How many clocks are in which state under each policy, and the verdicts that change."""
    if form == "json":
        told = {"states": found.states.to_dicts(), "changes": found.changes.to_dicts()}
        return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"
    if form == "csv":
        return printed_frame(found.changes, form)
    changed = f"\n{len(found.changes):,} verdicts change.\n"
    rows = printed_frame(found.changes, form) if len(found.changes) else ""
    return printed_frame(found.states, form) + changed + rows


def printed_side_by_side(
    current: Sequence[Answer],
    other: Sequence[Answer],
    connection: duckdb.DuckDBPyConnection,
    form: str,
) -> str:
    """Figures under the build's policy and under another one, and the verdicts that change."""
    changes = against_current(connection).changes
    if form == "json":
        told = {
            "current": json.loads(printed_answers(current, form)),
            "other": json.loads(printed_answers(other, form)),
            "changes": changes.to_dicts(),
        }
        return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"
    rows = [
        {"policy": policy} | row
        for policy, answers in (("current", current), ("other", other))
        for answer in answers
        for row in answer_rows(answer)
    ]
    if form == "csv":
        return pl.DataFrame(rows, infer_schema_length=None).write_csv()
    told = "current policy\n" + printed_answers(current, form)
    told += "\nother policy\n" + printed_answers(other, form)
    told += f"\n{len(changes):,} verdicts change.\n"
    return told + (printed_frame(changes, form) if len(changes) else "")
