"""The page of one ticket: its facts, its clocks as strips, its history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.charts import CONFIG
from dashboard.palette import palette
from dashboard.session import Data, promises
from dashboard.ticket_clocks import clocks
from dashboard.timeline import stretches, timeline
from policies.refusal import Refused

PARAMETER = "ticket"
OPENED = "opened"
QUESTION = "What happened to a ticket, and how was its promise counted?"
FACTS = (
    "priority",
    "state",
    "service",
    "resolver_group",
    "assignee",
    "caller",
    "customer",
    "category",
    "channel",
)
INSTANTS = ("opened_at", "first_response_at", "resolved_at", "closed_at", "exported_at")

Ticket = Mapping[str, Any]


def open_ticket(ticket_id: str) -> None:
    """Open a ticket in place of the page: called by a control, and one Back returns."""
    st.query_params[OPENED] = ticket_id


def opened() -> str | None:
    """The ticket that the address bar opens in place of a page."""
    return st.query_params.get(OPENED)


def in_place(data: Data, name: str) -> None:
    """A ticket that was opened on a page, with the way back to it."""
    st.button("← Back to the list", key="crumb_list", type="tertiary", on_click=_close)
    try:
        tell(data, promises(data, "ticket", name))
    except Refused as reason:
        st.info(wording.plain(str(reason)))


def _close() -> None:
    if OPENED in st.query_params:
        del st.query_params[OPENED]


def tell(data: Data, ticket: Ticket) -> None:
    """All that is known of a ticket: facts, life, promises, repeats, history."""
    facts(data, ticket)
    life(data, ticket)
    clocks(data, ticket)
    repeats(data, ticket)
    history(data, ticket)


def choose(data: Data) -> Ticket | None:
    """The ticket that the address bar names; a field for its number."""
    name = st.text_input(
        "Ticket number",
        key=PARAMETER,
        bind="query-params",
        placeholder="Ticket number, for example INC0041201",
        label_visibility="collapsed",
        width=320,
    ).strip()
    if not name:
        st.title(QUESTION, anchor=False)
        st.caption("Give its number above, or open one from a list of tickets.")
        return None
    try:
        return promises(data, "ticket", name)
    except Refused as reason:
        st.title(QUESTION, anchor=False)
        st.info(wording.plain(str(reason)))
        return None


def facts(data: Data, ticket: Ticket) -> None:
    """Number, title, and the main facts in two lines."""
    title = ticket["title"] or "(no title in the export)"
    st.title(f"{wording.plain(ticket['number'])} · {wording.plain(title)}", anchor=False)
    known = [
        f"{wording.column(name)} **{wording.plain(wording.value_name(ticket[name]))}**"
        for name in FACTS
        if ticket[name] is not None
    ]
    st.markdown(" · ".join(known))
    moments = [
        f"{wording.column(name)} {wording.instant(ticket[name], data.zone)}"
        for name in INSTANTS
        if ticket[name] is not None
    ]
    st.caption(wording.plain(" · ".join(moments) + f" · times in {data.zone}"))
    if ticket["description"]:
        with st.expander("Description"):
            st.text(ticket["description"])


def life(data: Data, ticket: Ticket) -> None:
    """Its history as a timeline, where the export carries one."""
    events: pl.DataFrame = promises(data, "ticket_events", ticket["ticket_id"])
    if not stretches(ticket, events):
        return
    st.subheader("Life", anchor=False)
    st.plotly_chart(
        timeline(ticket, events, data.zone, palette()),
        theme=None,
        key="timeline",
        config=CONFIG,
        alt=f"The life of {ticket['number']}: states, groups and priorities over time",
    )


def repeats(data: Data, ticket: Ticket) -> None:
    """The incidents of the same caller and kind that it repeats, or that repeat it."""
    chain: pl.DataFrame = promises(data, "repeat_chain", ticket["ticket_id"])
    if chain.is_empty():
        return
    place = chain["ticket_id"].to_list().index(ticket["ticket_id"]) + 1
    st.subheader("Repeats", anchor=False)
    key = " + ".join(wording.column(name).lower() for name in data.policy.definitions.repeat_key)
    days = data.policy.definitions.repeat_days
    st.caption(
        wording.plain(
            f"Incident {place} of a chain of {chain.height}: same {key}, each within {days} days "
            "of the one before. Choose a row to open another one."
        )
    )
    shown = chain.with_columns(
        pl.Series("ticket", [wording.value_name(number) for number in chain["number"]])
    )
    column = st.column_config
    st.dataframe(
        shown.select(
            "ticket",
            "title",
            (pl.col("seconds_since_previous") / wording.DAY).round(1),
            "opened_at",
            "resolved_at",
            pl.col("resolver_group").cast(pl.String),
        ),
        hide_index=True,
        key="repeat_chain",
        placeholder="",
        on_select=partial(_open_repeat, chain["ticket_id"].to_list()),
        selection_mode="single-row",
        column_config={
            "ticket": column.TextColumn("Number", width=92),
            "title": column.TextColumn("Title", width=280),
            "seconds_since_previous": column.NumberColumn("Days after", format="%.1f"),
            "resolver_group": column.TextColumn("Group"),
            **{
                name: column.DatetimeColumn(
                    title, format="D MMM YYYY HH:mm", timezone=str(data.zone)
                )
                for name, title in (("opened_at", "Opened"), ("resolved_at", "Resolved"))
            },
        },
    )


def _open_repeat(ids: list[str]) -> None:
    rows = st.session_state["repeat_chain"]["selection"]["rows"]
    if not rows:
        return
    if PARAMETER in st.session_state:
        st.session_state[PARAMETER] = ids[rows[0]]
    else:
        open_ticket(ids[rows[0]])


def history(data: Data, ticket: Ticket) -> None:
    """Every change the export tells of, in order."""
    st.subheader("History", anchor=False)
    events: pl.DataFrame = promises(data, "ticket_events", ticket["ticket_id"])
    if events.is_empty():
        st.info("This export carries no history: a list tells only how the ticket stands.")
        return
    column = st.column_config
    ours = pl.col("field").is_in(wording.IN_OUR_WORDS)
    st.dataframe(
        events.with_columns(
            pl.col("field").replace_strict(_names(events), default=None),
            *(
                pl.when(ours).then(pl.col(name).replace(wording.SPOKEN)).otherwise(name).alias(name)
                for name in ("old", "new")
            ),
        ),
        hide_index=True,
        placeholder="",
        column_config={
            "at": column.DatetimeColumn(
                "When", format="D MMM YYYY HH:mm:ss", timezone=str(data.zone)
            ),
            "field": column.TextColumn("What"),
            "old": column.TextColumn("Before"),
            "new": column.TextColumn("After"),
            "actor": column.TextColumn("Who"),
            "actor_role": column.TextColumn("Role"),
        },
    )


def _names(events: pl.DataFrame) -> dict[str, str]:
    return {name: wording.column(name) for name in events["field"].unique()}
