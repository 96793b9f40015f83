"""A browser, the app on the small warehouse, and a page that reports what it should not do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from dashboard.serving import BROWSER_ARGUMENTS, SETTLED, chromium, serving


@dataclass
class Visit:
    """One page of a browser on one app; `faults` collects what must not happen."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("h1")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and nothing is about to run."""
        self.page.wait_for_timeout(250)
        self.page.wait_for_selector(SETTLED)

    @property
    def title(self) -> str:
        return self.page.locator("h1").first.inner_text()

    @property
    def query(self) -> str:
        return urlsplit(self.page.url).query


@pytest.fixture(scope="session")
def browser_of_the_machine() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        sentence = "no Chromium: install the package chromium to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(executable), args=list(BROWSER_ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(small_warehouse, None, tmp_path_factory.mktemp("app") / "log") as found:
        yield found


def open_page(browser: Browser, address: str, scheme: str = "light") -> Visit:
    """A page that aborts every request that would leave the machine, and tells of it."""
    page = browser.new_page(
        viewport={"width": 1280, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_default_timeout(60_000)  # a busy machine is slow, not broken
    visit = Visit(page, address)

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", None):
            route.continue_()
        else:
            visit.faults.append(f"left the machine: {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    page.route("**/*", guard)
    page.on("console", listen)
    page.on("pageerror", lambda error: visit.faults.append(f"script: {error}"))
    return visit


@pytest.fixture(scope="module")
def shared(browser_of_the_machine: Browser, address: str) -> Iterator[Visit]:
    visit = open_page(browser_of_the_machine, address)
    yield visit
    visit.page.close()


@pytest.fixture
def visit(shared: Visit) -> Iterator[Visit]:
    """The module's page; a test fails for a request that leaves the machine or a console error."""
    shared.faults.clear()
    yield shared
    assert shared.faults == []
