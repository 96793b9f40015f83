"""The parts of the page on what keeps coming back: two lists, one candidate with its tickets."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

import polars as pl
import streamlit as st
from streamlit.util import AttributeDictionary

from dashboard import wording
from dashboard.candidates import candidates as all_candidates
from dashboard.candidates import openings
from dashboard.charts import CONFIG
from dashboard.event_strip import event_strip
from dashboard.filters import View
from dashboard.one_ticket import open_ticket
from dashboard.palette import palette
from dashboard.session import Data, data_state, warehouse
from dashboard.ticket_rows import ticket_rows
from insights import standing
from insights.decisions import SPLIT_BY, Action, decisions
from insights.decisions import standing as decided
from insights.rhythm import FALSE_ALARMS
from insights.standing import Order
from policies.refusal import Refused

PARAMETER = "candidate"
LISTS: dict[str, Order] = {"By cost": "cost", "By rhythm": "rhythm"}
REPEATS, REVIEWS = "Repeats", "Reviews"
MOST_STRIPS = 8
TABLE_HEIGHT = 420
TICKETS = (
    "number", "title", "priority", "service", "resolver_group", "resolution_code", "opened_at",
    "resolved_at", "problem_id",
)  # fmt: skip
WORDS: dict[Action, str] = {
    "name": "Give it a name",
    "link": "Link it to a problem number",
    "merge": "Merge it into another candidate",
    "split": "Split it by a column",
    "dismiss": "Dismiss it, with a reason",
    "restore": "Take the dismissal back",
}


def opened() -> str | None:
    """The candidate that the address bar names."""
    return st.query_params.get(PARAMETER)


def heading(data: Data, view: View) -> None:
    """The question, and the answer in one line."""
    st.title("What keeps coming back?", anchor=False)
    by_cost = view.of_services(all_candidates(data, "cost"))
    rhythmic = view.of_services(all_candidates(data, "rhythm"))
    st.caption(
        "All loaded tickets, whatever the period; of the filters, the service counts. "
        f"Times in {wording.plain(data.zone)}."
    )
    if by_cost.is_empty():
        st.info("No tickets are alike in this selection: widen the filters, or load more.")
        return
    half = by_cost.filter(pl.col("running_share").fill_null(1) <= 0.5).height + 1
    alone = rhythmic.filter(pl.col("problem_state") == "none").height
    words = f"**{wording.tickets(half, 'candidate')}** of {by_cost.height:,} hold half of the hours"
    st.markdown(f"{words}; {_in_rhythm(rhythmic.height, alone)}.")


def _in_rhythm(count: int, alone: int) -> str:
    """How many come back in a rhythm, and how many of them have no problem record."""
    match count, alone:
        case 0, _:
            return "none comes back in a rhythm"
        case 1, 0:
            return "**1** comes back in a rhythm, with a problem record"
        case 1, _:
            return "**1** comes back in a rhythm, without a problem record"
    return f"**{count:,}** come back in a rhythm, {alone:,} of them without a problem record"


def choose_list() -> str:
    """By cost, by rhythm, repeats or reviews: the address bar names it."""
    chosen = st.segmented_control(
        "List",
        [*LISTS, REPEATS, REVIEWS],
        default="By cost",
        required=True,
        key="list",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(chosen)


def candidates(data: Data, view: View, chosen: str) -> None:
    """The first of the list on a time axis, and all of it as a table that opens each."""
    order = LISTS[chosen]
    rows = view.of_services(all_candidates(data, order))
    everything = view.of_services(all_candidates(data, order, with_dismissed=True))
    dismissed = everything.height - rows.height
    if dismissed and st.toggle(f"With the {dismissed:,} dismissed", key=f"dismissed_{order}"):
        rows = everything
    if rows.is_empty():
        if order == "rhythm":
            st.info("No rhythm: nothing comes back more regularly than chance would have it.")
        return
    st.markdown(
        f"**{'The costliest' if order == 'cost' else 'The most regular'} on a time axis**, a mark "
        "per ticket; shaded: the window in which the next one is expected"
    )
    _strip(data, rows.head(MOST_STRIPS), f"strip_{order}")
    st.caption("Click a mark for its ticket, a crowded line for its candidate.")
    _table(data, rows, order)
    if order == "rhythm":
        st.caption(
            "Where nothing has a rhythm, the chance that anything is listed is at most "
            f"{FALSE_ALARMS:.0%}: strewn tickets are no more regular, every candidate looked at "
            "taken into account."
        )
    else:
        st.caption("Hours: from opened to resolved, within the default calendar.")


def _table(data: Data, rows: pl.DataFrame, order: Order) -> None:
    told = rows.with_columns(
        pl.Series("rhythm", [standing.rhythm_in_words(r) for r in rows.iter_rows(named=True)])
    )
    column = st.column_config
    percent = {name: pl.col(name) * 100 for name in ("running_share", "share_with_problem")}
    shown = ["name", "tickets", "working_hours", "running_share", "callers", "trend"]
    if order == "rhythm":
        shown = ["name", "tickets", "rhythm", "next_from_at", "next_to_at", "missed"]
    shown += ["problem_state", "share_with_problem", "resolutions", "service", "last_at"]
    if data.policy.recurrence.cost_per_hour is not None:
        shown.insert(3, "cost")
    if rows["dismissed"].null_count() < rows.height:
        shown.insert(1, "dismissed")
    instant = partial(column.DatetimeColumn, format="D MMM YYYY", timezone=str(data.zone))
    st.dataframe(
        told.with_columns(**percent).select(shown),
        hide_index=True,
        height=TABLE_HEIGHT if rows.height > 10 else "content",
        placeholder="",
        key=f"candidates_{order}",
        on_select=partial(_open, f"candidates_{order}", rows["candidate_id"].to_list()),
        selection_mode="single-row",
        column_config={
            "name": column.TextColumn(
                "Candidate", width=270 if order == "cost" else 220, pinned=True
            ),
            "tickets": column.NumberColumn("Tickets", format="localized", width=70),
            "working_hours": column.NumberColumn("Working hours", format="%,.0f", width=105),
            "cost": column.NumberColumn("Cost", format="%,.0f", width=90),
            "running_share": column.NumberColumn("Cumulative", format="%.1f %%", width=90),
            "callers": column.NumberColumn("Callers", width=70),
            "trend": column.TextColumn("Last 90 days", width=95),
            "rhythm": column.TextColumn("Rhythm", width=280),
            "next_from_at": instant("Next from"),
            "next_to_at": instant("Next until"),
            "missed": column.NumberColumn("Missed since", width=90),
            "problem_state": column.TextColumn("Problem", width=150),
            "share_with_problem": column.NumberColumn("With a record", format="%.0f %%", width=95),
            "resolutions": column.TextColumn("Resolved by", width=220),
            "service": column.TextColumn("Service"),
            "last_at": instant("Last seen"),
            "dismissed": column.TextColumn("Dismissed", width=130),
        },
    )


def _open(key: str, names: list[str]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    if chosen:
        _go_to(names[chosen[0]])


def _close() -> None:
    st.query_params.pop(PARAMETER, None)


def one_candidate(data: Data, name: str) -> None:
    """A candidate: its evidence, its marks on a time axis, its tickets, and what to decide."""
    st.button("← Recurrence", key="crumb_recurrence", type="tertiary", on_click=_close)
    try:
        row: dict[str, Any] = dict(
            standing.candidate(data.connection, warehouse().kept, data.policy, name)
        )
    except Refused as reason:
        _not_alone(data, name, str(reason))
        return
    st.title(f"{wording.plain(row['name'])}", anchor=False)
    st.markdown(_evidence(data, row))
    rows = pl.DataFrame([row], infer_schema_length=None)
    _strip(data, rows, "strip_one")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**How it was handled**")
        st.markdown(
            f"Groups: {_or_none(row['resolver_groups'])}  \n"
            f"Resolutions: {_or_none(row['resolutions'])}  \n"
            f"In common: {_or_none(row['terms'])}"
        )
    with right:
        st.markdown("**Who follows it**")
        st.markdown(
            f"State: **{wording.plain(row['problem_state'])}**, a problem record on "
            f"{wording.share(row['share_with_problem'])} of the tickets  \n"
            f"Records: {_or_none(row['problems'])}  \n"
            f"Similar earlier problem: {_or_none(row['similar_problem'])}"
        )
    found = standing.tickets_of(data.connection, warehouse().kept, name)
    shown = [column for column in TICKETS if found[column].null_count() < found.height]
    ticket_rows(data, found, shown, "candidate_tickets")
    _decide(data, name)


def _not_alone(data: Data, name: str, reason: str) -> None:
    """What became of a candidate that is none any more: the one it is part of, or its parts."""
    st.title("What became of it?", anchor=False)
    st.info(wording.plain(reason))
    now = decided(decisions(warehouse().kept))
    if name in now.merged_into:
        whole = now.whole(name)
        st.button(f"Open candidate {wording.plain(whole)}", on_click=_go_to, args=(whole,))
    elif name in now.split_by:
        rows = all_candidates(data, "cost", with_dismissed=True)
        _table(data, rows.filter(pl.col("candidate_id").str.starts_with(f"{name}/")), "cost")
        _decide(data, name)


def _go_to(name: str) -> None:
    st.query_params[PARAMETER] = name


def _evidence(data: Data, row: dict[str, Any]) -> str:
    hours = row["working_hours"]
    words = [
        f"**{wording.tickets(row['tickets'])}** of {wording.tickets(row['callers'], 'caller')}",
        f"{hours:,.0f} working hours" if hours is not None else "no hours known",
        f"{wording.instant(row['first_at'], data.zone)} to "
        f"{wording.instant(row['last_at'], data.zone)}",
        f"{row['trend']}: {row['recent_tickets']} in 90 days, {row['earlier_tickets']} before",
    ]
    rhythm = f"**{standing.rhythm_in_words(row).capitalize()}**"
    if row["is_rhythmic"]:
        chance = row["q"]
        rhythm += f" (chance of a false alarm {'< 0.1 %' if chance < 0.001 else f'{chance:.1%}'})"
        if row["ended_at"]:
            rhythm += f"; {row['missed']} since then did not come: it has ended"
        else:
            rhythm += (
                f"; next expected {wording.instant(row['next_from_at'], data.zone)} to "
                f"{wording.instant(row['next_to_at'], data.zone)}"
            )
            if row["missed"]:
                rhythm += f", after {row['missed']} that did not come"
    if row["dismissed"] is not None:
        rhythm += f".  \n**Dismissed**: {wording.plain(row['dismissed'])}"
    return f"{' · '.join(words)}  \n{rhythm}."


def _or_none(value: object) -> str:
    return wording.plain(value) if value else "none"


def _strip(data: Data, rows: pl.DataFrame, key: str) -> None:
    state = data_state(data)
    if state is None:
        return
    names = rows["candidate_id"].to_list()
    events = openings(data, names)
    span = (state.first_at, state.data_at)
    st.plotly_chart(
        event_strip(rows.to_dicts(), events, span, data.zone, palette()),
        theme=None,
        config=CONFIG,
        key=key,
        on_select=partial(_open_mark, key),
        selection_mode="points",
        alt="When the tickets of each candidate were opened",
    )


def _open_mark(key: str) -> None:
    """A mark opens its ticket, a line of many marks its candidate."""
    state: AttributeDictionary = st.session_state[key]
    marks = [point["customdata"] for point in state["selection"]["points"] if "customdata" in point]
    if not marks:
        return
    name, *ticket = marks[0]
    if ticket:
        open_ticket(ticket[0])
    else:
        _go_to(name)


def _decide(data: Data, name: str) -> None:
    """A form for one decision, and those made so far."""
    reason = st.session_state.pop("decision_refused", None)
    if reason:
        st.error(wording.plain(reason))
    title = "Decide: name, merge, split, dismiss, link to a problem"
    with st.expander(title, expanded=bool(reason)):
        st.caption(f"This candidate's id is {wording.plain(name)}.")
        with st.form("decide", border=False):
            first, second, third = st.columns([2, 3, 2])
            actions = list(get_args(Action))
            first.selectbox("Decision", actions, format_func=WORDS.__getitem__, key="decision")
            second.text_input(
                "Name, number, candidate, column or reason",
                key="decision_value",
                help="The new name, the problem's number, the candidate (name or id) that this one "
                f"becomes part of, the reason, or one of the columns {', '.join(SPLIT_BY)}. "
                "Left empty it takes back the name, the number, or with *Split* the split and what "
                "was merged into this one.",
            )
            third.text_input("Who decides", key="who_decides")
            st.form_submit_button("Keep this decision", on_click=_keep, args=(data, name))
        made = [
            each for each in decisions(warehouse().kept) if name in (each.candidate, each.value)
        ]
        for each in reversed(made):
            at = datetime.fromisoformat(each.at).astimezone(UTC).replace(tzinfo=None)
            about = "" if each.candidate == name else f"{each.candidate} "
            st.caption(
                f"{wording.instant(at, data.zone)} · {wording.plain(each.who)} · "
                f"{wording.plain(f'{about}{each.action} {each.value}'.rstrip())}"
            )


def _keep(data: Data, name: str) -> None:
    """Keep what the form says, or say on the next run why not; what is merged opens the whole."""
    said, kept = st.session_state, warehouse().kept
    decision = name, said["decision"], said["decision_value"]
    try:
        made = standing.decide_on(data.connection, kept, data.policy, decision, said["who_decides"])
    except Refused as reason:
        said["decision_refused"] = str(reason)
    else:
        said["decision_value"] = ""
        if made.action == "merge":
            _go_to(made.value)
