"""Outages on a time axis, a line per service: each begins where it began and is as long as it
lasted; the period looked at is shaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from dashboard import wording
from dashboard.axes import TIME_WORDS
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import room
from dashboard.palette import Palette
from policies.zones import to_local

ROW_HEIGHT = 27
SHORTEST = 1 / 160  # of the time shown: what was over sooner is still seen and clicked


def outage_strip(
    services: Sequence[str],
    outages: Sequence[Mapping[str, Any]],
    span: tuple[datetime, datetime],
    looked_at: tuple[datetime, datetime],
    zone: ZoneInfo,
    colours: Palette,
) -> go.Figure:
    """`outages` are rows of `queries.reliability.outages`; a click carries [ticket_id]."""
    begin, end = (to_local(instant, zone) for instant in span)
    shortest = (end - begin) * SHORTEST
    lengths = [max(timedelta(seconds=row["lasted_seconds"]), shortest) for row in outages]
    figure = Drawing(
        bar(
            orientation="h",
            y=[row["service"] for row in outages],
            base=[to_local(row["from_at"], zone) for row in outages],
            x=[length.total_seconds() * 1000 for length in lengths],
            width=0.6,
            marker={
                "color": [
                    colours.accent if row["to_at"] is not None else colours.warning
                    for row in outages
                ],
                "line": {"color": colours.paper, "width": 0.5},
            },
            customdata=[[row["ticket_id"]] for row in outages],
            hovertext=[_hover(row, zone) for row in outages],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.add_vrect(
        x0=to_local(looked_at[0], zone),
        x1=to_local(looked_at[1], zone),
        fillcolor=colours.band,
        line={"width": 0},
        layer="below",
    )
    figure.update_layout(**layout(ROW_HEIGHT * len(services) + 54, colours))
    labels = [f"{wording.chart_text(service, 24)}  " for service in services]
    figure.update_layout(margin={"l": room(labels), "r": 8, "t": 4, "b": 42}, barmode="overlay")
    figure.update_xaxes(
        type="date",
        range=[begin, end],
        tickformatstops=TIME_WORDS,
        nticks=8,
        gridcolor=colours.faint,
        fixedrange=True,
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=list(services),
        range=[len(services) - 0.5, -0.5],
        tickvals=list(services),
        ticktext=labels,
        gridcolor=colours.faint,
        fixedrange=True,
        ticks="",
    )
    return figure.made()


def _hover(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    title = wording.chart_text(row["title"] or "", 60)
    over = "" if row["to_at"] is not None else ", not over"
    lasted = wording.duration(row["lasted_seconds"])
    lines = [
        f"<b>{wording.chart_text(row['service'])}</b>, {wording.chart_text(row['number'])}",
        title,
        f"from {wording.instant(row['from_at'], zone)}, {lasted}{over}",
    ]
    if row["failures"] > 1:
        lines.append(f"{row['failures']} failures that overlap")
    return "<br>".join([*lines, "click for the ticket"])
