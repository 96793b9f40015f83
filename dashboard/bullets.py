"""Bars against a target: the value as a bar, the target as a line, the last period as a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar, scatter
from dashboard.margins import room
from dashboard.palette import Palette
from queries.catalogue import Metric

ROW_HEIGHT = 34
THIN = 5


@dataclass(frozen=True)
class Bullet:
    """One bar; `opens` names the metric and the cuts that a click opens."""

    label: str
    opens: tuple[str, ...]
    value: float
    before: float | None
    n: int


def bullets(
    metric: Metric, found: Sequence[Bullet], target: float | None, colours: Palette
) -> go.Figure:
    """The bars in the order given, the first on top; thin samples in grey."""
    drawn = list(reversed(found))
    places = list(range(len(drawn)))
    figure = Drawing(
        bar(
            x=[each.value for each in drawn],
            y=places,
            orientation="h",
            customdata=[list(each.opens) for each in drawn],
            marker={
                "color": [colours.rest if each.n < THIN else colours.accent for each in drawn],
                "cornerradius": 2,
            },
            width=0.5,
            hovertext=[_hover(metric, each, target) for each in drawn],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    known = [(place, each.before) for place, each in zip(places, drawn, strict=True)]
    figure.add_trace(
        scatter(
            x=[before for _, before in known if before is not None],
            y=[place for place, before in known if before is not None],
            mode="markers",
            marker={
                "symbol": "line-ns",
                "size": 20,
                "line": {"color": colours.quiet, "width": 1.5},
            },
            hoverinfo="skip",
        )
    )
    texts = [_text(metric, each, target) for each in drawn]
    top = max([each.value for each in drawn] + ([target] if target is not None else []), default=1)
    figure.add_trace(
        scatter(
            x=[top * 1.03] * len(drawn),
            y=places,
            mode="text",
            text=texts,
            textposition="middle right",
            textfont={"color": colours.ink, "size": 12},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    if target is not None:
        figure.add_vline(x=target, line={"color": colours.ink, "width": 1.5})
        figure.add_annotation(
            x=target,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"target {wording.figure(metric, target)}",
            showarrow=False,
            font={"size": 11, "color": colours.ink},
        )
    labels = [f"{wording.chart_text(each.label, 26)}  " for each in drawn]
    figure.update_layout(
        **layout(ROW_HEIGHT * len(drawn) + 32, colours),
        margin={"l": 8 + room(labels), "r": 8 + room(texts), "t": 20, "b": 8},
    )
    figure.update_xaxes(visible=False, range=[0, top * 1.03], fixedrange=True)
    figure.update_yaxes(
        tickvals=places,
        ticktext=labels,
        range=[-0.6, len(drawn) - 0.4],
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    return figure.made()


def _text(metric: Metric, each: Bullet, target: float | None) -> str:
    told = wording.figure(metric, each.value)
    if target is not None:
        told += f" · {wording.signed(metric, each.value - target)}"
    return f"{told} · n {each.n:,}"


def _hover(metric: Metric, each: Bullet, target: float | None) -> str:
    lines = [f"<b>{wording.chart_text(each.label, 60)}</b>", wording.figure(metric, each.value)]
    if target is not None:
        lines.append(f"target {wording.figure(metric, target)}")
    if each.before is not None:
        lines.append(f"before {wording.figure(metric, each.before)}")
    return "<br>".join([*lines, f"n {each.n:,}", "click for the tickets"])
