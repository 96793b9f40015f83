"""One figure cut by one column, as bars under a title: what a page shows beside its main chart."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, states
from dashboard.breakdown import LARGEST, breakdown, which_are_drawn
from dashboard.filters import View
from dashboard.kpis import figure_of
from dashboard.marks import clickable
from dashboard.palette import palette
from dashboard.session import Data, dimension_values
from queries.catalogue import Metric


def cut(data: Data, metric: Metric, view: View, column: str, title: str, lacking: str = "") -> None:
    """The bars, or why there are none: `lacking` says what to export to have the column."""
    st.markdown(f"**{title}**")
    if lacking and set(dimension_values(data, column)) <= {None}:
        states.not_available(lacking)
        return
    found = breakdown(data, metric, view, column)
    if found.reason:
        states.not_available(found.reason)
        return
    overall = figure_of(data, metric, view)["value"]
    clickable(
        charts.bars(metric, found.bars, overall, palette()),
        f"cut_{metric.name}_{column}",
        title,
        metric.name,
        column,
    )
    which = f"{which_are_drawn(metric)}, largest" if len(found.bars) > LARGEST else "Largest"
    st.caption(f"{which} figure first. Click a bar for its tickets.")
