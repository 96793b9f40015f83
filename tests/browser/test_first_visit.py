"""The first page of a server that nobody visited yet has the frame of all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard.navigation import SIDEBAR_WIDTH
from dashboard.serving import serving
from tests.browser.conftest import open_page

pytestmark = pytest.mark.browser


def test_the_side_of_the_first_page_is_as_wide_as_later(
    browser_of_the_machine: Browser, small_warehouse: Path, tmp_path: Path
) -> None:
    with serving(small_warehouse, None, tmp_path / "log") as address:
        visit = open_page(browser_of_the_machine, address)
        for path in ("/", "/sla"):
            visit.open(path)
            side = visit.page.get_by_test_id("stSidebar").bounding_box()
            assert side is not None
            assert round(side["width"]) == SIDEBAR_WIDTH
        assert visit.faults == []
        visit.page.close()
