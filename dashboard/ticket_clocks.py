"""The promises of one ticket: each with its verdict, its strip and the intervals behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.charts import CONFIG
from dashboard.clock_strip import clock_strip, kinds, strip_in_words
from dashboard.palette import palette
from dashboard.session import Data, explanations
from queries.explain import Explanation, as_rows

MOST_STRIPS = 2
ROWS_AT_ONCE = 6
TABLE_HEIGHT = 250
ORDER = ("response", "update", "resolution")
STATES = {
    "met": "kept",
    "breached": "breached",
    "running": "running",
    "paused": "paused",
    "cancelled": "cancelled",
    "no_clock": "no clock",
}

Clock = Mapping[str, Any]


def clocks(data: Data, ticket: Mapping[str, Any]) -> None:
    """Each promise of the ticket: verdict, strip, and the table behind the strip."""
    st.subheader("Promises", anchor=False)
    found = explanations(data, ticket["ticket_id"])
    if not found:
        st.info("No service level of the policy fits this ticket: see the policy's sla tables.")
    by_promise = sorted(found, key=_promise_of)
    for _, cycles in groupby(by_promise, key=_promise_of):
        _promise(data, list(cycles))


def _promise_of(explanation: Explanation) -> tuple[int, str]:
    """Promises in the order in which a ticket meets them."""
    clock = explanation.clock
    return ORDER.index(clock["clock"]), str(clock["sla"])


def _promise(data: Data, cycles: Sequence[Explanation]) -> None:
    """A promise that began once or twice shows each; more make a table, strips below."""
    if len(cycles) <= MOST_STRIPS:
        for explanation in cycles:
            with st.container(border=True):
                _clock(data, explanation)
        return
    states = [explanation.clock["state"] for explanation in cycles]
    with st.container(border=True):
        st.markdown(
            f"**{_name(cycles[0].clock)}** · {states.count('met')} of {len(states)} times "
            f":green[**kept**], {states.count('breached')} times :red[**breached**]"
        )
        _cycles(data, [explanation.clock for explanation in cycles])
        with st.expander("Each time, second by second"):
            for explanation in cycles:
                _clock(data, explanation)


def _name(clock: Clock) -> str:
    return wording.plain(str(clock["sla"] or clock["clock"]))


def _cycles(data: Data, clocks_of: Sequence[Clock]) -> None:
    """When each began, was due and ended, and what came of it."""
    column = st.column_config
    instants = {"started_at": "From", "due_at": "Due", "stopped_at": "Kept at"}
    names = ("cycle", *instants, "elapsed_seconds", "state")
    rows = [{name: clock[name] for name in names} for clock in clocks_of]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    st.dataframe(
        frame.with_columns(
            (pl.col("elapsed_seconds") / wording.MINUTE).round(1),
            pl.col("state").cast(pl.String).replace(STATES),
        ),
        hide_index=True,
        height=TABLE_HEIGHT if frame.height > ROWS_AT_ONCE else "content",
        placeholder="",
        key=f"cycles_{clocks_of[0]['sla']}_{clocks_of[0]['clock']}",
        column_config={
            "cycle": column.NumberColumn("Cycle", width=60),
            "elapsed_seconds": column.NumberColumn("Took (min)", format="%,.1f", width=90),
            "state": column.TextColumn("Verdict"),
            **{
                name: column.DatetimeColumn(
                    title, format="D MMM YYYY HH:mm:ss", timezone=str(data.zone)
                )
                for name, title in instants.items()
            },
        },
    )


def _clock(data: Data, explanation: Explanation) -> None:
    clock = explanation.clock
    cycle = f", cycle {clock['cycle']}" if clock["cycle"] > 1 else ""
    st.markdown(f"**{_name(clock)}**{cycle} · {_verdict(clock)}")
    st.caption(wording.plain(_counted(explanation)))
    if not explanation.intervals:
        return
    st.plotly_chart(
        clock_strip(explanation, data.zone, palette()),
        theme=None,
        key=f"strip_{clock['sla']}_{clock['clock']}_{clock['cycle']}_{clock['started_at']}",
        config=CONFIG,
        alt=f"{clock['sla']}: {', '.join(kinds(explanation))}",
    )
    st.caption(wording.plain(strip_in_words(explanation)))
    with st.expander("Second by second"):
        _intervals(data, explanation)


def _verdict(clock: Clock) -> str:
    colour = {"met": "green", "breached": "red"}.get(clock["state"], "gray")
    reason = f": {wording.plain(clock['reason'])}" if clock["reason"] else ""
    return f":{colour}[**{STATES[clock['state']]}**]{reason}"


def _counted(explanation: Explanation) -> str:
    clock = explanation.clock
    if clock["elapsed_seconds"] is None:
        return "Nothing is counted."
    told = f"{wording.duration(explanation.counted_seconds)} counted"
    if clock["target_seconds"] is not None:
        told += f" of {wording.duration(clock['target_seconds'])}"
    if clock["paused_seconds"]:
        told += f", {wording.duration(clock['paused_seconds'])} on hold left out"
    return f"{told} · calendar {clock['calendar']} · from the ticket's {clock['basis']}"


def _intervals(data: Data, explanation: Explanation) -> None:
    rows = as_rows([explanation]).select("from_at", "to_at", "seconds", "is_counted", "rule")
    zone = str(data.zone)
    column = st.column_config
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "from_at": column.DatetimeColumn("From", format="D MMM YYYY HH:mm:ss", timezone=zone),
            "to_at": column.DatetimeColumn("To", format="D MMM YYYY HH:mm:ss", timezone=zone),
            "seconds": column.NumberColumn("Seconds", format="%,d"),
            "is_counted": column.CheckboxColumn("Counted"),
            "rule": column.TextColumn("Rule", width="large"),
        },
    )
