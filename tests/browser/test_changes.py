"""The page Changes in a real browser: each row opens what it stands for, and Back returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.serving import serving
from tests.browser.conftest import Visit
from tests.command import meantime
from tests.test_changes_page import load_changed

pytestmark = pytest.mark.browser

MARKER = '[[marker]]\non = 2026-03-10\ntitle = "New desk"\nwhere = { service = "VPN" }\n'
ROW, HEADER = 36, 36


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return load_changed(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text(MARKER, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def address(
    warehouse: Path, policy: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with serving(warehouse, policy, tmp_path_factory.mktemp("app") / "log") as found:
        yield found


def _choose(visit: Visit, key: str, row: int) -> None:
    """Tick a row of a table."""
    table = visit.page.locator(f"[class*=st-key-{key}] canvas").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": HEADER + ROW * row + ROW // 2}, force=True)


@pytest.mark.parametrize(
    ("key", "row", "said", "opened"),
    [
        ("waves", 0, "wave=v", "Wave: VPN certificate not trusted"),
        ("changes", 0, "change=servicenow", "CHG1 · Renew VPN certificate"),
        ("lifts", 1, "part=", "Do our changes cause incidents?"),
        ("effects", 0, "tickets=mttr", "Which tickets are behind MTTR"),
    ],
)
def test_a_row_opens_what_it_stands_for(
    visit: Visit, key: str, row: int, said: str, opened: str
) -> None:
    visit.open("/changes")
    _choose(visit, key, row)
    expect(visit.page).to_have_url(re.compile(said), timeout=30_000)
    title = visit.page.locator("h1").first
    expect(title).to_contain_text(opened, timeout=30_000)
    visit.settle()
    visit.page.go_back()
    expect(visit.page).not_to_have_url(re.compile(said), timeout=30_000)
    expect(title).to_contain_text("Do our changes", timeout=30_000)
    visit.settle()


def test_the_tickets_after_a_marker_are_those_of_its_figure(
    visit: Visit, warehouse: Path, policy: Path
) -> None:
    place = ("--warehouse", warehouse, "--policy", policy)
    (found,) = meantime("effect", "mttr", *place, "--format", "json").json
    visit.open("/changes")
    _choose(visit, "effects", 0)
    expect(visit.page.locator("h1").first).to_contain_text("Which tickets", timeout=30_000)
    visit.settle()
    assert "service=VPN" in visit.query
    assert f"period={date(2026, 3, 10)}" in visit.query
    shown = visit.page.get_by_test_id("stMain").inner_text()
    assert f"over {found['n_after']} tickets" in shown
