"""Somebody names a candidate and merges another into it; the next load keeps that."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.serving import serving
from insights.decisions import decisions
from tests.browser.conftest import Visit, open_page
from tests.command import load, meantime
from tests.test_candidates import COLUMNS, _tickets

pytestmark = pytest.mark.browser


def _write(path: Path, tickets: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(tickets)
    return path


def _decide(visit: Visit, decision: str, value: str) -> None:
    page = visit.page
    keep = page.get_by_role("button", name="Keep this decision")
    if not keep.is_visible():
        page.get_by_text("Decide: name, merge").click()
    page.locator("[data-testid=stForm] [data-testid=stSelectbox] input").click()
    page.get_by_role("option", name=decision).click()
    page.get_by_role("textbox", name="Name, number").fill(value)
    page.get_by_role("textbox", name="Who decides").fill("ana")
    keep.click()
    visit.settle()
    expect(page.get_by_test_id("stExpander")).to_contain_text("ana")


def test_what_is_decided_stays_when_more_is_loaded(
    browser_of_the_machine: Browser, tmp_path: Path
) -> None:
    tickets = _tickets()
    load(tmp_path / "wh", _write(tmp_path / "some.csv", tickets[:-1]), "--timezone", "UTC")
    rows = meantime("candidates", "--format", "json", "--warehouse", tmp_path / "wh").json
    printers, timeouts = (row["candidate_id"] for row in rows)
    with serving(tmp_path / "wh", None, tmp_path / "log") as address:
        visit = open_page(browser_of_the_machine, address)
        visit.open(f"/recurrence?candidate={timeouts}")
        _decide(visit, "Give it a name", "Time-outs")
        expect(visit.page.locator("h1").first).to_have_text("Time-outs")
        visit.open(f"/recurrence?candidate={printers}")
        _decide(visit, "Merge it into another candidate", "time-outs")
        expect(visit.page.locator("h1").first).to_have_text("Time-outs")
        expect(visit.page.get_by_test_id("stMain")).to_contain_text("36 tickets of 5 callers")
        load(tmp_path / "wh", _write(tmp_path / "all.csv", tickets), "--timezone", "UTC")
        visit.open(f"/recurrence?candidate={timeouts}")
        expect(visit.page.locator("h1").first).to_have_text("Time-outs")
        expect(visit.page.get_by_test_id("stMain")).to_contain_text("37 tickets of 5 callers")
        assert visit.faults == []
        visit.page.close()
    made = decisions(tmp_path / "wh" / "kept")
    assert [(each.who, each.action) for each in made] == [
        ("ana", "name"),
        ("ana", "merge"),
    ]
