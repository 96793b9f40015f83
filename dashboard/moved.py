"""What moved a figure: the contributions of a dimension's values to its change, drawn and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.charts import BAR_HEIGHT, layout
from dashboard.contributions import MOST, OTHERS, contributions
from dashboard.drawing import Drawing, bar
from dashboard.filters import View
from dashboard.margins import room
from dashboard.marks import clickable
from dashboard.palette import Palette, palette
from dashboard.session import Data
from insights.drivers import Drivers
from queries.catalogue import Metric
from queries.months import Stretch

NAMED = 3

_PARTS = {
    "mix": ("more or fewer of them", "pale"),
    "rate": ("better or worse at the same ones", "solid"),
    "amount": ("more or fewer of them", "solid"),
    "exposure": ("more or less service time", "pale"),
    "failures": ("fewer or more failures", "solid"),
}


def what_moved_it(data: Data, view: View, metric: Metric, dimension: str) -> None:
    """The change from the period compared with, split by a dimension; a bar lists its tickets."""
    beside = view.compared
    if beside is None:
        st.info("Nothing to compare with: the data begin with this period.")
        return
    found = contributions(data, view, metric, dimension, beside)
    if found.change is None or found.rows.is_empty():
        st.info(f"Its change cannot be split: {wording.plain(found.reason or 'no ticket')}.")
        return
    st.markdown(f"**What moved it: {_headline(metric, found, beside)}**")
    clickable(
        contribution_bars(metric, found, palette()),
        f"moved_{metric.name}",
        f"What each {wording.column(dimension)} contributed to the change of {metric.label}",
        metric.name,
        dimension,
    )
    st.caption(wording.plain(_in_words(metric, found)))


def _headline(metric: Metric, found: Drivers, beside: Stretch) -> str:
    change = wording.plain(wording.signed(metric, found.change or 0.0))
    return f"{change} from {wording.month(beside.name)}"


def _in_words(metric: Metric, found: Drivers) -> str:
    """What the looks mean with their sums, and how many values are not drawn."""
    parts = [
        f"{looks.capitalize()}: {part}, {meaning}: {wording.signed(metric, found.sum_of(part))}."
        for part in found.parts
        for meaning, looks in (_PARTS[part],)
    ]
    rest = found.rows.height - MOST
    if rest > 0:
        parts.append(f"{rest} smaller ones as one. All add up to the change.")
    else:
        parts.append("They add up to the change.")
    return " ".join([*parts, "Click a bar for its tickets."])


def largest_in_words(metric: Metric, found: Drivers) -> str:
    """The values that contribute most: "P4 +4 h 2 m, P3 −1 h 10 m"."""
    rows = found.rows.head(NAMED).iter_rows(named=True)
    return ", ".join(
        f"{wording.value_name(row['bucket'])} {wording.signed(metric, row['total'])}"
        for row in rows
        if row["total"]
    )


def contribution_bars(metric: Metric, found: Drivers, colours: Palette) -> go.Figure:
    """A bar for each of the largest contributions, its parts stacked from zero to either side."""
    drawn = list(reversed(_drawn(found)))
    names = [row["bucket"] for row in drawn]
    figure = Drawing()
    for part in found.parts:
        look = colours.rest if _PARTS[part][1] == "pale" else colours.accent
        figure.add_trace(
            bar(
                name=part,
                x=[row[part] for row in drawn],
                y=names,
                orientation="h",
                customdata=names,
                marker={"color": look, "cornerradius": 2},
                hovertext=[_hover(metric, found, row) for row in drawn],
                hovertemplate="%{hovertext}<extra></extra>",
                width=0.62,
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 1}},
            )
        )
    reach = _reach(found, drawn)
    for row in drawn:
        _label(figure, metric, found, row)
    labels = [f"{wording.chart_text(_name(row), 22)}  " for row in drawn]
    figure.update_layout(
        **layout(BAR_HEIGHT * len(drawn) + 24, colours),
        barmode="relative",
        margin={"l": 8 + room(labels), "r": 8, "t": 8, "b": 8},
    )
    figure.update_xaxes(
        visible=True,
        showticklabels=False,
        showgrid=False,
        zeroline=True,
        zerolinecolor=colours.quiet,
        zerolinewidth=1,
        range=[-reach[0], reach[1]],
        fixedrange=True,
    )
    figure.update_yaxes(
        type="category",
        tickvals=names,
        ticktext=labels,
        fixedrange=True,
        showgrid=False,
        ticks="",
    )
    return figure.made()


def _drawn(found: Drivers) -> list[dict[str, Any]]:
    """The largest contributions, and the others as one."""
    rows = found.rows.to_dicts()
    if len(rows) <= MOST + 1:
        return rows
    rest = found.rows[MOST:]
    sums = rest.select(pl.col(*found.parts, "total", "n_before", "n_after").sum()).to_dicts()[0]
    other = {"bucket": OTHERS, "value_before": None, "value_after": None, **sums}
    return [*rows[:MOST], other]


def _name(row: dict[str, Any]) -> str:
    return "all others" if row["bucket"] == OTHERS else wording.value_name(row["bucket"])


def _ends(found: Drivers, row: dict[str, Any]) -> tuple[float, float]:
    """How far the stacked parts of a bar reach below and above zero."""
    parts = [row[part] for part in found.parts]
    return -sum(part for part in parts if part < 0), sum(part for part in parts if part > 0)


def _reach(found: Drivers, rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """What the axis holds on either side, with room for the labels on the right."""
    below = max((_ends(found, row)[0] for row in rows), default=0.0)
    above = max((_ends(found, row)[1] for row in rows), default=0.0)
    whole = (below + above) or 1.0
    return below + 0.04 * whole, above + 0.42 * whole


def _label(figure: Drawing, metric: Metric, found: Drivers, row: dict[str, Any]) -> None:
    """The contribution in figures, right of its bar."""
    figure.add_annotation(
        x=_ends(found, row)[1],
        y=row["bucket"],
        xanchor="left",
        xshift=6,
        text=wording.signed(metric, row["total"]),
        showarrow=False,
        font={"size": 12},
    )


def _hover(metric: Metric, found: Drivers, row: dict[str, Any]) -> str:
    lines = [f"<b>{wording.chart_text(_name(row), 60)}</b>"]
    lines.append(f"contributes {wording.signed(metric, row['total'])}")
    if len(found.parts) > 1:
        lines += [f"{part} {wording.signed(metric, row[part])}" for part in found.parts]
    if isinstance(row["value_after"], float) and row["value_before"] is not None:
        figures = [wording.figure(metric, row[f"value_{side}"]) for side in ("before", "after")]
        lines.append(f"{figures[0]} (n {row['n_before']:,}) to {figures[1]}")
    lines.append(f"n {row['n_after']:,}")
    return "<br>".join(lines)
