"""The parts of the SLA page: figures, trend, priorities, groups, breaches, what is still open."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.util import AttributeDictionary

from dashboard import charts, drilldown, review, wording
from dashboard.bullets import bullets
from dashboard.bunches import send_drawn
from dashboard.filters import View
from dashboard.gaps import gaps
from dashboard.heatmap import heatmap
from dashboard.kpis import tile
from dashboard.marks import clickable
from dashboard.one_ticket import open_ticket
from dashboard.palette import palette
from dashboard.session import Data, answer, prepare_all
from dashboard.session import promises as listed
from dashboard.ticket_rows import ticket_rows
from dashboard.tiles import tile_wall
from policies.zones import day_start
from queries.promises import MOST_LISTED
from queries.service_levels import Reconciliation

FIGURES = ("sla_compliance", "sla_completed", "sla_overdue_open", "sla_coverage")
CLOCKS = {"resolution": "Resolution", "response": "Response"}
DUE = "sla_compliance"
MOST_GROUPS = 14
BROKEN, OPEN = "Broken promises", "Open promises"
TABLE_HEIGHT = 320
ROWS_AT_ONCE = 8


def heading(data: Data, view: View) -> None:
    """The question, and in one line what the page stands on."""
    st.title("Did we keep our promises?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))


def choose_clock() -> str:
    """Which promise: the address bar names it."""
    chosen = st.segmented_control(
        "Promise",
        list(CLOCKS.values()),
        default=CLOCKS["resolution"],
        required=True,
        key="clock",
        bind="query-params",
        label_visibility="collapsed",
    )
    return next(name for name, label in CLOCKS.items() if label == chosen)


def of_clock(view: View) -> View:
    """The view with the clock that the address bar names among its filters."""
    label = st.session_state.get("clock", st.query_params.get("clock"))
    clock = next((name for name, shown in CLOCKS.items() if shown == label), "resolution")
    return _narrowed(view, clock)


def _narrowed(view: View, clock: str) -> View:
    return replace(view, where={**view.where, "clock": (clock,)})


def figures(data: Data, view: View, clock: str) -> None:
    """The four figures side by side: due, completed, overdue and open, coverage."""
    narrowed = _narrowed(view, clock)
    tiles = [tile(data, data.metrics[name], narrowed) for name in FIGURES]
    tile_wall(tiles, view.last_month, data.metrics[_chosen(data)].name)


def _chosen(data: Data) -> str:
    """The figure whose trend is shown: the one chosen on a tile, else the due figure."""
    label = st.session_state.get(review.KPI, st.query_params.get(review.KPI))
    return next((name for name in FIGURES if data.metrics[name].label == label), DUE)


def trend_and_priorities(data: Data, view: View, clock: str) -> None:
    """The chosen figure over thirteen months beside the due figure by priority."""
    metric = data.metrics[_chosen(data)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{metric.title}, {clock}, by month**")
        review.trend(data, _narrowed(view, clock), metric)
    with right:
        st.markdown(f"**Kept of those that fell due in {wording.month(view.month.name)}**")
        _priorities(data, view, clock)


def _priorities(data: Data, view: View, clock: str) -> None:
    """The due figure by priority against its target; a bar opens its tickets."""
    metric, narrowed = data.metrics[DUE], _narrowed(view, clock)
    found = gaps(data, narrowed, "priority")
    if not found:
        st.info(f"No {clock} promise fell due in this selection.")
        return
    chart = bullets(metric, found, data.policy.targets.get(DUE), palette())
    clickable(chart, "priorities", f"Kept {clock} promises by priority")
    beside = f" Tick: {wording.month(view.compared.name)}." if view.compared else ""
    st.caption(f"The lowest first.{beside} Click a bar for its tickets.")


def _prepare(data: Data, view: View, clock: str) -> None:
    """What the page asks whatever is chosen on it, side by side."""
    narrowed = _narrowed(view, clock)
    beside = [each for each in (view.period, view.compared) if each]
    cuts = [narrowed.of(each, "priority") for each in beside]
    cuts.append(replace(narrowed.trend(), by=("month", "resolver_group")))
    tiles = [data.metrics[name] for name in FIGURES]
    prepare_all(data, [*product(tiles, narrowed.asked()), *product([data.metrics[DUE]], cuts)])


def room_for_answer(data: Data, view: View, clock: str) -> DeltaGenerator:
    """Where the answer will stand: it names a ticket, and the lists are looked up while the browser
    draws the figures."""
    _prepare(data, view, clock)
    return st.container()


def lists(data: Data, view: View, clock: str, room: DeltaGenerator) -> None:
    """What was broken and what can still be saved, one of them at a time, and the answer in the
    room that was kept for it. The browser draws the figures while the tickets are looked up."""
    broken, still = st.tabs([BROKEN, OPEN], key="list", bind="query-params")
    send_drawn()
    wanted = [_breached, *([_open] if still.open else [])]  # the answer names a broken one
    prepare_all(data, (), *(partial(each, data, view, clock) for each in wanted))
    with room:
        _answer_line(data, view, clock)
    if still.open:
        with still:
            _still_open(data, view, clock)
    else:
        with broken:
            _breaches(data, view, clock)


def _answer_line(data: Data, view: View, clock: str) -> None:
    """Which priority missed its target by most, and its ticket that was latest."""
    metric, target = data.metrics[DUE], data.policy.targets.get(DUE)
    found = gaps(data, _narrowed(view, clock), "priority")
    if not found or target is None:
        return
    worst = found[0]
    if worst.value >= target:
        st.markdown(f"Every priority kept its {clock} promises to the target.")
        return
    gap = wording.difference(metric, worst.value - target)
    told = (
        f"**{wording.plain(worst.label)} missed its target by most**: "
        f"{wording.share(worst.value)} of {worst.n:,} {clock} promises kept, {gap} short"
    )
    rows = _breached(data, view, clock).filter(pl.col("priority") == worst.label)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if rows.is_empty():
            st.markdown(f"{told}.", width="content")
            return
        latest = rows.row(0, named=True)
        late = wording.duration(latest["late_seconds"])
        st.markdown(f"{told}; the latest was {late} late:", width="content")
        st.button(
            f":primary[{wording.plain(latest['number'])}]",
            key="latest_breach",
            type="tertiary",
            help="See why",
            on_click=open_ticket,
            args=(latest["ticket_id"],),
        )


def _breached(data: Data, view: View, clock: str) -> pl.DataFrame:
    """The broken promises of the period, the latest first, and the latest of each priority."""
    period = (day_start(view.period.from_on, data.zone), day_start(view.period.to_on, data.zone))
    rows: pl.DataFrame = listed(data, "breaches", clock, period, dict(view.where))
    return rows


def groups_by_month(data: Data, view: View, clock: str) -> None:
    """Group x month: where promises are broken; a cell opens its tickets."""
    metric = data.metrics[DUE]
    question = replace(_narrowed(view, clock).trend(), by=("month", "resolver_group"))
    found = answer(data, metric, question)
    if found.rows.is_empty() or found.reason:
        return
    cells = {(row["bucket_2"], row["bucket"]): row for row in found.rows.iter_rows(named=True)}
    months = sorted({month for _, month in cells})
    sizes: dict[str, int] = {}
    for (group, _), row in cells.items():
        sizes[group] = sizes.get(group, 0) + row["n"]
    groups = sorted(sizes, key=lambda group: -sizes[group])[:MOST_GROUPS]
    st.subheader(f"Kept {clock} promises by group and month, %", anchor=False)
    st.plotly_chart(
        heatmap(metric, groups, months, cells, palette()),
        theme=None,
        key="groups",
        on_select=_open_group,
        selection_mode="points",
        config=charts.CONFIG,
        alt=f"Kept {clock} promises by group and month",
    )
    st.caption(
        "Stronger: fewer kept. Groups with most promises first. Slanted: fewer than five fell due. "
        "Click a cell for its tickets."
    )


def _open_group() -> None:
    state: AttributeDictionary = st.session_state["groups"]
    marks = [point["customdata"] for point in state["selection"]["points"] if "customdata" in point]
    if marks:
        group, month = marks[0]
        st.session_state["resolver_group"] = [wording.value_name(group)]
        drilldown.open_tickets(DUE, drilldown.MONTH, month)


def _breaches(data: Data, view: View, clock: str) -> None:
    """Which promises of the month were broken, and by how much."""
    rows = _breached(data, view, clock)
    month = wording.month(view.month.name)
    count = _found(rows)
    st.subheader(f"{count:,} broken {clock} promises that fell due in {month}", anchor=False)
    if rows.is_empty():
        st.info("No promise of this selection was broken.")
        return
    rows = rows.filter(pl.col("place") <= MOST_LISTED).drop("place")
    _ticket_table(data, rows, "late_seconds", "Late (h)", "breaches")


def _still_open(data: Data, view: View, clock: str) -> None:
    """What can still be saved: clocks not stopped, least time left first."""
    rows = _open(data, view, clock)
    st.subheader(f"{_found(rows):,} open {clock} promises, by time left", anchor=False)
    if rows.is_empty():
        st.info("No promise of this selection is open.")
        return
    _ticket_table(data, rows, "left_seconds", "Left (h)", "open")


def _open(data: Data, view: View, clock: str) -> pl.DataFrame:
    """The promises that nobody has kept or broken yet, and those broken and still open."""
    rows: pl.DataFrame = listed(data, "open_promises", clock, dict(view.where))
    return rows


def _found(rows: pl.DataFrame) -> int:
    """How many there are in all, shown or not."""
    return 0 if rows.is_empty() else int(rows["found"][0])


def _ticket_table(data: Data, rows: pl.DataFrame, seconds: str, title: str, key: str) -> None:
    """Tickets with the one number that orders them; a row opens the ticket."""
    first = ["number", "title", seconds, "due_at"]
    columns = [
        *first,
        *(name for name in rows.columns if name not in (*first, "ticket_id", "found")),
    ]
    titles = {seconds: title, "due_at": "Due", "stopped_at": "Ended", "sla": "Service level"}
    titles |= {"clock_state": "Clock", "still_open": "Still open"}
    titles = {name: told for name, told in titles.items() if name in columns}
    ticket_rows(data, rows, columns, f"table_{key}", **titles)
    more = f" The first {rows.height} are shown." if rows.height < _found(rows) else ""
    st.caption(f"Choose a row to see how its clock was counted.{more}")


def reconciliation(data: Data) -> None:
    """Our verdict beside the tool's own, and the tickets on which they differ, once opened."""
    box = st.expander(
        "Does the tool agree?", expanded=False, key="reconciliation", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        found: Reconciliation = listed(data, "reconcile")
        if found.agreement is None:
            st.info("This export carries no verdict of its tool to compare with.")
            return
        apart = found.tickets.filter(~pl.col("agrees"))
        st.markdown(
            f"{found.compared:,} tickets have a verdict of their tool and a computed one; "
            f"they agree on **{wording.share(found.agreement)}**. All months, all filters."
        )
        shown = apart.select("number", "priority", "resolver_group", "sla", "explanation")
        st.dataframe(
            shown,
            hide_index=True,
            height=TABLE_HEIGHT if shown.height > ROWS_AT_ONCE else "content",
            key="table_reconciliation",
            on_select=partial(_open_apart, apart["ticket_id"].to_list()),
            selection_mode="single-row",
        )
        st.caption("Choose a row to open its ticket.")


def _open_apart(ticket_ids: list[str]) -> None:
    if chosen := st.session_state["table_reconciliation"]["selection"]["rows"]:
        open_ticket(ticket_ids[chosen[0]])
