"""A tile: one metric in the month looked at, with what it stands on and where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import drilldown, wording
from dashboard.kpis import NOTHING, Tile, basis_noun
from dashboard.palette import palette
from dashboard.sparkline import sparkline
from queries.catalogue import Metric

KPI = "kpi"
NARROWEST = 205
BLANK = "&nbsp;"

_COLOURS = {"better": "green", "worse": "red"}
_ARROWS = {1: "▲", -1: "▼", 0: "="}


def tile_wall(tiles: Sequence[Tile], month: str, chosen: str) -> None:
    """The tiles side by side, as many as the width allows; the chosen one is marked."""
    with st.grid(4, min_column_width=NARROWEST, gap="xsmall", border=True):
        for each in tiles:
            with st.container(gap=None, key=f"tile_{each.metric.name}"):
                _draw(each, month, each.metric.name == chosen)


def chosen(metrics: Mapping[str, Metric], offered: Sequence[str], default: str) -> str:
    """The figure whose trend is shown: the one chosen on a tile of the page, else the default."""
    label = st.session_state.get(KPI, st.query_params.get(KPI))
    return next((name for name in offered if metrics[name].label == label), default)


def _draw(tile: Tile, month: str, is_chosen: bool) -> None:
    st.metric(
        tile.metric.label,
        tile.value or wording.DASH,
        help=wording.plain(f"{tile.metric.title}. {tile.definition}"),
    )
    if tile.value is None:
        _absent(tile)
        return
    st.markdown("  \n".join(_lines(tile)))
    st.image(
        sparkline(tile.points, month, tile.target, palette()),
        width="stretch",
        alt=f"{tile.metric.label} over {len(tile.points)} months",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
        st.button(
            f":primary[:small[{wording.tickets(tile.rows, basis_noun(tile.metric))}]]",
            key=f"tickets_{tile.metric.name}",
            type="tertiary",
            help="List exactly these tickets",
            on_click=drilldown.open_tickets,
            args=(tile.metric.name,),
        )
        st.button(
            ":small[shown below]" if is_chosen else ":primary[:small[trend]]",
            key=f"trend_{tile.metric.name}",
            type="tertiary",
            disabled=is_chosen,
            help="Show its trend and its breakdown",
            on_click=_choose,
            args=(tile.metric,),
        )


def _choose(metric: Metric) -> None:
    st.session_state[KPI] = metric.label


def _absent(tile: Tile) -> None:
    st.markdown(f":small[:gray[not available: {wording.plain(tile.reason)}]]")
    if tile.reason != NOTHING:
        st.page_link("pages/data.py", label=":primary[:small[what the data carry]]")


def _lines(tile: Tile) -> list[str]:
    """The four lines under the value: the change, its interval, the value's, its companions."""
    companions = [tile.companion] if tile.companion else []
    if tile.target is not None:
        companions.append(f"target {wording.figure(tile.metric, tile.target)}")
    quiet = (_change_interval(tile), tile.basis, " · ".join(companions))
    return [_change(tile), *(f":small[:gray[{wording.plain(text) or BLANK}]]" for text in quiet)]


def _change_interval(tile: Tile) -> str:
    change = tile.change
    if change is None or change.low is None or change.high is None:
        return ""
    return f"change {wording.change_interval(tile.metric, change.low, change.high)}"


def _change(tile: Tile) -> str:
    if tile.change is None or tile.change.difference is None or tile.compared_with is None:
        return ":small[:gray[nothing to compare with]]"
    change = tile.change
    colour = _COLOURS.get(change.verdict, "gray")
    words = (
        f"{_ARROWS[_sign(change.difference)]} "
        f"{wording.difference(tile.metric, tile.change.difference)} "
        f"vs {_beside(tile)} · {change.verdict}"
    )
    return f":small[:{colour}[{wording.plain(words)}]]"


def _beside(tile: Tile) -> str:
    """The period compared with, as short as it can be told from the one looked at."""
    beside = tile.compared_with
    if beside is None:
        return ""
    is_last_year = tile.change is tile.last_year and tile.change is not tile.previous
    return wording.month(beside.name) if is_last_year else wording.short_month(beside.name)


def _sign(value: float | None) -> int:
    return 0 if not value else 1 if value > 0 else -1
