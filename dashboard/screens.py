"""Pictures of every page, light and dark: `python -m dashboard.screens FOLDER [WAREHOUSE]`.

Needs a Chromium of the distribution and a warehouse, without a name that of `make demo`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.serving import BROWSER_ARGUMENTS, HOME, SETTLED, chromium, serving
from policies.refusal import Refused

SIZE = (1280, 800)
SHOTS = {
    "monthly_review": "/",
    "trend": "/?kpi=MTTR",
    "tickets": "/?tickets=mttr/priority/P2",
    "sla": "/sla",
    "backlog": "/backlog",
    "flow": "/flow",
    "workload": "/workload",
    "recurrence": "/recurrence",
    "changes": "/changes",
    "reliability": "/reliability",
    "load": "/load",
    "data": "/data",
    "definitions": "/definitions",
    "service_report": "/service_report",
    "ticket": "/ticket?ticket=INC0063224",
    "ticket_list": "/tickets?which=Open+now",
}


def take(warehouse: Path, policy: Path | None, folder: Path) -> list[Path]:
    """Write a picture of each page in both themes into the folder."""
    executable = chromium()
    if executable is None:
        raise Refused("There is no Chromium: install the package chromium of your distribution.")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(warehouse, policy, Path(scratch) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(executable), args=list(BROWSER_ARGUMENTS)
        )
        _settle(browser.new_page(), address)  # the first visit of a server is still importing
        return [
            _shoot(browser, address + path, scheme, folder / f"{name}-{scheme}.png")
            for name, path in SHOTS.items()
            for scheme in ("light", "dark")
        ]


def _shoot(browser: Browser, address: str, scheme: str, picture: Path) -> Path:
    width, height = SIZE
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    _settle(page, address)
    if picture.name.startswith("trend"):
        page.locator(".st-key-details").scroll_into_view_if_needed()
        page.wait_for_timeout(800)
    page.screenshot(path=picture)
    page.close()
    return picture


def _settle(page: Page, address: str) -> None:
    """Wait until the script has run and every element has been drawn."""
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(500)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(1_000)


def main() -> int:
    """Take the pictures; one sentence and status 2 where that cannot be."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens")
    warehouse = Path(sys.argv[2] if len(sys.argv) > 2 else "demo-warehouse").resolve()
    try:
        for picture in take(warehouse, HOME / "sample_data" / "policy.toml", folder):
            sys.stdout.write(f"{picture}\n")
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
