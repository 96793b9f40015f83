"""Changes and the incidents after them: lift, each change, and one of them."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data
from dashboard.ticket_rows import ticket_rows
from insights import changes as found_changes
from insights.standing import refuse_without

PARAMETER = "change"
PART = "part"  # which row of the lift the list is narrowed to
CUTS = {"type": "Type of change", "service": "Service", "resolver_group": "Group that did it"}
NO_VALUE = "(none)"
TABLE_HEIGHT = 320


def opened() -> str | None:
    """The change that the address bar names."""
    return st.query_params.get(PARAMETER)


def heading(data: Data) -> None:
    """The question, and the answer with its interval."""
    refuse_without(data.connection, "change_lifts")
    st.title("Do our changes cause incidents?", anchor=False)
    hours = data.policy.recurrence.change_window / wording.HOUR
    st.caption(
        f"Incidents of the service until {hours:g} h after the end of a change, against "
        "the same hours of the same weekdays of other weeks. All loaded changes; of the filters, "
        f"the service counts for the lists. Times in {wording.plain(data.zone)}."
    )
    whole = found_changes.lifts(data.connection).filter(pl.col("cut_by") == "all")
    if whole.is_empty():
        st.info("This warehouse holds no changes that were done: load an export of changes.")
        return
    row = whole.row(0, named=True)
    if row["lift"] is None:
        st.markdown("Too few control weeks to tell.")
        return
    verdict = "more than chance" if row["low"] > 1 else "not more than chance"
    st.markdown(
        f"**{row['lift']:.2f} times** as many incidents after {wording.count(row['changes'])} "
        f"changes as without one (95 % {row['low']:.2f} {wording.DASH} {row['high']:.2f}): "
        f"**{verdict}**; {wording.count(row['linked'])} are linked to a change."
    )


def lift(data: Data) -> None:
    """Lift by type, service and group, the highest first; a row narrows the list of changes."""
    rows = found_changes.lifts(data.connection).filter(pl.col("cut_by") != "all")
    if rows.is_empty():
        return
    st.segmented_control(
        "By", list(CUTS.values()), default=CUTS["type"], required=True, key="lift_by",
        bind="query-params", label_visibility="collapsed", on_change=_whole,
    )  # fmt: skip
    name = _cut()
    own = rows.filter(pl.col("cut_by") == name).sort("lift", descending=True, nulls_last=True)
    verdicts = [
        "cannot tell" if row["low"] is None or row["low"] <= 1 <= (row["high"] or 1)
        else "more" if row["low"] > 1 else "fewer"
        for row in own.iter_rows(named=True)
    ]  # fmt: skip
    column = st.column_config
    st.dataframe(
        own.with_columns(pl.Series("verdict", verdicts, dtype=pl.String)).select(
            "value", "changes", "incidents", "expected", "lift", "low", "high", "verdict", "linked"
        ),
        hide_index=True,
        height="content" if own.height <= 8 else TABLE_HEIGHT,
        key=f"lifts_{st.query_params.get(PART, '')}",  # a new one has no row chosen
        on_select=partial(_narrow, own["value"].to_list()),
        selection_mode="single-row",
        column_config={
            "value": column.TextColumn(CUTS[name], width=210),
            "changes": column.NumberColumn("Changes", format="localized", width=80),
            "incidents": column.NumberColumn("Incidents after", format="localized", width=110),
            "expected": column.NumberColumn("Expected", format="%,.1f", width=85),
            "lift": column.NumberColumn("Lift", format="%.2f", width=60),
            "low": column.NumberColumn("95 % from", format="%.2f", width=80),
            "high": column.NumberColumn("to", format="%.2f", width=60),
            "verdict": column.TextColumn("Verdict", width=90),
            "linked": column.NumberColumn("Linked", format="localized", width=70),
        },
    )
    st.caption("Choose a row for its changes.")


def _cut() -> str:
    """The column that lift is cut by."""
    chosen = st.session_state.get("lift_by", CUTS["type"])  # no control where there is no lift
    return next(name for name, label in CUTS.items() if label == chosen)


def _narrow(values: list[str]) -> None:
    key = f"lifts_{st.query_params.get(PART, '')}"
    if chosen := st.session_state[key]["selection"]["rows"]:
        st.query_params[PART] = values[chosen[0]]


def _whole() -> None:
    st.query_params.pop(PART, None)


def changes(data: Data, view: View) -> None:
    """Each change with the number of incidents after it; a row opens them."""
    rows = view.of_services(found_changes.changes(data.connection))
    if rows.is_empty():
        return
    st.subheader("Which incidents followed which change?", anchor=False)
    if value := st.query_params.get(PART):
        name = _cut()
        rows = rows.filter(pl.col(name).fill_null(NO_VALUE) == value)
        st.button(
            f"**{wording.plain(f'{CUTS[name]}: {value}')}** ✕",
            key="all_changes",
            type="tertiary",
            help="All changes again",
            on_click=_whole,
        )
        if rows.is_empty():
            st.info("None of the changes is of this part: take it away, or widen the filters.")
            return
    column = st.column_config
    st.dataframe(
        rows.select(
            "number", "title", "service", "ended_at", "incidents_after", "linked", "alike",
            "type", "outcome",
        ),
        hide_index=True,
        height=TABLE_HEIGHT if rows.height > 8 else "content",
        placeholder="",
        key="changes",
        on_select=partial(_open, rows["change_id"].to_list()),
        selection_mode="single-row",
        column_config={
            "number": column.TextColumn("Change", width=110, pinned=True),
            "title": column.TextColumn("Title", width=200),
            "type": column.TextColumn("Type", width=85),
            "service": column.TextColumn("Service"),
            "outcome": column.TextColumn("Outcome"),
            "ended_at": column.DatetimeColumn(
                "Ended", format="D MMM YYYY HH:mm", timezone=str(data.zone)
            ),
            "incidents_after": column.NumberColumn("Incidents after", width=110),
            "linked": column.NumberColumn("Linked", width=70),
            "alike": column.NumberColumn("Like in words", width=100),
        },
    )  # fmt: skip
    st.caption("Choose a change to see the incidents after it.")


def _open(change_ids: list[str]) -> None:
    if chosen := st.session_state["changes"]["selection"]["rows"]:
        st.query_params[PARAMETER] = change_ids[chosen[0]]


def _close() -> None:
    st.query_params.pop(PARAMETER, None)


def one_change(data: Data, change_id: str) -> None:
    """A change: what it was, and the incidents after it."""
    st.button("← Changes", key="crumb_changes", type="tertiary", on_click=_close)
    found = found_changes.changes(data.connection).filter(pl.col("change_id") == change_id)
    if found.is_empty():
        st.title("Which change?", anchor=False)
        st.info("The link names a change that is not in this build, or that was never done.")
        return
    row = found.row(0, named=True)
    title = row["title"] or "(no title in the export)"
    st.title(f"{wording.plain(row['number'])} · {wording.plain(title)}", anchor=False)
    told = [
        f"{wording.column(name)} **{wording.plain(row[name])}**"
        for name in ("type", "service", "resolver_group", "outcome")
        if row[name] is not None
    ]
    st.markdown(" · ".join(told))
    moments = [
        f"{label} {wording.instant(row[name], data.zone)}"
        for name, label in (("started_at", "Started"), ("ended_at", "Ended"))
        if row[name] is not None
    ]
    st.caption(wording.plain(f"{' · '.join(moments)} · times in {data.zone}"))
    st.markdown(
        f"**{wording.tickets(row['incidents_after'], 'incident')}** after it: "
        f"{row['linked']:,} linked to it, {row['alike']:,} like it in words"
    )
    after = found_changes.incidents_of(data.connection, change_id)
    if after.is_empty():
        return
    ticket_rows(
        data,
        after,
        ("number", "title", "priority", "opened_at", "is_linked", "is_of_service", "is_alike"),
        "change_incidents",
        is_linked="Linked",
        is_of_service="Of its service",
        is_alike="Like in words",
    )
