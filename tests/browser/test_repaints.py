"""The bench of pages: it changes a filter in a browser and sees each page drawn anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.child import in_child
from bench.pages import Repaints, measure_pages, pages_table, percentile, switched


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("browser_of_the_machine")
def test_each_change_of_the_filter_is_seen(small_warehouse: Path) -> None:
    # a second browser of one process would wait for the first one's loop
    pages = ("Monthly review", "SLA")
    found: list[Repaints] = in_child(measure_pages, small_warehouse, 564, 3, pages).returned
    assert [(each.page, len(each.took)) for each in found] == [("Monthly review", 3), ("SLA", 3)]
    assert all(0 < seconds < 60 for each in found for seconds in each.took)


def test_no_selection_of_the_filter_comes_twice() -> None:
    kept: set[int] = set()
    seen = []
    for place in switched(100):
        kept ^= {place}
        seen.append(frozenset(kept))
    assert len(set(seen)) == 100
    assert max(map(max, filter(None, seen))) < 8


def test_a_percentile_is_one_of_the_repaints() -> None:
    assert percentile([float(number) for number in range(20, 0, -1)], 0.95) == 19
    assert percentile([2.0, 1.0], 0.95) == 2
    (_, _, line) = pages_table([Repaints("SLA", 1_000, [1.0, 2.0], 1.0)]).splitlines()
    assert [cell.strip() for cell in line.split("|")[1:-1]] == [
        "SLA", "1,000", "2", "1.500 s", "2.000 s", "1 s", "",
    ]  # fmt: skip
