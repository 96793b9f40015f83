"""The ticket contract: every column of every table, declared once.

Schemas, `create table`, `docs/contract.md`, the empty warehouse of the tests and the `generic`
source come from this page. All instants are UTC, in columns named `_at`, stored as TIMESTAMP
without a zone so that no session or machine zone can shift them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "instant", "integer", "number", "boolean", "json"]

SQL_TYPES: dict[ColumnType, str] = {
    "text": "varchar",
    "instant": "timestamp",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "json": "varchar",
}

KINDS = ("incident", "service_request", "problem", "change", "other")
STATES = ("new", "in_progress", "on_hold", "resolved", "closed", "cancelled", "unknown")
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
LEVELS = ("high", "medium", "low")
DETECTIONS = ("monitoring", "user", "staff")
ACTOR_ROLES = ("caller", "agent", "system")
EVENT_FIELDS = (
    "state",
    "source_state",
    "hold_reason",
    "resolver_group",
    "assignee",
    "priority",
    "public_comment",
    "private_comment",
)


@dataclass(frozen=True)
class Column:
    """One column: its type, whether a row without it is rejected, and what it means.

    `choices` are the only values stored; anything else an export says becomes `otherwise`
    (null unless stated) with a finding. `dimension` columns can be filtered and grouped by.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    otherwise: str | None = None
    dimension: bool = False
    reference: bool = False  # holds another ticket's id: `source:number`

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table: its grain in one line, its columns, and the key that makes a row unique."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def create_sql(self) -> str:
        columns = ",\n    ".join(f'"{column.name}" {column.sql_type}' for column in self.columns)
        return f"create table {self.name} (\n    {columns}\n)"


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "text", meaning, required=required)


def _dimension(name: str, meaning: str, *choices: str, otherwise: str | None = None) -> Column:
    return Column(name, "text", meaning, choices=choices, otherwise=otherwise, dimension=True)


def _at(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "instant", meaning, required=required)


TICKETS = Table(
    name="tickets",
    grain="one row per ticket as last exported",
    key=("ticket_id",),
    columns=(
        _text("ticket_id", "`source:number`, unique in the warehouse"),
        _dimension("source", "the tool, or the name the load gave it"),
        _text("number", "the ticket's number in its tool", required=True),
        _dimension("kind", "what it is", *KINDS, otherwise="other"),
        _text("title", "short description"),
        _text("description", "long description"),
        _dimension("state", "where it stands, in our words", *STATES, otherwise="unknown"),
        _dimension("source_state", "where it stands, in the tool's words"),
        _dimension("hold_reason", "why it waits, while on hold"),
        _dimension("priority", "P1 is the most urgent", *PRIORITIES),
        _dimension("impact", "how many are touched", *LEVELS),
        _dimension("urgency", "how soon it hurts", *LEVELS),
        _dimension("severity", "how bad it is, in the tool's words"),
        _dimension("service", "the business service"),
        _dimension("configuration_item", "the component"),
        _dimension("category", "first level of classification"),
        _dimension("subcategory", "second level of classification"),
        _dimension("symptom", "what the caller saw, as a code"),
        _dimension("resolver_group", "the group that has it, or had it last"),
        _dimension("assignee", "the person who has it, or had it last"),
        _dimension("caller", "who is affected"),
        _dimension("customer", "the organisation of the caller"),
        _dimension("location", "the site of the caller"),
        _dimension("channel", "how it was reported"),
        _dimension("detection", "who noticed first", *DETECTIONS),
        _at("impact_started_at", "when the service began to suffer"),
        _at("detected_at", "when somebody or something noticed"),
        _at("opened_at", "when the ticket was opened for its caller", required=True),
        _at("logged_at", "when the record was written into the tool"),
        _at("first_response_at", "first human public answer"),
        _at("resolved_at", "last resolution, as the tool exported it"),
        _at("closed_at", "closure, often automatic days after resolution"),
        _at("updated_at", "last change of the record: the newest wins"),
        Column("reassignment_count", "integer", "moves between groups"),
        Column("reopen_count", "integer", "times it came back after resolution"),
        Column("contact_count", "integer", "contacts with the caller"),
        Column("satisfaction", "number", "the caller's answer, on the tool's scale"),
        Column("parent_id", "text", "the ticket this one is a child of", reference=True),
        Column("is_major", "boolean", "declared a major incident", dimension=True),
        Column("merged_into", "text", "the ticket that replaced this one", reference=True),
        Column("is_test", "boolean", "a trial, not a real ticket"),
        Column("problem_id", "text", "the problem record behind it", reference=True),
        Column("change_id", "text", "the change raised to fix it", reference=True),
        Column("caused_by_change", "text", "the change that caused it", reference=True),
        Column("knowledge_used", "boolean", "a knowledge article was used", dimension=True),
        _dimension("resolution_code", "how it was resolved, as a code"),
        _text("resolution_notes", "how it was resolved, in words"),
        _at("reviewed_at", "when its post-incident review was held"),
        Column("tool_sla_met", "boolean", "the tool's own verdict", dimension=True),
        _at("tool_due_at", "the tool's own deadline"),
        Column(
            "precision_seconds",
            "integer",
            "the step of its times in the export: 1, 60 for minutes, 86,400 for days",
        ),
        _at("exported_at", "the moment of the newest export that showed this ticket"),
        _at("version_at", "what this row speaks of: `updated_at`, else the moment of its export"),
        Column("load_id", "integer", "the load that brought this row"),
        Column("extra", "json", "columns nobody mapped, as JSON"),
    ),
)

