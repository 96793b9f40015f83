"""The parts of the backlog page: how it came about, how old it is, its oldest tickets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

import polars as pl
import streamlit as st

from dashboard import review, wording
from dashboard.filters import View
from dashboard.kpis import figure_of, tile
from dashboard.marks import clickable
from dashboard.matrix import matrix
from dashboard.palette import palette
from dashboard.session import (
    Data,
    answer,
    dimension_values,
    meaning,
    prepare_all,
    tickets_behind,
)
from dashboard.ticket_rows import in_unit, ticket_rows
from dashboard.tiles import chosen, tile_wall
from dashboard.waterfall import Flow, Step, in_and_out, waterfall
from pipelines.contract import PRIORITIES
from queries.bands import AGE_BANDS
from queries.question import NONE, Question

FIGURES = ("backlog", "backlog_age", "ticket_volume", "tickets_finished")
LEVEL, OPENED, CAME_BACK, FINISHED = (
    "backlog",
    "ticket_volume",
    "reopenings",
    "tickets_finished",
)
OLDEST_SHOWN = 200


def heading(data: Data, view: View) -> bool:
    """The question, what the page stands on, and the answer; whether there is anything to show."""
    st.title("What waits, and since when?", anchor=False)
    st.caption(wording.plain(" · ".join(review.standing(data, view))))
    _prepare(data, view)
    waiting = _waiting(data, view)
    if not waiting and not figure_of(data, data.metrics[FINISHED], view)["value"]:
        st.info("Nothing waited or moved in this selection: widen the filters, or reset them.")
        return False
    st.markdown(_answer(data, view, waiting))
    return True


def _prepare(data: Data, view: View) -> None:
    """Everything that the page asks, side by side."""
    trends = (data.metrics[name] for name in (*FIGURES, CAME_BACK))
    ages = (data.metrics["backlog_by_age"], view.of_month("priority", "age_band"))
    oldest = partial(_oldest_unsorted, data, view)
    prepare_all(data, [*product(trends, view.asked()), ages], oldest)


def _opening(data: Data, view: View) -> float | None:
    """What was open when the period began: the closing of the one right before it, if there is."""
    level, before = data.metrics[LEVEL], view.before
    if before and before.to_on == view.period.from_on:
        return figure_of(data, level, view, before)["value"]
    asked = Question(None, view.period.from_on, (), view.where)
    return answer(data, level, asked).rows["value"][0]


def _answer(data: Data, view: View, waiting: int) -> str:
    when = f"at the end of {wording.month(view.period.name)}"
    if not view.period.is_complete:
        when = "at the moment of the data"
    if not waiting:
        return f"**No ticket waits** {when}."
    oldest = _oldest(data, view).row(0, named=True)
    since = wording.instant(oldest["opened_at"], data.zone)
    return (
        f"**{wording.tickets(waiting)}** waiting {when}. The oldest is "
        f"**{wording.plain(oldest['number'])}** "
        f"({wording.plain(wording.value_name(oldest['priority']))}), open for "
        f"**{wording.duration(oldest['age_seconds'])}**, since {since}."
    )


def figures(data: Data, view: View) -> None:
    """Four figures; the chosen one's trend stands below."""
    tiles = [tile(data, data.metrics[name], view) for name in FIGURES]
    tile_wall(tiles, view.last_month, chosen(data.metrics, FIGURES, LEVEL))


