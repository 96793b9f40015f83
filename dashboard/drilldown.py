"""From a figure to its tickets. The address bar names the figure, so a link opens the same list.

`tickets=mttr` is the month looked at, `tickets=mttr/month/2026-09` another one,
`tickets=mttr/priority/P1` a part of it, and `tickets=backlog_by_age/priority/P1/age_band/over 90
days` the part where two things meet. A slash within a name is written %2F.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, unquote

import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import contributions, wording
from dashboard.breakdown import OTHER, is_share_of_time, members
from dashboard.filters import View, in_words
from dashboard.one_ticket import PARAMETER as TICKET
from dashboard.session import Data, answer, tickets_behind
from queries.buckets import bucket_days
from queries.catalogue import Metric
from queries.question import Question

PARAMETER = "tickets"
MONTH = "month"
NUMBER = r":([^:]+)$"  # what a link to a ticket shows: its id without the source

_HIDDEN = ("ticket_id", "closed_at", "counted_at", "kind")
_HIDDEN_OF_RATIOS = ("ticket_id", "closed_at", "kind", "resolved_at", "opened_at")
_SAYS_LITTLE = ("state", "priority", "service", "resolver_group")
ROWS_AT_ONCE = 16
TALLEST = 540
_INSTANTS = ("opened_at", "resolved_at", "closed_at", "counted_at", "from_at", "to_at")


@dataclass(frozen=True)
class Drill:
    """Which figure is opened: a metric, whole or cut by things, each at one bucket."""

    metric: Metric
    cuts: tuple[tuple[str, str], ...] = ()

    @property
    def month(self) -> str | None:
        """The month that one of the cuts names."""
        return dict(self.cuts).get(MONTH)


def open_tickets(metric: str, *cuts: str) -> None:
    """Write into the address bar that the tickets behind a figure are to be listed.

    `cuts` are pairs: a column or month, and the bucket of it.
    """
    st.query_params[PARAMETER] = "/".join([metric, *(quote(part, safe=" ") for part in cuts)])


def close_tickets(drill: Drill) -> None:
    """Back to the figures, with the one that was opened."""
    if PARAMETER in st.query_params:
        del st.query_params[PARAMETER]
    st.session_state["kpi"] = drill.metric.label
    if drill.cuts and drill.cuts[0][0] != MONTH:
        st.session_state["by"] = wording.column(drill.cuts[0][0])


def opened(metrics: Mapping[str, Metric]) -> Drill | None:
    """What the address bar asks to open; nothing where it names a figure that is not there."""
    name, *parts = st.query_params.get(PARAMETER, "").split("/")
    if name not in metrics or len(parts) % 2:
        return None
    words = [unquote(part) for part in parts]
    cuts = tuple(zip(words[::2], words[1::2], strict=True))
    if any(by == MONTH and not _is_month(bucket) for by, bucket in cuts):
        return None
    return Drill(metrics[name], cuts)


def _is_month(name: str) -> bool:
    try:
        date.fromisoformat(f"{name}-01")
    except ValueError:
        return False
    return True


def question(data: Data, drill: Drill, view: View) -> Question:
    """The question whose evidence is listed."""
    asked = view.of_month()
    for by, bucket in drill.cuts:
        if by == MONTH:
            from_on, to_on = bucket_days(MONTH, bucket)
            asked = replace(asked, from_on=from_on, to_on=to_on)
        else:
            kept = _members(data, drill.metric, view, by, bucket)
            asked = replace(asked, where={**asked.where, by: kept})
    return asked


def _members(data: Data, metric: Metric, view: View, by: str, bucket: str) -> tuple[str, ...]:
    if bucket == contributions.OTHERS:
        return contributions.others(data, view, metric, by)
    return members(data, metric, view, by, bucket)


def in_title(drill: Drill, view: View) -> str:
    """The figure's name: "MTTR, Oct 2026, Priority P1"."""
    words = [drill.metric.label, wording.month(drill.month or view.month.name)]
    for by, bucket in drill.cuts:
        if by != MONTH:
            is_rest = bucket in (OTHER, contributions.OTHERS)
            name = "all others" if is_rest else wording.value_name(bucket)
            words.append(f"{wording.column(by)} {name}")
    return ", ".join(words)


def ticket_list(data: Data, drill: Drill, view: View, page: str = "Monthly review") -> None:
    """The tickets behind a figure: title, way back to the page, the figure, rows, download."""
    asked = question(data, drill, view)
    row = answer(data, drill.metric, asked).rows.row(0, named=True)
    rows = tickets_behind(data, drill.metric, asked)
    _breadcrumb(drill, view, page)
    st.title(f"Which tickets are behind {wording.plain(in_title(drill, view))}?", anchor=False)
    shown = "not available"
    if row["value"] is not None:
        shown = wording.figure(drill.metric, row["value"])
    over = "" if is_share_of_time(drill.metric) else f" over {_basis(drill.metric, row['n'])}"
    st.markdown(
        f"**{shown}**{over} · {wording.tickets(rows.height, 'row')} listed{_unusable(rows)} · "
        f"{wording.plain(in_words(asked.where))} · times in {data.zone}"
    )
    if rows.is_empty():
        st.info("No ticket is behind this figure: widen the filters or choose another month.")
        return
    _table(drill.metric, rows, data)
    st.caption("A number opens its ticket. The file holds all rows and columns, times in UTC.")
    st.download_button(
        "Download CSV",
        data=lambda: _csv(rows),
        file_name=f"meantime-{drill.metric.name}-{asked.from_on:%Y-%m}.csv",
        mime="text/csv",
        on_click="ignore",
        key="download_tickets",
    )


