"""A tile: one metric in the month looked at, with what it stands on and where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import drilldown, wording
from dashboard.kpis import Compared, Tile, nothing_of
from dashboard.palette import palette
from dashboard.sparkline import sparkline
from queries.catalogue import Metric

KPI = "kpi"
NARROWEST = 205
BLANK = "&nbsp;"
LINES = 4
NOTHING_BESIDE = ":small[:gray[nothing to compare with]]"

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


def figure_wall(tiles: Sequence[Tile], month: str) -> None:
    """The same tiles on a page that draws no trend below: each opens its tickets alone."""
    with st.grid(4, min_column_width=NARROWEST, gap="xsmall", border=True):
        for each in tiles:
            with st.container(gap=None, key=f"tile_{each.metric.name}"):
                _draw(each, month, None)


def _draw(tile: Tile, month: str, is_chosen: bool | None) -> None:
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
            f":primary[:small[{wording.tickets(_listed(tile), tile.metric.one_row)}]]",
            key=f"tickets_{tile.metric.name}",
            type="tertiary",
            on_click=drilldown.open_tickets,
            args=(tile.metric.name,),
        )
        if is_chosen is not None:
            st.button(
                ":small[shown below]" if is_chosen else ":primary[:small[trend]]",
                key=f"trend_{tile.metric.name}",
                type="tertiary",
                disabled=is_chosen,
                on_click=_choose,
                args=(tile.metric,),
            )


def _listed(tile: Tile) -> int:
    """How many rows the list behind the figure has: of a count those that count."""
    if tile.metric.aggregate == "count" and tile.row is not None:
        return round(tile.row["value"])
    return tile.rows


def _choose(metric: Metric) -> None:
    st.session_state[KPI] = metric.label


def _absent(tile: Tile) -> None:
    st.markdown(f":small[:gray[not available: {wording.plain(wording.cell(tile.reason or ''))}]]")
    if tile.reason != nothing_of(tile.metric):
        st.page_link("pages/data.py", label=":primary[:small[what the data carry]]")


def _lines(tile: Tile) -> list[str]:
    """The four lines under the value: two comparisons, the value's interval, its companions."""
    compared = [change_line(tile.metric, each) for each in (tile.previous, tile.last_year) if each]
    if tile.against == "last year":
        compared.reverse()
    if tile.against == "target":
        compared.insert(0, _beside_target(tile))
    compared = [*compared, NOTHING_BESIDE][:2] if compared else [NOTHING_BESIDE]
    companions = [tile.companion] if tile.companion else []
    if tile.target is not None:
        met = "" if tile.is_met is None else ", met" if tile.is_met else ", missed"
        companions.append(f"target {wording.figure(tile.metric, tile.target)}{met}")
    quiet = [
        f":small[:gray[{wording.plain(text)}]]"
        for text in (tile.basis, " · ".join(companions))
        if text
    ]
    lines = [*compared, *quiet]
    return lines + [BLANK] * (LINES - len(lines))


def _beside_target(tile: Tile) -> str:
    """How far the figure is from its target."""
    if tile.target is None or tile.row is None or tile.is_met is None:
        return ":small[:gray[no target]]"
    gap = tile.row["value"] - tile.target
    colour, word = ("green", "met") if tile.is_met else ("red", "missed")
    size = wording.difference(tile.metric, gap)
    return f":small[:{colour}[{wording.plain(f'{_ARROWS[_sign(gap)]} {size} vs target · {word}')}]]"


def change_line(metric: Metric, compared: Compared, *, with_interval: bool = False) -> str:
    """A change in a line of Markdown, in the colour of its verdict, the word beside it."""
    change = compared.change
    size = wording.difference(metric, change.difference or 0.0)
    words = f"{_ARROWS[_sign(change.difference)]} {size} vs {compared.name}"
    if with_interval and change.low is not None and change.high is not None:
        words += f", 95 % {wording.change_interval(metric, change.low, change.high)}"
    colour = _COLOURS.get(change.verdict, "gray")
    return f":small[:{colour}[{wording.plain(f'{words} · {change.verdict}')}]]"


def _sign(value: float | None) -> int:
    return 0 if not value else 1 if value > 0 else -1
