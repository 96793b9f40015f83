"""How long a page takes to repaint after a change of filter, in a real browser.

Each change asks for tickets that nobody asked for before, so no answer is kept. A repaint ends when
the script has run and the browser has drawn what came of it. Server and browser share the machine.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.child import in_child
from bench.lines import markdown, seconds
from dashboard.serving import (
    BROWSER_ARGUMENTS,
    HOME,
    SETTLED,
    Server,
    chromium,
    server_of,
    serving,
)
from policies.refusal import Refused
from sample_data.demo import prepare_demo

HEADINGS = ("page", "size", "repaints", "median", "95th percentile", "goal", "server's cpu")
PATIENCE_MS = 120_000
CHANGES = 20
COLD_STARTS = 5
BUSY, COLD = 3.0, 5.0
GOAL = 1.0
# Each in a month of its own: what one page asked is not kept for the next.
PAGES = {
    "Monthly review": "/?period=Oct 2026",
    "Service report": "/service_report?period=Sep 2026",
    "SLA": "/sla?period=Aug 2026",
    "Backlog": "/backlog?period=Jul 2026",
    "Flow": "/flow?period=Jun 2026",
    "Workload": "/workload?period=May 2026",
    "Reliability": "/reliability?period=Apr 2026",
    "Recurrence": "/recurrence?period=Mar 2026",
    "Changes": "/changes?period=Feb 2026",
    "Tickets": "/tickets?period=Jan 2026",
}
LONGEST = "Monthly review"
FILTER = "service"

# Milliseconds from a click on the filter until the script has run and two frames were drawn.
_REPAINT = """
([filter, place]) => new Promise((resolve) => {
    const app = document.querySelector('[data-testid=stApp]')
    const began = performance.now()
    let ran = false
    const watch = new MutationObserver(() => {
        const state = app.getAttribute('data-test-script-state')
        ran ||= state !== 'notRunning'
        if (ran && state === 'notRunning') {
            watch.disconnect()
            requestAnimationFrame(() => requestAnimationFrame(() => {
                resolve(performance.now() - began)
            }))
        }
    })
    watch.observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] })
    document.querySelectorAll(`.st-key-${filter} button`)[place].click()
})
"""


@dataclass(frozen=True)
class Repaints:
    """The seconds that each repaint of a page took, and within which it is to be done.

    `size` is the number of tickets; None for the sample data. `server_seconds` are those of a
    processor that the server took for a repaint, on average: the same on a busy machine.
    """

    page: str
    size: int | None
    took: list[float]
    goal: float
    server_seconds: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        middle, slow = statistics.median(self.took), percentile(self.took, 0.95)
        size = "" if self.size is None else f"{self.size:,}"
        count, goal = str(len(self.took)), f"{self.goal:g} s"
        server = "" if self.server_seconds is None else seconds(self.server_seconds)
        return (self.page, size, count, seconds(middle), seconds(slow), goal, server)


def pages_table(found: list[Repaints]) -> str:
    """The measured pages as a Markdown table."""
    return markdown(HEADINGS, [each.cells for each in found])


def percentile(values: list[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)]


def measure_pages(
    warehouse: Path, tickets: int, changes: int = CHANGES, pages: Collection[str] = tuple(PAGES)
) -> list[Repaints]:
    """The repaints of the pages on a warehouse that is warm: each page was opened before."""
    found: list[Repaints] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        server_of(warehouse, None, Path(scratch) / "log") as server,
        _browser() as page,
    ):
        for name in pages:
            _open(page, server.address + PAGES[name])
            before = _processor_seconds(server)
            took = [_repaint(page, place) for place in switched(changes)]
            spent = (_processor_seconds(server) - before) / changes
            goal = BUSY if name == LONGEST else GOAL
            found.append(Repaints(name, tickets, took, goal, spent or None))
            print(" | ".join(found[-1].cells), file=sys.stderr)  # a long run that ends is not lost
    return found


def measure_cold(folder: Path) -> list[Repaints]:
    """The first page of a server that nobody visited yet, on the sample data."""
    warehouse, policy = folder / "sample", HOME / "sample_data" / "policy.toml"
    in_child(prepare_demo, warehouse)
    took: list[float] = []
    for _ in range(COLD_STARTS):
        with serving(warehouse, policy, folder / "cold.log") as address, _browser() as page:
            began = time.perf_counter()
            _open(page, address)
            took.append(time.perf_counter() - began)
    return [Repaints(f"{LONGEST}, first of a cold server, sample data", None, took, COLD)]


def _processor_seconds(server: Server) -> float:
    """What the server has taken so far; 0 on a machine that does not tell."""
    told = Path(f"/proc/{server.process}/stat")
    if not told.exists():
        return 0.0
    user, system = told.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _browser() -> Generator[Page]:
    executable = chromium()
    if executable is None:
        raise Refused("There is no Chromium: install the package chromium of your distribution.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(executable), args=list(BROWSER_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE_MS)
        yield page
        browser.close()


def _open(page: Page, address: str) -> None:
    """Open a page and wait until it is drawn."""
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector(SETTLED)


def switched(changes: int) -> Iterator[int]:
    """Which value of the filter to switch, so that no selection of them comes twice."""
    for number in range(1, changes + 1):
        yield (number & -number).bit_length() - 1


def _repaint(page: Page, place: int) -> float:
    buttons = page.locator(f".st-key-{FILTER} button")
    if not buttons.count():
        page.locator(f".st-key-open_{FILTER} button").first.click()
        buttons.first.wait_for()
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(300)
    return float(page.evaluate(_REPAINT, [FILTER, place])) / 1000
