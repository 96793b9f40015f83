"""The one vocabulary of charts: every figure of the app is drawn here.

Grey is context, the accent is the subject. Points and bars carry in `customdata` what they stand
for, so that a click can open it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import wording
from dashboard.axes import ticks
from dashboard.breakdown import Bar, is_sampled, is_thin
from dashboard.drawing import Drawing, bar, scatter
from dashboard.margins import TWO_LINES, room
from dashboard.palette import Palette
from insights.limits import Limits
from queries.catalogue import Metric

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "scrollZoom": False,
    "doubleClick": False,
}
FONT = "Inter, sans-serif"
TREND_HEIGHT = 330
BAR_HEIGHT = 40
LABEL_HEIGHT = 15
HIGH_SHARE = 0.9  # shares that never fall below this are drawn from a stated baseline

# Labels lie where they fit, and stand where a telephone leaves them no room.
UPRIGHT = [0, 90]

Row = Mapping[str, Any]
Label = tuple[float, str, str]  # at which value, what, in which colour


def trend(
    metric: Metric,
    rows: Sequence[Row],
    chosen: str,
    complete: Mapping[str, bool],
    limits: Limits | None,
    target: float | None,
    colours: Palette,
) -> go.Figure:
    """A metric over months: interval as a band, mean and limits, target, signals ringed."""
    figure = Drawing()
    names = [row["bucket"] for row in rows]
    places, texts = ticks(metric, *_reach(metric, rows, limits, target))
    _band(figure, names, rows, colours)
    labels = _medians(figure, names, rows, colours)
    _line(figure, metric, names, rows, complete, chosen, colours)
    labels += _levels(figure, metric, limits, target, colours)
    _label_right(figure, labels, places[0], places[-1])
    if limits:
        _signals(figure, names, rows, limits, colours)
    figure.update_layout(
        **layout(TREND_HEIGHT, colours),
        margin={"l": 8 + room(texts), "r": 96, "t": 14, "b": TWO_LINES},
    )
    figure.update_xaxes(
        tickvals=names,
        ticktext=[month_label(place, name) for place, name in enumerate(names)],
        type="category",
        categoryorder="array",
        categoryarray=names,
        autotickangles=UPRIGHT,
        tickfont={"size": 11},
        showgrid=False,
        linecolor=colours.faint,
        range=[-0.4, len(names) - 0.6],
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=texts,
        range=[places[0], places[-1]],
        gridcolor=colours.faint,
        zeroline=False,
        fixedrange=True,
    )
    return figure.made()


def baseline(
    metric: Metric, rows: Sequence[Row], limits: Limits | None, target: float | None
) -> str | None:
    """What the reader is told where the axis does not start at zero."""
    places, texts = ticks(metric, *_reach(metric, rows, limits, target))
    return f"The axis starts at {texts[0]}." if places[0] else None


def _reach(
    metric: Metric, rows: Sequence[Row], limits: Limits | None, target: float | None
) -> tuple[float, float]:
    """What the axis has to hold; from zero, but for scores and for shares close to one."""
    values = [row[name] for row in rows for name in ("value", "median") if row[name] is not None]
    # One month of few tickets has an interval that would flatten all others.
    ends = [row["high"] for row in rows if row["high"] is not None]
    ceiling = 2 * max(values, default=1.0)
    values += [min(end, ceiling) for end in ends]
    values += [limits.low, limits.high] if limits else []
    values += [target] if target is not None else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    if metric.unit == "share":
        high = min(high, 1.0)
        return (low, high) if low >= HIGH_SHARE else (0.0, high)
    return (low, high) if metric.unit == "score" else (0.0, high or 1.0)


def month_label(place: int, name: str) -> str:
    """A month below its mark, with the year where one begins."""
    month = wording.short_month(name)
    return f"{month}<br>{name[:4]}" if place == 0 or name.endswith("-01") else month


def _band(figure: Drawing, names: list[str], rows: Sequence[Row], colours: Palette) -> None:
    known = [
        (name, row)
        for name, row in zip(names, rows, strict=True)
        if row["low"] is not None and row["high"] is not None
    ]
    if not known:
        return
    there = [name for name, _ in known]
    figure.add_trace(
        scatter(
            x=[*there, *reversed(there)],
            y=[*(r["high"] for _, r in known), *(r["low"] for _, r in reversed(known))],
            fill="toself",
            fillcolor=colours.band,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _medians(
    figure: Drawing, names: list[str], rows: Sequence[Row], colours: Palette
) -> list[Label]:
    known = [row["median"] for row in rows if row["median"] is not None]
    if not known:
        return []
    figure.add_trace(
        scatter(
            x=names,
            y=[row["median"] for row in rows],
            mode="lines",
            line={"color": colours.rest, "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    return [(known[-1], "median", colours.quiet)]


def _line(
    figure: Drawing,
    metric: Metric,
    names: list[str],
    rows: Sequence[Row],
    complete: Mapping[str, bool],
    chosen: str,
    colours: Palette,
) -> None:
    filled = [complete[name] for name in names]
    figure.add_trace(
        scatter(
            x=names,
            y=[row["value"] for row in rows],
            customdata=names,
            cliponaxis=False,  # a mark on the edge of the axis is a whole one
            text=[
                _hover(metric, row, f"{wording.month(row['bucket'])}{_running(complete, row)}")
                for row in rows
            ],
            hovertemplate="%{text}<extra></extra>",
            mode="lines+markers",
            line={"color": colours.accent, "width": 2},
            marker={
                "size": [11 if name == chosen else 8 for name in names],
                "opacity": 1,
                "color": [colours.accent if is_full else colours.paper for is_full in filled],
                "line": {"color": colours.accent, "width": 2},
            },
            showlegend=False,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )


def _running(complete: Mapping[str, bool], row: Row) -> str:
    return "" if complete[row["bucket"]] else ", not complete"


def _hover(metric: Metric, row: Row, title: str) -> str:
    if row["value"] is None:
        return f"<b>{title}</b><br>{wording.chart_text(row['reason'] or 'no figure', 60)}"
    lines = [f"<b>{title}</b>", wording.figure(metric, row["value"])]
    if row["median"] is not None:
        lines.append(f"median {wording.duration(row['median'])}")
    if row["low"] is not None and row["high"] is not None:
        lines.append(f"95 % {wording.interval(metric, row['low'], row['high'])}")
    lines += [f"n {row['n']:,}", "click for the tickets"]
    return "<br>".join(lines)


def _levels(
    figure: Drawing,
    metric: Metric,
    limits: Limits | None,
    target: float | None,
    colours: Palette,
) -> list[Label]:
    """The mean, the limits and the target as lines; their names go to the right."""
    levels: list[tuple[float, str, str, str]] = []
    if limits:
        levels = [
            (limits.mean, f"mean {wording.figure(metric, limits.mean)}", colours.quiet, "solid"),
            (limits.low, "lower limit", colours.rest, "dash"),
            (limits.high, "upper limit", colours.rest, "dash"),
        ]
    if target is not None:
        levels.append((target, f"target {wording.figure(metric, target)}", colours.ink, "dot"))
    for value, _, colour, dash in levels:
        figure.add_hline(y=value, line={"color": colour, "width": 1.2, "dash": dash}, layer="below")
    return [
        (value, name, colours.ink if dash == "dot" else colours.quiet)
        for value, name, colour, dash in levels
    ]


def _label_right(figure: Drawing, labels: Sequence[Label], low: float, high: float) -> None:
    """Names beside the lines, moved apart where they would touch, and kept inside the axis."""
    apart = (high - low) * LABEL_HEIGHT / (TREND_HEIGHT - 60)
    ordered = sorted(labels)
    for place, (_, text, colour) in zip(
        moved_apart([value for value, _, _ in ordered], apart, high), ordered, strict=True
    ):
        figure.add_annotation(
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=place,
            text=text,
            showarrow=False,
            font={"size": 11, "color": colour},
            align="left",
        )


def moved_apart(places: Sequence[float], apart: float, top: float) -> list[float]:
    """Rising places with at least this distance: pushed upwards, and down again from the top."""
    rising: list[float] = []
    for place in places:
        rising.append(max(place, rising[-1] + apart) if rising else place)
    settled: list[float] = []
    for place in reversed(rising):
        settled.append(min(place, settled[-1] - apart if settled else top))
    return settled[::-1]


def _signals(
    figure: Drawing,
    names: list[str],
    rows: Sequence[Row],
    limits: Limits,
    colours: Palette,
) -> None:
    if not limits.signals:
        return
    figure.add_trace(
        scatter(
            x=[names[place] for place in limits.signals],
            y=[rows[place]["value"] for place in limits.signals],
            mode="markers",
            marker={
                "size": 17,
                "color": "rgba(0,0,0,0)",
                "line": {"color": colours.warning, "width": 2},
            },
            hoverinfo="skip",
            showlegend=False,
        )
    )


def bars(
    metric: Metric,
    found: Sequence[Bar],
    overall: float | None,
    colours: Palette,
    height: int = TREND_HEIGHT,
) -> go.Figure:
    """Horizontal bars, largest first, labelled directly; thin samples and the others in grey."""
    drawn = list(reversed(found))
    top = max((bar.row["value"] or 0.0 for bar in found), default=0.0) or 1.0
    figure = Drawing(
        bar(
            x=[bar.row["value"] or 0.0 for bar in drawn],
            y=[bar.bucket for bar in drawn],
            orientation="h",
            customdata=[bar.bucket for bar in drawn],
            marker={
                "color": [_bar_colour(metric, bar, colours) for bar in drawn],
                "cornerradius": 2,
            },
            hovertext=[_hover(metric, bar.row, wording.chart_text(bar.label, 60)) for bar in drawn],
            hovertemplate="%{hovertext}<extra></extra>",
            width=0.62,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    # In a margin of their own: the line of the whole never runs through them, and none is cut.
    texts = [_bar_text(metric, bar) for bar in drawn]
    figure.add_trace(
        scatter(
            x=[top * 1.02] * len(drawn),
            y=[bar.bucket for bar in drawn],
            mode="text",
            text=texts,
            textposition="middle right",
            textfont={"color": colours.ink, "size": 12},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )
    if overall is not None and metric.aggregate not in ("count", "sum", "level"):
        figure.add_vline(x=overall, line={"color": colours.faint, "width": 1.5}, layer="below")
        figure.add_annotation(
            x=overall,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"all {wording.figure(metric, overall)}",
            showarrow=False,
            font={"size": 11, "color": colours.quiet},
        )
    labels = [f"{wording.chart_text(bar.label, 24)}  " for bar in drawn]
    figure.update_layout(
        **layout(max(height, BAR_HEIGHT * len(found) + 40), colours),
        margin={"l": 8 + room(labels), "r": 16 + room(texts), "t": 26, "b": 8},
    )
    figure.update_xaxes(visible=False, range=[0, top * 1.02], fixedrange=True)
    figure.update_yaxes(
        type="category",
        tickvals=[bar.bucket for bar in drawn],
        ticktext=labels,
        fixedrange=True,
        showgrid=False,
        ticks="",
    )
    return figure.made()


def _bar_colour(metric: Metric, bar: Bar, colours: Palette) -> str:
    return colours.rest if bar.is_other or is_thin(metric, bar) else colours.accent


def _bar_text(metric: Metric, bar: Bar) -> str:
    if bar.row["value"] is None:
        return f"no figure · n {bar.row['n']:,}"
    value = wording.figure(metric, bar.row["value"])
    return f"{value} · n {bar.row['n']:,}" if is_sampled(metric) else value


def layout(height: int, colours: Palette, *, is_clicked: bool = True) -> dict[str, Any]:
    """What every figure looks like, whatever it draws.

    Streamlit shows a chart, completes it with how it is clicked, and shows it again: what says so
    from the start, and that its data are the same, is not drawn again.
    """
    clicked = {"clickmode": "event+select", "dragmode": "pan"}
    return {
        "datarevision": 1,
        **(clicked if is_clicked else {"dragmode": False}),
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": colours.quiet},
        "hoverlabel": {
            "bgcolor": colours.paper,
            "bordercolor": colours.faint,
            "font": {"family": FONT, "size": 12, "color": colours.ink},
            "align": "left",
        },
        "hovermode": "closest",
        "showlegend": False,
    }
