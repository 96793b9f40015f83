"""Waves: bursts of similar tickets, with the change before them; one of them with its tickets."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data
from dashboard.ticket_rows import ticket_rows
from insights import waves as found_waves

PARAMETER = "wave"
ROWS_AT_ONCE = 8
TABLE_HEIGHT = 320
TICKETS = ("number", "title", "minutes_after", "priority", "opened_at", "state", "resolver_group")


def opened() -> str | None:
    """The wave that the address bar names."""
    return st.query_params.get(PARAMETER)


def waves(data: Data, view: View) -> None:
    """Bursts of similar tickets, with the change before them; a row opens its tickets."""
    rows = view.of_services(found_waves.waves(data.connection))
    st.subheader("When did many call at once?", anchor=False)
    if rows.is_empty():
        st.info("No wave: no service had more similar tickets at once than its hours explain.")
        return
    column = st.column_config
    linked = pl.when("change_is_linked").then(pl.lit(" (linked)")).otherwise(pl.lit(""))
    st.dataframe(
        rows.with_columns(
            minutes=(pl.col("seconds") / 60).round().cast(pl.Int64),
            change=pl.col("change_number") + linked,
        ).select(
            "started_at", "service", "title", "tickets", "minutes", "change",
            "minutes_after_change", "declared_number", "minutes_to_declared",
        ),
        hide_index=True,
        height="content" if rows.height <= ROWS_AT_ONCE else TABLE_HEIGHT,
        placeholder="",
        key="waves",
        on_select=partial(_open, rows["wave_id"].to_list()),
        selection_mode="single-row",
        column_config={
            "started_at": column.DatetimeColumn(
                "First ticket", format="D MMM YYYY HH:mm", timezone=str(data.zone), width=124
            ),
            "service": column.TextColumn("Service", width=128),
            "title": column.TextColumn("What", width=125),
            "tickets": column.NumberColumn("Tickets", width=62),
            "minutes": column.NumberColumn("Minutes", format="localized", width=64),
            "change": column.TextColumn("Change before", width=136),
            "minutes_after_change": column.NumberColumn("min ago", format="localized", width=64),
            "declared_number": column.TextColumn("Major", width=88),
            "minutes_to_declared": column.NumberColumn("after (min)", format="localized", width=78),
        },
    )  # fmt: skip
    st.caption(
        "Major: the major incident or parent that was declared, and how long after the first "
        "ticket; a wave without one is a candidate. Choose a wave for its tickets."
    )


def _open(wave_ids: list[str]) -> None:
    if chosen := st.session_state["waves"]["selection"]["rows"]:
        st.query_params[PARAMETER] = wave_ids[chosen[0]]


def _close() -> None:
    st.query_params.pop(PARAMETER, None)


def one_wave(data: Data, wave_id: str) -> None:
    """A wave: what is known about it, and its tickets."""
    st.button("← Changes", key="crumb_waves", type="tertiary", on_click=_close)
    found = found_waves.waves(data.connection).filter(pl.col("wave_id") == wave_id)
    if found.is_empty():
        st.title("Which wave?", anchor=False)
        st.info("The link names a wave that is not in this build: a load can move its start.")
        return
    row = found.row(0, named=True)
    what = row["title"] or row["service"] or "Tickets without a service"
    st.title(f"Wave: {wording.plain(what)}", anchor=False)
    st.markdown(_evidence(data, row))
    ticket_rows(
        data,
        found_waves.tickets_of(data.connection, wave_id),
        TICKETS,
        "wave_tickets",
        minutes_after="Minutes",
    )


def _evidence(data: Data, row: dict[str, Any]) -> str:
    """How many and when; what changed before; who declared it when."""
    first = [
        f"**{wording.tickets(row['tickets'])}** within {wording.duration(row['seconds'])}",
        f"from {wording.instant(row['started_at'], data.zone)}, {wording.plain(data.zone)}",
    ]
    if row["service"] is not None:
        first.append(wording.plain(row["service"]))
    if row["change_number"] is None:
        change = "No change before it"
    else:
        change = f"Change before it: **{wording.plain(row['change_number'])}**"
        if (minutes := row["minutes_after_change"]) is not None:
            side = "before" if minutes >= 0 else "after"
            change += f", ended {wording.duration(60 * abs(minutes))} {side} the first ticket"
        if row["change_is_linked"]:
            change += ", linked by its tickets"
    if row["declared_number"] is None:
        declared = "no major incident or parent was declared: a **candidate** for one"
    else:
        minutes = row["minutes_to_declared"]
        after = f"{wording.duration(60 * minutes)} after" if minutes else "with"
        number = wording.plain(row["declared_number"])
        declared = f"**{number}** was {row['declared_by']} {after} the first ticket"
    return f"{' · '.join(first)}  \n{change}; {declared}."
