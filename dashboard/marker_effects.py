"""What a change of our own rules did: markers, their effect on the main figures, and a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import polars as pl
import streamlit as st

from dashboard import drilldown, filter_bar, wording
from dashboard.filters import FILTERS
from dashboard.session import Data, dimension_values, warehouse
from insights.effect import Effect, effect
from insights.markers import Marker, set_marker
from insights.markers import markers as known_markers
from policies.refusal import Refused
from queries.catalogue import Metric

ALL_TICKETS = "All tickets"
MEASURED = ("mttr", "mtta", "mttd", "sla_compliance", "reopen_rate", "ticket_volume")


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
    """One row a figure; a chosen one opens its tickets after the marker."""
    found: list[Effect] = []
    for name in MEASURED:
        try:
            each = effect(data.connection, data.metrics[name], marker, data.policy)
        except Refused as reason:
            st.info(wording.plain(reason))
            return
        has_rows = each.n_before + each.n_after > 0
        if has_rows and each.before is not None and each.after is not None:
            found.append(each)
    if not found:
        st.info("No figure is known on both sides of this marker.")
        return
    opens: Callable[[], None] | Literal["ignore"] = partial(_open, found, marker)
    if not set(marker.where) <= set(FILTERS):
        opens = "ignore"  # a policy may name columns that no filter has
    st.dataframe(
        pl.DataFrame([_row(data.metrics[each.metric], each) for each in found]),
        hide_index=True,
        key="effects",
        height="content",
        on_select=opens,
        selection_mode="single-row",
    )
    st.caption(
        "Equal stretches before and after; the difference holds the mix of priority and category "
        "still and leaves out tickets that were opened before their stretch, so it need not be "
        "that of the two plain figures. Volume is per day. Choose a row for its tickets after the "
        "marker, which sets the filters to the marker's."
    )


def _row(metric: Metric, found: Effect) -> dict[str, object]:
    told = partial(wording.figure, metric)
    difference, low, high = found.difference, found.low, found.high
    return {
        "Figure": metric.label,
        "Before": "" if found.before is None else told(found.before),
        "After": "" if found.after is None else told(found.after),
        "Difference, same mix": "" if difference is None else _difference(metric, difference),
        "95 %": "" if low is None or high is None else _interval(metric, low, high),
        "Relative": _relative(found.relative),
        "Verdict": found.verdict,
        "Rows": f"{found.n_before:,} / {found.n_after:,}",
        "Days": found.days,
    }


def _open(found: list[Effect], marker: Marker) -> None:
    """The tickets after the marker, as a link to them would open them."""
    if chosen := st.session_state["effects"]["selection"]["rows"]:
        one = found[chosen[0]]
        filter_bar.look_at(one.on, one.on + timedelta(days=one.days - 1), marker.where)
        drilldown.open_tickets(one.metric)


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
