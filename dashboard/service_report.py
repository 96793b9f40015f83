"""The service report: what the business was promised and got, on one screen."""

from __future__ import annotations

from itertools import product

import streamlit as st

from dashboard import review, states, wording
from dashboard.bullets import Bullet, bullets
from dashboard.filters import View
from dashboard.gaps import KEPT, gaps
from dashboard.kpis import figure_of, tile
from dashboard.marks import clickable
from dashboard.palette import palette
from dashboard.session import Data, answer, dimension_values, prepare_all, tickets_behind
from dashboard.ticket_rows import ticket_rows
from dashboard.tiles import figure_wall
from pipelines.comments import add_comment, comments
from pipelines.warehouse import Warehouse
from policies.refusal import Refused

TILES = (KEPT, "major_incidents", "availability", "satisfaction")
BUSINESS = ("customer", "service")
MOST_BELOW = 6
MOST_MAJOR = 5


def heading(data: Data, view: View) -> None:
    """The question, the line of what it stands on, and the answer in one sentence."""
    st.title("Did the business get what we promised?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))
    _prepare(data, view)
    st.markdown(wording.plain(_answer(data, view)))


def _prepare(data: Data, view: View) -> None:
    """What the page asks, side by side."""
    tiles = [data.metrics[name] for name in TILES if name in data.metrics]
    beside = [each for each in (view.period, view.compared) if each]
    cuts = [view.of(each, name) for each in beside for name in ("priority", *BUSINESS)]
    prepare_all(data, [*product(tiles, view.asked()), *product([data.metrics[KEPT]], cuts)])


def _answer(data: Data, view: View) -> str:
    metric = data.metrics[KEPT]
    row = figure_of(data, metric, view)
    month, target = wording.month(view.period.name), data.policy.targets.get(KEPT)
    if row["value"] is None:
        return f"No promise fell due in {month}."
    told = f"{wording.share(row['value'])} of {row['n']:,} promises were kept in {month}"
    if target is None:
        return f"{told}."
    side = "below" if row["value"] < target else "above"
    told += f", {wording.difference(metric, row['value'] - target)} {side} the target"
    worst = next(iter(gaps(data, view, "priority")), None)
    if worst is None or worst.value >= target:
        return f"{told}; every priority met it."
    gap = wording.difference(metric, worst.value - target)
    return f"{told}; {worst.label} is furthest away, by {gap}."


def figures(data: Data, view: View) -> None:
    """Promises kept, major incidents, availability, satisfaction."""
    found = [tile(data, data.metrics[name], view) for name in TILES if name in data.metrics]
    figure_wall(found, view.last_month)


def promises_and_gaps(data: Data, view: View) -> None:
    """Promises kept by priority beside the customers and services below the target."""
    metric, target = data.metrics[KEPT], data.policy.targets.get(KEPT)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Promises kept that fell due, by priority**")
        found = gaps(data, view, "priority")
        if found:
            chart = bullets(metric, found, target, palette())
            clickable(chart, "kept_by_priority", "Promises kept by priority")
            st.caption(_legend(view))
        else:
            st.info("No promise fell due in this selection.")
    with right:
        st.markdown("**Customers and services below the target**")
        below = _below(data, view, target)
        if below:
            chart = bullets(metric, below[:MOST_BELOW], target, palette())
            clickable(chart, "below_target", "Customers and services below the target")
            more = len(below) - MOST_BELOW
            st.caption(
                f"The widest gaps first{f', {more} smaller ones left out' if more > 0 else ''}. "
                "Pale: fewer than five promises."
            )
        elif target is None:
            st.info("The policy sets no target for kept promises.")
        elif not (named := [dimension for dimension in BUSINESS if _has(data, dimension)]):
            states.not_available("this export names neither customers nor services")
        elif found:
            st.info(f"None: every {' and '.join(named)} is at or above it.")
        else:
            st.info("No promise fell due in this selection.")


def _legend(view: View) -> str:
    beside = f" Tick: {wording.month(view.compared.name)}." if view.compared else ""
    return f"The widest gap first.{beside} Click a bar for its tickets."


def _below(data: Data, view: View, target: float | None) -> list[Bullet]:
    if target is None:
        return []
    found = [each for dimension in BUSINESS for each in gaps(data, view, dimension)]
    named = [each for each in found if each.value < target and each.label != wording.MISSING]
    return sorted(named, key=lambda each: each.value)


def _has(data: Data, dimension: str) -> bool:
    """Whether any ticket has a value there."""
    return not set(dimension_values(data, dimension)) <= {None}


def major_incidents(data: Data, view: View) -> None:
    """The major incidents of the period, the newest first; a row opens its ticket."""
    metric = data.metrics["major_incidents"]
    rows = tickets_behind(data, metric, view.of_month())
    st.markdown(f"**Major incidents, {wording.month(view.period.name)}**")
    if rows.is_empty():
        found = answer(data, metric, view.of_month())
        states.nothing_here(found.reason, "None was opened in this selection.")
        return
    columns = ["number", "title", "priority", "service", "opened_at", "resolved_at"]
    ticket_rows(data, rows.head(MOST_MAJOR), columns, "major_incidents")
    if rows.height > MOST_MAJOR:
        st.caption(f"The newest {MOST_MAJOR} of {rows.height:,}.")


def comment(data: Data, view: View) -> None:
    """What the manager says about the period, with who and when; a new one takes its place."""
    warehouse = Warehouse(data.folder)
    kept = comments(warehouse, view.period.name)
    st.markdown(f"**What the manager says about {wording.month(view.period.name)}**")
    if kept:
        st.text(kept[-1].text)
        earlier = f", {len(kept) - 1} earlier kept" if len(kept) > 1 else ""
        day = kept[-1].written_at[:10]
        st.caption(wording.plain(f"{kept[-1].who}, {day}{earlier}"))
    else:
        st.caption("Nothing yet.")
    with st.popover("Write a comment"), st.form("comment", border=False, clear_on_submit=True):
        st.text_area("Comment", key="comment_text", max_chars=4_000)
        if not _visitor():
            st.text_input("Your name", key="comment_who", max_chars=200)
        st.form_submit_button("Keep it", on_click=_keep, args=(warehouse, view.period.name))
    if refused := st.session_state.pop("comment_refused", None):
        st.warning(wording.plain(refused))


def _keep(warehouse: Warehouse, period: str) -> None:
    who = _visitor() or st.session_state.get("comment_who", "")
    try:
        add_comment(warehouse, period, st.session_state["comment_text"], who)
    except Refused as reason:
        st.session_state["comment_refused"] = str(reason)


def _visitor() -> str:
    """Who is logged in, where the app has a login."""
    if not getattr(st.user, "is_logged_in", False):
        return ""
    return str(st.user.get("name") or st.user.get("email") or "")
