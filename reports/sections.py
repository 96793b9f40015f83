"""What a section of a report is: a headline in words, charts, tables, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.cells import Table

if TYPE_CHECKING:  # charts are drawn by a process of its own, which has no need of the catalogue
    from queries.catalogue import Unit


@dataclass(frozen=True)
class Point:
    """One month of a figure; `words` say it to whoever points at it, or has it read aloud."""

    month: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    is_complete: bool
    words: str


@dataclass(frozen=True)
class Trend:
    """A figure over the months as a line, with its band and its target."""

    title: str
    words: str
    unit: Unit
    points: tuple[Point, ...]
    target: float | None
    month: str


@dataclass(frozen=True)
class Part:
    """What one value of a dimension contributes to a change: its parts stacked."""

    name: str
    parts: tuple[tuple[str, float], ...]
    label: str
    total: float


@dataclass(frozen=True)
class Contributions:
    """The parts of a change, largest first."""

    title: str
    words: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Comeback:
    """When the tickets of one recurring problem were opened: days of the reporting zone."""

    name: str
    opened: tuple[str, ...]


@dataclass(frozen=True)
class EventStrips:
    """A strip of marks on a time axis for each recurring problem."""

    title: str
    words: str
    from_on: str
    to_on: str
    marked_from: str
    strips: tuple[Comeback, ...]


Chart = Trend | Contributions | EventStrips


@dataclass(frozen=True)
class Colours:
    """What charts are drawn in: the accent for what a title speaks of, the ink for words."""

    accent: str
    ink: str


@dataclass(frozen=True)
class Section:
    """A part of the report under a headline that says what it found.

    `shown` is how many rows of its tables a printed page shows before the annex has them all.
    """

    name: str
    headline: str
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    shown: int | None = None
