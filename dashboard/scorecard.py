"""Every figure in one table: value, target, both changes with verdicts, trend, interval, n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.kpis import Compared, Tile

KEY = "scorecard"
VERDICTS = {"better": "green", "worse": "red", "changed": "gray", "cannot tell": "gray"}
STATUS = {"met": "green", "missed": "red"}


def scorecard(groups: Mapping[str, Sequence[Tile]], kpi: str) -> None:
    """A row for each figure; choosing one shows its trend, breakdown and what moved it."""
    tiles = [each for found in groups.values() for each in found]
    st.subheader("All figures", anchor=False)
    rows = [_row(each) for each in tiles]
    column = st.column_config
    told = partial(column.TextColumn, alignment="right")
    verdict = partial(
        column.MultiselectColumn,
        "Is it real?",
        width=84,
        options=list(VERDICTS),
        color=list(VERDICTS.values()),
    )
    statuses = sorted({each for row in rows for each in row["target"]})
    st.dataframe(
        pl.DataFrame(rows, infer_schema_length=None),
        hide_index=True,
        height="content",
        placeholder="",
        key=KEY,
        on_select=partial(_choose, [each.metric.label for each in tiles], kpi),
        selection_mode="single-row",
        column_config={
            "figure": column.TextColumn("Figure", width=136, pinned=True),
            "value": told("Value", width=70),
            "target": column.MultiselectColumn(
                "Target",
                width=102,
                options=statuses,
                color=[STATUS[each.split()[-1]] for each in statuses],
            ),
            "previous": told("vs previous", width=78),
            "verdict": verdict(),
            "last_year": told("vs last year", width=78),
            "verdict_of_year": verdict(),
            "trend": column.LineChartColumn("13 months", width=68),
            "interval": told("95 % interval", width=114),
            "n": column.NumberColumn("n", format="localized", width=50),
        },
    )
    st.caption("Choose a row to see its trend, its parts and what moved it above.")
    absent = [
        f"{wording.plain(each.metric.label)}: {wording.plain(wording.cell(each.reason or ''))}"
        for each in tiles
        if each.value is None
    ]
    if absent:
        st.markdown(":small[:gray[Not available  \n" + "  \n".join(absent) + "]]")
        st.page_link("pages/data.py", label=":primary[:small[what the data carry]]")


def _row(tile: Tile) -> dict[str, Any]:
    return {
        "figure": tile.metric.label,
        "value": tile.value or wording.DASH,
        "target": _status(tile),
        "previous": _signed(tile, tile.previous),
        "verdict": _verdict(tile.previous),
        "last_year": _signed(tile, tile.last_year),
        "verdict_of_year": _verdict(tile.last_year),
        "trend": _trend(tile),
        "interval": tile.basis.removeprefix("95 % "),
        "n": tile.rows if tile.value else None,
    }


def _trend(tile: Tile) -> list[float] | None:
    """Its complete months with a figure; the table can draw neither gaps nor nothing."""
    points = [point.value for point in tile.points if point.is_complete]
    return [value for value in points if value is not None] or None


def _status(tile: Tile) -> list[str]:
    """The target and whether it is met, empty without one."""
    if tile.target is None or tile.is_met is None:
        return []
    return [f"{wording.figure(tile.metric, tile.target)} {'met' if tile.is_met else 'missed'}"]


def _signed(tile: Tile, compared: Compared | None) -> str:
    if compared is None or compared.change.difference is None:
        return ""
    return wording.signed(tile.metric, compared.change.difference)


def _verdict(compared: Compared | None) -> list[str]:
    return [compared.change.verdict] if compared else []


def _choose(labels: Sequence[str], kpi: str) -> None:
    rows = st.session_state[KEY]["selection"]["rows"]
    if rows:
        st.session_state[kpi] = labels[rows[0]]
