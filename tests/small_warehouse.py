"""A small warehouse for the dashboard: fourteen months of tickets, the same in every run.

Its last month is not complete, no ticket says when an impact started, one row is rejected, and
one title tries to be markup.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load
from pipelines.warehouse import Warehouse
from policies.read import read_policy

FIRST = datetime(2025, 10, 1, 8, 0)
MARKUP = "<b>bold</b> **strong** [link](https://example.org) $x$ :red[no]"
SERVICES = ("Mail", "Network", "Printing", "Portal", "Telephony", "Storage", "Payroll", "Wiki")
GROUPS = ("Service Desk", "Network Team", "Applications")
LAST_COMPLETE = "Oct 2026"
EVERY = timedelta(hours=17)
TICKETS_WRITTEN = 564
NAMES = (
    "number",
    "kind",
    "title",
    "state",
    "priority",
    "service",
    "category",
    "resolver_group",
    "caller",
    "customer",
    "channel",
    "opened_at",
    "resolved_at",
    "closed_at",
    "reassignment_count",
    "reopen_count",
    "satisfaction",
)


def write_export(path: Path) -> None:
    """The tickets as a file of the contract's own columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(_ticket(number) for number in range(TICKETS_WRITTEN))
        writer.writerow({"number": "INC99999", "opened_at": "not a day"})


def _ticket(number: int) -> dict[str, object]:
    opened = FIRST + EVERY * number
    hours = 1 + (number * 37) % 90 / (1 if number % 5 else 20)
    is_open = number % 41 == 0 and number % 4 != 0
    resolved = None if is_open else opened + timedelta(hours=hours)
    return {
        "number": f"INC{number:05}",
        "kind": "service_request" if number % 11 == 0 else "incident",
        "title": MARKUP if number % 50 == 7 else f"Something fails, case {number}",
        "state": "in_progress" if is_open else "closed",
        "priority": f"P{1 + (number * 7) % 4}",
        "service": SERVICES[number % len(SERVICES)],
        "category": ("Software", "Hardware")[number % 2],
        "resolver_group": GROUPS[number % len(GROUPS)],
        "caller": f"caller {number % 60}",
        "customer": ("North", "South", "")[number % 3],
        "channel": ("phone", "e-mail", "portal")[number % 3],
        "opened_at": _text(opened),
        "resolved_at": _text(resolved),
        "closed_at": _text(resolved and resolved + timedelta(days=3)),
        "reassignment_count": number % 3,
        "reopen_count": int(number % 13 == 0),
        "satisfaction": 1 + number % 5 if number % 4 == 0 else "",
    }


def _text(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}" if instant else ""


def load_small(folder: Path, scratch: Path) -> Path:
    """Load the tickets into the folder; gives the folder."""
    export = scratch / "tickets.csv"
    write_export(export)
    options = LoadOptions(timezone="UTC", exported_at="2026-11-05T12:00:00Z")
    load([export], Warehouse(folder), read_policy(None, TICKETS.names), options)
    return folder


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small warehouse; tests read it and do not write into it."""
    return load_small(tmp_path_factory.mktemp("small") / "wh", tmp_path_factory.mktemp("export"))
