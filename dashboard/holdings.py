"""The data page: what was loaded, what was odd about it, and what the figures can stand on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import drilldown, filter_bar, wording
from dashboard.filters import View
from dashboard.session import Data, answer, data_state, table
from pipelines.contract import TICKETS
from queries.groups import grouped
from queries.question import Question

ROWS_AT_ONCE = 12
TALLEST = 420
MOST_IN_WORDS = 20


def heading(data: Data) -> None:
    st.title("What was loaded, and what can it tell?", anchor=False)
    state = data_state(data)
    if state is None:
        return
    words = [
        f"Build {data.build} of {data.folder.name}",
        f"tickets from {wording.instant(state.first_at, data.zone)} "
        f"to {wording.instant(state.data_at, data.zone)}",
        f"times in {data.zone}",
        "all of it, whatever the filters",
    ]
    st.caption(wording.plain(" · ".join(words)))


def totals(data: Data) -> None:
    """Four numbers: what came in, and what did not."""
    state = data_state(data)
    if state is None:
        return
    with st.grid(4, min_column_width=180, gap="xsmall", border=True):
        st.metric("Tickets", wording.count(state.tickets))
        st.metric("Files loaded", wording.count(state.files))
        st.metric("Rows rejected", wording.count(state.rows_rejected))
        st.metric("Findings", wording.count(state.findings))


def loads(data: Data) -> None:
    st.subheader("Loads", anchor=False)
    rows = table(data, "ledger")
    if rows.is_empty():
        st.info("Nothing was loaded yet.")
        return
    st.caption(
        "One row a file, newest first; new, updated and unchanged are tickets. "
        "Rows = accepted + rejected."
    )
    column = st.column_config
    numbers = {
        "rows": "Rows",
        "rows_rejected": "Rejected",
        "tickets_new": "New",
        "tickets_updated": "Updated",
        "tickets_unchanged": "Unchanged",
        "events_new": "New events",
        "rows_accepted": "Accepted",
        "events_known": "Known events",
    }
    _show(
        rows.with_columns(_file_name()),
        {
            "file": column.TextColumn("File", width=150, pinned=True),
            "form": column.TextColumn("Read as", width=130),
            "loaded_at": _instant("Loaded", data),
            **{
                name: column.NumberColumn(title, format="localized", width=84)
                for name, title in numbers.items()
            },
            "exported_at": _instant("Exported", data),
            "build": column.NumberColumn("Build", width="small"),
            "undone_at": _instant("Undone", data),
        },
        "ledger",
    )


def findings(data: Data) -> None:
    st.subheader("What was odd about the files", anchor=False)
    rows = table(data, "findings")
    if rows.is_empty():
        st.caption("Nothing odd was found in the files.")
        return
    for row in rows.with_columns(_file_name()).head(MOST_IN_WORDS).iter_rows(named=True):
        where = ", ".join(part for part in (row["file"], row["column"]) if part)
        st.markdown(f"{wording.plain(row['message'])}  \n:small[:gray[{wording.plain(where)}]]")
    if rows.height > MOST_IN_WORDS:
        st.caption(f"The {MOST_IN_WORDS} newest of {rows.height:,}: `meantime loads` lists all.")


def rejected_rows(data: Data) -> None:
    st.subheader("Rejected rows", anchor=False)
    rows = table(data, "rejected")
    if rows.is_empty():
        st.caption("Every row of every file was accepted.")
        return
    column = st.column_config
    _show(
        rows.with_columns(_file_name()),
        {
            "file": column.TextColumn("File", width="medium"),
            "line": column.NumberColumn("Line", format="localized", width="small"),
            "column": column.TextColumn("Column", width="small"),
            "value": column.TextColumn("What stood there"),
            "reason": column.TextColumn("Why it was rejected", width="large"),
        },
        "rejected",
    )


def metric_coverage(data: Data, view: View) -> None:
    """How much of what it is about each figure could use, over all of the data."""
    st.subheader("What each figure stands on", anchor=False)
    st.caption(
        "Over all months. Coverage: rows used of the rows that the figure is about. Choose a row "
        "for them."
    )
    rows, names = [], []
    for metrics in grouped(data.metrics).values():
        for metric in metrics:
            names.append(metric.name)
            found = answer(data, metric, Question())
            row = found.rows.row(0, named=True)
            rows.append(
                {
                    "figure": metric.label,
                    "n": row["n"],
                    "coverage": row["coverage"],
                    "reason": found.reason or row["reason"],
                }
            )
    column = st.column_config
    _show(
        pl.DataFrame(rows, schema_overrides={"reason": pl.String, "coverage": pl.Float64}),
        {
            "figure": column.TextColumn("Figure", width="medium"),
            "n": column.NumberColumn("Rows used", format="localized", width="small"),
            "coverage": _share("Coverage"),
            "reason": column.TextColumn("Why it is not available", width="large"),
        },
        "metric_coverage",
        rows_at_once=len(rows),
        on_select=partial(_open_figure, names, view),
    )


def _open_figure(names: list[str], view: View) -> None:
    """The rows behind a figure, of all days."""
    if chosen := st.session_state["table_metric_coverage"]["selection"]["rows"]:
        filter_bar.look_at_everything(view)
        drilldown.open_tickets(names[chosen[0]])


def column_coverage(data: Data) -> None:
    """Which columns the exports fill."""
    st.subheader("What the tickets carry", anchor=False)
    meanings = {column.name: wording.cell(column.meaning) for column in TICKETS.columns}
    rows = (
        table(data, "column_coverage")
        .with_columns(
            (pl.col("tickets_filled") / pl.col("tickets")).alias("share"),
            pl.col("column").replace_strict(meanings, default="").alias("meaning"),
        )
        .sort("share", descending=True, maintain_order=True)
    )
    column = st.column_config
    _show(
        rows,
        {
            "column": column.TextColumn("Column", width="medium"),
            "share": _share("Tickets that carry it"),
            "tickets_filled": column.NumberColumn("Tickets", format="localized", width="small"),
            "meaning": column.TextColumn("What it is", width="large"),
        },
        "column_coverage",
    )


def _show(
    rows: pl.DataFrame,
    columns: dict[str, ColumnConfig],
    key: str,
    *,
    rows_at_once: int = ROWS_AT_ONCE,
    on_select: Callable[[], None] | Literal["ignore"] = "ignore",
) -> None:
    """A table of these columns, in this order, as tall as it needs to be; `on_select` is called
    when a row is chosen."""
    st.dataframe(
        rows.select(list(columns)),
        placeholder="",
        column_config=columns,
        hide_index=True,
        height="content" if rows.height <= rows_at_once else TALLEST,
        key=f"table_{key}",
        on_select=on_select,
        selection_mode="single-row",
    )


def _file_name() -> pl.Expr:
    """The name without its folder: the folder is the machine's affair."""
    return pl.col("file").str.replace(r"^.*[/\\]", "")


def _instant(title: str, data: Data) -> ColumnConfig:
    return st.column_config.DatetimeColumn(
        title, format="D MMM YYYY HH:mm", timezone=str(data.zone)
    )


def _share(title: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(
        title, format="percent", min_value=0.0, max_value=1.0, width="medium"
    )
