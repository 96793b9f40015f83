"""A sparkline as SVG: months as a line, the running month hollow, the target as a dashed line.

An image is drawn at once and weighs a kilobyte, where twenty plotly charts would take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard.kpis import Point
from dashboard.palette import Palette

WIDTH, HEIGHT, MARGIN = 240, 40, 5

Place = tuple[float, float]


def sparkline(points: Sequence[Point], month: str, target: float | None, colours: Palette) -> str:
    """The SVG of the points, the month looked at marked; the scale is that of the points alone."""
    places = _places(points, target)
    marks = [
        _mark(place, point, point.month == month, colours)
        for place, point in zip(places, points, strict=True)
        if place and (point.month == month or not point.is_complete)
    ]
    target_line = ""
    if target is not None:
        y = _height(target, *_range(points, target))
        target_line = (
            f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.quiet}" '
            'stroke-width="1" stroke-dasharray="3 3"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">'
        + target_line
        + _lines(places, points, colours)
        + "".join(marks)
        + "</svg>"
    )


def _range(points: Sequence[Point], target: float | None) -> tuple[float, float]:
    values = [point.value for point in points if point.value is not None]
    values += [target] if target is not None else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    reach = (high - low) or abs(high) or 1.0
    return low - 0.08 * reach, high + 0.08 * reach


def _height(value: float, low: float, high: float) -> float:
    return HEIGHT - MARGIN - (value - low) / (high - low) * (HEIGHT - 2 * MARGIN)


def _places(points: Sequence[Point], target: float | None) -> list[Place | None]:
    low, high = _range(points, target)
    step = (WIDTH - 2 * MARGIN) / max(len(points) - 1, 1)
    return [
        None if point.value is None else (MARGIN + place * step, _height(point.value, low, high))
        for place, point in enumerate(points)
    ]


def _lines(places: Sequence[Place | None], points: Sequence[Point], colours: Palette) -> str:
    """A line through the complete months, broken where one is missing; dashed to a running one."""
    drawn = []
    solid = [
        place if point.is_complete else None for place, point in zip(places, points, strict=True)
    ]
    for is_there, run in groupby(solid, key=lambda place: place is not None):
        if is_there:
            path = " ".join(f"{place[0]:.1f},{place[1]:.1f}" for place in run if place)
            drawn.append(_polyline(path, colours, ""))
    last = places[-2:]
    if len(last) == 2 and all(last) and not points[-1].is_complete:
        path = " ".join(f"{place[0]:.1f},{place[1]:.1f}" for place in last if place)
        drawn.append(_polyline(path, colours, ' stroke-dasharray="2 3"'))
    return "".join(drawn)


def _polyline(path: str, colours: Palette, dashes: str) -> str:
    return (
        f'<polyline points="{path}" fill="none" stroke="{colours.quiet}" stroke-width="1.5" '
        f'stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
    )


def _mark(place: Place, point: Point, is_chosen: bool, colours: Palette) -> str:
    colour = colours.accent if is_chosen else colours.quiet
    fill = colour if point.is_complete else colours.paper
    return (
        f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="3" fill="{fill}" '
        f'stroke="{colour}" stroke-width="1.5"/>'
    )
