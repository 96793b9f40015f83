"""A load tried out: what a file is and what would become of its rows, with nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines import findings
from pipelines.binding import Bindings
from pipelines.contract import TABLES, TICKET_EVENTS
from pipelines.findings import Finding
from pipelines.incoming import write_incoming, write_incoming_events
from pipelines.ledger import LoadOptions
from pipelines.mappings.kept_mappings import KeptMapping, recognised
from pipelines.mappings.proposal import Proposal, propose, propose_best
from pipelines.planning import candidates, detected, exported_at
from pipelines.reading.files import open_parts
from pipelines.reading.opened import OpenedFile
from pipelines.reading.uneven import made_even
from pipelines.rejects import keep_rejected_rows
from pipelines.sources import Form, UnknownHeader
from pipelines.staging import stage_file
from policies.refusal import Refused
from queries.model.connection import connect

PREVIEW_ROWS = 8
LONGEST_CELL = 200


@dataclass(frozen=True)
class Table:
    """One table of a file, and the form that reads it; None where no source knows its header."""

    opened: OpenedFile
    options: LoadOptions
    form: Form | None
    preview: pl.DataFrame


@dataclass(frozen=True)
class Trial:
    """What a load would make of a table.

    `reasons` has column, value (an example), reason and rows, most rows first. `refused` is the
    sentence with which the load would refuse the file; then nothing else is known.
    """

    accepted: int = 0
    rejected: int = 0
    reasons: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: tuple[Finding, ...] = ()
    detected: Mapping[str, str | None] = field(default_factory=dict)
    refused: str | None = None

    @property
    def rows(self) -> int:
        return self.accepted + self.rejected


def look(path: Path, scratch: Path, kept: list[KeptMapping], options: LoadOptions) -> list[Table]:
    """The tables of a file with what reads each. Raises Refused for a file that holds none."""
    tables = []
    with connect(None) as connection:
        parts = [made_even(connection, part, scratch) for part in open_parts(path, scratch)]
    for part in parts:
        chosen = recognised(kept, part.header, options)
        try:
            form = candidates(part, chosen)[0]
        except UnknownHeader:
            form = None
        tables.append(Table(part, chosen, form, preview(part)))
    return tables


def preview(opened: OpenedFile) -> pl.DataFrame:
    """The first rows as texts, under the file's own names; one that repeats has its place."""
    bind = Bindings()
    cells = ", ".join(f"left(c{i}, {LONGEST_CELL}) as c{i}" for i in range(len(opened.header)))
    with connect(None) as connection:
        rows = connection.sql(
            f"select {cells} from {opened.relation(bind, ())} limit {PREVIEW_ROWS}",
            params=bind.values,
        ).pl()
    names: list[str] = []
    for place, name in enumerate(opened.header):
        shown = name or f"column {place + 1}"
        count = names.count(shown)
        names.append(shown if not count else f"{shown} ({place + 1})")
    return rows.rename(dict(zip(rows.columns, names, strict=True)))


def proposal_for(opened: OpenedFile) -> Proposal:
    """A mapping proposed for a table."""
    with connect(None) as connection:
        return propose(connection, opened)


def likeliest(tables: Sequence[Table]) -> Table:
    """Of tables that nothing knows the one that looks most like tickets."""
    if len(tables) == 1:
        return tables[0]
    with connect(None) as connection:
        best, _ = propose_best(connection, [table.opened for table in tables])
    return next(table for table in tables if table.opened is best)


def try_out(opened: OpenedFile, options: LoadOptions) -> Trial:
    """Stage the table in memory as a load would, and count what it would reject."""
    with connect(None) as connection:
        for table in TABLES:
            connection.execute(table.create_sql)
        connection.execute("set variable load_id = 1")
        try:
            return _tried(connection, opened, options)
        except Refused as refused:
            return Trial(refused=str(refused))


def _tried(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, options: LoadOptions
) -> Trial:
    plan = stage_file(connection, opened, options)
    rejected = keep_rejected_rows(connection, plan, 1)
    row = connection.execute("select count(*) from staged").fetchone()
    accepted = row[0] if row else 0
    reasons = connection.sql(
        """
        select
            coalesce("column", '(row)') as "column",
            any_value("value") as "value",
            reason,
            count(*) as "rows"
        from rejected_rows
        group by all
        order by "rows" desc, "column"
        limit 20
        """
    ).pl()
    found: list[Finding] = []
    if accepted:
        exported = exported_at(connection, plan, options)
        if plan.table is not TICKET_EVENTS:
            write_incoming(connection, plan, exported)
        if plan.table is TICKET_EVENTS or plan.form.history is not None:
            write_incoming_events(connection, plan)
        found = findings.of_file(connection, plan, options.timezone, accepted + rejected)
    return Trial(
        accepted=accepted,
        rejected=rejected,
        reasons=reasons,
        findings=tuple(found),
        detected=detected(plan, options),
        refused=None if accepted else "no row of it could be accepted",
    )
