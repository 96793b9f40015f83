"""The dashboard in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.serving import serving
from tests.browser.conftest import Visit, open_page

pytestmark = pytest.mark.browser

PAGES = {
    "/": "Are we better than last month",
    "/service_report": "Did the business get",
    "/tickets": "Which tickets are these",
    "/sla": "Did we keep our promises",
    "/ticket": "What happened to a ticket",
    "/data": "What was loaded",
    "/definitions": "What does each figure mean",
}
IN_THE_MENU = len(list((Path(__file__).parents[2] / "pages").glob("[!_]*.py"))) - 1  # a ticket


def test_a_cold_deep_link_has_its_frame_and_its_state(
    browser_of_the_machine: Browser, small_warehouse: Path, tmp_path: Path
) -> None:
    with serving(small_warehouse, None, tmp_path / "log") as address:
        visit = open_page(browser_of_the_machine, address)
        visit.open("/data?priority=P1&period=Sep+2026")
        assert visit.title.startswith("What was loaded")
        expect(visit.page.get_by_test_id("stSidebarNavLink")).to_have_count(IN_THE_MENU)
        assert "priority=P1" in visit.query
        expect(visit.page.locator(".st-key-period input")).to_have_value("Sep 2026")
        assert visit.faults == []
        visit.page.close()


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_a_deep_link_opens_its_page_that_fits_every_width(
    visit: Visit, path: str, title: str
) -> None:
    visit.open(path)
    assert visit.title.startswith(title)
    for width in (1920, 390, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.page.wait_for_function(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth - main.clientWidth <= 1; }"
        )


@pytest.fixture(scope="module")
def dark(browser_of_the_machine: Browser, address: str) -> Iterator[Visit]:
    found = open_page(browser_of_the_machine, address, "dark")
    yield found
    found.page.close()


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_a_deep_link_opens_its_page_in_dark(dark: Visit, path: str, title: str) -> None:
    dark.open(path)
    assert dark.title.startswith(title)
    colour = dark.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert colour == "rgb(16, 22, 31)"
    assert dark.faults == []


def test_a_tile_opens_its_tickets_and_back_returns(visit: Visit) -> None:
    visit.open("/")
    button = visit.page.locator(".st-key-tickets_mttr button").first
    number = button.inner_text().split()[0]
    button.click()
    expect(visit.page.locator("h1")).to_contain_text("Which tickets are behind MTTR, Oct 2026")
    visit.settle()
    assert visit.query == "tickets=mttr"
    expect(visit.page.get_by_test_id("stDataFrame")).to_be_visible()
    assert f"over {number} tickets" in visit.page.get_by_test_id("stMain").inner_text()
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_contain_text("Are we better")


def test_a_number_opens_its_ticket_in_another_tab(visit: Visit) -> None:
    visit.open("/?tickets=mttr/priority/P2")
    table = visit.page.get_by_test_id("stDataFrame")
    table.click(
        position={"x": 40, "y": 48}
    )  # the first click chooses the cell, the second one follows it
    visit.page.wait_for_timeout(300)
    with visit.page.expect_popup() as opened:
        table.click(position={"x": 40, "y": 48})
    expect(opened.value.locator("h1").first).to_contain_text("INC00555", timeout=20_000)
    opened.value.close()


def test_the_download_holds_the_tickets_of_the_list(visit: Visit) -> None:
    visit.open("/?tickets=ticket_volume/priority/P2")
    with visit.page.expect_download() as found:
        visit.page.locator(".st-key-download_tickets button").first.click()
    lines = Path(found.value.path()).read_text(encoding="utf-8").splitlines()
    assert f"over {len(lines) - 1} tickets" in visit.page.get_by_test_id("stMain").inner_text()
    assert all("P2" in line for line in lines[1:])


def test_a_bar_opens_the_tickets_of_its_value(visit: Visit) -> None:
    visit.open("/?by=Priority")
    bar = visit.page.locator(".st-key-parts_of_mttr .bars .point path").first
    bar.scroll_into_view_if_needed()
    bar.click(force=True)
    expect(visit.page.locator("h1")).to_contain_text("MTTR, Oct 2026, Priority P")
    visit.settle()
    assert visit.query.startswith("tickets=mttr%2Fpriority%2FP") or "mttr/priority/P" in visit.query


def test_a_point_opens_the_tickets_of_its_month(visit: Visit) -> None:
    visit.open("/")
    point = visit.page.locator(".st-key-trend_of_mttr .scatterlayer .points path.point").nth(4)
    point.scroll_into_view_if_needed()
    point.click(force=True)
    expect(visit.page.locator("h1")).to_contain_text("Which tickets are behind MTTR, ")
    visit.settle()
    assert "month" in visit.query


def test_a_link_on_a_tile_shows_its_trend(visit: Visit) -> None:
    visit.open("/")
    visit.page.locator(".st-key-trend_reopen_rate button").first.click()
    expect(visit.page).to_have_url(re.compile("kpi=Reopened"), timeout=30_000)
    expect(visit.page.locator(".st-key-trend_of_reopen_rate")).to_be_visible()


def test_filters_and_address_bar_follow_each_other(visit: Visit) -> None:
    visit.open("/?priority=P1&priority=P3")
    expect(visit.page.locator(".st-key-open_priority").first).to_contain_text("Priority: 2")
    visit.page.locator(".st-key-open_service button").first.click()
    visit.page.get_by_test_id("stPopoverBody").get_by_text("Mail", exact=True).click()
    expect(visit.page).to_have_url(re.compile("service=Mail"), timeout=30_000)
    expect(visit.page.locator(".st-key-open_service").first).to_contain_text("Service: Mail")
    visit.page.keyboard.press("Escape")
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Data").click()
    expect(visit.page.locator("h1")).to_contain_text("What was loaded")
    visit.settle()
    assert "service=Mail" in visit.query
    assert "priority=P3" in visit.query
    visit.page.get_by_test_id("stSidebarNavLink").filter(has_text="Monthly").click()
    expect(visit.page.locator("h1")).to_contain_text("Are we better")
    visit.settle()
    expect(visit.page.get_by_test_id("stMain")).to_contain_text("Priority P1 or P3, Service Mail")
    visit.page.locator(".st-key-reset_filters button").first.click()
    visit.settle()
    expect(visit.page.get_by_test_id("stMain")).to_contain_text("all tickets")
    assert "priority" not in visit.query


def test_back_undoes_one_filter_after_the_other_and_then_the_page(visit: Visit) -> None:
    page = visit.page
    visit.open("/sla?period=Sep+2026&priority=P1")
    page.locator(".st-key-open_service button").first.click()
    page.get_by_test_id("stPopoverBody").get_by_text("Mail", exact=True).click()
    expect(page).to_have_url(re.compile("service=Mail"), timeout=30_000)
    visit.settle()
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Backlog").click()
    expect(page.locator("h1")).to_contain_text("What waits")
    visit.settle()
    page.locator(".st-key-reset_filters button").first.click()
    expect(page).to_have_url(re.compile("/backlog$"), timeout=30_000)
    visit.settle()
    main = page.get_by_test_id("stMain")
    steps = (
        ("/backlog", "Sep 2026", "Priority P1, Service Mail"),
        ("/sla", "Sep 2026", "Priority P1, Service Mail"),
        ("/sla", "Sep 2026", "Priority P1"),
    )
    for path, period, filters in steps:
        page.go_back()
        expect(page).to_have_url(re.compile(rf"{path}\?"), timeout=30_000)
        visit.settle()
        expect(main).to_contain_text(f"· {filters} ·", timeout=30_000)
        expect(page.locator(".st-key-period input")).to_have_value(period)
        assert ("service=Mail" in visit.query) is ("Mail" in filters)
        assert "priority=P1" in visit.query and "period=Sep" in visit.query
    page.go_forward()
    expect(main).to_contain_text("· Priority P1, Service Mail ·", timeout=30_000)


def test_back_from_a_ticket_is_one_step_and_leads_to_the_list_it_was_in(visit: Visit) -> None:
    page, title = visit.page, visit.page.locator("h1").first
    visit.open("/sla")
    page.get_by_role("tab", name="Open promises").click()
    head = page.get_by_role("heading", name="open resolution promises")
    expect(head).to_be_visible(timeout=30_000)
    visit.settle()
    table = page.locator(".st-key-table_open canvas").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": 55}, force=True)
    expect(page).to_have_url(re.compile("opened="), timeout=30_000)
    expect(title).not_to_contain_text("Did we keep", timeout=30_000)
    visit.settle()
    page.go_back()
    expect(title).to_contain_text("Did we keep", timeout=30_000)
    expect(head).to_be_visible(timeout=30_000)


def test_the_first_page_answers_to_its_name_too(visit: Visit) -> None:
    visit.open("/sla?period=Sep+2026")
    visit.open("/monthly_review?priority=P1&priority=P3&period=Sep+2026")
    page = visit.page
    expect(page.locator("h1")).to_contain_text("Are we better", timeout=30_000)
    expect(page.get_by_test_id("stMain")).to_contain_text("Priority P1 or P3", timeout=30_000)
    expect(page).to_have_url(re.compile(r"^[^/]+//[^/]+/\?"), timeout=30_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Did we keep", timeout=30_000)


def test_a_link_keeps_its_filters_past_a_page_without_them(visit: Visit) -> None:
    visit.open("/?priority=P1&period=Sep+2026")
    for name, title in (("Load", "Which export"), ("SLA", "Did we keep")):
        visit.page.get_by_role("link", name=name, exact=True).click()
        expect(visit.page.locator("h1")).to_contain_text(title)
        visit.settle()
    assert set(visit.query.split("&")) == {"priority=P1", "period=Sep+2026"}
    expect(visit.page.get_by_test_id("stMain")).to_contain_text("· Priority P1 ·")


def test_a_link_holds_period_comparison_and_filters(visit: Visit) -> None:
    visit.open("/?period=Q3+2026&compare=vs+last+year&customer=North")
    main = visit.page.get_by_test_id("stMain")
    expect(main).to_contain_text("Q3 2026")
    expect(main).to_contain_text("Customer North")
    visit.page.locator(".st-key-chip_customer button").first.click()
    expect(visit.page).not_to_have_url(re.compile("customer"), timeout=30_000)
    assert "period=Q3" in visit.query


def test_the_font_is_served_by_the_app(visit: Visit) -> None:
    visit.open("/")
    assert visit.page.evaluate("document.fonts.check('14px Inter')")
    assert visit.page.request.get(f"{visit.address}/app/static/Inter.ttf").ok


def test_an_empty_warehouse_says_how_to_load(
    browser_of_the_machine: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path / "nowhere", None, tmp_path / "log") as address:
        visit = open_page(browser_of_the_machine, address)
        visit.open("/")
        assert visit.title.startswith("No tickets yet")
        expect(visit.page.get_by_test_id("stMain")).to_contain_text("meantime load")
        assert visit.faults == []
        visit.page.close()
