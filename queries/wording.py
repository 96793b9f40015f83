"""How numbers, durations and dates read: the same on every page and in every report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policies.zones import to_local
from queries.question import NONE

if TYPE_CHECKING:  # what draws charts words their figures, and has no need of the catalogue
    from queries.catalogue import Metric, Unit

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
MISSING = "not recorded"

# The contract's own words, as people say them.
SPOKEN = {
    "in_progress": "in progress",
    "on_hold": "on hold",
    "service_request": "service request",
}
IN_OUR_WORDS = ("state", "kind")  # the columns whose values these are
_NAMES = {
    "kind": "Kind",
    "service": "Service",
    "resolver_group": "Group",
    "configuration_item": "Component",
    "tool_sla_met": "SLA flag of the tool",
    "is_major": "Major incident",
    "source_state": "State in the tool",
}


def duration(seconds: float) -> str:
    """Two units: "2 d 4 h", "5 h 10 m", "43 m", "< 1 m"."""
    size = abs(seconds)
    sign = MINUS if seconds < 0 else ""
    minutes = round(size / MINUTE)
    if minutes == 0:
        return "0 m" if size == 0 else "< 1 m"
    if minutes < 60:
        return f"{sign}{minutes} m"
    if minutes < 24 * 60:
        return sign + _two(minutes // 60, "h", minutes % 60, "m")
    hours = round(size / HOUR)
    days, rest = divmod(hours, 24)
    if days >= 100:
        return f"{sign}{round(size / DAY):,} d"
    return sign + _two(days, "d", rest, "h")


def rough_duration(seconds: float) -> str:
    """One unit where it says enough, for the ends of an interval: "15 h", "2 d 4 h", "59 d"."""
    size = abs(seconds)
    sign = MINUS if seconds < 0 else ""
    if size >= 10 * DAY:
        return f"{sign}{round(size / DAY):,} d"
    if 10 * HOUR <= size < DAY - HOUR / 2:
        return f"{sign}{round(size / HOUR)} h"
    return duration(seconds)


def _two(many: int, unit: str, few: int, smaller: str) -> str:
    return f"{many:,} {unit} {few} {smaller}" if few else f"{many:,} {unit}"


def share(value: float) -> str:
    """One decimal, two near 99 %, none from ten times on: "93.4 %", "99.52 %", "1,477 %".

    What is little is not nothing: "< 0.1 %".
    """
    if 0 < value < 0.0005:
        return f"< 0.1{NARROW}%"
    decimals = 2 if 0.985 <= value < 0.9999 else 0 if abs(value) >= 10 else 1
    text = f"{value * 100:,.{decimals}f}".replace("-", MINUS)
    rounded = {"0.0": "0", f"{MINUS}0.0": "0", "100.0": "100"}
    return f"{rounded.get(text, text)}{NARROW}%"


def count(value: float) -> str:
    """Thousands separated; two digits after the point only for averages of small counts."""
    if value == int(value):
        return f"{int(value):,}".replace("-", MINUS)
    return f"{value:,.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}".replace(
        "-", MINUS
    )


def figure(metric: Metric, value: float) -> str:
    """A value of the metric with its unit."""
    return in_unit(metric.unit, value)


def in_unit(unit: Unit, value: float) -> str:
    """A value of a unit."""
    match unit:
        case "duration":
            return duration(value)
        case "share":
            return share(value)
        case "score":
            return f"{value:.2f}".replace("-", MINUS)
        case "count":
            return count(value)


def difference(metric: Metric, value: float) -> str:
    """The size of a change, without its sign: "3 h 5 m", "1.2 pts"."""
    size = abs(value)
    if metric.unit == "share":
        decimals = 2 if 0 < size < 0.0005 else 0 if size >= 0.9995 else 1
        return f"{size * 100:,.{decimals}f} pts"
    if metric.unit == "count" and metric.aggregate in ("count", "sum", "level"):
        return count(round(size))
    return figure(metric, size)


def signed(metric: Metric, value: float) -> str:
    """A change with its sign: "+3 h 5 m", "−1.2 pts"."""
    size = difference(metric, value)
    sign = "" if size.startswith("<") else "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{size}"


def interval(metric: Metric, low: float, high: float) -> str:
    """Two ends: "1 d 1 h – 1 d 7 h", the unit once where it is the same sign."""
    first, last = _end(metric, low), _end(metric, high)
    if metric.unit == "share":
        first = first.removesuffix(f"{NARROW}%")
    return f"{first} {DASH} {last}"


def change_interval(metric: Metric, low: float, high: float) -> str:
    """Two ends of a change: "−15 h to +11 h", "−1.3 to +4.7 pts"."""
    if metric.unit == "duration":
        first, last = (f"{'+' if end > 0 else ''}{rough_duration(end)}" for end in (low, high))
        return f"{first} to {last}"
    return f"{signed(metric, low).removesuffix(' pts')} to {signed(metric, high)}"


def _end(metric: Metric, value: float) -> str:
    if metric.unit == "duration":
        return rough_duration(value)
    if metric.unit == "count" and metric.aggregate in ("count", "sum", "level"):
        return count(round(value))
    return figure(metric, value)


def tickets(number: int, noun: str = "ticket") -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day(value: date) -> str:
    """31 Oct 2026."""
    return f"{value.day} {value:%b %Y}"


def month(name: str) -> str:
    """A period from the name of its bucket: Oct 2026, Q3 2026, 2026, 1 Aug – 15 Sep 2026."""
    first, _, last = name.partition("/")
    if last:
        return _from_to(date.fromisoformat(first), date.fromisoformat(last))
    year, _, part = name.partition("-")
    if part.startswith("Q"):
        return f"{part} {year}"
    return f"{date.fromisoformat(f'{name}-01'):%b %Y}" if part else year


def short_month(name: str) -> str:
    """Oct, from the bucket 2026-10; longer periods in full."""
    is_month = len(name) == 7 and "Q" not in name
    return f"{date.fromisoformat(f'{name}-01'):%b}" if is_month else month(name)


def month_and_year(name: str) -> str:
    """Oct ’25, from the bucket 2025-10; longer periods in full."""
    is_month = len(name) == 7 and "Q" not in name
    return f"{short_month(name)} ’{name[2:4]}" if is_month else month(name)


def days(from_on: date, to_on: date) -> str:
    """1 Oct 2026 – 31 Oct 2026; the end is the day after the last."""
    return f"{day(from_on)} {DASH} {day(to_on - timedelta(days=1))}"


def _from_to(first: date, last: date) -> str:
    """Whole months by their names, else the days."""
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        begin = f"{first:%b}" if first.year == last.year else f"{first:%b %Y}"
        return f"{begin} {DASH} {last:%b %Y}"
    begin = f"{first.day} {first:%b}" if first.year == last.year else day(first)
    return f"{begin} {DASH} {day(last)}"


def instant(value: datetime, zone: ZoneInfo) -> str:
    """31 Oct 2026 23:40, in the zone, from UTC."""
    local = to_local(value, zone)
    return f"{day(local.date())} {local:%H:%M}"


def column(name: str) -> str:
    """The name of a column as people say it."""
    return _NAMES.get(name) or name.removesuffix("_at").replace("_", " ").capitalize()


def value_name(value: str | None) -> str:
    """A value of a dimension; the missing one is called by what it is."""
    return MISSING if value in (None, NONE) else SPOKEN.get(str(value), str(value))
