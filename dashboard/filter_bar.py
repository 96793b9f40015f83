"""The filter bar: period, comparison and tickets in one line. The address bar holds all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import streamlit as st

from dashboard import address, wording
from dashboard.filters import FILTERS, Against, View
from dashboard.session import Data, dimension_values, months
from pipelines.contract import PRIORITIES
from queries import months as periods
from queries.months import Month, Stretch
from queries.question import NONE

PERIOD = "period"
COMPARE = "compare"
IN_FRONT = ("priority", "service", "resolver_group")
FEW = 9  # as many values are all seen at once, more are looked for by typing
MOST_COUNTED = 30
LAST = (3, 6, 12)
OWN_DAYS = "own_days"
NO_DAYS: list[date | str | None] = []

_AGAINST: dict[str, Against] = {
    "vs previous": "previous",
    "vs last year": "last year",
    "vs target": "target",
}
_DAYS = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*(?:to|/|\.\.)\s*(\d{4}-\d\d-\d\d)\s*")


def filter_bar(data: Data) -> View | None:
    """Draw the filters and read them; None where the data have no month to choose."""
    known = months(data)
    if not known:
        return None
    offered = _offered(known)
    line = st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="filters")
    with address.on_every_page(), line:
        period = _choose_period(known, offered)
        against = _choose_comparison()
        where = {name: _in_front(data, name) for name in IN_FRONT}
        where |= _others(data, known, period)
        where = {name: where[name] for name in FILTERS if where[name]}
        for name in FILTERS:
            if name in where and name not in IN_FRONT:
                _chip(name, where[name])
        if where or against != "previous" or period.name != periods.last_complete(known).name:
            st.button(
                "Reset",
                key="reset_filters",
                type="tertiary",
                on_click=_reset,
                args=(wording.month(periods.last_complete(known).name),),
            )
    _into_the_address(wording.month(periods.last_complete(known).name))
    return View(
        period,
        periods.one_before(known, period),
        periods.year_before(known, period),
        against,
        known,
        where,
    )


def look_at(first: date, last: date, where: Mapping[str, Sequence[str]]) -> None:
    """Set the bar to these days and values of dimensions, whatever it held."""
    kept = {name: [wording.value_name(value) for value in where.get(name, ())] for name in FILTERS}
    address.follow({PERIOD: [f"{first} to {last}"], **kept})


def look_at_everything(view: View) -> None:
    """Set the bar to all days that the data know, and to all tickets."""
    look_at(view.months[0].from_on, view.months[-1].to_on - timedelta(days=1), {})


def _into_the_address(usual_period: str) -> None:
    """What is not as on a first visit."""
    held = {name: st.session_state.get(name, ()) for name in FILTERS}
    for name, usual in ((PERIOD, usual_period), (COMPARE, next(iter(_AGAINST)))):
        chosen = st.session_state[name]
        held[name] = () if chosen == usual else (chosen,)
    address.tell(held, (PERIOD, COMPARE, *FILTERS))


def _offered(known: tuple[Month, ...]) -> dict[str, Stretch]:
    """The periods to choose from by what they are called: months first, the newest first."""
    last = {
        f"Last {count} months": periods.last_months(known, count)
        for count in LAST
        if count <= len(known)
    }
    longer = [*periods.quarters(known), *periods.years(known)]
    return {wording.month(each.name): each for each in [*reversed(known), *longer]} | last


def _choose_period(known: tuple[Month, ...], offered: Mapping[str, Stretch]) -> Stretch:
    names = list(offered)
    default = periods.last_complete(known)
    if (asked := address.asked(PERIOD)) is not None:
        is_one = any(name in offered or _own_days(known, name) for name in asked[:1])
        st.session_state[PERIOD] = asked[0] if is_one else wording.month(default.name)
    if (held := st.session_state[PERIOD]) not in offered and _own_days(known, held):
        names.append(held)
    chosen = st.selectbox(
        "Period",
        names,
        key=PERIOD,
        label_visibility="collapsed",
        accept_new_options=True,
        width=150 if held in offered else 220,
    )
    if chosen in offered:
        return offered[chosen]
    days = _own_days(known, chosen)
    if days is None:
        st.toast(f"{wording.plain(chosen)} is no period: write days as 2026-08-01 to 2026-09-15.")
    return days or default


def _own_days(known: tuple[Month, ...], text: str | None) -> Stretch | None:
    """Days written as "2026-08-01 to 2026-09-15"; None where they are none."""
    found = _DAYS.fullmatch(text or "")
    with suppress(ValueError, OverflowError):
        if found:
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            if date(1970, 1, 1) <= first <= last <= date(2200, 1, 1):
                return periods.stretch(known, first, last + timedelta(days=1))
    return None


def _choose_comparison() -> Against:
    if (asked := address.asked(COMPARE)) is not None:
        names = [*(name for name in asked if name in _AGAINST), *_AGAINST]
        st.session_state[COMPARE] = names[0]
    chosen = st.selectbox(
        "Compare with",
        list(_AGAINST),
        key=COMPARE,
        label_visibility="collapsed",
        width=132,
    )
    return _AGAINST[chosen]


def _in_front(data: Data, dimension: str) -> tuple[str, ...]:
    """A dimension with a button of its own, which says what is chosen."""
    values = dimension_values(data, dimension)
    if len(values) < 2:
        return ()
    _hold(dimension, values)
    chosen = st.session_state[dimension]
    label = wording.column(dimension)
    if len(chosen) == 1:
        label = f"{label}: {_short(chosen[0])}"
    elif chosen:
        label = f"{label}: {len(chosen)}"
    with st.popover(f"**{label}**" if chosen else label, key=f"open_{dimension}"):
        return _choose_values(data, dimension)


def _short(value: str) -> str:
    return wording.plain(value if len(value) <= 18 else f"{value[:17]}…")


def _others(data: Data, known: tuple[Month, ...], period: Stretch) -> dict[str, tuple[str, ...]]:
    """All other dimensions, and days of one's own, behind one button."""
    with st.popover("More", key="open_more"):
        found = {name: _choose_values(data, name) for name in FILTERS if name not in IN_FRONT}
        st.date_input(
            "Days of your own",
            value=NO_DAYS,
            min_value=known[0].from_on,
            max_value=known[-1].to_on,
            format="DD/MM/YYYY",
            key=OWN_DAYS,
            on_change=_take_days,
            help="Two days: they take the place of the period",
        )
        st.caption(wording.plain(f"Looked at: {wording.days(period.from_on, period.to_on)}."))
    return found


