"""Charts of a report as SVG: Altair says what is drawn, vl-convert draws it without a browser.

One accent for what the title speaks of, greys for the rest; no colour alone carries a meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from queries import wording
from reports.fonts import FONT, FONTS
from reports.sections import Chart, Colours, Contributions, EventStrips, Point, Trend

WIDTH, TREND_HEIGHT, BAR_STEP = 330, 118, 19
QUIET, FAINT, REST = "#5d6878", "#dfe4ec", "#b9c2cf"
LONGEST_NAME = 24
LONGEST_TITLE = 44
HIGH_SHARE = 0.75
NAMED_OVER = 4  # months that the name of a target is as wide as
PALE = ("mix", "exposure")

_CLIP_NUMBER = re.compile(r"\b(clip|gradient_|label-clip-)(\d+)")


def svg(chart: Chart, colours: Colours) -> str:
    """The chart in these colours, the same text for the same chart."""
    _register()
    with debug_mode(False):  # a third of the time goes into checks of what never changes
        drawn = _drawn(chart, colours)
    spec = {**drawn.to_dict(validate=False), "config": _config(colours)}
    return _numbered_anew(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _drawn(chart: Chart, colours: Colours) -> Any:
    match chart:
        case Trend():
            return _trend(chart, colours)
        case Contributions():
            return _contributions(chart, colours)
        case EventStrips():
            return _strips(chart, colours)


def make_ready() -> None:
    """Draw what nobody sees: the first picture of a process takes most of a second."""
    _register()
    rows = _over([{"place": place, "value": value} for place, value in (("a", 1), ("b", 2))])
    x, y = alt.X("place:O"), alt.Y("value:Q")
    drawn = alt.layer(
        rows.mark_area().encode(x=x, y=y),
        rows.mark_line().encode(x=x, y=y),
        rows.mark_bar().encode(x=x, y=y),
        rows.mark_text().encode(x=x, y=y, text=alt.Text("place:N")),
    )
    spec = {**drawn.to_dict(validate=False), "config": {"font": FONT}}
    vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


@cache
def _register() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _numbered_anew(text: str) -> str:
    """Clips are numbered through by the process; a chart numbers its own from one."""
    numbers: dict[str, int] = {}
    return _CLIP_NUMBER.sub(
        lambda found: f"{found[1]}{numbers.setdefault(found[0], len(numbers) + 1)}", text
    )


def _config(colours: Colours) -> dict[str, Any]:
    """What every chart looks like, whatever it draws."""
    return {
        "background": None,
        "padding": 2,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": QUIET,
            "labelFontSize": 9,
            "labelFont": FONT,
            "gridColor": FAINT,
            "domainColor": FAINT,
            "tickColor": FAINT,
            "title": None,
        },
        "text": {"font": FONT, "color": colours.ink},
    }


def _over(rows: list[dict[str, Any]]) -> Any:
    """A chart of these rows. Its methods have types that no checker follows."""
    return alt.Chart(alt.Data(values=rows))


def _trend(chart: Trend, colours: Colours) -> Any:
    """The months as a line with its band; the target as a dotted line, named beside it."""
    low, high, ceiling = _reach(chart)
    rows = [_trend_row(chart, place, ceiling) for place in range(len(chart.points))]
    spread = (high - low) or 1.0
    domain = [low - (0.06 * spread if low else 0), high + 0.06 * spread]
    names = [point.month for point in chart.points]
    is_last = bool(names) and names[-1] == chart.month
    labels = {name: _month_label(place, name) for place, name in enumerate(names)}
    x = alt.X(
        "month:O",
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelAngle=0, labelExpr=_lookup(labels), ticks=False, labelLineHeight=11),
    )
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    axis = alt.Axis(
        values=_ticks(chart, low, high),
        labelExpr=_lookup_number(chart, _ticks(chart, low, high)),
        domain=False,
        ticks=False,
    )
    y = alt.Y("value:Q", scale=scale, axis=axis)
    base = _over(rows)
    layers = [
        base.mark_area(color=colours.accent, opacity=0.12).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q")
        ),
        base.mark_line(color=colours.accent, strokeWidth=1.8).encode(x=x, y=y),
        base.transform_filter("datum.complete")
        .mark_point(color=colours.accent, filled=True, size=26, opacity=1)
        .encode(x=x, y=y, description=alt.Description("told:N")),
        base.transform_filter("!datum.complete")
        .mark_point(stroke=colours.accent, fill="white", size=26, opacity=1)
        .encode(x=x, y=y, description=alt.Description("told:N")),
        base.transform_filter("datum.chosen")
        .mark_text(
            dy=11 if _falls(chart) else -9,
            dx=is_last * 6,
            align="right" if is_last else "center",
            fontSize=9.5,
            fontWeight=600,
            color=colours.ink,
        )
        .encode(x=x, y=y, text=alt.Text("shown:N")),
    ]
    if chart.target is not None:
        told = f"target {wording.in_unit(chart.unit, chart.target)}"
        line = _over([{"value": chart.target, "told": told}])
        is_right, is_above = _free_place(chart, chart.target)
        layers += [
            line.mark_rule(color=colours.ink, strokeDash=[2, 3], strokeWidth=1).encode(y=y),
            line.mark_text(
                align="right" if is_right else "left",
                baseline="bottom" if is_above else "top",
                dx=-1 if is_right else 1,
                dy=-2 if is_above else 3,
                fontSize=9,
                color=QUIET,
            ).encode(x=alt.XValue(WIDTH if is_right else 0), y=y, text=alt.Text("told:N")),
        ]
    return alt.layer(*layers).properties(width=WIDTH, height=TREND_HEIGHT)


def _falls(chart: Trend) -> bool:
    """Whether the line comes down to the month that is named, whose figure then stands below."""
    values = [point.value for point in chart.points]
    place = next((n for n, point in enumerate(chart.points) if point.month == chart.month), 0)
    now, before = values[place] if values else None, values[place - 1] if place else None
    return now is not None and before is not None and before > now


def _free_place(chart: Trend, target: float) -> tuple[bool, bool]:
    """At which end of its line a target is named, and whether above it: where the months stay
    away from it, and the figure of the last one too."""

    def gaps(found: Sequence[Point]) -> list[float]:
        return [point.value - target for point in found if point.value is not None]

    first, last = gaps(chart.points[:NAMED_OVER]), gaps(chart.points[-NAMED_OVER:])
    is_taken = bool(last) and _falls(chart) == (last[-1] > 0)
    is_right = not is_taken and min(map(abs, last), default=0) >= min(map(abs, first), default=0)
    return is_right, sum(last if is_right else first) < 0


def _trend_row(chart: Trend, place: int, ceiling: float) -> dict[str, Any]:
    """One month as the chart reads it; the band is cut where one month would flatten all others."""
    point = chart.points[place]
    return {
        "month": point.month,
        "value": point.value,
        "low": point.low,
        "high": None if point.high is None else min(point.high, ceiling),
        "complete": point.is_complete,
        "chosen": point.month == chart.month,
        "told": point.words,
        "shown": "" if point.value is None else wording.in_unit(chart.unit, point.value),
    }


def _reach(chart: Trend) -> tuple[float, float, float]:
    """What the axis holds, from zero but for scores and shares close to one; and the most of it."""
    values = [point.value for point in chart.points if point.value is not None]
    values += [chart.target] if chart.target is not None else []
    ceiling = 2 * max(values, default=1.0)
    ends = [end for point in chart.points for end in (point.low, point.high) if end is not None]
    values += [min(end, ceiling) for end in ends]
    low, high = min(values, default=0.0), max(values, default=1.0) or 1.0
    if chart.unit == "share":
        return (low if low >= HIGH_SHARE else 0.0), min(high, 1.0), ceiling
    return (low if chart.unit == "score" else 0.0), high, ceiling


def _month_label(place: int, name: str) -> str:
    month = wording.short_month(name)
    return f"{month}|{name[:4]}" if place == 0 or name.endswith("-01") else month


def _lookup(labels: dict[str, str]) -> str:
    """An expression that names each tick; a bar breaks the line."""
    pairs = ", ".join(f"'{name}': {_quoted(label)}" for name, label in labels.items())
    return f"split({{{pairs}}}[datum.value], '|')"


def _lookup_number(chart: Trend, ticks: list[float]) -> str:
    labels = [_quoted(_tick_words(chart, tick)) for tick in ticks]
    return f"[{', '.join(labels)}][round(datum.index * {max(len(ticks) - 1, 1)})]"


def _tick_words(chart: Trend, value: float) -> str:
    return wording.in_unit(chart.unit, value) if value else "0"


def _quoted(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _ticks(chart: Trend, low: float, high: float) -> list[float]:
    """Two to four round values that the axis holds."""
    units = {"duration": (60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400)}
    steps = units.get(chart.unit, ())
    wanted = ((high - low) or 1.0) / 4
    step = next((float(each) for each in steps if each >= wanted), 0.0) or _round_step(
        wanted, 86400.0 if steps else 1.0
    )
    first = -(-low // step) * step
    found = [first + place * step for place in range(12)]
    return [round(tick, 10) for tick in found if tick <= high * (1 + 1e-9)] or [low]


def _round_step(wanted: float, unit: float) -> float:
    size = unit
    while size * 10 <= wanted:
        size *= 10
    while size > wanted:
        size /= 10
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= wanted)


def _contributions(chart: Contributions, colours: Colours) -> Any:
    """A bar for each part of the change, stacked from zero to either side, labelled directly."""
    names = [_cut(part.name, LONGEST_NAME) for part in chart.parts]
    keys = [f"{place:02}" for place in range(len(names))]
    rows = []
    reach = 0.0
    for key, part in zip(keys, chart.parts, strict=True):
        ends = {True: 0.0, False: 0.0}
        for name, value in part.parts:
            start = ends[value > 0]
            ends[value > 0] = start + value
            rows.append(
                {
                    "key": key,
                    "from": start,
                    "to": start + value,
                    "look": "pale" if name in PALE else "solid",
                    "told": f"{part.name}: {part.label}",
                }
            )
        reach = max(reach, ends[True], -ends[False])
    reach = reach or 1.0
    labels = [
        {"key": key, "label": part.label} for key, part in zip(keys, chart.parts, strict=True)
    ]
    named = ", ".join(f"'{key}': {_quoted(name)}" for key, name in zip(keys, names, strict=True))
    y = alt.Y(
        "key:O",
        scale=alt.Scale(domain=keys),
        axis=alt.Axis(labelExpr=f"({{{named}}})[datum.value]", domain=False, ticks=False,
                      labelLimit=150),
    )  # fmt: skip
    scale = alt.Scale(domain=[-reach * 1.05, reach * 1.7], nice=False)
    bars = (
        _over(rows)
        .mark_bar(height=11)
        .encode(
            y=y,
            x=alt.X("from:Q", scale=scale, axis=None),
            x2=alt.X2("to:Q"),
            color=alt.Color(
                "look:N",
                scale=alt.Scale(domain=["solid", "pale"], range=[colours.accent, REST]),
                legend=None,
            ),
            description=alt.Description("told:N"),
        )
    )
    zero = (
        _over([{"zero": 0}])
        .mark_rule(color=QUIET, strokeWidth=1)
        .encode(x=alt.X("zero:Q", scale=scale, axis=None))
    )
    words = (
        _over(labels)
        .mark_text(align="right", fontSize=9.5, color=colours.ink)
        .encode(y=y, x=alt.XValue(WIDTH - 100), text=alt.Text("label:N"))
    )
    height = BAR_STEP * len(names)
    return alt.layer(bars, zero, words).properties(width=WIDTH - 100, height=height)


def _strips(chart: EventStrips, colours: Colours) -> Any:
    """A strip for each problem; the period of the report shaded."""
    names = [_cut(strip.name, LONGEST_TITLE) for strip in chart.strips]
    keys = [f"{place:02}" for place in range(len(names))]
    rows = [
        {"key": key, "at": at, "told": f"{strip.name}: {date.fromisoformat(at[:10]):%d %b %Y}"}
        for key, strip in zip(keys, chart.strips, strict=True)
        for at in strip.opened
    ]
    named = ", ".join(f"'{key}': {_quoted(name)}" for key, name in zip(keys, names, strict=True))
    scale = alt.Scale(domain=[chart.from_on, chart.to_on], type="utc")
    x_axis = alt.Axis(format="%b", tickCount="month", grid=True, domain=False, ticks=False)
    x = alt.X("at:T", timeUnit="utcyearmonthdatehoursminutes", scale=scale, axis=x_axis)
    y = alt.Y(
        "key:O",
        scale=alt.Scale(domain=keys),
        axis=alt.Axis(labelExpr=f"({{{named}}})[datum.value]", domain=False, ticks=False,
                      labelLimit=270),
    )  # fmt: skip
    height = BAR_STEP * len(names)
    shade = (
        _over([{"at": chart.marked_from, "to": chart.to_on}])
        .mark_rect(color=FAINT, opacity=0.55)
        .encode(x=x, x2=alt.X2("to:T"))
    )
    marks = (
        _over(rows)
        .mark_tick(color=colours.accent, thickness=2, height=11, opacity=0.9)
        .encode(x=x, y=y, description=alt.Description("told:N"))
    )
    return alt.layer(shade, marks).properties(width=420, height=height)


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
