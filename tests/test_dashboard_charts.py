"""What the charts draw, read from the figures themselves."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard import charts
from dashboard.axes import ticks
from dashboard.breakdown import OTHER, Bar
from dashboard.cells import Cell, cell_table
from dashboard.heatmap import heatmap
from dashboard.kpis import Point
from dashboard.palette import LIGHT
from dashboard.sparkline import sparkline
from insights.limits import process_limits
from queries.catalogue import read_metrics

METRICS = read_metrics()
MONTHS = [f"2026-{month:02}" for month in range(1, 9)]


def row(bucket: str, value: float | None, n: int = 100) -> dict[str, Any]:
    ends = (None, None) if value is None else (value * 0.9, value * 1.1)
    return {
        "bucket": bucket,
        "n": n,
        "value": value,
        "low": ends[0],
        "high": ends[1],
        "median": None,
        "reason": None if value is not None else "nothing in this bucket",
    }


def trend(name: str, values: list[float | None], target: float | None = None) -> Any:
    metric = METRICS[name]
    rows = [row(month, value) for month, value in zip(MONTHS, values, strict=True)]
    complete = {month: month != MONTHS[-1] for month in MONTHS}
    limits = process_limits(values[:-1])
    return charts.trend(metric, rows, MONTHS[-2], complete, limits, target, LIGHT)


def test_labels_are_moved_apart_and_stay_inside() -> None:
    assert charts.moved_apart([1.0, 5.0], 1.0, 10.0) == [1.0, 5.0]
    assert charts.moved_apart([1.0, 1.2, 1.3], 1.0, 10.0) == [1.0, 2.0, 3.0]
    assert charts.moved_apart([9.5, 9.8, 10.0], 1.0, 10.0) == [8.0, 9.0, 10.0]


def test_counts_and_shares_start_at_zero() -> None:
    figure = trend("reopen_rate", [0.02, 0.03, 0.02, 0.03, 0.04, 0.03, 0.02, 0.03])
    assert figure.layout.yaxis.range[0] == 0
    figure = trend("ticket_volume", [900.0] * 8)
    assert figure.layout.yaxis.range[0] == 0


def test_a_share_near_one_has_a_stated_baseline() -> None:
    rows = [row(month, 0.995) for month in MONTHS]
    assert charts.baseline(METRICS["availability"], rows, None, None) is not None
    assert charts.baseline(METRICS["reopen_rate"], rows[:0], None, None) is None


def test_the_stated_baseline_is_that_of_the_axis_with_its_target() -> None:
    rows = [row(month, 1.0) for month in MONTHS]
    figure = trend("sla_compliance", [1.0] * 8, target=0.95)
    assert figure.layout.yaxis.ticktext[0] == "95\u202f%"
    stated = charts.baseline(METRICS["sla_compliance"], rows, None, 0.95)
    assert stated == "The axis starts at 95\u202f%."


def test_the_running_month_is_hollow_and_every_point_knows_its_month() -> None:
    figure = trend("mttr", [86_400.0, None, 90_000.0, 80_000.0, 86_000.0, 85_000.0, 9e4, 3e4])
    line = next(trace for trace in figure.data if trace.mode == "lines+markers")
    assert list(line.customdata) == MONTHS
    assert line.marker.color[-1] == LIGHT.paper
    assert line.marker.color[0] == LIGHT.accent


def test_the_target_is_a_line_with_its_name() -> None:
    figure = trend("sla_compliance", [0.9] * 8, target=0.95)
    names = [note.text for note in figure.layout.annotations]
    assert "target 95.0\N{NARROW NO-BREAK SPACE}%" in names


def test_bars_are_labelled_and_the_others_are_grey() -> None:
    found = [
        Bar("P1", "P1", ("P1",), row("P1", 7_200.0)),
        Bar("<b>x</b>", "<b>x</b>", ("<b>x</b>",), row("x", 3_600.0, n=2)),
        Bar(OTHER, "4 others", ("a", "b"), row(OTHER, 1_800.0)),
    ]
    bars, labels = charts.bars(METRICS["mttr"], found, 5_000.0, LIGHT).data
    assert list(bars.marker.color) == [LIGHT.rest, LIGHT.rest, LIGHT.accent]
    assert list(labels.text)[-1] == "2 h · n 100"
    figure = charts.bars(METRICS["mttr"], found, 5_000.0, LIGHT)
    assert any("&lt;b&gt;" in text for text in figure.layout.yaxis.ticktext)
    assert not any("<b>x" in text for text in bars.hovertext)


def test_a_sparkline_marks_the_month_and_leaves_the_running_one_hollow() -> None:
    points = [Point(month, 1.0, month != MONTHS[-1]) for month in MONTHS]
    drawn = sparkline(points, MONTHS[-2], 2.0, LIGHT)
    assert drawn.count("<circle") == 2
    assert f'fill="{LIGHT.paper}"' in drawn
    assert "<line" in drawn
    assert sparkline([Point("2026-01", None, True)], "2026-01", None, LIGHT).count("circle") == 0


@pytest.mark.parametrize(
    ("metric", "high", "first"),
    [("mttr", 4 * 86_400, "1 d"), ("reopen_rate", 0.05, "1"), ("ticket_volume", 950, "200")],
)
def test_ticks_are_what_people_count_in(metric: str, high: float, first: str) -> None:
    places, texts = ticks(METRICS[metric], 0, high)
    assert places[0] == 0
    assert texts[1].startswith(first)
    assert len(places) <= 7


def test_months_stand_in_order_even_where_the_first_have_no_figure() -> None:
    figure = trend("mttr", [None, None, 9e4, 8e4, 9e4, 8e4, 9e4, 8e4])
    assert list(figure.layout.xaxis.categoryarray) == MONTHS


@pytest.mark.parametrize(("strong_is_low", "strongest"), [(False, 1), (True, 0)])
def test_cells_go_from_paper_to_accent(strong_is_low: bool, strongest: int) -> None:
    cells = [Cell(0, place, value, "", "", ()) for place, value in enumerate((2.0, 8.0, 5.0))]
    figure = cell_table(
        ["row"], ["a", "b", "c"], cells, LIGHT,
        row_height=30, span=(2.0, 8.0), strong_is_low=strong_is_low,
    )  # fmt: skip
    (bars,) = figure.data
    colours = list(bars.marker.color)
    assert (colours[strongest], colours[1 - strongest]) == (LIGHT.accent, LIGHT.paper)
    # half of 1f and ff, of 5f and ff, of d0 and ff
    assert colours[2] == "#8fafe8"


def test_cells_that_are_nearly_alike_look_alike() -> None:
    metric = METRICS["sla_compliance"]

    def fills(*kept: float) -> tuple[str, ...]:
        cells = {
            ("Desk", month): row(month, value) for month, value in zip(MONTHS, kept, strict=False)
        }
        return heatmap(metric, ["Desk"], MONTHS, cells, LIGHT).data[0].marker.color

    assert fills(1.0) == (LIGHT.paper.lower(),)
    all_but_one, all_of_them = fills(0.99, 1.0)
    assert all_of_them == LIGHT.paper.lower()
    assert all_but_one != fills(0.5, 1.0)[0] == LIGHT.accent.lower()
