"""The Tickets page: search, state, and a list of any length that sorts over all of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.downloads import as_csv, as_xlsx
from dashboard.filters import View, in_words
from dashboard.session import Data, dimension_values, found_tickets
from dashboard.ticket_rows import long_list
from queries.question import Question
from queries.search import Which

WHICH: dict[str, Which] = {"Opened in the period": "opened", "Open now": "open", "All": "all"}
STATES = ("new", "in_progress", "on_hold", "resolved", "closed", "cancelled", "unknown")
COLUMNS = (
    "number",
    "title",
    "state",
    "priority",
    "service",
    "resolver_group",
    "opened_at",
    "resolved_at",
    "assignee",
    "customer",
    "category",
    "location",
    "channel",
    "kind",
)


def heading(data: Data, view: View) -> None:
    st.title("Which tickets are these?", anchor=False)
    words = [wording.month(view.period.name), in_words(view.where), f"times in {data.zone}"]
    st.caption(wording.plain(" · ".join(words)))


def choose(data: Data) -> tuple[str, Which, tuple[str, ...]]:
    """The words looked for, which tickets, and their states; the address bar holds them."""
    known = dimension_values(data, "state")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = st.text_input(
            "Words",
            key="words",
            bind="query-params",
            placeholder="Search in number, title and description",
            label_visibility="collapsed",
            width=300,
        )
        which = st.segmented_control(
            "Which",
            list(WHICH),
            default=next(iter(WHICH)),
            required=True,
            key="which",
            bind="query-params",
            label_visibility="collapsed",
        )
        states = st.pills(
            "State",
            [wording.value_name(state) for state in STATES if state in known],
            selection_mode="multi",
            key="state",
            bind="query-params",
            label_visibility="collapsed",
        )
    return (
        words,
        WHICH[which],
        tuple(state for state in STATES if wording.value_name(state) in states),
    )


def table(data: Data, view: View, words: str, which: Which, states: tuple[str, ...]) -> None:
    """The tickets found; a row opens its ticket, a head sorts all of them."""
    rows = found_tickets(data, _question(view, states), words, which)
    order = "the oldest first" if which == "open" else "the newest first"
    st.markdown(f"**{wording.tickets(rows.height)}**, {order}")
    if rows.is_empty():
        st.info("No ticket is found: search for fewer words, or take a filter away.")
        return
    long_list(data, rows, COLUMNS, "found")
    st.caption("Choose a row to open its ticket. A click on a head sorts all of them.")
    _downloads(rows)


def _question(view: View, states: tuple[str, ...]) -> Question:
    question = view.of_month()
    return replace(question, where={**question.where, "state": states}) if states else question


def _downloads(rows: pl.DataFrame) -> None:
    """The whole list as files, made on the click."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download CSV",
            data=lambda: as_csv(rows),
            file_name="meantime-tickets.csv",
            mime="text/csv",
            on_click="ignore",
            key="download_csv",
        )
        st.download_button(
            "Download XLSX",
            data=lambda: as_xlsx(rows),
            file_name="meantime-tickets.xlsx",
            on_click="ignore",
            key="download_xlsx",
        )
