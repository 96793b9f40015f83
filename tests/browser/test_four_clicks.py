"""Three questions that a new user answers without reading anything, each within four clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from dashboard import wording
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from policies.zones import day_start
from queries.catalogue import read_metrics
from queries.measure import evidence, measure
from queries.promises import breaches
from queries.question import Question
from queries.session import open_build
from tests.browser.conftest import Visit, open_page

pytestmark = pytest.mark.browser

MOST_CLICKS = 4
expect.set_options(timeout=30_000)
SEPTEMBER = (date(2026, 9, 1), date(2026, 10, 1))
OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))


@dataclass
class User:
    """Somebody who clicks, and whose clicks are counted."""

    visit: Visit
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        self.visit.settle()

    @property
    def sees(self) -> Locator:
        return self.visit.page.get_by_test_id("stMain")

    def menu(self, name: str) -> Locator:
        return self.visit.page.get_by_test_id("stSidebarNavLink").filter(has_text=name).first


@pytest.fixture
def user(browser_of_the_machine: Browser, address: str) -> Iterator[User]:
    visit = open_page(browser_of_the_machine, address)
    visit.open("/")
    yield User(visit)
    assert visit.faults == []
    visit.page.close()


@pytest.fixture(scope="module")
def figures(small_warehouse: Path) -> Figures:
    return Figures(small_warehouse)


class Figures:
    """What the warehouse tells, for comparison."""

    def __init__(self, warehouse: Path) -> None:
        self.policy = read_policy(None, TICKETS.names)
        self.build = open_build(Warehouse(warehouse).current_path(), self.policy)
        self.metrics = read_metrics()

    def value(self, metric: str, question: Question) -> float:
        return measure(self.build, self.metrics[metric], question, self.policy).rows["value"][0]


def test_which_priority_missed_its_sla_by_how_much_and_why(user: User, figures: Figures) -> None:
    asked = Question(*OCTOBER, ("priority",), {"clock": ("resolution",)})
    rows = measure(figures.build, figures.metrics["sla_compliance"], asked, figures.policy).rows
    worst = rows.sort("value").row(0, named=True)
    gap = abs(worst["value"] - figures.policy.targets["sla_compliance"])
    user.click(user.menu("SLA"))
    expect(user.sees).to_contain_text(f"{worst['bucket']} missed its target by most")
    expect(user.sees).to_contain_text(f"{gap * 100:.1f} pts short")
    zone = figures.policy.timezone
    period = (day_start(OCTOBER[0], zone), day_start(OCTOBER[1], zone))
    where = {"priority": (worst["bucket"],)}
    latest = breaches(figures.build, "resolution", period, where).row(0, named=True)
    expect(user.sees).to_contain_text(f"{wording.duration(latest['late_seconds'])} late")
    user.click(user.visit.page.locator(".st-key-latest_breach button").first)
    expect(user.visit.page.locator("h1").first).to_contain_text(latest["number"])
    expect(user.sees).to_contain_text("breached")
    expect(user.sees).to_contain_text("counted of")  # the why: counted time against the target
    user.visit.page.go_back()
    expect(user.visit.page.locator("h1").first).to_contain_text("Did we keep our promises")


def test_what_changed_in_mttr_and_whether_it_is_real(user: User, figures: Figures) -> None:
    metric = figures.metrics["mttr"]
    change = figures.value("mttr", Question(*OCTOBER)) - figures.value("mttr", Question(*SEPTEMBER))
    tile = user.visit.page.locator(".st-key-tile_mttr").first
    expect(tile).to_contain_text(f"{wording.difference(metric, change)} vs Sep")
    expect(tile).to_contain_text(re.compile("better|worse|cannot tell"))
    details = user.visit.page.locator(".st-key-details")
    expect(details).to_contain_text(
        f"What moved it: {wording.signed(metric, change)} from Sep 2026"
    )
    expect(details).to_contain_text("They add up to the change")
    assert user.clicks == 0


def test_what_the_oldest_open_p2_is(user: User, figures: Figures) -> None:
    question = Question(where={"priority": ("P2",)})
    rows = evidence(figures.build, figures.metrics["backlog"], question, figures.policy)
    oldest = rows.sort("opened_at").row(0, named=True)
    user.click(user.menu("Tickets"))
    user.click(user.visit.page.get_by_test_id("stMain").get_by_text("Open now", exact=True))
    user.click(user.visit.page.locator(".st-key-open_priority button").first)
    user.click(user.visit.page.get_by_test_id("stPopoverBody").get_by_text("P2", exact=True))
    first_row = user.visit.page.locator(".st-key-found tbody tr").first
    expect(first_row).to_contain_text(oldest["number"])
