"""The parts of the flow page: phases of a life, spread, hand-overs, holds, the slowest tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, drilldown, review, states, wording
from dashboard.cuts import cut
from dashboard.filters import View
from dashboard.histogram import histogram
from dashboard.kpis import figure_of, tile
from dashboard.marks import clickable
from dashboard.palette import palette
from dashboard.phase_bars import phase_bars
from dashboard.sankey import Folded, folded, sankey
from dashboard.session import Data, answer, meaning, prepare_all, tickets_behind
from dashboard.ticket_rows import in_unit, ticket_rows
from dashboard.tiles import chosen, tile_wall
from pipelines.contract import PRIORITIES
from queries.bands import PHASES
from queries.question import NONE, Override, Question

FIGURES = ("mttr", "reassignments_per_ticket", "ping_pong_rate", "hold_share")
PHASE, MOVES, RESOLVE = "time_in_phase", "handovers_between_groups", "mttr"
FORM, USUAL_FORM = "phases", "Median"
FORMS: Mapping[str, Override] = {"Median": "median", "Mean": "mean", "p90": "p90"}
CLOSING = "close"
SLOWEST_SHOWN = 50
TABLE_HEIGHT = 400
ROWS_AT_ONCE = 10
GROUP_WIDTH = 164


def heading(data: Data, view: View) -> bool:
    """The question, what the page stands on, and the answer; whether there is anything to show."""
    st.title("Where does the time of a ticket go?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))
    _prepare(data, view)
    figure = figure_of(data, data.metrics[RESOLVE], view)
    moved = answer(data, data.metrics[MOVES], view.of_month()).rows["value"][0]
    if not figure["n"] and not moved:
        found = answer(data, data.metrics[RESOLVE], view.of_month())
        otherwise = "No incident was finished in this selection: widen the filters, or reset them."
        states.nothing_here(found.reason, otherwise)
        return False
    st.markdown(_answer(data, view, figure))
    return True


def _prepare(data: Data, view: View) -> None:
    """What the page asks whatever is chosen on it, side by side."""
    metrics = data.metrics
    cuts = [
        (metrics[MOVES], view.of_month()),
        (metrics[MOVES], view.of_month("from_group", "to_group")),
        (metrics[PHASE], view.of_month("phase")),
        (metrics[RESOLVE], view.of_month("resolve_band")),
        (metrics["hold_time"], view.of_month("hold_reason")),
    ]
    form = st.session_state.get(FORM, st.query_params.get(FORM))
    cuts += [(metrics[PHASE], _by_priority(view, form)), (metrics[MOVES], _straight_back(view))]
    asked = [*product([metrics[name] for name in FIGURES], view.asked()), *cuts]
    prepare_all(data, asked, partial(_slowest, data, view))


def _answer(data: Data, view: View, figure: Mapping[str, Any]) -> str:
    """Half of the incidents, nine of ten, and the phase that takes the longest on average."""
    words = []
    if figure["median"] is not None:
        words.append(
            f"Half of the incidents finished in {wording.month(view.period.name)} took up to "
            f"**{wording.duration(figure['median'])}**, nine of ten up to "
            f"**{wording.duration(figure['p90'])}**"
        )
    question = view.of_month("phase")
    rows = answer(data, data.metrics[PHASE], question).rows.filter(pl.col("bucket") != CLOSING)
    known = rows.drop_nulls("value").sort("value", descending=True)
    if known.height > 1:
        phase, mean = known.select("bucket", "value").row(0)
        words.append(
            f"before the closing, most of their time went into **{phase}**, "
            f"{wording.duration(mean)} on average"
        )
    return "; ".join(words) + "." if words else ""


def figures(data: Data, view: View) -> None:
    """Four figures; the chosen one's trend stands below."""
    tiles = [tile(data, data.metrics[name], view) for name in FIGURES]
    tile_wall(tiles, view.last_month, chosen(data.metrics, FIGURES, RESOLVE))


