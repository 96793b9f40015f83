"""A ticket's life as a timeline: who had it in which state and priority, and who said something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import polars as pl

from dashboard import wording
from dashboard.axes import TIME_WORDS
from dashboard.charts import layout
from dashboard.margins import room
from dashboard.palette import Palette
from policies.zones import to_local

LANES = ("priority", "assignee", "resolver_group", "hold_reason", "state")  # the last on top
SAID = ("public_comment", "comment", "work_note", "contact")
LANE_HEIGHT = 34
NARROWEST = 0.07  # of the whole width: a name does not fit into less


@dataclass(frozen=True)
class Stretch:
    """A value of a field from one instant to another (UTC)."""

    field: str
    value: str
    from_at: datetime
    to_at: datetime


def stretches(ticket: Mapping[str, Any], events: pl.DataFrame) -> list[Stretch]:
    """The values that each field had, one after the other, to the last resolution.

    The days of waiting for the closure would hide the work.
    """
    end = _end(ticket)
    found: list[Stretch] = []
    for field in LANES:
        of_field = events.filter((pl.col("field") == field) & (pl.col("at") < end))
        changes = of_field.rows(named=True)
        if not changes:
            continue
        at, value = ticket["opened_at"], changes[0]["old"]
        for change in changes:
            if value and change["at"] > at:
                found.append(Stretch(field, value, at, change["at"]))
            at, value = change["at"], change["new"]
        if value and end > at:
            found.append(Stretch(field, value, at, end))
    return found


def _end(ticket: Mapping[str, Any]) -> datetime:
    """Where the life is told to: its resolution, or the export of an open one."""
    end: datetime = ticket["resolved_at"] or ticket["closed_at"] or ticket["exported_at"]
    return end


def timeline(
    ticket: Mapping[str, Any], events: pl.DataFrame, zone: ZoneInfo, colours: Palette
) -> go.Figure:
    """A lane for each field, a bar for each value; what was said as marks below."""
    found = stretches(ticket, events)
    lanes = [field for field in LANES if any(each.field == field for each in found)]
    figure = go.Figure()
    for lane in lanes:
        _lane(figure, [each for each in found if each.field == lane], zone, colours)
    said = events.filter(pl.col("field").is_in(SAID) & (pl.col("at") <= _end(ticket)))
    if not said.is_empty():
        lanes.insert(0, "said")
        _said(figure, said.rows(named=True), zone, colours)
    labels = [f"{_lane_name(lane)}  " for lane in lanes]
    figure.update_layout(
        **layout(LANE_HEIGHT * len(lanes) + 56, colours, is_clicked=False),
        barmode="overlay",
        margin={"l": 8 + room(labels), "r": 8, "t": 8, "b": 36},
    )
    figure.update_xaxes(
        type="date",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        nticks=7,
        tickangle=0,
        tickformatstops=TIME_WORDS,
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=lanes,
        tickvals=lanes,
        ticktext=labels,
        fixedrange=True,
        showgrid=False,
        ticks="",
    )
    return figure


def _lane_name(lane: str) -> str:
    return "Said" if lane == "said" else wording.column(lane)


def _lane(figure: go.Figure, found: Sequence[Stretch], zone: ZoneInfo, colours: Palette) -> None:
    """Neighbours take turns in two greys; the name stands in the bar where it fits."""
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=[each.field for each in found],
            base=[to_local(each.from_at, zone) for each in found],
            x=[(each.to_at - each.from_at).total_seconds() * 1000 for each in found],
            width=0.74,
            marker={
                "color": [(colours.band, colours.faint)[n % 2] for n in range(len(found))],
                "line": {"width": 0},
            },
            text=[
                wording.chart_text(_value(each), 26) if _fits(each, found) else "" for each in found
            ],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            textfont={"color": colours.ink, "size": 11},
            constraintext="none",
            hovertext=[_hover(each, zone) for each in found],
            hoverinfo="text",
        )
    )


def _fits(each: Stretch, lane: Sequence[Stretch]) -> bool:
    whole = lane[-1].to_at - lane[0].from_at
    return each.to_at - each.from_at >= whole * NARROWEST


def _value(each: Stretch) -> str:
    return wording.value_name(each.value) if each.field == "state" else each.value


def _hover(each: Stretch, zone: ZoneInfo) -> str:
    length = wording.duration((each.to_at - each.from_at).total_seconds())
    return (
        f"<b>{wording.chart_text(_value(each), 60)}</b><br>{length}<br>"
        f"{wording.instant(each.from_at, zone)} to {wording.instant(each.to_at, zone)}"
    )


def _said(
    figure: go.Figure, said: Sequence[Mapping[str, Any]], zone: ZoneInfo, colours: Palette
) -> None:
    who = [str(each["actor_role"] or each["actor"] or "somebody") for each in said]
    figure.add_trace(
        go.Scatter(
            x=[to_local(each["at"], zone) for each in said],
            y=["said"] * len(said),
            mode="markers",
            marker={
                "size": 9,
                "color": [colours.accent if name == "agent" else colours.paper for name in who],
                "line": {"color": colours.accent, "width": 1.5},
            },
            hovertext=[
                f"{wording.chart_text(name, 40)}, {wording.instant(each['at'], zone)}"
                for name, each in zip(who, said, strict=True)
            ],
            hoverinfo="text",
        )
    )
