"""A click on a mark of a chart opens the tickets that the mark stands for."""

from __future__ import annotations

from functools import partial

import plotly.graph_objects as go
import streamlit as st
from streamlit.util import AttributeDictionary

from dashboard import charts, drilldown


def clickable(figure: go.Figure, key: str, alt: str, metric: str = "", *columns: str) -> None:
    """Draw a figure whose marks open tickets.

    With a metric, `customdata` holds one value for each of the columns; without one it names the
    metric and its cuts itself.
    """
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        on_select=partial(_open, key, metric, columns),
        selection_mode="points",
        config=charts.CONFIG,
        alt=alt,
    )


def _open(key: str, metric: str, columns: tuple[str, ...]) -> None:
    """A click beside any mark opens nothing."""
    state: AttributeDictionary = st.session_state[key]
    marks = [mark["customdata"] for mark in state["selection"]["points"] if "customdata" in mark]
    if not marks or not marks[0]:
        return
    told = [marks[0]] if isinstance(marks[0], str) else list(marks[0])
    if metric:
        pairs = zip(columns, told, strict=False)
        drilldown.open_tickets(metric, *(part for pair in pairs for part in pair))
    else:
        drilldown.open_tickets(*told)
