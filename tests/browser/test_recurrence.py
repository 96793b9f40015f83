"""The page Recurrence in a real browser: a mark opens its ticket, a crowded line its candidate."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from dashboard.event_strip import MOST_SINGLE
from dashboard.serving import serving
from tests.browser.conftest import Visit
from tests.command import load
from tests.test_candidates import COLUMNS, _tickets

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Seven time-outs, and printers three times as often as elsewhere: their line is crowded."""
    folder = tmp_path_factory.mktemp("returning")
    first = _tickets()
    printers = [row for row in first if row["resolution_code"] == "Cleaned"]
    more = [row | {"number": f"{row['number']}-{k}"} for row in printers for k in range(2)]
    assert len(printers) + len(more) > MOST_SINGLE
    with (folder / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([*first, *more])
    load(folder / "wh", folder / "tickets.csv", "--timezone", "UTC")
    with serving(folder / "wh", None, folder / "log") as found:
        yield found


def _click_on(visit: Visit, mark: Locator) -> None:
    """A click in its middle: the chart hears it, not the mark."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.wait_for_timeout(300)
    visit.page.mouse.down()
    visit.page.mouse.up()


@pytest.mark.parametrize(
    ("marks", "opened"),
    [(".scatterlayer .points path", "opened="), (".barlayer .point path", "candidate=")],
)
def test_a_click_on_the_strip_opens_what_is_there(visit: Visit, marks: str, opened: str) -> None:
    visit.open("/recurrence")
    strip = visit.page.locator("[class*=st-key-strip_cost]")
    _click_on(visit, strip.locator(marks).first)
    expect(visit.page).to_have_url(re.compile(opened), timeout=30_000)
    expect(visit.page.locator("h1")).not_to_contain_text("What keeps", timeout=30_000)
    visit.settle()
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_contain_text("What keeps", timeout=30_000)
