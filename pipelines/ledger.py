"""The ledger: one line per loaded file, and what it says of a file that comes again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from pipelines.binding import quoted
from pipelines.findings import Finding
from pipelines.mappings.mapping import GivenMapping
from pipelines.reading.opened import OpenedFile


@dataclass(frozen=True)
class LoadOptions:
    """How the user wants the files read; None means: find out, or refuse."""

    source: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    exported_at: str | None = None
    mapping: GivenMapping | None = None

    @property
    def as_json(self) -> str:
        """The flags and the mapping's digest, by which a file read otherwise is another file."""
        told = {
            "source": self.source,
            "timezone": self.timezone,
            "date_order": self.date_order,
            "exported_at": self.exported_at,
        }
        if self.mapping is not None:
            told["mapping"] = self.mapping.mapping.digest
        return json.dumps(told, sort_keys=True)


@dataclass(frozen=True)
class LoadedFile:
    """What became of one file: rows = accepted + rejected; tickets are counted apart."""

    file: str
    source: str
    form: str
    detected: dict[str, str | None]
    exported_at: str
    rows: int
    rows_accepted: int
    rows_rejected: int
    tickets_new: int = 0
    tickets_updated: int = 0
    tickets_unchanged: int = 0
    events_new: int = 0
    events_known: int = 0
    known: bool = False
    findings: list[Finding] = field(default_factory=list)


def known_file(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, options: LoadOptions
) -> LoadedFile | None:
    """The ledger's line of a file with the same content, read with the same flags."""
    row = connection.execute(
        """
        select file, source, form, detected, exported_at, rows, rows_accepted, rows_rejected,
            tickets_new + tickets_updated + tickets_unchanged, events_new + events_known, findings
        from loads
        where content_digest = $digest and options = $options and undone_at is null
        order by load_id
        limit 1
        """,
        {"digest": opened.content_digest, "options": options.as_json},
    ).fetchone()
    if row is None:
        return None
    return LoadedFile(
        file=opened.label,
        source=row[1],
        form=row[2],
        detected=json.loads(row[3]),
        exported_at=row[4].isoformat() + "Z",
        rows=row[5],
        rows_accepted=row[6],
        rows_rejected=row[7],
        tickets_unchanged=row[8],
        events_known=row[9],
        known=True,
        findings=json.loads(row[10]),
    )


def write_line(
    connection: duckdb.DuckDBPyConnection,
    loaded: LoadedFile,
    opened: OpenedFile,
    options: LoadOptions,
    *,
    load_id: int,
    build: int,
) -> None:
    """Add a file to the ledger."""
    line = {
        "load_id": load_id,
        "loaded_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "file": loaded.file,
        "content_digest": opened.content_digest,
        "options": options.as_json,
        "source": loaded.source,
        "form": loaded.form,
        "detected": json.dumps(loaded.detected, ensure_ascii=False),
        "exported_at": datetime.fromisoformat(loaded.exported_at).replace(tzinfo=None),
        "rows": loaded.rows,
        "rows_accepted": loaded.rows_accepted,
        "rows_rejected": loaded.rows_rejected,
        "tickets_new": loaded.tickets_new,
        "tickets_updated": loaded.tickets_updated,
        "tickets_unchanged": loaded.tickets_unchanged,
        "events_new": loaded.events_new,
        "events_known": loaded.events_known,
        "findings": json.dumps(loaded.findings, ensure_ascii=False),
        "build": build,
    }
    names = ", ".join(quoted(name) for name in line)
    values = ", ".join(f"${name}" for name in line)
    connection.execute(f"insert into loads ({names}) values ({values})", line)


def tell_findings(connection: duckdb.DuckDBPyConnection, loaded: LoadedFile, load_id: int) -> None:
    """Write the findings of a file into its line of this load, if it has one."""
    told = {
        "findings": json.dumps(loaded.findings, ensure_ascii=False),
        "load_id": load_id,
        "file": loaded.file,
    }
    connection.execute(
        "update loads set findings = $findings where load_id = $load_id and file = $file", told
    )
