"""Cells of one hue: what stands in them can be read, however strong they are."""

from __future__ import annotations

import pytest

from dashboard.cells import Cell, cell_table, contrast
from dashboard.palette import DARK, LIGHT, Palette

LEAST = 3.8  # on a colour between two inks neither has more than the root of their contrast


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1f5fd0", "#1f5fd0") == 1


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_number_is_read_on_every_strength(colours: Palette) -> None:
    cells = [Cell(0, place, float(place), str(place), "", ("row", "")) for place in range(101)]
    columns = [str(place) for place in range(101)]
    drawn = cell_table(["row"], columns, cells, colours, row_height=30, span=(0.0, 100.0))
    trace = drawn.to_plotly_json()["data"][0]
    fills, inks = trace["marker"]["color"], trace["insidetextfont"]["color"]
    assert len(fills) == len(inks) == 101
    assert min(contrast(*pair) for pair in zip(fills, inks, strict=True)) >= LEAST
