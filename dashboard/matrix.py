"""How many of what, in which: counts over two things, each cell written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import plotly.graph_objects as go

from dashboard import wording
from dashboard.cells import Cell, cell_table
from dashboard.palette import Palette

DIGIT = "\N{FIGURE SPACE}"

Counts = Mapping[tuple[str, str], float | None]


def matrix(
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    counts: Counts,
    colours: Palette,
    *,
    row_height: int = 34,
    every: int = 1,
) -> go.Figure:
    """`rows` and `columns` map keys to their labels; a click carries the two keys.

    Of the labels of columns only one in `every` is drawn, where there is no room for all.
    """
    cells = [
        _cell(place, number, (row, column), (rows[row], columns[column]), counts)
        for place, row in enumerate(rows)
        for number, column in enumerate(columns)
    ]
    labels = [wording.chart_text(label) for label in columns.values()]
    widest = max((len(cell.text) for cell in cells), default=0)
    # numbers of one width: where there is no room for one of them, none is shown
    cells = [replace(cell, text=cell.text and cell.text.center(widest, DIGIT)) for cell in cells]
    strongest = max((cell.value for cell in cells), default=1.0) or 1.0
    return cell_table(
        [wording.chart_text(label, 24) for label in rows.values()],
        [label if number % every == 0 else "" for number, label in enumerate(labels)],
        cells,
        colours,
        row_height=row_height,
        span=(0.0, strongest),
    )


def _cell(
    row: int, column: int, keys: tuple[str, str], names: tuple[str, str], counts: Counts
) -> Cell:
    count = counts.get(keys) or 0.0
    name = ", ".join(wording.chart_text(part, 60) for part in names)
    hover = f"<b>{name}</b><br>{wording.tickets(int(count))}<br>click for them"
    return Cell(row, column, count, wording.count(count) if count else "", hover, keys)
