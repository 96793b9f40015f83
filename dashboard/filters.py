"""The filter bar: which month, which tickets. The address bar holds it, every page shares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard import wording
from dashboard.session import Data, dimension_values, months
from pipelines.contract import PRIORITIES
from queries.months import Month, last_complete, months_before
from queries.question import NONE, Question

FILTERS = (
    "kind",
    "priority",
    "service",
    "category",
    "resolver_group",
    "customer",
    "location",
    "channel",
    "source",
)
TREND_MONTHS = 13

_ALL = {
    "kind": "All kinds",
    "priority": "All priorities",
    "service": "All services",
    "category": "All categories",
    "resolver_group": "All groups",
    "customer": "All customers",
    "location": "All locations",
    "channel": "All channels",
    "source": "All sources",
}


@dataclass(frozen=True)
class View:
    """What is looked at: a month, the one before it, and the filters in force."""

    month: Month
    before: Month | None
    months: tuple[Month, ...]
    where: Mapping[str, tuple[str, ...]]

    @property
    def trend_from(self) -> date:
        """The first day of the thirteen months that end with the month, where data are there."""
        return max(months_before(self.month.name, TREND_MONTHS - 1), self.months[0].from_on)

    @property
    def trend_to(self) -> date:
        """The day after the trend: the running month is shown where it follows the month."""
        follows = [m for m in self.months if not m.is_complete and m.from_on == self.month.to_on]
        return follows[0].to_on if follows else self.month.to_on

    def trend(self) -> Question:
        """The months up to the one looked at."""
        return Question(self.trend_from, self.trend_to, ("month",), self.where)

    def of_month(self, *by: str) -> Question:
        """The month looked at, cut by dimensions or by nothing."""
        return Question(self.month.from_on, self.month.to_on, by, self.where)

    def is_complete(self, name: str) -> bool:
        """Whether a month of this name is one that the data cover to its end."""
        return all(month.is_complete for month in self.months if month.name == name)


def filter_bar(data: Data) -> View | None:
    """Draw the filters and read them; None where the data have no month to choose."""
    known = months(data)
    if not known:
        return None
    with st.sidebar:
        st.markdown("**Month and filters**")
        month = _choose_month(known)
        where = {
            dimension: kept for dimension in FILTERS if (kept := _choose_values(data, dimension))
        }
        st.button(
            "Reset",
            key="reset_filters",
            on_click=_reset,
            args=(last_complete(known),),
            disabled=not where and month == last_complete(known),
            width="stretch",
        )
    before = next((each for each in known if each.to_on == month.from_on), None)
    return View(month, before, known, where)


def _choose_month(known: tuple[Month, ...]) -> Month:
    newest_first = {wording.month(month.name): month for month in reversed(known)}
    chosen = st.selectbox(
        "Month",
        list(newest_first),
        index=list(newest_first.values()).index(last_complete(known)),
        key="month",
        bind="query-params",
        label_visibility="collapsed",
    )
    return newest_first[chosen]


def _choose_values(data: Data, dimension: str) -> tuple[str, ...]:
    """The values kept of one dimension; empty keeps all. Left out where there is no choice."""
    values = dimension_values(data, dimension)
    if len(values) < 2:
        return ()
    options = {_option(value): NONE if value is None else value for value in _ordered(values)}
    chosen = st.multiselect(
        wording.column(dimension),
        list(options),
        key=dimension,
        bind="query-params",
        placeholder=_ALL[dimension],
        label_visibility="collapsed",
        select_all=False,
    )
    return tuple(options[name] for name in chosen)


def _ordered(values: Mapping[str | None, int]) -> list[str | None]:
    """Priorities by urgency, everything else by name, the missing value last."""
    rank = {name: place for place, name in enumerate(PRIORITIES)}
    return sorted(values, key=lambda v: (v is None, rank.get(v or "", 99), (v or "").casefold()))


def _option(value: str | None) -> str:
    return wording.value_name(value)


def _reset(month: Month) -> None:
    st.session_state["month"] = wording.month(month.name)
    for dimension in FILTERS:
        if dimension in st.session_state:
            st.session_state[dimension] = []


def in_words(where: Mapping[str, tuple[str, ...]]) -> str:
    """The filters in force, for the line under a title: "Priority P1 or P2, Service Mail"."""
    if not where:
        return "all tickets"
    return ", ".join(
        f"{wording.column(name)} {' or '.join(map(wording.value_name, kept))}"
        for name, kept in where.items()
    )
