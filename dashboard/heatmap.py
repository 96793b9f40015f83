"""Intensity over two things: one hue, the value written into each cell, thin samples quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import FONT
from dashboard.palette import Palette
from queries.catalogue import Metric

ROW_HEIGHT = 30
THIN = 5

Cell = Mapping[str, Any]


def heatmap(
    metric: Metric,
    rows: Sequence[str],
    months: Sequence[str],
    cells: Mapping[tuple[str, str], Cell],
    colours: Palette,
) -> go.Figure:
    """`cells` maps (row, month) to value and n; a click carries [row, month]."""
    found = [[cells.get((row, month)) for month in months] for row in rows]
    values = [[cell["value"] if cell else None for cell in line] for line in found]
    texts = [[_text(metric, cell) for cell in line] for line in found]
    names = [wording.chart_text(wording.value_name(row), 34) for row in rows]
    figure = go.Figure(
        go.Heatmap(
            x=[wording.short_month(month) + f"<br>{month[2:4]}" for month in months],
            y=names,
            z=values,
            text=texts,
            texttemplate="%{text}",
            customdata=[[[row, month] for month in months] for row in rows],
            hovertext=[
                [
                    _hover(metric, name, month, cell)
                    for month, cell in zip(months, line, strict=True)
                ]
                for name, line in zip(names, found, strict=True)
            ],
            hoverinfo="text",
            colorscale=[[0, colours.accent], [1, colours.paper]]
            if metric.better == "higher"
            else [[0, colours.paper], [1, colours.accent]],
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 50,
        margin={"l": 0, "r": 0, "t": 36, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": colours.quiet},
        dragmode=False,
        clickmode="event+select",
    )
    figure.update_xaxes(side="top", showgrid=False, zeroline=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed", showgrid=False, zeroline=False, fixedrange=True, automargin=True
    )
    return figure


def _text(metric: Metric, cell: Cell | None) -> str:
    if cell is None or cell["value"] is None:
        return ""
    shown = f"{cell['value'] * 100:.0f}" if metric.unit == "share" else ""
    return shown if cell["n"] >= THIN else f"<i>{shown}</i>"


def _hover(metric: Metric, name: str, month: str, cell: Cell | None) -> str:
    head = f"<b>{name}</b>, {wording.month(month)}"
    if cell is None or cell["value"] is None:
        return f"{head}<br>no promise fell due"
    return f"{head}<br>{wording.figure(metric, cell['value'])} · n {cell['n']:,}"