def _take_days() -> None:
    days = st.session_state[OWN_DAYS]
    if len(days) == 2:
        st.session_state[PERIOD] = f"{days[0]} to {days[1]}"


def _hold(dimension: str, values: Mapping[str | None, int]) -> None:
    """Put what the address asks for into the control, as far as there are such values."""
    asked = address.asked(dimension)
    if asked is not None:
        names = [wording.value_name(value) for value in values]
        st.session_state[dimension] = [name for name in asked if name in names]


def _choose_values(data: Data, dimension: str) -> tuple[str, ...]:
    """The values kept of one dimension; empty keeps all. Left out where there is no choice."""
    values = dimension_values(data, dimension)
    if len(values) < 2:
        return ()
    _hold(dimension, values)
    ordered = _ordered(values)
    options = {wording.value_name(value): NONE if value is None else value for value in ordered}
    if len(options) <= FEW:
        choose = partial(st.pills, selection_mode="multi")
    else:
        choose = partial(st.multiselect, placeholder="All", select_all=False)
    chosen = choose(wording.column(dimension), list(options), key=dimension)
    counted = " · ".join(
        f"{wording.value_name(value)} {values[value]:,}" for value in ordered[:MOST_COUNTED]
    )
    rest = len(ordered) - MOST_COUNTED
    more = f" · {rest:,} more" if rest > 0 else ""
    st.caption(wording.plain(f"Tickets: {counted}{more}"))
    return tuple(options[name] for name in chosen)


def _ordered(values: Mapping[str | None, int]) -> list[str | None]:
    """Priorities by urgency, everything else by name, the missing value last."""
    rank = {name: place for place, name in enumerate(PRIORITIES)}
    return sorted(values, key=lambda v: (v is None, rank.get(v or "", 99), (v or "").casefold()))


def _chip(dimension: str, kept: tuple[str, ...]) -> None:
    """An active filter from behind "More": a click takes it away."""
    shown = wording.value_name(kept[0]) if len(kept) == 1 else str(len(kept))
    st.button(
        f"**{wording.column(dimension)}: {_short(shown)}** ✕",
        key=f"chip_{dimension}",
        help="Take this filter away",
        on_click=_clear,
        args=(dimension,),
    )


def _clear(dimension: str) -> None:
    st.session_state[dimension] = []


def _reset(period: str) -> None:
    st.session_state[PERIOD] = period
    st.session_state[COMPARE] = next(iter(_AGAINST))
    for dimension in FILTERS:
        if dimension in st.session_state:
            st.session_state[dimension] = []
