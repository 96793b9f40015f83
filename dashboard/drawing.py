"""A chart while it is put together: plain mappings, which plotly checks once in tests.

Its own figure checks each part as it is added, at ten times the cost: half of what a page took the
server. Checking the whole once is still most of what a chart takes, and finds nothing that the
tests of the same chart did not.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

Part = dict[str, Any]

is_checked = False  # the tests set it


def bar(**told: Any) -> Part:
    """A trace of bars."""
    return {"type": "bar", **told}


def scatter(**told: Any) -> Part:
    """A trace of points, lines or texts."""
    return {"type": "scatter", **told}


class Drawing:
    """Traces and layout; the methods are called like those of plotly's figure."""

    def __init__(self, *traces: Part) -> None:
        self._traces = list(traces)
        self._layout: Part = {}

    def add_trace(self, trace: Part) -> None:
        self._traces.append(trace)

    def update_layout(self, **told: Any) -> None:
        self._layout |= told

    def update_xaxes(self, **told: Any) -> None:
        self._layout["xaxis"] = {**self._layout.get("xaxis", {}), **told}

    def update_yaxes(self, **told: Any) -> None:
        self._layout["yaxis"] = {**self._layout.get("yaxis", {}), **told}

    def add_annotation(self, **told: Any) -> None:
        self._layout.setdefault("annotations", []).append(told)

    def add_shape(self, **told: Any) -> None:
        self._layout.setdefault("shapes", []).append(told)

    def add_hline(self, y: Any, **told: Any) -> None:
        """A line across the chart at a value."""
        self.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=y, y1=y, yref="y", **told)

    def add_vline(self, x: Any, **told: Any) -> None:
        """A line from bottom to top at a value."""
        self.add_shape(type="line", x0=x, x1=x, xref="x", y0=0, y1=1, yref="y domain", **told)

    def add_vrect(self, x0: Any, x1: Any, **told: Any) -> None:
        """What lies between two values, from bottom to top."""
        self.add_shape(type="rect", x0=x0, x1=x1, xref="x", y0=0, y1=1, yref="y domain", **told)

    def made(self) -> go.Figure:
        """The chart; where charts are checked, ValueError for what plotly does not know."""
        figure = go.Figure({"data": self._traces, "layout": self._layout}, _validate=is_checked)
        # Streamlit's own would be sent with each chart, and be seen as a change by the second look
        # that plotly takes at it: the chart would be drawn twice.
        figure.layout.template = None
        return figure
