"""What should have followed: repeats that were not stopped, reviews not held, actions not done."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboard import drilldown, filter_bar, states, wording
from dashboard.filters import View
from dashboard.session import Data, answer
from dashboard.ticket_rows import ticket_rows
from queries import listing
from queries.question import NONE, Question

BY = ("caller", "category", "service")
TABLE_HEIGHT = 250
CHAINS = (
    "number", "title", "caller", "category", "subcategory", "service", "incidents",
    "median_gap_days", "shortest_gap_days", "longest_gap_days", "first_at", "last_at",
    "problem_state", "problems",
)  # fmt: skip


def repeats(data: Data, view: View) -> None:
    """Repeats by caller, category or service, and the chains with the gaps in them."""
    chosen = st.segmented_control(
        "By", [wording.column(name) for name in BY], default=wording.column(BY[0]), required=True,
        key="repeats_by", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    name = next(each for each in BY if wording.column(each) == chosen)
    rows = listing.repeats_by(data.connection, name)
    if rows.is_empty():
        told = answer(data, data.metrics["repeat_incident_rate"], Question())
        states.nothing_here(told.reason, "No incident repeats another one with the same key.")
        return
    if name == "service":
        rows = view.of_services(rows.rename({"value": "service"})).rename({"service": "value"})
    column = st.column_config
    st.dataframe(
        rows.with_columns(
            pl.col("value").fill_null(NONE), repeat_rate=pl.col("repeat_rate") * 100
        ).select(
            "value", "incidents", "repeats", "repeat_rate", "chains", "median_gap_days",
            "without_problem",
        ),
        hide_index=True,
        height=TABLE_HEIGHT if rows.height > 6 else "content",
        placeholder="",
        key="repeats",
        on_select=partial(_open, name, rows["value"].to_list(), view),
        selection_mode="single-row",
        column_config={
            "value": column.TextColumn(wording.column(name), width=210),
            "incidents": column.NumberColumn("Incidents", format="localized", width=85),
            "repeats": column.NumberColumn("Repeats", format="localized", width=80),
            "repeat_rate": column.NumberColumn("Repeat rate", format="%.1f %%", width=95),
            "chains": column.NumberColumn("Chains", format="localized", width=70),
            "median_gap_days": column.NumberColumn("Median gap (days)", format="%,.1f"),
            "without_problem": column.NumberColumn("Without a problem", format="localized"),
        },
    )  # fmt: skip
    st.caption("Choose a row for its incidents, of all days, whatever the filters.")
    chains = view.of_services(listing.chains(data.connection))
    st.markdown("**Chains of repeats**, the longest first")
    shown = [each for each in CHAINS if chains[each].null_count() < chains.height]
    ticket_rows(
        data, chains, shown, "chains",
        number="First", incidents="Incidents", median_gap_days="Median gap (days)",
        shortest_gap_days="Shortest", longest_gap_days="Longest", problem_state="Problem",
        first_at="First seen", last_at="Last seen",
    )  # fmt: skip
    days = data.policy.definitions.repeat_days
    key = " + ".join(map(wording.column, data.policy.definitions.repeat_key))
    st.caption(
        f"A repeat follows an incident with the same {key} within {days} days. A row opens the "
        "first incident of its chain, which shows all of them."
    )


def _open(name: str, values: list[str | None], view: View) -> None:
    """The incidents that could repeat one another, with those that do."""
    if chosen := st.session_state["repeats"]["selection"]["rows"]:
        filter_bar.look_at_everything(view)
        value = values[chosen[0]]
        drilldown.open_tickets("repeat_incident_rate", name, NONE if value is None else value)


def reviews(data: Data, view: View) -> None:
    """Reviews that are missing, and actions of reviews past their date."""
    told = answer(data, data.metrics["reviews_on_time"], Question())
    if told.reason:
        states.not_available(told.reason)
        return
    missing = view.of_services(listing.missing_reviews(data.connection))
    actions = view.of_services(listing.overdue_actions(data.connection))
    st.markdown(f"**{wording.tickets(missing.height, 'incident')} without the review** they need")
    if missing.is_empty():
        st.info("Every review that was due has been held.")
    else:
        shown = ("number", "title", "priority", "service", "closed_at", "due_at", "days_overdue")
        ticket_rows(data, missing, shown, "missing_reviews", days_overdue="Days overdue")
    st.markdown(f"**{wording.tickets(actions.height, 'open action')} past their date**")
    if actions.is_empty():
        st.info("No action of a review is open past its date.")
    else:
        shown = ("number", "action", "owner", "due_at", "days_overdue", "service", "held_at")
        ticket_rows(
            data, actions, shown, "overdue_actions",
            action="Action", owner="Owner", days_overdue="Days overdue", held_at="Reviewed",
        )  # fmt: skip
    hours = data.policy.reviews.within / wording.HOUR
    st.caption(
        f"Due {hours:g} h after closure, for the incidents that the policy wants reviewed; days "
        "run to the moment of the data. A row opens its ticket."
    )