TICKET_EVENTS = Table(
    name="ticket_events",
    grain="one row per change of one field of one ticket",
    key=("ticket_id", "at", "field", "old", "new", "actor", "sequence"),
    columns=(
        _text("ticket_id", "the ticket, which may come with a later load", required=True),
        _at("at", "when it happened", required=True),
        Column("sequence", "integer", "order of the events of one instant"),
        Column("field", "text", "what changed", required=True),
        _text("old", "before"),
        _text("new", "after"),
        _text("actor", "who did it"),
        Column("actor_role", "text", "caller, agent or system", choices=ACTOR_ROLES),
        Column("load_id", "integer", "the load that brought it first"),
    ),
)

CHANGES = Table(
    name="changes",
    grain="one row per change record",
    key=("change_id",),
    columns=(
        _text("change_id", "`source:number`"),
        _dimension("source", "the tool, or the name the load gave it"),
        _text("number", "the change's number", required=True),
        _text("title", "short description"),
        _dimension("type", "standard, normal or emergency"),
        _dimension("state", "where it stands, in the tool's words"),
        _dimension("risk", "as the tool rates it"),
        _dimension("service", "the business service"),
        _dimension("configuration_item", "the component"),
        _dimension("category", "classification"),
        _dimension("resolver_group", "the group that does it"),
        _at("opened_at", "when it was raised"),
        _at("planned_start_at", "planned start"),
        _at("planned_end_at", "planned end"),
        _at("started_at", "actual start"),
        _at("ended_at", "actual end"),
        _at("closed_at", "closure"),
        _dimension("outcome", "how it ended: successful, backed out ..."),
        _at("updated_at", "last change of the record"),
        _at("exported_at", "the moment of the newest export that showed it"),
        _at("version_at", "what this row speaks of: `updated_at`, else the moment of its export"),
        Column("load_id", "integer", "the load that brought this row"),
        Column("extra", "json", "columns nobody mapped, as JSON"),
    ),
)

PROBLEMS = Table(
    name="problems",
    grain="one row per problem record",
    key=("problem_id",),
    columns=(
        _text("problem_id", "`source:number`"),
        _dimension("source", "the tool, or the name the load gave it"),
        _text("number", "the problem's number", required=True),
        _text("title", "short description"),
        _dimension("state", "where it stands, in the tool's words"),
        _dimension("priority", "P1 is the most urgent", *PRIORITIES),
        _dimension("service", "the business service"),
        _dimension("configuration_item", "the component"),
        _dimension("category", "classification"),
        _dimension("resolver_group", "the group that has it"),
        Column("is_known_error", "boolean", "cause known, workaround there"),
        _text("workaround", "what helps until it is fixed"),
        _text("cause", "the root cause"),
        Column("change_id", "text", "the change that fixes it", reference=True),
        _at("opened_at", "when it was raised"),
        _at("resolved_at", "when it was fixed"),
        _at("closed_at", "closure"),
        _at("updated_at", "last change of the record"),
        _at("exported_at", "the moment of the newest export that showed it"),
        _at("version_at", "what this row speaks of: `updated_at`, else the moment of its export"),
        Column("load_id", "integer", "the load that brought this row"),
        Column("extra", "json", "columns nobody mapped, as JSON"),
    ),
)