def _breadcrumb(drill: Drill, view: View, page: str) -> None:
    """Each step undoes what came after it."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            f"← {page}",
            key="crumb_review",
            type="tertiary",
            on_click=close_tickets,
            args=(drill,),
        )
        if drill.cuts:
            st.button(
                f"{drill.metric.label}, {wording.month(view.month.name)}",
                key="crumb_metric",
                type="tertiary",
                on_click=open_tickets,
                args=(drill.metric.name,),
            )


def _basis(metric: Metric, number: int) -> str:
    return wording.tickets(number, metric.one_row)


def _unusable(rows: pl.DataFrame) -> str:
    """How many of the rows have no value and so are in no figure."""
    if "value" not in rows.columns:
        return ""
    lacking = rows["value"].null_count()
    return f", {lacking:,} of them without a value and in no figure" if lacking else ""


def _table(metric: Metric, rows: pl.DataFrame, data: Data) -> None:
    """The rows; each number is a link to the page of its ticket."""
    columns = [name for name in rows.columns if name not in _hidden(metric, rows)]
    shown = rows.select(columns).with_columns(_shown(metric, rows))
    st.dataframe(
        shown,
        column_order=_order(columns),
        column_config={name: _config(metric, name, data) for name in columns},
        hide_index=True,
        height="content" if rows.height <= ROWS_AT_ONCE else TALLEST,
        placeholder="",
        key="ticket_table",
    )


def _hidden(metric: Metric, rows: pl.DataFrame) -> list[str]:
    """What needs no column: ids, what the title says, and what is the same in every row."""
    same = [
        name
        for name in _SAYS_LITTLE
        if name in rows.columns and rows.height > 1 and rows[name].n_unique() == 1
    ]
    return [*(_HIDDEN_OF_RATIOS if metric.aggregate == "ratio" else _HIDDEN), *same]


def _order(columns: list[str]) -> list[str]:
    """The value beside what it is the value of."""
    values = [name for name in ("value", "numerator", "denominator") if name in columns]
    first = [name for name in ("number", "title") if name in columns]
    return [*first, *values, *(name for name in columns if name not in (*first, *values))]


def _shown(metric: Metric, rows: pl.DataFrame) -> list[pl.Expr | pl.Series]:
    """Numbers as links, states in words, durations in hours so that a column sorts by size."""
    states = pl.col("^state$").cast(pl.String).replace(wording.SPOKEN)
    return [*_links(rows), states, *_hours(metric, rows)]


def _links(rows: pl.DataFrame) -> list[pl.Series]:
    """A link keeps the list where it is: it opens its ticket in another tab."""
    if "ticket_id" not in rows.columns:
        return []
    links = [ticket and _link(ticket) for ticket in rows["ticket_id"]]
    return [pl.Series("number", links, dtype=pl.String)]


def _link(ticket_id: str) -> str:
    return f"ticket?{TICKET}={quote(ticket_id, safe=':')}"


def _hours(metric: Metric, rows: pl.DataFrame) -> list[pl.Expr]:
    names = [name for name in ("value", "numerator", "denominator") if name in rows.columns]
    if metric.unit == "duration" and metric.aggregate != "ratio":
        return [(pl.col(name) / wording.HOUR).round(2) for name in names]
    if metric.aggregate == "ratio":
        names = names if metric.unit == "share" else names[:1]
        return [(pl.col(name) / wording.HOUR).round(2) for name in names]
    return []


def _config(metric: Metric, name: str, data: Data) -> ColumnConfig:
    column = st.column_config
    title = wording.column(name)
    if name in _INSTANTS:
        titles = {"counted_at": "Counted", "from_at": "From", "to_at": "Until"}
        return column.DatetimeColumn(
            titles.get(name, title), format="D MMM YYYY HH:mm", timezone=str(data.zone)
        )
    match name:
        case "number":
            return column.LinkColumn("Number", width=100, pinned=True, display_text=NUMBER)
        case "title":
            return column.TextColumn("Title", width=235)
        case "value" if metric.unit == "duration":
            return column.NumberColumn("Time (h)", format="%,.2f", width=90)
        case "value" if metric.unit in ("share", "count") and metric.aggregate != "mean":
            return column.CheckboxColumn("Counts", width=70)
        case "value":
            return column.NumberColumn("Value", width=80)
        case "numerator" if metric.unit == "duration":
            return column.NumberColumn("Service time (h)", format="%,.2f", width=120)
        case "denominator" if metric.unit == "duration":
            return column.NumberColumn("Failures", width=80)
        case "numerator" | "denominator":
            titles = {"numerator": "Part (h)", "denominator": "Whole (h)"}
            return column.NumberColumn(titles[name], format="%,.2f", width=90)
        case _:
            return column.TextColumn(title)


def _csv(rows: pl.DataFrame) -> str:
    """All rows and columns; instants in UTC, marked as such."""
    instants = [name for name in rows.columns if name in _INSTANTS]
    return rows.with_columns(
        pl.col(instants).dt.strftime("%Y-%m-%dT%H:%M:%SZ") if instants else []
    ).write_csv()
