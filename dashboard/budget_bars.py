"""How much of what may fail did fail: one bar per service, the objective a line at 100 %."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import room
from dashboard.palette import Palette

ROW_HEIGHT = 27
FULL = 1.5  # budgets; what is longer is cut there and says its size


def budget_bars(spent: Mapping[str, float], metric: str, colours: Palette) -> go.Figure:
    """`spent` maps services, the worst first, to shares of their budgets (over 1: missed)."""
    services = list(spent)
    figure = Drawing(
        bar(
            orientation="h",
            y=services,
            x=[min(share, FULL) for share in spent.values()],
            width=0.6,
            marker={
                "color": [colours.bad if share > 1 else colours.accent for share in spent.values()],
                "cornerradius": 2,
            },
            text=[_text(share) for share in spent.values()],
            textposition="outside",
            textfont={"color": colours.ink, "size": 12},
            cliponaxis=False,
            customdata=[[metric, "service", service] for service in services],
            hovertext=[
                f"<b>{wording.chart_text(service)}</b><br>{_text(share)} of its error budget spent"
                "<br>click for the tickets"
                for service, share in spent.items()
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.add_vline(x=1, line={"color": colours.ink, "width": 1.4, "dash": "dot"}, layer="below")
    figure.update_layout(**layout(ROW_HEIGHT * len(services) + 40, colours))
    labels = [f"{wording.chart_text(service, 20)}  " for service in services]
    figure.update_layout(margin={"l": room(labels), "r": 8, "t": 4, "b": 28})
    figure.update_xaxes(
        range=[0, FULL * 2.4],
        tickvals=[0, 1],
        ticktext=["0", "all spent"],
        tickangle=0,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        type="category",
        range=[len(services) - 0.5, -0.5],
        tickvals=services,
        ticktext=labels,
        showgrid=False,
        fixedrange=True,
        ticks="",
    )
    return figure.made()


def _text(share: float) -> str:
    return f"{wording.share(share)}{' · missed' if share > 1 else ''}"
