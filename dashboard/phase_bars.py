"""A life as one bar: the phases in their order, work in the accent, waiting in greys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import room
from dashboard.palette import Palette
from queries.bands import DAY, HOUR, MINUTE, PHASES

ROW_HEIGHT = 46
NARROWEST = 0.12  # of the longest bar: segments below carry no text
_STEPS = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY)
_DAYS = (2 * DAY, 5 * DAY, 10 * DAY, 20 * DAY, 50 * DAY)
MOST_TICKS = 7


def phase_bars(
    rows: Mapping[str, str],
    found: Mapping[tuple[str, str], Mapping[str, Any]],
    phases: Sequence[str],
    colours: Palette,
) -> go.Figure:
    """`rows` map keys to labels, `found` (row, phase) to a figure; a click carries the two."""
    looks = _looks(colours)
    lengths = [sum(_seconds(found, row, phase) for phase in phases) for row in rows]
    longest = max(lengths, default=0.0) or 1.0
    figure = Drawing()
    for phase in phases:
        values = [_seconds(found, row, phase) for row in rows]
        figure.add_trace(
            bar(
                name=phase,
                orientation="h",
                y=list(rows),
                x=values,
                width=0.62,
                marker={**looks[phase], "line": {"color": colours.paper, "width": 1}},
                text=[
                    wording.duration(value) if value > longest * NARROWEST else ""
                    for value in values
                ],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                constraintext="none",
                textfont={"size": 12},
                customdata=[[row, phase] for row in rows],
                hovertext=[_hover(rows[row], phase, found.get((row, phase))) for row in rows],
                hovertemplate="%{hovertext}<extra></extra>",
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )
    for row, length in zip(rows, lengths, strict=True):
        widest = max(_seconds(found, row, phase) for phase in phases)
        if 0 < widest <= longest * NARROWEST:
            _say_longest(figure, row, found, phases, length, colours)
    figure.update_layout(**layout(ROW_HEIGHT * len(rows) + 76, colours))
    labels = [f"{wording.chart_text(label)}  " for label in rows.values()]
    figure.update_layout(
        barmode="stack",
        margin={"l": room(labels), "r": 8, "t": 34, "b": 30},
        showlegend=True,
        legend={
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 12, "color": colours.quiet},
        },
    )
    step = next((s for s in (*_STEPS, *_DAYS) if longest / s <= MOST_TICKS), _DAYS[-1])
    places = [number * step for number in range(int(longest / step) + 1)]
    figure.update_xaxes(
        range=[0, longest * 1.02],
        tickvals=places,
        ticktext=[wording.duration(place) if place else "0" for place in places],
        gridcolor=colours.faint,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        type="category",
        tickvals=list(rows),
        ticktext=labels,
        autorange="reversed",
        showgrid=False,
        fixedrange=True,
        ticks="",
    )
    return figure.made()


def _say_longest(
    figure: Drawing,
    row: str,
    found: Mapping[tuple[str, str], Mapping[str, Any]],
    phases: Sequence[str],
    length: float,
    colours: Palette,
) -> None:
    """Beside a bar whose segments are too short to carry a text: its longest phase."""
    phase = max(phases, key=lambda phase: _seconds(found, row, phase))
    figure.add_annotation(
        x=length,
        y=row,
        xanchor="left",
        xshift=6,
        text=f"{phase} {wording.duration(_seconds(found, row, phase))}",
        showarrow=False,
        font={"size": 12, "color": colours.quiet},
    )


def _looks(colours: Palette) -> dict[str, dict[str, Any]]:
    """Work in the accent, waiting in greys, a hold hatched."""
    hatched = {"shape": "/", "fgcolor": colours.quiet, "bgcolor": colours.paper, "size": 6}
    greys = dict.fromkeys(("log", "close"), colours.faint) | {"detect": colours.quiet}
    plain = greys | {"assign": colours.rest, "diagnose": colours.soft, "resolve": colours.accent}
    looks: dict[str, dict[str, Any]] = {name: {"color": colour} for name, colour in plain.items()}
    looks["hold"] = {"color": colours.paper, "pattern": hatched}
    return {phase: looks[phase] for phase in PHASES}


def _seconds(found: Mapping[tuple[str, str], Mapping[str, Any]], row: str, phase: str) -> float:
    figure = found.get((row, phase))
    return figure["value"] or 0.0 if figure else 0.0


def _hover(label: str, phase: str, figure: Mapping[str, Any] | None) -> str:
    head = f"<b>{wording.chart_text(label)}, {phase}</b>"
    if figure is None or figure["value"] is None:
        return f"{head}<br>not available"
    lines = [head, wording.duration(figure["value"])]
    if figure["median"] is not None and figure["p90"] is not None:
        median, p90 = wording.duration(figure["median"]), wording.duration(figure["p90"])
        lines.append(f"median {median}, 90th percentile {p90}")
    lines += [f"n {figure['n']:,}", "click for the tickets"]
    return "<br>".join(lines)
