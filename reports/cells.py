"""What a report's tables are made of: a cell has its words and its value.

PDF and HTML show the words, those of the screen; XLSX writes the value, with a format by its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from policies.zones import to_local
from queries import wording
from queries.question import NONE

if TYPE_CHECKING:  # what draws pages knows cells, and has no need of the catalogue
    from queries.catalogue import Metric

Kind = Literal["text", "count", "number", "share", "duration", "instant", "day", "yes_no"]
Tone = Literal["", "good", "bad", "quiet"]
Align = Literal["left", "right"]

TONES: dict[str, Tone] = {"better": "good", "worse": "bad", "met": "good", "missed": "bad"}


@dataclass(frozen=True)
class Cell:
    """What is read and what it stands for; durations are seconds, instants local to the report."""

    words: str
    value: object = None
    kind: Kind = "text"
    tone: Tone = ""


@dataclass(frozen=True)
class Column:
    """A column: its head, how wide it is beside the others, where its cells stand."""

    title: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table with a name of its own; `absent` is said in place of one without rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    absent: str = "Nothing to list."
    note: str = ""

    def first(self, count: int, note: str) -> Table:
        """The first rows alone, with a note that says where the others are."""
        if len(self.rows) <= count:
            return self
        return Table(self.name, self.title, self.columns, self.rows[:count], self.absent, note)


BLANK = Cell("")


def text(value: Any, tone: Tone = "") -> Cell:
    """Words of the data on one line; empty where there are none."""
    words = " ".join(str(value).split()) if value is not None else ""
    return Cell(words, words, tone=tone)


def name(value: str | None) -> Cell:
    """A value of a dimension; the missing one is called by what it is."""
    return text(wording.value_name(value), "quiet" if value in (None, NONE) else "")


def verdict(words: str) -> Cell:
    """A verdict in its colour, which never stands alone: the word is there."""
    return text(words, TONES.get(words, "quiet"))


def count(value: float | None) -> Cell:
    return BLANK if value is None else Cell(wording.count(value), value, "count")


def duration(seconds: float | None) -> Cell:
    return BLANK if seconds is None else Cell(wording.duration(seconds), seconds, "duration")


def share(value: float | None) -> Cell:
    return BLANK if value is None else Cell(wording.share(value), value, "share")


def instant(value: datetime | None, zone: ZoneInfo) -> Cell:
    """An instant in the reporting zone, from UTC."""
    if value is None:
        return BLANK
    return Cell(wording.instant(value, zone), to_local(value, zone), "instant")


def day(value: date | None) -> Cell:
    return BLANK if value is None else Cell(wording.day(value), value, "day")


def yes_no(value: bool | None) -> Cell:
    return BLANK if value is None else Cell("yes" if value else "no", value, "yes_no")


def figure(metric: Metric, value: float | None, tone: Tone = "") -> Cell:
    """A figure of the metric in its unit."""
    if value is None:
        return BLANK
    return Cell(wording.figure(metric, value), value, _kind(metric, value), tone)


def change(metric: Metric, value: float | None, tone: Tone = "") -> Cell:
    """A change of the metric with its sign."""
    if value is None:
        return BLANK
    return Cell(wording.signed(metric, value), value, _kind(metric, value), tone)


def _kind(metric: Metric, value: float) -> Kind:
    match metric.unit:
        case "duration":
            return "duration"
        case "share":
            return "share"
        case "score":
            return "number"
        case "count":
            return "count" if value == int(value) else "number"


def columns(*given: tuple[str, float, Align]) -> tuple[Column, ...]:
    """Columns from (title, width, align)."""
    return tuple(Column(*each) for each in given)


def rows_of(lines: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(line) for line in lines)
