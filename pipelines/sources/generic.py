"""Any tool: files whose columns carry the contract's own names, for every table of it."""

from __future__ import annotations

from pipelines.contract import DATA_TABLES, Table
from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)
from pipelines.sources import Form
from pipelines.words import ACTOR_ROLES

NAME = "generic"
TITLE = "Any tool, by the contract's own column names"
HOW_TO_EXPORT = """
    Write a CSV, Excel, JSON or Parquet file whose columns carry the names below, from a database,
    a spreadsheet or a script. Only `number` (or `ticket_id`) and `opened_at` are required of a
    ticket. Write instants as `2026-10-31T09:14:22Z`, or as local times together with `--timezone`.
    """

VALUES = {
    "kind": KINDS_IN_LANGUAGES,
    "state": STATES_IN_LANGUAGES,
    "priority": PRIORITIES_IN_LANGUAGES,
    "impact": LEVELS_IN_LANGUAGES,
    "urgency": LEVELS_IN_LANGUAGES,
    "detection": DETECTIONS_IN_LANGUAGES,
    "clock": {"response": "response", "resolution": "resolution"},
    "actor_role": ACTOR_ROLES,
}

# Columns that the loader fills: a file cannot.
OURS = ("version_at", "precision_seconds", "load_id")

# What tells a header of one table from the others', and from the lists of tools that happen to call
# a column alike.
TOLD_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "tickets": (("number", "ticket_id"), ("opened_at",)),
    "ticket_events": (("number", "ticket_id"), ("at",), ("field",)),
    "changes": (
        ("number", "change_id"),
        ("planned_start_at", "started_at", "risk", "outcome"),
    ),
    "problems": (("number", "problem_id"), ("is_known_error", "workaround")),
    "reviews": (
        ("number", "ticket_id"),
        ("held_at", "action"),
        ("held_at", "summary", "owner", "due_at", "done_at"),
    ),
    "tool_slas": (("number", "ticket_id"), ("sla",), ("has_breached", "stage")),
}


def _form(table: Table) -> Form:
    names = {column.name: (column.name,) for column in table.columns if column.name not in OURS}
    if table.name in ("ticket_events", "reviews", "tool_slas"):
        names["number"] = ("number",)
        names["source"] = ("source",)
    return Form(
        source=NAME,
        name=table.name,
        title=f"{table.name}: {table.grain}",
        table=table.name,
        columns=names,
        recognised_by=TOLD_BY[table.name],
        values={name: words for name, words in VALUES.items() if name in names},
        cannot_give="nothing: what the file has is what there is",
    )


FORMS = tuple(_form(table) for table in DATA_TABLES)
