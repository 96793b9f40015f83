"""What comes back on a time axis: a line per candidate, a mark per ticket, the window in which the
next one is expected shaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import polars as pl

from dashboard import wording
from dashboard.axes import TIME_WORDS
from dashboard.charts import layout
from dashboard.drawing import Drawing, Part, bar, scatter
from dashboard.margins import room
from dashboard.palette import Palette
from policies.zones import to_local

ROW_HEIGHT = 30
LONGEST_NAME = 34
EPOCH, MILLISECOND = datetime(1970, 1, 1), timedelta(milliseconds=1)
MOST_SINGLE = 60  # marks of a line that each hear clicks: more of them a browser draws too slowly
HALF = 0.22  # of a row: how far a stroke reaches up and down


def event_strip(
    rows: Sequence[Mapping[str, Any]],
    events: pl.DataFrame,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
    colours: Palette,
) -> go.Figure:
    """`rows` are candidates, `events` their marks by candidate_id; the next window is shaded.

    A click carries [candidate_id, ticket_id] of a mark, or [candidate_id] where marks are many.
    """
    places = {row["candidate_id"]: place for place, row in enumerate(rows)}
    dense = _dense(events)
    figure = Drawing(
        _strokes(events, places, zone, colours),
        _single(events.filter(~pl.col("candidate_id").is_in(dense)), places, zone),
        _whole([row for row in rows if row["candidate_id"] in dense], places, span, zone),
    )
    last_at = span[1]
    for place, row in enumerate(rows):
        if row["next_from_at"] is None or row["next_to_at"] is None:
            continue
        last_at = max(last_at, row["next_to_at"])
        figure.add_shape(
            type="rect",
            x0=to_local(row["next_from_at"], zone),
            x1=to_local(row["next_to_at"], zone),
            y0=place - 0.42,
            y1=place + 0.42,
            fillcolor=colours.warning,
            opacity=0.3,
            line={"width": 0},
            layer="below",
        )
    figure.add_vline(
        x=to_local(span[1], zone), line={"color": colours.quiet, "width": 1, "dash": "dot"}
    )
    figure.update_layout(**layout(ROW_HEIGHT * len(rows) + 54, colours))
    labels = [f"{wording.chart_text(row['name'], LONGEST_NAME)}  " for row in rows]
    figure.update_layout(margin={"l": room(labels), "r": 8, "t": 4, "b": 42}, showlegend=False)
    figure.update_xaxes(
        type="date",
        range=[to_local(span[0], zone), to_local(last_at + timedelta(days=5), zone)],
        tickformatstops=TIME_WORDS,
        nticks=10,
        gridcolor=colours.faint,
        fixedrange=True,
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=labels,
        gridcolor=colours.faint,
        zeroline=False,
        fixedrange=True,
        ticks="",
    )
    return figure.made()


def _dense(events: pl.DataFrame) -> list[str]:
    """The candidates whose marks are too many to hear clicks, or stand for more than a ticket."""
    marks = events.group_by("candidate_id").agg(pl.len(), pl.col("tickets").max())
    crowded = (pl.col("len") > MOST_SINGLE) | (pl.col("tickets") > 1)
    return marks.filter(crowded)["candidate_id"].to_list()


def _strokes(
    events: pl.DataFrame, places: Mapping[str, int], zone: ZoneInfo, colours: Palette
) -> Part:
    """Every mark as a stroke from above to below, one for many tickets as a bar from the first to
    the last, all of them one line with gaps: a browser takes seconds for thousands of marks, and
    none for a line. Instants are milliseconds of the axis: dates as words plotly would read one by
    one."""
    x: list[float | None] = []
    y: list[float | None] = []
    for mark in events.iter_rows(named=True):
        first, last = (_on_axis(mark[name], zone) for name in ("opened_at", "last_at"))
        above, below = places[mark["candidate_id"]] - HALF, places[mark["candidate_id"]] + HALF
        x += [first, first, None] if first == last else [first, first, last, last, None]
        y += [above, below, None] if first == last else [above, below, below, above, None]
    return scatter(
        mode="lines",
        x=x,
        y=y,
        line={"width": 2, "color": colours.accent, "simplify": False},
        fill="toself",
        fillcolor=colours.accent,
        connectgaps=False,
        hoverinfo="skip",  # nor does plotly hear a click on a line
    )


def _single(events: pl.DataFrame, places: Mapping[str, int], zone: ZoneInfo) -> Part:
    """Over each mark of few something that is not seen, tells of its ticket and hears a click."""
    marks = events.rows(named=True)
    return scatter(
        mode="markers",
        x=[_on_axis(mark["opened_at"], zone) for mark in marks],
        y=[places[mark["candidate_id"]] for mark in marks],
        marker={"size": 10, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[mark["candidate_id"], mark["ticket_id"]] for mark in marks],
        hovertext=[_hover(mark, zone) for mark in marks],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _whole(
    rows: Sequence[Mapping[str, Any]],
    places: Mapping[str, int],
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> Part:
    """The same over a whole line of many marks: a click opens its candidate."""
    begin, end = (_on_axis(at, zone) for at in span)
    return bar(
        orientation="h",
        y=[places[row["candidate_id"]] for row in rows],
        base=[begin] * len(rows),
        x=[end - begin] * len(rows),
        width=2 * HALF,
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[row["candidate_id"]] for row in rows],
        hoverinfo="none",  # a label would stand at the bar's end, over marks
    )


def _on_axis(at: datetime, zone: ZoneInfo) -> float:
    return (to_local(at, zone) - EPOCH) / MILLISECOND


def _hover(mark: Mapping[str, Any], zone: ZoneInfo) -> str:
    number, title = wording.chart_text(mark["number"]), wording.chart_text(mark["title"] or "", 60)
    return (
        f"<b>{number}</b>, {wording.instant(mark['opened_at'], zone)}<br>{title}"
        "<br>click for the ticket"
    )
