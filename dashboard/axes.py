"""Ticks that people count in: whole minutes, hours and days, round shares, round counts."""

from __future__ import annotations

from math import ceil, floor, log10

from dashboard import wording
from queries.catalogue import Metric

MOST_TICKS = 5
_STEPS = (60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_DAYS = (1, 2, 5, 7, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_DURATIONS = (*_STEPS, *(days * wording.DAY for days in _DAYS))

# An axis of time at any width: months, else the hour, and the day below it where one begins.
TIME_WORDS = [
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
    {"dtickrange": [None, 43_200_000], "value": "%H:%M\n%d %b"},
    {"dtickrange": [43_200_000, None], "value": "%d %b\n%Y"},
]


def ticks(metric: Metric, low: float, high: float) -> tuple[list[float], list[str]]:
    """Positions from `low` to `high` and how they read."""
    step = _duration_step(high - low) if metric.unit == "duration" else _round_step(high - low)
    if metric.unit == "count" and metric.aggregate in ("count", "sum", "level"):
        step = max(step, 1.0)
    first = floor(low / step)
    places = [number * step for number in range(first, ceil(high / step) + 1)]
    return places, [_label(metric, place, step) for place in places]


def count_ticks(high: float) -> tuple[list[float], list[str]]:
    """Positions from zero to a count, and how they read."""
    step = ceil(_round_step(high))
    places = [float(number * step) for number in range(floor(high / step) + 1)]
    return places, [wording.count(place) for place in places]


def _duration_step(reach: float) -> float:
    return next((step for step in _DURATIONS if reach / step <= MOST_TICKS), _DURATIONS[-1])


def _round_step(reach: float) -> float:
    raw = (reach or 1.0) / MOST_TICKS
    size = 10.0 ** floor(log10(raw))
    return next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= raw * 0.999)


def _label(metric: Metric, value: float, step: float) -> str:
    match metric.unit:
        case "duration":
            return wording.duration(value) if value else "0"
        case "share":
            decimals = 0 if step >= 0.00999 else 1 if step >= 0.000999 else 2
            return f"{value * 100:.{decimals}f}{wording.NARROW}%"
        case _:
            return f"{value:,.0f}" if step >= 1 else f"{value:.{1 if step >= 0.1 else 2}f}"
