"""Charts know the room of their labels, so that plotly need not draw them twice to find out."""

from __future__ import annotations

import pytest

from dashboard.breakdown import Bar
from dashboard.charts import bars
from dashboard.margins import room
from dashboard.palette import LIGHT
from queries.catalogue import read_metrics


def test_the_widest_line_counts() -> None:
    # M is 0.92 of the font's size, i 0.28: 12 * 0.92 = 11.04, 12 * 3 * 0.28 = 10.08; and 4 of slack
    assert room(["M", "iii"]) == 15
    assert room(["iii<br>i"]) == room(["iii"]) == 14
    assert room([]) == room([""]) == 0


@pytest.mark.parametrize(
    ("drawn", "read"), [("<i>97</i>", "97"), ("R&amp;D", "R&D"), ("Höhe", "Hohe")]
)
def test_what_is_not_seen_takes_no_room(drawn: str, read: str) -> None:
    assert abs(room([drawn]) - room([read])) <= 1


def test_letters_of_other_scripts_take_room_as_well() -> None:
    assert room(["優先度"]) > room(["abc"])


def test_longer_labels_have_wider_margins() -> None:
    metric = read_metrics()["mttr"]
    row = {"value": 60.0, "n": 9, "median": None, "low": None, "high": None, "reason": None}
    found = [
        bars(metric, [Bar(label, label, (label,), row)], None, LIGHT).layout
        for label in ("P1", "Network operations")
    ]
    assert found[1].margin.l > found[0].margin.l + 60
    assert not any(layout.yaxis.automargin for layout in found)
