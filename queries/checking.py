"""What is doubtful about the data, counted, and what that does to each figure.

A check is one SQL file of `queries/checks`: its header says what it looks for and which figures it
touches (`queries/bounds.py` says how far), its query lists the tickets (or rows) it found.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import duckdb
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from policies.model import Policy
from policies.refusal import Refused
from queries.catalogue import read_headed
from queries.selection import first_row

CHECKS_FOLDER = Path(__file__).parent / "checks"
MOST_EVIDENCE = 1_000

Mode = Literal["excluded", "values", "either", "better", "missing", "unknown"]
Among = Literal["tickets", "incidents", "finished", "rows", "files"]
Sentence = Annotated[str, Field(min_length=1)]

_POPULATIONS: dict[Among, str] = {
    "tickets": "select count(*) as n from counted_tickets",
    "incidents": "select count(*) as n from counted_tickets where kind = 'incident'",
    "finished": "select count(*) as n from counted_tickets where is_finished",
    "rows": 'select coalesce(sum("rows"), 0) as n from loads where undone_at is null',
    "files": "select count(*) as n from loads where undone_at is null",
}


class CheckHeader(BaseModel):
    """What a check says about itself; `among` is what its count is a share of."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    label: Sentence
    explanation: Sentence
    among: Among
    affects: Mapping[str, Mode] = Field(default_factory=dict)


class Check(CheckHeader):
    """A check: its header, its name (that of the file) and the query of its evidence."""

    name: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """How much a check found: `count` of `among`, its share, and what the policy lets pass."""

    check: Check
    count: int
    among: int
    limit: int | float | None

    @property
    def share(self) -> float | None:
        return self.count / self.among if self.among else None

    @property
    def is_over(self) -> bool:
        """Whether it is more than the policy lets pass."""
        if self.limit is None:
            return False
        if isinstance(self.limit, int):
            return self.count > self.limit
        return self.count > 0 and (self.share is None or self.share > self.limit)


def read_checks(folder: Path = CHECKS_FOLDER) -> dict[str, Check]:
    """All checks by name, in order of name; Refused for a file that is none."""
    checks: dict[str, Check] = {}
    for path in sorted(folder.glob("*.sql")):
        header, sql = read_headed(path, CheckHeader, "check")
        checks[path.stem] = Check(name=path.stem, sql=sql, **dict(header))
    return checks


def check_limits(policy: Policy, checks: Mapping[str, Check]) -> None:
    """Refused where the policy names a check that there is not."""
    for name in policy.checks:
        if name not in checks:
            near = difflib.get_close_matches(name, checks, n=1, cutoff=0)
            raise Refused(f"The policy: checks.{name} is no check; did you mean {near[0]!r}?")


def findings_of(
    connection: duckdb.DuckDBPyConnection, checks: Mapping[str, Check], policy: Policy
) -> list[Finding]:
    """What each check found, in order of name."""
    check_limits(policy, checks)
    found = []
    with connection.cursor() as cursor:
        for name, check in checks.items():
            count = first_row(cursor, f"select count(*) as n from ({check.sql})")["n"]
            among = first_row(cursor, _POPULATIONS[check.among])["n"]
            found.append(Finding(check, int(count), int(among), policy.checks.get(name)))
    return found


def evidence_of(
    connection: duckdb.DuckDBPyConnection, check: Check, limit: int = MOST_EVIDENCE
) -> pl.DataFrame:
    """What a check found: ticket_id, number, title, state, priority, opened_at, detail."""
    with connection.cursor() as cursor:
        return cursor.sql(
            f"""
            select
                found.ticket_id,
                tickets.number,
                tickets.title,
                tickets.state,
                tickets.priority,
                tickets.opened_at,
                found.detail
            from ({check.sql}) as found
            left join tickets on tickets.ticket_id = found.ticket_id
            order by tickets.opened_at desc, found.ticket_id, found.detail
            limit $row_limit
            """,
            params={"row_limit": limit},
        ).pl()