REVIEWS = Table(
    name="reviews",
    grain="one row per action of a post-incident review, or per review without actions",
    key=("ticket_id", "held_at", "action"),
    columns=(
        _text("ticket_id", "the reviewed ticket", required=True),
        _at("held_at", "when the review took place"),
        _text("summary", "what was learnt"),
        _text("action", "what is to be done"),
        _text("owner", "who does it"),
        _at("due_at", "by when"),
        _at("done_at", "when it was done"),
        _at("exported_at", "the moment of the newest export that showed it"),
        _at("version_at", "what this row speaks of: `updated_at`, else the moment of its export"),
        Column("load_id", "integer", "the load that brought this row"),
    ),
)

TOOL_SLAS = Table(
    name="tool_slas",
    grain="one row per service level that the tool attached to a ticket: a ticket has several",
    key=("ticket_id", "sla", "started_at"),
    columns=(
        _text("ticket_id", "the ticket, which may come with a later load", required=True),
        _text("number", "the ticket's number in its tool", required=True),
        _text("sla", "the service level's name in the tool"),
        Column("clock", "text", "what it promises", choices=("response", "resolution")),
        _text("stage", "where the tool has it: in progress, paused, completed, cancelled ..."),
        Column("has_breached", "boolean", "the tool's own verdict on it"),
        _at("started_at", "when the tool started it"),
        _at("ended_at", "when the tool stopped it"),
        _at("due_at", "the tool's own deadline"),
        _at("updated_at", "last change of the record"),
        _at("exported_at", "the moment of the newest export that showed it"),
        _at("version_at", "what this row speaks of: `updated_at`, else the moment of its export"),
        Column("load_id", "integer", "the load that brought this row"),
        Column("extra", "json", "columns nobody mapped, as JSON"),
    ),
)

LOADS = Table(
    name="loads",
    grain="one row per loaded file, or per table in it: the ledger",
    key=("load_id", "file"),
    columns=(
        Column("load_id", "integer", "counts up; the files of one command share it"),
        _at("loaded_at", "when it was loaded, by this machine's clock"),
        _text("file", "its path as it was given, and the part of it: sheet, member or table"),
        _text("content_digest", "SHA-256 of its unpacked content, and the part of it"),
        _text("options", "the flags it was read with, as JSON"),
        _text("source", "the source that read it"),
        _text("form", "which of the source's forms it is"),
        _text("detected", "encoding, delimiter, date order, zone, as JSON"),
        _at("exported_at", "the moment of the export"),
        Column("rows", "integer", "rows in the file = accepted + rejected"),
        Column("rows_accepted", "integer", "rows that became part of the warehouse"),
        Column("rows_rejected", "integer", "rows kept in `rejected_rows`"),
        Column("tickets_new", "integer", "tickets never seen before"),
        Column("tickets_updated", "integer", "tickets that changed"),
        Column("tickets_unchanged", "integer", "tickets already known, or known newer"),
        Column("events_new", "integer", "events never seen before"),
        Column("events_known", "integer", "events already known"),
        _text("findings", "what is odd about it, as JSON"),
        Column("build", "integer", "the build that it first appeared in"),
        _at("undone_at", "when the load was undone; empty while it counts"),
    ),
)

REJECTED_ROWS = Table(
    name="rejected_rows",
    grain="one row per row of a file that was not accepted",
    key=("load_id", "file", "line"),
    columns=(
        Column("load_id", "integer", "the load"),
        _text("file", "its path as it was given, and the part of it"),
        Column(
            "line",
            "integer",
            "physical line of the unpacked file; row of the sheet, number of the record",
        ),
        _text("column", "the first column that could not be accepted, as the file names it"),
        _text("value", "what stood there"),
        _text("reason", "why it could not be accepted"),
    ),
)

TABLES: tuple[Table, ...] = (
    TICKETS,
    TICKET_EVENTS,
    CHANGES,
    PROBLEMS,
    REVIEWS,
    TOOL_SLAS,
    LOADS,
    REJECTED_ROWS,
)

KEYED_TABLES: tuple[Table, ...] = (TICKETS, CHANGES, PROBLEMS, REVIEWS, TOOL_SLAS)
DATA_TABLES: tuple[Table, ...] = (TICKETS, TICKET_EVENTS, CHANGES, PROBLEMS, REVIEWS, TOOL_SLAS)

TICKET_DIMENSIONS: tuple[str, ...] = tuple(c.name for c in TICKETS.columns if c.dimension)

# What a build of today has: table -> column -> type.
COLUMNS = {table.name: {c.name: c.sql_type for c in table.columns} for table in TABLES}
