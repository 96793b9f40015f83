"""Intensity over a thing and months: one hue, the value in each cell, thin samples quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import wording
from dashboard.cells import Cell, cell_table
from dashboard.charts import month_label
from dashboard.palette import Palette
from queries.catalogue import Metric

ROW_HEIGHT = 30
THIN = 5
LEAST_SHARES = 0.1  # between the palest and the strongest share

Figures = Mapping[tuple[str, str], Mapping[str, Any]]


def heatmap(
    metric: Metric,
    rows: Sequence[str],
    months: Sequence[str],
    cells: Figures,
    colours: Palette,
) -> go.Figure:
    """`cells` maps (row, month) to value and n; a click carries [row, month]."""
    names = {row: wording.chart_text(wording.value_name(row), 34) for row in rows}
    drawn = [
        Cell(
            place,
            number,
            cell["value"],
            _text(metric, cell),
            _hover(metric, names[row], month, cell),
            (row, month),
        )
        for place, row in enumerate(rows)
        for number, month in enumerate(months)
        if (cell := cells.get((row, month))) is not None and cell["value"] is not None
    ]
    is_low_strong = metric.better == "higher"
    return cell_table(
        list(names.values()),
        [month_label(place, month) for place, month in enumerate(months)],
        drawn,
        colours,
        row_height=ROW_HEIGHT,
        span=_span(metric, [cell.value for cell in drawn], is_low_strong),
        strong_is_low=is_low_strong,
    )


def _span(metric: Metric, values: Sequence[float], is_low_strong: bool) -> tuple[float, float]:
    """From the least to the most, wide enough that what is nearly alike looks nearly alike."""
    least = LEAST_SHARES if metric.unit == "share" else 1.0
    low, high = min(values, default=0.0), max(values, default=1.0)
    if is_low_strong:
        return min(low, high - least), high
    return low, max(high, low + least)


def _text(metric: Metric, cell: Mapping[str, Any]) -> str:
    shown = f"{cell['value'] * 100:.0f}" if metric.unit == "share" else ""
    return shown if cell["n"] >= THIN else f"<i>{shown}</i>"


def _hover(metric: Metric, name: str, month: str, cell: Mapping[str, Any]) -> str:
    figure = wording.figure(metric, cell["value"])
    return f"<b>{name}</b>, {wording.month(month)}<br>{figure} · n {cell['n']:,}"
