"""How durations are spread: a histogram on a logarithmic axis, median and p90 marked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import log10

import plotly.graph_objects as go

from dashboard import wording
from dashboard.axes import count_ticks
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import ONE_LINE, room
from dashboard.palette import Palette
from queries.bands import DURATION_BANDS, DURATION_BOUNDS

HEIGHT = 300
LEAST_ROOM = 0.32  # of the width, for "median 13 h 20 m"
LINE = 15
TICKS = ("6 m", "45 m", "3 h", "12 h", "2 d", "8 d", "32 d")


def histogram(
    counts: Mapping[str, float], median: float | None, p90: float | None, colours: Palette
) -> go.Figure:
    """`counts` maps bands of duration to tickets; a click carries the band."""
    bounds = [log10(seconds) for _, seconds in DURATION_BOUNDS]
    step = bounds[1] - bounds[0]
    edges = [bounds[0] - step, *bounds, bounds[-1] + step]
    filled = [place for place, band in enumerate(DURATION_BANDS) if counts.get(band)]
    values = [counts.get(band, 0.0) for band in DURATION_BANDS]
    figure = Drawing(
        bar(
            x=edges[:-1],
            y=values,
            width=[(after - before) * 0.94 for before, after in pairwise(edges)],
            offset=0,
            marker={"color": colours.accent, "cornerradius": 2},
            customdata=list(DURATION_BANDS),
            hovertext=[
                f"<b>{band}</b><br>{wording.tickets(int(value))}<br>click for them"
                for band, value in zip(DURATION_BANDS, values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    first, last = (min(filled), max(filled)) if filled else (0, len(values) - 1)
    reach = edges[first] - step / 3, edges[last + 1] + step / 3
    for seconds, name, anchor in ((median, "median", "right"), (p90, "p90", "left")):
        if seconds:
            _mark(figure, seconds, name, anchor, reach, colours)
    counts_at, texts = count_ticks(max(values))
    figure.update_layout(
        **layout(HEIGHT, colours), margin={"l": 8 + room(texts), "r": 8, "t": 40, "b": ONE_LINE}
    )
    places = dict(DURATION_BOUNDS)
    figure.update_xaxes(
        range=list(reach),
        tickvals=[log10(places[name]) for name in TICKS],
        ticktext=list(TICKS),
        tickangle=0,
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=counts_at,
        ticktext=texts,
        gridcolor=colours.faint,
        zeroline=False,
        fixedrange=True,
    )
    return figure.made()


def _mark(
    figure: Drawing,
    seconds: float,
    name: str,
    anchor: str,
    reach: tuple[float, float],
    colours: Palette,
) -> None:
    """A line with its name to one side of it; above the other's where that side has no room."""
    place = log10(seconds)
    room_there = (place - reach[0] if anchor == "right" else reach[1] - place) / (
        reach[1] - reach[0]
    )
    other = "left" if anchor == "right" else "right"
    is_crowded = room_there < LEAST_ROOM
    figure.add_vline(x=place, line={"color": colours.ink, "width": 1.4, "dash": "dot"})
    figure.add_annotation(
        x=place,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=LINE if is_crowded else 0,
        xanchor=other if is_crowded else anchor,
        text=f"{name} {wording.duration(seconds)}",
        showarrow=False,
        font={"size": 12, "color": colours.ink},
    )
