"""A table drawn as cells of one hue, the stronger the fuller. A click on a cell is a mark.

The cells are bars without a gap, because a heatmap of plotly knows no click on a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts import UPRIGHT, layout
from dashboard.drawing import Drawing, bar
from dashboard.margins import room
from dashboard.palette import Palette

HEAD_HEIGHT = 38
GAP = 0.04


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands, how strong it is, what it says and what a click carries."""

    row: int
    column: int
    value: float
    text: str
    hover: str
    carries: Sequence[str]


def cell_table(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Cell],
    colours: Palette,
    *,
    row_height: int,
    span: tuple[float, float],
    strong_is_low: bool = False,
) -> go.Figure:
    """`rows` and `columns` are their labels, `span` the values that are palest and strongest.

    A column without a label (an empty one) has none where there is no room for all.
    """
    strengths = [_strength(cell.value, span, strong_is_low) for cell in cells]
    fills = [_mixed(colours, strength) for strength in strengths]
    figure = Drawing(
        bar(
            orientation="h",
            y=[cell.row for cell in cells],
            base=[cell.column + GAP / 2 for cell in cells],
            x=[1 - GAP] * len(cells),
            width=1 - 2 * GAP,
            marker={
                # Numbers on a scale would do, but plotly warns of each of them nine times, because
                # bars with a text take them for colours: most of the time that it draws for.
                "color": fills,
                "line": {"color": colours.faint, "width": 0.5},
            },
            text=[cell.text for cell in cells],
            textposition="inside",
            insidetextfont={"color": [_ink(colours, fill) for fill in fills]},
            insidetextanchor="middle",
            textangle=0,
            customdata=[list(cell.carries) for cell in cells],
            hovertext=[cell.hover for cell in cells],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    labels = [f"{label} " for label in rows]
    figure.update_layout(
        **layout(row_height * len(rows) + HEAD_HEIGHT, colours),
        margin={"l": room(labels), "r": 0, "t": HEAD_HEIGHT, "b": 0},
        barmode="overlay",
        # on a telephone a cell is narrower than its number: the hover has it
        uniformtext={"mode": "hide", "minsize": 9},
    )
    shown = [place for place, label in enumerate(columns) if label]
    figure.update_xaxes(
        side="top",
        range=[0, len(columns)],
        tickvals=[place + 0.5 for place in shown],
        ticktext=[columns[place] for place in shown],
        autotickangles=UPRIGHT,
        tickfont={"size": 11},
        ticks="",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=labels,
        ticks="",
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure.made()


def _strength(value: float, span: tuple[float, float], strong_is_low: bool) -> float:
    """How much of the accent a cell has, from 0 to 1."""
    share = min(max((value - span[0]) / ((span[1] - span[0]) or 1.0), 0.0), 1.0)
    return 1 - share if strong_is_low else share


def _mixed(colours: Palette, strength: float) -> str:
    """The paper with so much of the accent in it."""
    ends = zip(_channels(colours.paper), _channels(colours.accent), strict=True)
    mixed = (round(paper + (accent - paper) * strength) for paper, accent in ends)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _ink(colours: Palette, fill: str) -> str:
    """Which of paper and ink reads better on a cell."""
    return max((colours.ink, colours.paper), key=lambda text: contrast(text, fill))


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, ...]:
    """Red, green and blue of #rrggbb."""
    return tuple(bytes.fromhex(colour.removeprefix("#")))
