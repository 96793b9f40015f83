"""Backlog, flow, workload and reliability in a real browser: they fit, and their marks open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = {
    "/backlog": "What waits, and since when?",
    "/flow": "Where does the time of a ticket go?",
    "/workload": "When does work come, from where, and to whom?",
    "/reliability": "Which services fail, and how often?",
}


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_a_page_fits_every_width(visit: Visit, path: str, title: str) -> None:
    visit.open(path)
    assert visit.title == title
    for width in (1920, 390, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.page.wait_for_function(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth - main.clientWidth <= 1; }"
        )


@pytest.mark.parametrize(
    ("path", "chart", "mark", "opened"),
    [
        ("/backlog", "backlog_ages", -1, "Backlog by age, Oct 2026, Priority"),
        ("/backlog", "backlog_flow", 1, "Volume, Oct 2026"),
        ("/workload", "workload_week", 40, "Volume, Oct 2026, Weekday"),
        ("/flow", "flow_spread", 8, "MTTR, Oct 2026, Resolve band"),
    ],
)
def test_a_mark_opens_its_tickets(
    visit: Visit, path: str, chart: str, mark: int, opened: str
) -> None:
    visit.open(path)
    drawn = visit.page.locator(f".st-key-{chart} .barlayer .point path")
    found = drawn.nth(mark) if mark >= 0 else drawn.last
    found.scroll_into_view_if_needed()
    found.click(force=True)
    title = visit.page.locator("h1").first
    expect(title).to_contain_text(f"Which tickets are behind {opened}", timeout=20_000)
    visit.settle()
    assert "tickets=" in visit.query


def test_a_cell_of_the_table_of_promises_opens_its_tickets(visit: Visit) -> None:
    visit.open("/sla")
    cell = visit.page.locator(".st-key-groups .barlayer .point path").first
    cell.scroll_into_view_if_needed()
    cell.click(force=True)
    title = visit.page.locator("h1").first
    expect(title).to_contain_text("Which tickets are behind SLA compliance", timeout=20_000)
