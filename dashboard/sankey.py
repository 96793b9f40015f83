"""How work flows between groups: who gives to whom, thin flows folded into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard import wording
from dashboard.charts import layout
from dashboard.drawing import Drawing
from dashboard.palette import Palette

HEIGHT = 400
MOST_FLOWS = 14
OTHERS = "all others"


@dataclass(frozen=True)
class Folded:
    """The flows that are drawn, largest first, and what the others add up to."""

    flows: tuple[tuple[str, str, float], ...]
    others: float
    folded: int


def folded(counts: Mapping[tuple[str, str], float]) -> Folded:
    """The largest flows; the others are one."""
    ordered = sorted(counts.items(), key=lambda flow: (-flow[1], flow[0]))
    kept, rest = ordered[:MOST_FLOWS], ordered[MOST_FLOWS:]
    flows = tuple((giver, taker, count) for (giver, taker), count in kept)
    return Folded(flows, sum(count for _, count in rest), len(rest))


def sankey(found: Folded, colours: Palette) -> go.Figure:
    """Givers at the left, takers at the right; a group that does both stands on both sides."""
    flows: list[tuple[str, str, float]] = list(found.flows)
    if found.others:
        flows.append((OTHERS, OTHERS, found.others))
    givers = _in_order([giver for giver, _, _ in flows])
    takers = _in_order([taker for _, taker, _ in flows])
    names = [*givers, *takers]
    figure = Drawing(
        {
            "type": "sankey",
            "arrangement": "snap",
            "node": {
                "label": [wording.chart_text(name, 26) for name in names],
                "color": [colours.rest if name == OTHERS else colours.quiet for name in names],
                "line": {"width": 0},
                "thickness": 10,
                "pad": 14,
                "hovertemplate": "%{label}: %{value:,.0f} hand-overs<extra></extra>",
            },
            "link": {
                "source": [givers.index(giver) for giver, _, _ in flows],
                "target": [len(givers) + takers.index(taker) for _, taker, _ in flows],
                "value": [count for _, _, count in flows],
                "color": [
                    colours.faint if giver == OTHERS else colours.soft for giver, _, _ in flows
                ],
                "hovertemplate": (
                    "%{source.label} to %{target.label}: %{value:,.0f}<extra></extra>"
                ),
            },
            "textfont": {"color": colours.ink, "size": 12},
        }
    )
    figure.update_layout(
        **layout(HEIGHT, colours, is_clicked=False), margin={"l": 4, "r": 4, "t": 10, "b": 10}
    )
    return figure.made()


def _in_order(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
