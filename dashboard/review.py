"""The parts of the monthly review, each drawn by one function."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.util import AttributeDictionary

from dashboard import charts, drilldown, shown, wording
from dashboard.breakdown import LARGEST, Bar, breakdown, dimensions, which_are_drawn
from dashboard.filters import View, in_words
from dashboard.kpis import Tile, answer_in_words, grouped, tile
from dashboard.palette import palette
from dashboard.session import Data, answer, data_state
from dashboard.tiles import tile_wall
from insights.limits import Limits, process_limits
from queries.catalogue import Metric

KPI = "kpi"
INTERVALS = (
    "Under each figure: its change from the month before with a verdict, the 95 % interval of the "
    "change, and that of the value. *Cannot tell* means that chance alone could have made the "
    "change. Counts of months of unequal length are compared per day."
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
    return {
        title: [tile(data, metric, view) for metric in found]
        for title, found in grouped(data.metrics).items()
    }


def answer_line(groups: dict[str, list[Tile]]) -> None:
    """The page's question answered in one sentence."""
    tiles = [each for found in groups.values() for each in found]
    if any(each.rows for each in tiles):
        st.markdown(answer_in_words(tiles))
    else:
        st.info("No ticket is in this month and selection: widen the filters, or reset them.")


def figures(data: Data, view: View, groups: dict[str, list[Tile]]) -> None:
    """The tiles by group; trend and breakdown stand under the group of the chosen metric."""
    chosen = _chosen(data)
    for title, found in groups.items():
        st.subheader(title, anchor=False, help=INTERVALS)
        tile_wall(found, view.last_month, chosen.name)
        if chosen.name in {each.metric.name for each in found}:
            details(data, view)


def _chosen(data: Data) -> Metric:
    """The metric that the address bar names, else the first."""
    by_label = {
        metric.label: metric for found in grouped(data.metrics).values() for metric in found
    }
    label = st.session_state.get(KPI, st.query_params.get(KPI))
    return by_label.get(label, next(iter(by_label.values())))


def details(data: Data, view: View) -> None:
    """Trend beside breakdown of one metric, and its definition."""
    with st.container(border=True, key="details"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            metric = _choose_metric(data)
            trend(data, view, metric)
        with right:
            parts(data, view, metric)
        st.caption(wording.plain(answer(data, metric, view.trend()).definition))


def _choose_metric(data: Data) -> Metric:
    labels = [metric.label for found in grouped(data.metrics).values() for metric in found]
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
    return metric


def trend(data: Data, view: View, metric: Metric) -> None:
    """The metric over thirteen months; a click on a month lists its tickets."""
    found = answer(data, metric, view.trend())
    rows = list(found.rows.iter_rows(named=True))
    if found.reason or not rows:
        st.info(f"Not available: {wording.plain(found.reason or 'nothing in this selection')}.")
        return
    shown.note_all(found)
    complete = {row["bucket"]: view.is_complete(row["bucket"]) for row in rows}
    limits = _limits(metric, [r["value"] if complete[r["bucket"]] else None for r in rows])
    figure = charts.trend(
        metric,
        rows,
        view.last_month,
        complete,
        limits,
        data.policy.targets.get(metric.name),
        palette(),
    )
    st.plotly_chart(
        figure,
        theme=None,
        key=f"trend_of_{metric.name}",
        on_select=partial(_open, f"trend_of_{metric.name}", metric.name, drilldown.MONTH),
        selection_mode="points",
        config=charts.CONFIG,
        alt=f"{metric.title} by month",
    )
    st.caption(wording.plain(_legend(metric, rows, limits)))


def _limits(metric: Metric, values: Sequence[float | None]) -> Limits | None:
    if metric.unit == "score":
        return process_limits(values)
    return process_limits(values, floor=0.0, ceiling=1.0 if metric.unit == "share" else None)


def _legend(metric: Metric, rows: Sequence[charts.Row], limits: Limits | None) -> str:
    """What lines and marks mean, as far as they are there."""
    words = []
    if any(row["low"] is not None for row in rows):
        words.append("Band: 95 % interval.")
    if limits:
        words.append("Dashed: natural process limits.")
        if limits.signals:
            words.append("Ringed: more than chance.")
    words.append(charts.baseline(metric, rows, limits) or "")
    words.append("Hollow: month not complete. Click a month for its tickets.")
    return " ".join(word for word in words if word)


def parts(data: Data, view: View, metric: Metric) -> None:
    """The month cut by a dimension; a click on a bar lists its tickets."""
    offered = dimensions(data, metric)
    if not offered:
        st.info("These data carry no column that this figure can be cut by.")
        return
    names = {wording.column(name): name for name in offered}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{wording.month(view.month.name)}, by**", width="content")
        label = st.selectbox(
            "Cut by", list(names), key="by", bind="query-params", label_visibility="collapsed"
        )
    found = breakdown(data, metric, view, names[label])
    if found.reason:
        st.info(f"Not available: {wording.plain(found.reason)}.")
        return
    overall = answer(data, metric, view.of_month()).rows.row(0, named=True)["value"]
    st.plotly_chart(
        charts.bars(metric, found.bars, overall, palette()),
        theme=None,
        key=f"parts_of_{metric.name}",
        on_select=partial(_open, f"parts_of_{metric.name}", metric.name, names[label]),
        selection_mode="points",
        config=charts.CONFIG,
        alt=f"{metric.title} by {label}",
    )
    st.caption(_order_in_words(metric, found.bars))


def _order_in_words(metric: Metric, bars: Sequence[Bar]) -> str:
    which = f"{which_are_drawn(metric)}, largest" if len(bars) > LARGEST else "Largest"
    return f"{which} figure first. Click a bar for its tickets."


def _open(chart: str, metric: str, by: str) -> None:
    """Open what the clicked mark stands for; a click beside any mark opens nothing."""
    state: AttributeDictionary = st.session_state[chart]
    marks = [mark["customdata"] for mark in state["selection"]["points"] if "customdata" in mark]
    if marks:
        drilldown.open_tickets(metric, by, marks[0] if isinstance(marks[0], str) else marks[0][0])
