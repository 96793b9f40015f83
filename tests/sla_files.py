"""Service levels through the files that a user gives: a policy, tickets.csv, ticket_events.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.session import open_build
from tests.command import load

Row = Mapping[str, object]

OFFICE = """
timezone = "Europe/Madrid"
[calendars.office]
timezone = "Europe/Madrid"
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
"""


@dataclass(frozen=True)
class Promise:
    """A service level in few words, as TOML."""

    target: str | None = "4h"
    clock: str = "resolution"
    name: str = ""
    calendar: str = "office"
    priority: str = ""
    more: str = 'pause = ["on_hold"]'

    def __str__(self) -> str:
        lines = [
            "[[sla]]",
            f'name = "{self.name or self.clock}"',
            f'clock = "{self.clock}"',
            f'calendar = "{self.calendar}"',
            self.more,
        ]
        if self.target is not None:
            lines.append(f'target = "{self.target}"')
        if self.priority:
            lines.append(f'where = {{ priority = "{self.priority}" }}')
        return "\n".join(lines)


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def clocks_of(
    folder: Path,
    policy: str,
    tickets: Sequence[Row],
    events: Sequence[Row] = (),
    exported_at: str = "2025-12-01T00:00:00Z",
) -> list[dict[str, Any]]:
    """All clocks of these tickets, ordered by number, clock, cycle and start."""
    folder.mkdir(exist_ok=True)
    policy_file = folder / "policy.toml"
    policy_file.write_text(policy, encoding="utf-8")
    files = [write_csv(folder / "tickets.csv", tickets)]
    if events:
        files.append(write_csv(folder / "ticket_events.csv", events))
    options = ("--exported-at", exported_at, "--policy", policy_file)
    load(folder / "warehouse", *files, *options)
    return read_clocks(folder / "warehouse", policy_file)


def read_clocks(warehouse: Path, policy_file: Path | None) -> list[dict[str, Any]]:
    policy = read_policy(policy_file, TICKETS.names)
    with open_build(Warehouse(warehouse).current_path(), policy) as connection:
        rows = connection.execute(
            "select clocks.*, number from clocks join tickets using (ticket_id) "
            "order by number, clock, cycle, started_at, sla"
        )
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def instant(text: str) -> datetime:
    """A naive UTC instant."""
    return datetime.fromisoformat(text)
