"""A sparkline as SVG: the months as a line, the one looked at marked, the target dashed."""

from __future__ import annotations

from collections.abc import Sequence

from policies.model import Organisation
from reports.sections import Point

WIDTH, HEIGHT, MARGIN = 120, 24, 3
QUIET = "#5d6878"


def sparkline(
    points: Sequence[Point], month: str, target: float | None, look: Organisation
) -> str | None:
    """The SVG of the points on a scale of their own; None where fewer than two have a value."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return None
    ends = [*values, target] if target is not None else values
    low, high = min(ends), max(ends)
    reach = (high - low) or abs(high) or 1.0

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (value - low) / reach * (HEIGHT - 2 * MARGIN)

    step = (WIDTH - 2 * MARGIN) / max(len(points) - 1, 1)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">'
    ]
    if target is not None:
        drawn.append(
            f'<line x1="0" x2="{WIDTH}" y1="{y(target):.1f}" y2="{y(target):.1f}" '
            f'stroke="{QUIET}" stroke-width="0.7" stroke-dasharray="2 2"/>'
        )
    run: list[str] = []
    for place, point in enumerate(points):
        if point.value is not None:
            run.append(f"{MARGIN + place * step:.1f},{y(point.value):.1f}")
        if run and (point.value is None or place == len(points) - 1):
            drawn.append(
                f'<polyline points="{" ".join(run)}" fill="none" stroke="{QUIET}" '
                'stroke-width="1.1" stroke-linejoin="round" stroke-linecap="round"/>'
            )
            run = []
    for place, point in enumerate(points):
        if point.value is not None and point.month == month:
            fill = look.accent if point.is_complete else "#ffffff"
            drawn.append(
                f'<circle cx="{MARGIN + place * step:.1f}" cy="{y(point.value):.1f}" r="2.4" '
                f'fill="{fill}" stroke="{look.accent}" stroke-width="1.2"/>'
            )
    return "".join([*drawn, "</svg>"])
