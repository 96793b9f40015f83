"""The default sample data, written once for all tests, and read as text."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import holidays
import polars as pl
import pytest

from sample_data.generate import write_exports
from sample_data.stories_file import stories_toml

ROOT = Path(__file__).parent.parent
STORIES: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / "sample_data" / "stories.toml").read_text("utf-8")
)
SHOWN = "%d/%m/%Y %H:%M:%S"
EXPORTED = datetime(2026, 10, 31, 23, 40)
HOLIDAYS = holidays.country_holidays("ES", subdiv="MD", years=range(2024, 2028))
INSTANTS = (
    "opened_at",
    "sys_created_at",
    "sys_updated_at",
    "resolved_at",
    "closed_at",
    "sla_due",
    "u_impact_started_at",
    "u_detected_at",
)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default sample in a folder of its own, with its stories beside it."""
    folder = tmp_path_factory.mktemp("exports")
    history = write_exports(folder)
    text = stories_toml(history.tickets, history.planted)
    (folder.parent / "stories.toml").write_text(text, encoding="utf-8")
    return folder


def read(path: Path, encoding: str = "cp1252") -> pl.DataFrame:
    """A CSV as text, empty cells as null."""
    return pl.read_csv(path.read_bytes().decode(encoding).encode(), infer_schema=False)


@pytest.fixture(scope="session")
def events(exports: Path) -> pl.DataFrame:
    """The event form: one row per update, instants as local wall-clock times."""
    return read(exports / "incident_events.csv").with_columns(
        pl.col(INSTANTS).str.to_datetime(SHOWN), pl.col("sys_mod_count").cast(pl.Int64)
    )


@pytest.fixture(scope="session")
def tickets(events: pl.DataFrame) -> pl.DataFrame:
    """One row per ticket, as its last update left it, with hours from opened to resolved."""
    return (
        events.sort("number", "sys_mod_count")
        .group_by("number", maintain_order=True)
        .last()
        .with_columns(hours=(pl.col("resolved_at") - pl.col("opened_at")).dt.total_seconds() / 3600)
    )


def mean(values: pl.Series) -> float:
    """The mean of numbers, or the share of true."""
    found = values.cast(pl.Float64).mean()
    assert isinstance(found, float)
    return found


def near_clock_change(column: str) -> pl.Expr:
    """Times in the night in which an hour is repeated, where wall-clock order may deceive."""
    moment = pl.col(column)
    nights = [date(2025, 10, 26), date(2026, 10, 25)]
    return moment.dt.date().is_in(nights) & (moment.dt.hour() < 3)


def working_seconds(start: datetime, end: datetime) -> int:
    """Office seconds between two local times, counted day by day."""
    total = 0.0
    day = start.date()
    while day <= end.date():
        windows = [("09:00", "14:00"), ("15:00", "18:00")]
        if day.weekday() > 4 or day in HOLIDAYS or (day.month, day.day) == (12, 31):
            windows = []
        elif (day.month, day.day) == (12, 24):
            windows = windows[:1]
        for opens, closes in windows:
            first = max(start, datetime.combine(day, time.fromisoformat(opens)))
            last = min(end, datetime.combine(day, time.fromisoformat(closes)))
            total += max((last - first).total_seconds(), 0)
        day += timedelta(days=1)
    return int(total)