def phases_and_spread(data: Data, view: View) -> None:
    """The phases of a life by priority, beside how times to resolve are spread."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _phases(data, view)
    with right:
        st.markdown("**How long incidents took, opened to resolved**")
        _spread(data, view)


def _phases(data: Data, view: View) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Time in each phase**", width="content")
        form = st.segmented_control(
            "Figure of the phases",
            list(FORMS),
            default=USUAL_FORM,
            required=True,
            key=FORM,
            bind="query-params",
            label_visibility="collapsed",
        )
        with_closing = st.toggle("closing", key="closing", bind="query-params")
    metric = data.metrics[PHASE]
    answered = answer(data, metric, _by_priority(view, form))
    if answered.reason:
        states.not_available(answered.reason)
        return
    found = {(row["bucket"], row["bucket_2"]): row for row in answered.rows.iter_rows(named=True)}
    names = [name for name in (*PRIORITIES, NONE) if any(key[0] == name for key in found)]
    rows = {name: wording.value_name(name) for name in names}
    shown = [phase for phase in PHASES if with_closing or phase != CLOSING]
    figure = phase_bars(rows, found, shown, palette())
    clickable(figure, "flow_phases", "Time in each phase by priority", PHASE, "priority", "phase")
    st.caption(_phases_in_words(form or USUAL_FORM, shown, _coverage(data, view)))


def _by_priority(view: View, form: str | None) -> Question:
    """The phases of each priority, in the form that the control or the address names."""
    aggregate = FORMS.get(form or USUAL_FORM, FORMS[USUAL_FORM])
    return replace(view.of_month("priority", "phase"), aggregate=aggregate)


def _coverage(data: Data, view: View) -> Mapping[str, float]:
    rows = answer(data, data.metrics[PHASE], view.of_month("phase")).rows
    return dict(rows.select("bucket", "coverage").iter_rows())


def _phases_in_words(form: str, shown: list[str], coverage: Mapping[str, float]) -> str:
    """What the bars mean, and what few tickets can tell."""
    words = ["Blue: in work; grey: waiting; hatched: on hold."]
    if form == "Mean":
        words.append("Means add up to the mean of the whole where every ticket tells each phase.")
    else:
        words.append(
            "Each segment is a figure of its own: they do not add up to that of the whole."
        )
    thin = [
        f"{phase} of {wording.share(coverage[phase])}"
        for phase in shown
        if phase in coverage and coverage[phase] < charts.HIGH_SHARE
    ]
    if thin:
        words.append(f"Known only: {', '.join(thin)} of the incidents.")
    return wording.plain(" ".join(words))


def _spread(data: Data, view: View) -> None:
    metric = data.metrics[RESOLVE]
    whole = figure_of(data, metric, view)
    banded = answer(data, metric, view.of_month("resolve_band"))
    if whole["value"] is None:
        states.not_available(banded.reason or whole["reason"])
        return
    counts = dict(banded.rows.filter(pl.col("bucket") != NONE).select("bucket", "n").iter_rows())
    clickable(
        histogram(counts, whole["median"], whole["p90"], palette()),
        "flow_spread",
        "Incidents by time to resolve",
        RESOLVE,
        "resolve_band",
    )
    st.caption(
        f"Incidents by time to resolve; each bar spans twice the time of the one before it. "
        f"n {whole['n']:,}. Click a bar for its tickets."
    )


def trend_and_holds(data: Data, view: View) -> None:
    """The chosen figure over thirteen months beside what was waited for."""
    metric = data.metrics[chosen(data.metrics, FIGURES, RESOLVE)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{metric.title}, by month**")
        review.trend(data, view, metric)
    with right:
        cut(data, data.metrics["hold_time"], view, "hold_reason", "Time on hold, by reason")


def handovers(data: Data, view: View) -> None:
    """Who gives work to whom, as a picture and as a table that opens."""
    st.subheader("Hand-overs between groups", anchor=False)
    found = answer(data, data.metrics[MOVES], view.of_month("from_group", "to_group"))
    rows = found.rows.filter(pl.col("bucket") != NONE)
    if found.reason or rows.is_empty():
        states.not_available(found.reason or "no incident was handed over in this selection")
        return
    counts = {(row["bucket"], row["bucket_2"]): row["value"] for row in rows.iter_rows(named=True)}
    drawn = folded(counts)
    left, right = st.columns([3, 4], gap="medium")  # names of two groups stand in the table
    with left:
        st.plotly_chart(
            sankey(drawn, palette()),
            theme=None,
            key="flow_sankey",
            config=charts.CONFIG,
            alt="Hand-overs between groups",
        )
        st.caption(_folded_in_words(drawn))
    with right:
        _moves(data, view, counts)


def _folded_in_words(drawn: Folded) -> str:
    words = "Left: who gave; right: who got; as wide as hand-overs were many."
    if drawn.folded:
        words += f" {drawn.folded} thin flows are folded into one."
    return words


def _moves(data: Data, view: View, counts: Mapping[tuple[str, str], float]) -> None:
    """One row per pair of groups; a row opens its tickets."""
    back = answer(data, data.metrics[MOVES], _straight_back(view)).rows
    returned = {
        (row["bucket"], row["bucket_2"]): row["value"] for row in back.iter_rows(named=True)
    }
    pairs = sorted(counts, key=lambda pair: (-counts[pair], pair))
    frame = pl.DataFrame(
        {
            "From": [giver for giver, _ in pairs],
            "To": [taker for _, taker in pairs],
            "Hand-overs": [int(counts[pair]) for pair in pairs],
            "Straight back": [int(returned.get(pair) or 0) for pair in pairs],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height=TABLE_HEIGHT if frame.height > ROWS_AT_ONCE else "content",
        placeholder="",
        key="flow_moves",
        on_select=partial(_open_move, pairs),
        selection_mode="single-row",
        column_config={
            "From": st.column_config.TextColumn(width=GROUP_WIDTH),
            "To": st.column_config.TextColumn(width=GROUP_WIDTH),
            "Hand-overs": st.column_config.NumberColumn(format="%,d", width=84),
            "Straight back": st.column_config.NumberColumn(
                "Back", format="%,d", width=56, help="Straight back to who had the ticket before"
            ),
        },
    )
    st.caption("Choose a row for its tickets.")


def _straight_back(view: View) -> Question:
    """The hand-overs to the group that had the ticket right before."""
    moves = view.of_month("from_group", "to_group")
    return replace(moves, where={**view.where, "is_return": ("true",)})


def _open_move(pairs: list[tuple[str, str]]) -> None:
    rows = st.session_state["flow_moves"]["selection"]["rows"]
    if rows:
        giver, taker = pairs[rows[0]]
        drilldown.open_tickets(MOVES, "from_group", giver, "to_group", taker)


def slowest(data: Data, view: View) -> None:
    """The incidents that took longest; a row opens its ticket."""
    rows = _slowest(data, view).rename({"value": "resolve_seconds"}).drop_nulls("resolve_seconds")
    if rows.is_empty():
        return
    st.subheader("The incidents that took longest", anchor=False)
    slowest = rows.sort("resolve_seconds", "number", descending=[True, False])
    columns = ["number", "title", "resolve_seconds", "priority", "service", "resolver_group"]
    ticket_rows(
        data,
        slowest,
        [*columns, "resolved_at"],
        "slowest_tickets",
        resolve_seconds=in_unit("Took", slowest["resolve_seconds"]),
    )
    st.caption("Choose a row to see where its time went.")


def _slowest(data: Data, view: View) -> pl.DataFrame:
    return tickets_behind(data, data.metrics[RESOLVE], view.of_month(), largest=SLOWEST_SHOWN)


def definitions(data: Data) -> None:
    """What the page's figures mean here."""
    for name in (PHASE, "ping_pong_rate", "hold_time"):
        metric = data.metrics[name]
        st.caption(f"**{metric.label}**: {wording.plain(meaning(data, metric))}")
