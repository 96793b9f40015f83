"""How a level came about: what it was, what came in, what went out, what it is; and the same
month by month, what came in above the line and what went out below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import ONE_LINE, TWO_LINES, room
from dashboard.palette import Palette

HEIGHT = 290
MONTHS_HEIGHT = 290
WIDEST = 0.62
MONTHS_A_LABEL = 3


@dataclass(frozen=True)
class Step:
    """One column. `direction` is 0 for a level, 1 for what came in, -1 for what went out;
    `metric` is opened by a click on it."""

    name: str
    value: float
    direction: int
    metric: str
    cuts: tuple[str, ...] = ()


def waterfall(steps: Sequence[Step], colours: Palette) -> go.Figure:
    """Each step begins where the one before it ended; the labels carry their sign."""
    bases, tops, reached = [], [], 0.0
    for step in steps:
        before = reached if step.direction else 0.0
        reached = before + (step.direction or 1) * step.value
        bases.append(min(before, reached))
        tops.append(max(before, reached))
    names = [step.name for step in steps]
    figure = Drawing(
        bar(
            x=names,
            y=[step.value for step in steps],
            base=bases,
            width=WIDEST,
            marker={"color": [_colour(step, colours) for step in steps], "cornerradius": 2},
            customdata=[[step.metric, *step.cuts] for step in steps],
            hovertext=[f"<b>{step.name}</b><br>{_signed(step)}" for step in steps],
            hovertemplate="%{hovertext}<br>click for the tickets<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    for step, top in zip(steps, tops, strict=True):
        figure.add_annotation(
            x=step.name,
            y=top,
            yanchor="bottom",
            text=f"<b>{_signed(step)}</b>" if not step.direction else _signed(step),
            showarrow=False,
            font={"size": 12, "color": colours.ink},
        )
    figure.update_layout(**layout(HEIGHT, colours), margin={"l": 8, "r": 8, "t": 20, "b": ONE_LINE})
    figure.update_xaxes(fixedrange=True, showgrid=False, linecolor=colours.faint, tickangle=0)
    highest = max(tops, default=0.0) or 1.0
    figure.update_yaxes(visible=False, range=[0, highest * 1.08], fixedrange=True)
    return figure.made()


def _signed(step: Step) -> str:
    sign = {0: "", 1: "+", -1: wording.MINUS}[step.direction]
    return f"{sign}{wording.count(step.value)}"


def _colour(step: Step, colours: Palette) -> str:
    return colours.accent if step.direction > 0 else colours.rest


@dataclass(frozen=True)
class Flow:
    """What came in or went out in each month, None where it is not known."""

    name: str
    metric: str
    direction: int
    values: Sequence[float | None]


def in_and_out(
    months: Sequence[str], flows: Sequence[Flow], incomplete: Sequence[str], colours: Palette
) -> go.Figure:
    """Bars of each month, in above the line and out below it, running months hatched."""
    figure = Drawing()
    shades = [colours.accent, colours.quiet]
    for flow in flows:
        colour = shades.pop(0) if flow.direction > 0 else colours.rest
        figure.add_trace(
            bar(
                name=flow.name,
                x=list(months),
                y=[value and flow.direction * value for value in flow.values],
                width=WIDEST,
                marker={
                    "color": colour,
                    "opacity": [0.45 if month in incomplete else 1 for month in months],
                },
                customdata=[[flow.metric, "month", month] for month in months],
                hovertext=[
                    _hover(flow, month, value, month in incomplete)
                    for month, value in zip(months, flow.values, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )
    places, texts = _absolute_ticks(flows)
    figure.update_layout(
        **layout(MONTHS_HEIGHT, colours),
        margin={"l": 8 + room(texts), "r": 8, "t": 8, "b": TWO_LINES},
        barmode="relative",
    )
    figure.add_hline(y=0, line={"color": colours.quiet, "width": 1})
    figure.update_xaxes(
        type="category",
        tickvals=list(months)[::-MONTHS_A_LABEL],
        ticktext=[
            f"{wording.short_month(month)}<br>{month[:4]}" for month in months[::-MONTHS_A_LABEL]
        ],
        tickangle=0,
        tickfont={"size": 11},
        fixedrange=True,
        showgrid=False,
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=texts,
        fixedrange=True,
        gridcolor=colours.faint,
        zeroline=False,
    )
    return figure.made()


def _hover(flow: Flow, month: str, value: float | None, is_running: bool) -> str:
    running = ", not complete" if is_running else ""
    told = wording.count(value) if value is not None else "not known"
    return f"<b>{wording.month(month)}{running}</b><br>{flow.name}: {told}<br>click for the tickets"


def _absolute_ticks(flows: Sequence[Flow]) -> tuple[list[float], list[str]]:
    """What went out is drawn below the line, and is no negative number."""
    known = [value for flow in flows for value in flow.values if value is not None]
    top = max(known, default=1.0) or 1.0
    step = _round(top / 2)
    places = [number * step for number in range(-3, 4) if abs(number * step) <= top * 1.3]
    return places, [wording.count(abs(place)) for place in places]


def _round(size: float) -> float:
    """The largest of 1, 2, 5, 10 ... that is not above the size; at least 1."""
    step = 1.0
    for factor in (10**power * lead for power in range(9) for lead in (1, 2, 5)):
        if factor <= size:
            step = float(factor)
    return step
