"""A ticket's promise as a strip: counted time solid, closed hours pale, holds hatched, the
deadline a line, and what was counted beyond it in the colour of a breach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from dashboard import wording
from dashboard.axes import TIME_WORDS
from dashboard.charts import FONT
from dashboard.palette import Palette
from policies.zones import to_local
from queries.explain import Explanation, Interval

HEIGHT = 104
COUNTED, LATE, HELD, CLOSED = "counted", "counted after the deadline", "on hold", "not counted"


def clock_strip(explanation: Explanation, zone: ZoneInfo, colours: Palette) -> go.Figure:
    """One bar per stretch; hover says from when to when, how long and by which rule."""
    figure = go.Figure()
    due_at = explanation.clock["due_at"]
    looks = {
        COUNTED: {"color": colours.accent},
        LATE: {"color": colours.bad},
        HELD: {
            "color": colours.paper,
            "pattern": {"shape": "/", "fgcolor": colours.quiet, "size": 6},
        },
        CLOSED: {"color": colours.faint},
    }
    stretches = list(_stretches(explanation, due_at))
    for kind, look in looks.items():
        own = [interval for interval, found in stretches if found == kind]
        if not own:
            continue
        figure.add_trace(
            go.Bar(
                name=kind,
                orientation="h",
                y=[""] * len(own),
                base=[to_local(interval.from_at, zone) for interval in own],
                x=[interval.seconds * 1000 for interval in own],
                marker={**look, "line": {"width": 0}},
                width=0.8,
                hovertext=[_hover(interval, zone) for interval in own],
                hoverinfo="text",
            )
        )
    if due_at is not None:
        figure.add_vline(x=to_local(due_at, zone), line={"color": colours.ink, "width": 2})
        figure.add_annotation(
            x=to_local(due_at, zone),
            y=1.0,
            yref="paper",
            yanchor="bottom",
            text=f"due {wording.instant(due_at, zone)}",
            showarrow=False,
            font={"size": 11, "color": colours.ink},
        )
    _dress(figure, colours)
    return figure


def kinds(explanation: Explanation) -> list[str]:
    """Which kinds of stretch a strip shows, for the line that explains it."""
    found = {kind for _, kind in _stretches(explanation, explanation.clock["due_at"])}
    return [kind for kind in (COUNTED, LATE, HELD, CLOSED) if kind in found]


def strip_in_words(explanation: Explanation) -> str:
    """What the looks of a strip mean, as far as they are there."""
    looks = {COUNTED: "solid", LATE: "red", HELD: "hatched", CLOSED: "pale"}
    words = [f"{looks[kind]}: {kind}" for kind in kinds(explanation)]
    due = "; the line is the deadline" if explanation.clock["due_at"] is not None else ""
    return f"{', '.join(words).capitalize()}{due}."


def _stretches(explanation: Explanation, due_at: datetime | None) -> Iterator[tuple[Interval, str]]:
    """Intervals with what they are; one that the deadline cuts is two."""
    for interval in explanation.intervals:
        if not interval.seconds:
            continue
        if not interval.is_counted:
            yield interval, HELD if "hold" in interval.rule else CLOSED
        elif due_at is None or interval.to_at <= due_at:
            yield interval, COUNTED
        elif interval.from_at >= due_at:
            yield interval, LATE
        else:
            yield Interval(interval.from_at, due_at, True, interval.rule), COUNTED
            yield Interval(due_at, interval.to_at, True, interval.rule), LATE


def _hover(interval: Interval, zone: ZoneInfo) -> str:
    length = wording.duration(interval.seconds)
    return (
        f"{wording.instant(interval.from_at, zone)} to {wording.instant(interval.to_at, zone)}"
        f"<br>{length}: {wording.chart_text(interval.rule, 80)}"
    )


def _dress(figure: go.Figure, colours: Palette) -> None:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 22, "b": 36},
        barmode="overlay",
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 11, "color": colours.quiet},
        dragmode=False,
    )
    figure.update_xaxes(
        type="date",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        tickformatstops=TIME_WORDS,
        nticks=8,
        tickangle=0,
    )
    figure.update_yaxes(visible=False, fixedrange=True)
