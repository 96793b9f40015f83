"""The parts of the Changes page: lift, waves, each change with the incidents after it, markers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.filters import FILTERS, View
from dashboard.session import Data, dimension_values, warehouse
from dashboard.ticket_rows import ticket_rows
from insights import changes as found_changes
from insights import waves as found_waves
from insights.effect import effect
from insights.markers import Marker, set_marker
from insights.markers import markers as known_markers
from insights.standing import refuse_without
from policies.refusal import Refused
from queries.catalogue import Metric

CUTS = {"type": "Type of change", "service": "Service", "resolver_group": "Group that did it"}
TABLE_HEIGHT = 320
ALL_TICKETS = "All tickets"
MEASURED = ("mttr", "mtta", "mttd", "sla_compliance", "reopen_rate", "ticket_volume")


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
    """Lift by type, service and group, the highest first."""
    rows = found_changes.lifts(data.connection).filter(pl.col("cut_by") != "all")
    if rows.is_empty():
        return
    chosen = st.segmented_control(
        "By", list(CUTS.values()), default=CUTS["type"], required=True, key="lift_by",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    name = next(column for column, label in CUTS.items() if label == chosen)
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
        key="lifts",
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


def waves(data: Data, view: View) -> None:
    """Bursts of similar tickets, with the change before them."""
    rows = _of_services(found_waves.waves(data.connection), view)
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
            "minutes_after_change", "declared_number", "minutes_to_declared", "declared_by",
        ),
        hide_index=True,
        height="content" if rows.height <= 6 else 250,
        placeholder="",
        key="waves",
        column_config={
            "started_at": column.DatetimeColumn(
                "First ticket", format="D MMM YYYY HH:mm", timezone=str(data.zone), width=122
            ),
            "service": column.TextColumn("Service", width=100),
            "title": column.TextColumn("What", width=114),
            "tickets": column.NumberColumn("Tickets", width=58),
            "minutes": column.NumberColumn("Lasted (min)", format="localized", width=86),
            "change": column.TextColumn("Change before", width=134),
            "minutes_after_change": column.NumberColumn("min ago", format="localized", width=60),
            "declared_number": column.TextColumn("Major or parent", width=96),
            "minutes_to_declared": column.NumberColumn("after (min)", format="localized", width=74),
            "declared_by": column.TextColumn("how", width=60),
        },
    )  # fmt: skip


def changes(data: Data, view: View) -> None:
    """Each change with the incidents after it; a row shows them."""
    rows = _of_services(found_changes.changes(data.connection), view)
    if rows.is_empty():
        return
    st.subheader("Which incidents followed which change?", anchor=False)
    column = st.column_config
    state = st.dataframe(
        rows.select(
            "number", "title", "service", "ended_at", "incidents_after", "linked", "alike",
            "type", "outcome",
        ),
        hide_index=True,
        height=TABLE_HEIGHT if rows.height > 8 else "content",
        placeholder="",
        key="changes",
        on_select="rerun",
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
    chosen = state["selection"]["rows"]
    if not chosen:
        st.caption("Choose a change to see the incidents after it.")
        return
    after = found_changes.incidents_of(data.connection, rows["change_id"][chosen[0]])
    st.markdown(f"**After {wording.plain(rows['number'][chosen[0]])}**")
    ticket_rows(
        data,
        after,
        ("number", "title", "priority", "opened_at", "is_linked", "is_of_service", "is_alike"),
        "change_incidents",
        is_linked="Linked",
        is_of_service="Of its service",
        is_alike="Like in words",
    )


def markers(data: Data) -> None:
    """What each marker did to the main figures, and a form to set another one."""
    st.subheader("What did a change of our own rules do?", anchor=False)
    kept = warehouse().kept
    known = known_markers(data.policy, kept)
    if known:
        names = [f"{wording.day(each.on)}: {each.title}" for each in known]
        chosen = st.selectbox("Marker", names, key="marker", bind="query-params")
        _effects(data, known[names.index(str(chosen))])
    else:
        st.info("No marker yet: write one into the policy as [[marker]], or set one here.")
    _marker_form(data, kept)


def _marker_form(data: Data, kept: Path) -> None:
    """A day, a title, and the tickets that it was for, by any of the filters."""
    with st.expander("Set a marker"):
        if reason := st.session_state.pop("marker_refused", None):
            st.error(wording.plain(reason))
        first, second, third = st.columns([1, 3, 1])
        first.date_input("Day", value=None, key="marker_on")
        second.text_input("What was changed", key="marker_title")
        third.text_input("Who sets it", key="marker_who")
        first, second, third = st.columns([1, 3, 1], vertical_alignment="bottom")
        scope = first.selectbox(
            "For",
            [ALL_TICKETS, *FILTERS],
            key="marker_scope",
            format_func=lambda name: name if name == ALL_TICKETS else wording.column(name),
        )
        if scope != ALL_TICKETS:
            known = [str(value) for value in dimension_values(data, scope) if value is not None]
            second.multiselect("with the values", known, key=f"marker_values_{scope}")
        third.button("Set the marker", key="set_marker", on_click=_keep, args=(kept,))


def _keep(kept: Path) -> None:
    """Keep what the form says, or say on the next run why not."""
    said = st.session_state
    on, scope = said["marker_on"], said["marker_scope"]
    values = tuple(said.get(f"marker_values_{scope}", ()))
    try:
        if not isinstance(on, date):
            raise Refused("A marker needs its day.")
        if scope != ALL_TICKETS and not values:
            raise Refused("Choose the values that the marker was for, or all tickets.")
        where = {scope: values} if values else {}
        set_marker(kept, Marker(on, said["marker_title"], where, said["marker_who"]))
    except Refused as reason:
        said["marker_refused"] = str(reason)
    else:
        said["marker_title"] = ""


def _effects(data: Data, marker: Marker) -> None:
    lines = []
    for name in MEASURED:
        metric = data.metrics[name]
        try:
            found = asdict(effect(data.connection, metric, marker, data.policy))
        except Refused as reason:
            st.info(wording.plain(reason))
            return
        if found["before"] is None or found["after"] is None:
            continue
        told = partial(wording.figure, metric)
        is_known = found["difference"] is not None
        lines.append(
            {
                "Figure": metric.label,
                "Before": told(found["before"]),
                "After": told(found["after"]),
                "Difference, same mix": _difference(metric, found["difference"])
                if is_known else "",
                "95 %": _interval(metric, found["low"], found["high"]) if is_known else "",
                "Relative": _relative(found["relative"]),
                "Verdict": found["verdict"],
                "Rows": f"{found['n_before']:,} / {found['n_after']:,}",
                "Days": found["days"],
            }
        )  # fmt: skip
    st.dataframe(pl.DataFrame(lines), hide_index=True, key="effects", height="content")
    st.caption(
        "Equal stretches before and after; the difference holds the mix of priority and category "
        "still, so it need not be that of the two plain figures. Volume is per day."
    )


def _difference(metric: Metric, value: float) -> str:
    """With its sign; what is counted is told per day here, where hundredths matter."""
    if metric.unit == "count":
        return f"{value:+,.2f}".replace("-", wording.MINUS)
    return wording.signed(metric, value)


def _interval(metric: Metric, low: float, high: float) -> str:
    if metric.unit == "count":
        return f"{_difference(metric, low)} to {_difference(metric, high)}"
    return wording.change_interval(metric, low, high)


def _relative(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value * 100:+.0f}".replace("-", wording.MINUS) + f"{wording.NARROW}%"


def _of_services(rows: pl.DataFrame, view: View) -> pl.DataFrame:
    services = view.where.get("service")
    return rows.filter(pl.col("service").is_in(list(services))) if services else rows
