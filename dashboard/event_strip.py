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
from dashboard.charts import layout
from dashboard.drawing import Drawing, scatter
from dashboard.margins import room
from dashboard.palette import Palette
from policies.zones import to_local

ROW_HEIGHT = 30
LONGEST_NAME = 34
EPOCH, MILLISECOND = datetime(1970, 1, 1), timedelta(milliseconds=1)
HALF = 0.22  # of a row: how far a stroke reaches up and down


def event_strip(
    rows: Sequence[Mapping[str, Any]],
    events: pl.DataFrame,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
    colours: Palette,
) -> go.Figure:
    """`rows` are candidates, `events` their tickets by candidate_id; the next window is shaded."""
    figure = Drawing()
    places = {row["candidate_id"]: place for place, row in enumerate(rows)}
    x, y, texts = _strokes(events, places, zone)
    figure.add_trace(
        scatter(
            mode="lines",
            x=x,
            y=y,
            line={"width": 2, "color": colours.accent, "simplify": False},
            fill="toself",
            fillcolor=colours.accent,
            hoveron="points",
            connectgaps=False,
            hovertext=texts,
            hovertemplate="%{hovertext}<extra></extra>",
        )
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
    figure.update_layout(**layout(ROW_HEIGHT * len(rows) + 54, colours, is_clicked=False))
    labels = [f"{wording.chart_text(row['name'], LONGEST_NAME)}  " for row in rows]
    figure.update_layout(margin={"l": room(labels), "r": 8, "t": 4, "b": 42}, showlegend=False)
    figure.update_xaxes(
        type="date",
        range=[to_local(span[0], zone), to_local(last_at + timedelta(days=5), zone)],
        tickformat="%b\n%Y",
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


def _strokes(
    events: pl.DataFrame, places: Mapping[str, int], zone: ZoneInfo
) -> tuple[list[float | None], list[float | None], list[str]]:
    """Every mark as a stroke from above to below, one for many tickets as a bar from the first to
    the last, all of them one line with gaps: a browser takes seconds for thousands of marks, and
    none for a line. Instants are milliseconds of the axis: dates as words plotly would read one by
    one."""
    x: list[float | None] = []
    y: list[float | None] = []
    texts: list[str] = []
    for mark in events.iter_rows(named=True):
        first, last = (_on_axis(mark[name], zone) for name in ("opened_at", "last_at"))
        place, text = places[mark["candidate_id"]], _hover(mark, zone)
        above, below = place - HALF, place + HALF
        x += [first, first, None] if first == last else [first, first, last, last, None]
        y += [above, below, None] if first == last else [above, below, below, above, None]
        texts += [text, text, ""] if first == last else [text, text, text, text, ""]
    return x, y, texts


def _on_axis(at: datetime, zone: ZoneInfo) -> float:
    return (to_local(at, zone) - EPOCH) / MILLISECOND


def _hover(mark: Mapping[str, Any], zone: ZoneInfo) -> str:
    number, title = wording.chart_text(mark["number"]), wording.chart_text(mark["title"] or "", 60)
    more = (
        f"<br>and {mark['tickets'] - 1:,} more before the next mark" if mark["tickets"] > 1 else ""
    )
    return f"<b>{number}</b>, {wording.instant(mark['opened_at'], zone)}<br>{title}{more}"
