"""How many of what, in which: a table whose cells are as strong as they are full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.palette import Palette

HEAD_HEIGHT = 34

Cells = Mapping[tuple[str, str], float]


def matrix(
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    cells: Cells,
    colours: Palette,
    *,
    row_height: int = 34,
    noun: str = "ticket",
    shown_columns: Sequence[str] | None = None,
) -> go.Figure:
    """`rows` and `columns` map keys to their labels; a click carries [row, column].

    `shown_columns` are those whose label is drawn, where there is no room for all.
    """
    values = [[cells.get((row, column), 0.0) for column in columns] for row in rows]
    figure = go.Figure(
        go.Heatmap(
            x=list(columns),
            y=list(rows),
            z=values,
            zmin=0,
            text=[[wording.count(value) if value else "" for value in line] for line in values],
            texttemplate="%{text}",
            customdata=[[[row, column] for column in columns] for row in rows],
            hovertext=[
                [
                    f"<b>{wording.chart_text(rows[row], 60)}, {wording.chart_text(name, 60)}</b>"
                    f"<br>{wording.tickets(int(value), noun)}"
                    for name, value in zip(columns.values(), line, strict=True)
                ]
                for row, line in zip(rows, values, strict=True)
            ],
            hoverinfo="text",
            colorscale=[[0, colours.paper], [1, colours.accent]],
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(
        **layout(row_height * len(rows) + HEAD_HEIGHT, colours),
        margin={"l": 0, "r": 0, "t": HEAD_HEIGHT, "b": 0},
        clickmode="event+select",
    )
    kept = [key for key in columns if shown_columns is None or key in shown_columns]
    figure.update_xaxes(
        type="category",
        side="top",
        tickvals=kept,
        ticktext=[wording.chart_text(columns[key]) for key in kept],
        tickangle=0,
        tickfont={"size": 11},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        type="category",
        tickvals=list(rows),
        ticktext=[f"{wording.chart_text(label, 24)} " for label in rows.values()],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=True,
        ticks="",
    )
    return figure
