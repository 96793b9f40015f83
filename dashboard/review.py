"""The parts of the monthly review, each drawn by one function."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import charts, drilldown, states, wording
from dashboard.breakdown import LARGEST, Bar, breakdown, dimensions, which_are_drawn
from dashboard.filters import View, in_words
from dashboard.kpis import Tile, answer_in_words, figure_of, tile
from dashboard.marks import clickable
from dashboard.moved import what_moved_it
from dashboard.palette import palette
from dashboard.session import Data, answer, data_state, prepare
from dashboard.tiles import change_line, tile_wall
from insights.limits import Limits, process_limits
from queries.catalogue import Metric
from queries.groups import grouped, of_their_own
from queries.reasons import NOTHING

KPI = "kpi"
INTERVALS = (
    "Each change with its 95 % interval and a verdict. *Cannot tell* means that chance alone could "
    "have made it. Counts of periods of unequal length are compared per day."
)


def heading(data: Data, view: View) -> None:
    """The question, and in one line what the page stands on."""
    st.title("Are we better than last month, and is it real?", anchor=False)
    st.caption(wording.plain(" · ".join(standing(data, view))))


def standing(data: Data, view: View) -> list[str]:
    state = data_state(data)
    words = [wording.month(view.month.name)]
    if not view.month.is_complete:
        words[0] += " (not complete)"
    words.append(
        f"compared with {wording.month(view.compared.name)}"
        if view.compared
        else "nothing to compare with"
    )
    words.append(in_words(view.where))
    if state:
        words.append(
            f"data to {wording.instant(state.data_at, data.zone)} ({data.zone}), {state.sources}"
        )
        words.append(f"{state.findings:,} finding{'' if state.findings == 1 else 's'}")
    return words


def tiles(data: Data, view: View) -> dict[str, list[Tile]]:
    """What the tiles say, in the groups they stand in."""
    prepare_tiles(data, view)
    return {
        title: [tile(data, metric, view) for metric in found]
        for title, found in grouped(of_their_own(data.metrics)).items()
    }


def prepare_tiles(data: Data, view: View) -> None:
    """Compute what the tiles say, side by side."""
    prepare(data, of_their_own(data.metrics).values(), *view.asked())


def answer_line(groups: dict[str, list[Tile]]) -> None:
    """The page's question answered in one sentence."""
    tiles = [each for found in groups.values() for each in found]
    if any(each.rows for each in tiles):
        st.markdown(answer_in_words(tiles))
    else:
        st.info("No ticket is in this month and selection: widen the filters, or reset them.")


def headlines(view: View, groups: dict[str, list[Tile]], chosen: Metric) -> None:
    """The first group as tiles: what the page's question is about."""
    tile_wall(next(iter(groups.values())), view.last_month, chosen.name)


def chosen(data: Data) -> Metric:
    """The metric that the address bar names, else the first."""
    by_label = {
        metric.label: metric
        for found in grouped(of_their_own(data.metrics)).values()
        for metric in found
    }
    label = st.session_state.get(KPI, st.query_params.get(KPI))
    return by_label.get(label, next(iter(by_label.values())))


def details(data: Data, view: View) -> None:
    """Trend beside breakdown and what moved it, of one metric, and its definition."""
    with st.container(border=True, key="details"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            metric = _choose_metric(data)
            trend(data, view, metric)
            _change_in_words(data, view, metric)
        with right:
            dimension = _choose_dimension(data, view, metric)
            if dimension:
                parts(data, view, metric, dimension)
                what_moved_it(data, view, metric, dimension)
        st.caption(wording.plain(answer(data, metric, view.trend()).definition))


def _change_in_words(data: Data, view: View, metric: Metric) -> None:
    """Both changes with their intervals and verdicts."""
    found = tile(data, metric, view)
    compared = [each for each in (found.previous, found.last_year) if each]
    if compared:
        lines = [change_line(metric, each, with_interval=True) for each in compared]
        st.markdown("  \n".join(lines), help=INTERVALS)


def _choose_metric(data: Data) -> Metric:
    labels = [
        metric.label for found in grouped(of_their_own(data.metrics)).values() for metric in found
    ]
    by_label = {metric.label: metric for metric in data.metrics.values()}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = st.selectbox(
            "Figure",
            labels,
            key=KPI,
            bind="query-params",
            label_visibility="collapsed",
            width=210,
        )
        metric = by_label[label]
        st.markdown(f"**{metric.title}, by month**", width="content")
        st.button(
            ":primary[tickets]",
            key="tickets_of_chosen",
            type="tertiary",
            help="List the tickets behind this figure",
            on_click=drilldown.open_tickets,
            args=(metric.name,),
        )
    return metric


def trend(data: Data, view: View, metric: Metric) -> None:
    """The metric over thirteen months; a click on a month lists its tickets."""
    found = answer(data, metric, view.trend())
    rows = list(found.rows.iter_rows(named=True))
    if found.reason or not rows:
        states.not_available(found.reason or NOTHING)
        return
    complete = {row["bucket"]: view.is_complete(row["bucket"]) for row in rows}
    limits = _limits(metric, [r["value"] if complete[r["bucket"]] else None for r in rows])
    target = data.policy.targets.get(metric.name)
    figure = charts.trend(
        metric,
        rows,
        view.last_month,
        complete,
        limits,
        target,
        palette(),
    )
    clickable(
        figure, f"trend_of_{metric.name}", f"{metric.title} by month", metric.name, drilldown.MONTH
    )
    st.caption(wording.plain(_legend(metric, rows, limits, target)))


def _limits(metric: Metric, values: Sequence[float | None]) -> Limits | None:
    if metric.unit == "score":
        return process_limits(values)
    return process_limits(values, floor=0.0, ceiling=1.0 if metric.unit == "share" else None)


def _legend(
    metric: Metric, rows: Sequence[charts.Row], limits: Limits | None, target: float | None
) -> str:
    """What lines and marks mean, as far as they are there."""
    words = []
    if any(row["low"] is not None for row in rows):
        words.append("Band: 95 % interval.")
    if limits:
        words.append("Dashed: natural process limits.")
        if limits.signals:
            words.append("Ringed: more than chance.")
    words.append(charts.baseline(metric, rows, limits, target) or "")
    words.append("Hollow: month not complete. Click a month for its tickets.")
    return " ".join(word for word in words if word)


def _choose_dimension(data: Data, view: View, metric: Metric) -> str | None:
    """What the period is cut by; the address bar names it."""
    offered = dimensions(data, metric)
    if not offered:
        st.info("These data carry no column that this figure can be cut by.")
        return None
    names = {wording.column(name): name for name in offered}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{wording.month(view.period.name)}, by**", width="content")
        label = st.selectbox(
            "Cut by", list(names), key="by", bind="query-params", label_visibility="collapsed"
        )
    return names[label]


def parts(data: Data, view: View, metric: Metric, dimension: str) -> None:
    """The period cut by a dimension; a click on a bar lists its tickets."""
    found = breakdown(data, metric, view, dimension)
    if found.reason:
        states.not_available(found.reason)
        return
    overall = figure_of(data, metric, view)["value"]
    clickable(
        charts.bars(metric, found.bars, overall, palette(), height=0),
        f"parts_of_{metric.name}",
        f"{metric.title} by {wording.column(dimension)}",
        metric.name,
        dimension,
    )
    st.caption(_order_in_words(metric, found.bars))


def _order_in_words(metric: Metric, bars: Sequence[Bar]) -> str:
    which = f"{which_are_drawn(metric)}, largest" if len(bars) > LARGEST else "Largest"
    return f"{which} figure first. Click a bar for its tickets."