def flow_and_age(data: Data, view: View) -> None:
    """How the period moved the backlog, beside how old it is."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**How {wording.month(view.period.name)} moved the backlog**")
        _flow(data, view)
    with right:
        st.markdown("**How old it is, by priority**")
        _ages(data, view)


def _flow(data: Data, view: View) -> None:
    """Opening + opened + came back - finished = closing."""
    values: dict[str, float | None] = {
        name: figure_of(data, data.metrics[name], view)["value"]
        for name in (LEVEL, OPENED, CAME_BACK, FINISHED)
    }
    found = [
        ("Opening", _opening(data, view), 0, LEVEL),
        ("Opened", values[OPENED], 1, OPENED),
        ("Came back", values[CAME_BACK], 1, CAME_BACK),
        ("Finished", values[FINISHED], -1, FINISHED),
        ("Closing", values[LEVEL], 0, LEVEL),
    ]
    steps = [
        Step(name, value, direction, metric, ())
        for name, value, direction, metric in found
        if value is not None
    ]
    clickable(waterfall(steps, palette()), "backlog_flow", "How the backlog came about")
    absent = [name.lower() for name, value, *_ in found if value is None]
    words = ["Opening + opened + came back − finished = closing."]
    if "opening" in absent:
        words.append("The data begin here: there is no opening.")
    if "came back" in absent:
        words.append("Without histories nobody can tell what came back.")
    st.caption(" ".join(words))


def _ages(data: Data, view: View) -> None:
    """Priority x age; a cell opens its tickets."""
    found = answer(data, data.metrics["backlog_by_age"], view.of_month("priority", "age_band"))
    cells = {
        (row["bucket"], row["bucket_2"]): row["value"] for row in found.rows.iter_rows(named=True)
    }
    known = {NONE if value is None else value for value in dimension_values(data, "priority")}
    kept = view.where.get("priority", tuple(known))
    rows = {
        name: wording.value_name(name)
        for name in (*PRIORITIES, NONE)
        if name in known and name in kept
    }
    columns = dict(zip(AGE_BANDS, ("< 1 d", "1–7 d", "7–30 d", "30–90 d", "> 90 d"), strict=True))
    clickable(
        matrix(rows, columns, cells, palette(), row_height=46),
        "backlog_ages",
        "Open tickets by priority and age",
        "backlog_by_age",
        "priority",
        "age_band",
    )
    st.caption("Age from the first opening. Click a cell for its tickets.")


def trend_and_months(data: Data, view: View) -> None:
    """The chosen figure over thirteen months beside what came in and went out in each."""
    metric = data.metrics[chosen(data.metrics, FIGURES, LEVEL)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**{metric.title}, by month**")
        review.trend(data, view, metric)
    with right:
        st.markdown("**What came in and what was finished, by month**")
        _months(data, view)


def _months(data: Data, view: View) -> None:
    flows = [
        Flow("Opened", OPENED, 1, list(_by_month(data, view, OPENED).values())),
        Flow("Came back", CAME_BACK, 1, list(_by_month(data, view, CAME_BACK).values())),
        Flow("Finished", FINISHED, -1, list(_by_month(data, view, FINISHED).values())),
    ]
    months = list(_by_month(data, view, OPENED))
    running = [month for month in months if not view.is_complete(month)]
    clickable(
        in_and_out(months, flows, running, palette()),
        "backlog_months",
        "Tickets opened, reopened and finished by month",
    )
    st.caption(
        "Above the line: opened, and in grey what came back. Below: finished. Pale: month not "
        "complete."
    )


def _by_month(data: Data, view: View, name: str) -> Mapping[str, float | None]:
    rows = answer(data, data.metrics[name], view.trend()).rows
    return dict(rows.select("bucket", "value").iter_rows())


def oldest(data: Data, view: View) -> None:
    """The tickets that wait, the oldest first; a row opens its ticket."""
    rows = _oldest(data, view)
    st.subheader("The oldest open tickets", anchor=False)
    if rows.is_empty():
        st.info("No ticket waits in this selection.")
        return
    columns = ["number", "title", "age_seconds", "priority", "state", "service", "resolver_group"]
    if rows["to_at"].drop_nulls().len():
        columns.append("to_at")
    ticket_rows(
        data,
        rows,
        columns,
        "oldest_tickets",
        age_seconds=in_unit("Age", rows["age_seconds"]),
        to_at="Finished since",
        state="State now",
    )
    more = f" The {rows.height} oldest are shown." if rows.height < _waiting(data, view) else ""
    st.caption(f"Choose a row to open its ticket.{more} A filter above narrows the list.")


def _waiting(data: Data, view: View) -> int:
    """How many are open at the end of the period."""
    return round(figure_of(data, data.metrics[LEVEL], view)["value"] or 0)


def _oldest(data: Data, view: View) -> pl.DataFrame:
    """The oldest of them, with `age_seconds`."""
    rows = _oldest_unsorted(data, view).rename({"value": "age_seconds"})
    return rows.sort("age_seconds", "number", descending=[True, False])


def _oldest_unsorted(data: Data, view: View) -> pl.DataFrame:
    metric = data.metrics["backlog_age"]
    return tickets_behind(data, metric, view.of_month(), largest=OLDEST_SHOWN)


def definitions(data: Data) -> None:
    """What the page's figures mean here."""
    for name in (LEVEL, CAME_BACK, FINISHED):
        metric = data.metrics[name]
        st.caption(f"**{metric.label}**: {wording.plain(meaning(data, metric))}")
