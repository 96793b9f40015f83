"""A table of tickets on a page: a row opens its ticket, and Back returns to the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import wording
from dashboard.one_ticket import open_ticket
from dashboard.session import Data

TABLE_HEIGHT = 320
TALL = 520
ROWS_AT_ONCE = 8
TITLE_WIDTH = 230
_NAMES = {"number": "Number", "title": "Title", "from_at": "From", "to_at": "Until"}
UNITS = {"d": wording.DAY, "h": wording.HOUR, "min": wording.MINUTE}


def ticket_rows(
    data: Data,
    rows: pl.DataFrame,
    columns: Sequence[str],
    key: str,
    **titles: str,
) -> None:
    """The rows with those of these columns that have a value; `titles` renames some.

    Columns that end in `_seconds` are durations, shown as numbers so that they sort by size, in the
    unit that their title ends with: "Late (h)".
    """
    _draw(data, rows, columns, key, TABLE_HEIGHT, titles)


def long_list(data: Data, rows: pl.DataFrame, columns: Sequence[str], key: str) -> None:
    """The same, as the main thing of a page."""
    _draw(data, rows, columns, key, TALL, {})


def in_unit(title: str, seconds: pl.Series) -> str:
    """The title of a column of durations, with the unit in which the longest of them reads well."""
    longest = seconds.max() or 0.0
    assert isinstance(longest, float | int)
    unit = next((unit for unit, length in UNITS.items() if longest >= 2 * length), "min")
    return f"{title} ({unit})"


def _draw(
    data: Data,
    rows: pl.DataFrame,
    columns: Sequence[str],
    key: str,
    height: int,
    titles: Mapping[str, str],
) -> None:
    columns = [name for name in columns if rows[name].null_count() < rows.height]
    st.dataframe(
        rows.select(_shown(name, rows.schema[name], titles.get(name, "")) for name in columns),
        hide_index=True,
        height=height if rows.height > ROWS_AT_ONCE else "content",
        placeholder="",
        key=key,
        on_select=partial(_open, key, rows),
        selection_mode="single-row",
        column_config={
            name: _config(name, rows.schema[name], titles.get(name), data) for name in columns
        },
    )


def _open(key: str, rows: pl.DataFrame) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen:
        open_ticket(rows["ticket_id"][chosen[0]])


def _shown(name: str, kind: pl.DataType, title: str) -> pl.Expr:
    if name.endswith("_seconds"):
        unit = title.rpartition("(")[2].removesuffix(")")
        return (pl.col(name) / UNITS[unit]).round(2)
    if name in wording.IN_OUR_WORDS:
        return pl.col(name).cast(pl.String).replace(wording.SPOKEN)
    return (
        pl.col(name).cast(pl.String) if isinstance(kind, pl.Enum | pl.Categorical) else pl.col(name)
    )


def _config(name: str, kind: pl.DataType, title: str | None, data: Data) -> ColumnConfig:
    column = st.column_config
    title = title or _NAMES.get(name) or wording.column(name)
    if isinstance(kind, pl.Datetime):
        return column.DatetimeColumn(title, format="D MMM YYYY HH:mm", timezone=str(data.zone))
    if name.endswith("_seconds"):
        return column.NumberColumn(title, format="%,.1f", width=80)
    if kind.is_integer():
        return column.NumberColumn(title, format="localized", width=80)
    if kind.is_float():
        return column.NumberColumn(title, format="%,.1f")
    if isinstance(kind, pl.Boolean):
        return column.CheckboxColumn(title, width=80)
    if name == "number":
        return column.TextColumn(title, width=92, pinned=True)
    if name == "title":
        return column.TextColumn(title, width=TITLE_WIDTH)
    return column.TextColumn(title)
