"""The parts of the workload page: when work comes, how, from where, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

import polars as pl
import streamlit as st

from dashboard import drilldown, review, wording
from dashboard.cuts import cut
from dashboard.filters import View
from dashboard.kpis import figure_of, tile
from dashboard.marks import clickable
from dashboard.matrix import matrix
from dashboard.palette import palette
from dashboard.session import Data, answer, dimension_values, meaning, prepare_all
from dashboard.tiles import chosen, tile_wall
from queries.bands import HOURS, WEEKDAYS

FIGURES = ("ticket_volume", "tickets_finished", "out_of_hours_share", "backlog")
VOLUME = "ticket_volume"
CHANNEL, SITE = "channel", "location"
BY_GROUP = {
    "Opened": "ticket_volume",
    "Finished": "tickets_finished",
    "Open": "backlog",
    "Out of hours": "out_of_hours_share",
}
TABLE_HEIGHT = 355
ROWS_AT_ONCE = 9


def heading(data: Data, view: View) -> bool:
    """The question, what the page stands on, and the answer; whether there is anything to show."""
    st.title("When does work come, from where, and to whom?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))
    _prepare(data, view)
    opened = figure_of(data, data.metrics[VOLUME], view)["value"]
    if not opened:
        st.info("No ticket was opened in this selection: widen the filters, or reset them.")
        return False
    st.markdown(_answer(data, view, opened))
    return True


def _prepare(data: Data, view: View) -> None:
    """What the page asks whatever is chosen on it, side by side."""
    metrics = [data.metrics[name] for name in FIGURES]
    groups = product(metrics, [view.of_month("resolver_group")])
    columns = [name for name in (CHANNEL, SITE) if not set(dimension_values(data, name)) <= {None}]
    by = [("weekday", "hour"), *((name,) for name in columns)]
    cuts = [(data.metrics[VOLUME], view.of_month(*names)) for names in by]
    prepare_all(data, [*product(metrics, view.asked()), *groups, *cuts])


def _answer(data: Data, view: View, opened: float) -> str:
    cells = _cells(data, view)
    day, hour = max(cells, key=lambda key: (cells[key], key))
    out = figure_of(data, data.metrics["out_of_hours_share"], view)["value"]
    words = [
        f"**{wording.tickets(int(opened))}** opened in {wording.month(view.period.name)}, most on "
        f"**{day} from {hour}:00** ({wording.count(cells[day, hour])})"
    ]
    if out is not None:
        words.append(f"**{wording.plain(wording.share(out))}** outside of office hours")
    return "; ".join(words) + "."


def _cells(data: Data, view: View) -> Mapping[tuple[str, str], float]:
    found = answer(data, data.metrics[VOLUME], view.of_month("weekday", "hour"))
    rows = found.rows.select("bucket", "bucket_2", "value").iter_rows()
    return {(day, hour): value or 0.0 for day, hour, value in rows}


def figures(data: Data, view: View) -> None:
    """Four figures; the chosen one's trend stands below."""
    tiles = [tile(data, data.metrics[name], view) for name in FIGURES]
    tile_wall(tiles, view.last_month, chosen(data.metrics, FIGURES, VOLUME))


def week(data: Data, view: View) -> None:
    """Weekday x hour of opening; a cell opens its tickets."""
    st.markdown(f"**Tickets opened by weekday and hour, {wording.month(view.period.name)}**")
    clickable(
        matrix(
            {day: day for day in WEEKDAYS},
            {hour: f"{hour}:00" for hour in HOURS},
            _cells(data, view),
            palette(),
            row_height=27,
            every=3,
        ),
        "workload_week",
        "Tickets opened by weekday and hour",
        VOLUME,
        "weekday",
        "hour",
    )
    st.caption(wording.plain(f"Hours of {data.zone}, at opening. Click a cell for its tickets."))


def trend_and_channels(data: Data, view: View) -> None:
    """The chosen figure over thirteen months beside how tickets come in."""
    metric = data.metrics[chosen(data.metrics, FIGURES, VOLUME)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{metric.title}, by month**")
        review.trend(data, view, metric)
    with right:
        lacking = "this export carries no channel; add the contact type to the export"
        cut(data, data.metrics[VOLUME], view, CHANNEL, "Opened, by channel", lacking)


def groups_and_sites(data: Data, view: View) -> None:
    """What each group got and gave, beside where the work comes from."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**In and out, by group**")
        _groups(data, view)
    with right:
        lacking = "this export carries no site; add the caller's location to the export"
        cut(data, data.metrics[VOLUME], view, SITE, "Opened, by site", lacking)


def _groups(data: Data, view: View) -> None:
    """One row per group; a row opens the tickets that came to it."""
    columns: dict[str, Mapping[str, float | None]] = {}
    for title, name in BY_GROUP.items():
        rows = answer(data, data.metrics[name], view.of_month("resolver_group")).rows
        columns[title] = dict(rows.select("bucket", "value").iter_rows())
    opened = columns["Opened"]
    known = {group for values in columns.values() for group in values}
    groups = sorted(known, key=lambda group: (-(opened.get(group) or 0), group))
    frame = pl.DataFrame(
        {"Group": [wording.value_name(group) for group in groups]}
        | {
            title: pl.Series([values.get(group) for group in groups], dtype=pl.Float64)
            * _scale(data, title)
            for title, values in columns.items()
        }
    )
    number = partial(st.column_config.NumberColumn, width=68)
    st.dataframe(
        frame,
        hide_index=True,
        height=TABLE_HEIGHT if frame.height > ROWS_AT_ONCE else "content",
        placeholder="",
        key="workload_groups",
        on_select=partial(_open_group, groups),
        selection_mode="single-row",
        column_config={"Group": st.column_config.TextColumn(width=170)}
        | {
            title: number(f"{title} (%)", format="%.1f", width=110)
            if _scale(data, title) != 1
            else number(title, format="%,.0f")
            for title in BY_GROUP
        },
    )
    st.caption(
        "The group that has a ticket, or had it last; open: at the end of the period. Choose a row "
        "for the tickets opened. Flow tells how they moved between groups."
    )


def _scale(data: Data, title: str) -> int:
    """Shares are read in percent."""
    return 100 if data.metrics[BY_GROUP[title]].unit == "share" else 1


def _open_group(groups: list[str]) -> None:
    rows = st.session_state["workload_groups"]["selection"]["rows"]
    if rows:
        drilldown.open_tickets(VOLUME, "resolver_group", groups[rows[0]])


def definitions(data: Data) -> None:
    """What the page's figures mean here."""
    for name in (VOLUME, "out_of_hours_share"):
        metric = data.metrics[name]
        st.caption(f"**{metric.label}**: {wording.plain(meaning(data, metric))}")
