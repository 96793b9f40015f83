"""The app on a free port of this machine, for screenshots and for tests in a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard import fonts

HOME = Path(__file__).parent.parent
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True)
class Server:
    """The app as a process of its own."""

    address: str
    process: int


@contextmanager
def serving(warehouse: Path, policy: Path | None, log: Path) -> Generator[str]:
    """The address of the app on a warehouse; it is stopped at the end."""
    with server_of(warehouse, policy, log) as found:
        yield found.address


@contextmanager
def server_of(warehouse: Path, policy: Path | None, log: Path) -> Generator[Server]:
    """The same with the number of its process."""
    fonts.prepare()
    port = _free_port()
    settings: Mapping[str, str] = {
        **os.environ,
        "MEANTIME_WAREHOUSE": str(warehouse),
        "MEANTIME_POLICY": str(policy or ""),
    }
    command = [sys.executable, "-m", "dashboard.server", f"--server.port={port}"]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--server.address=localhost"],
            cwd=HOME,
            env=dict(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(port, server, log)
            yield Server(f"http://localhost:{port}", server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The app did not start: {log.read_text(errors='replace')[-2000:]}")


def chromium() -> Path | None:
    """The Chromium of the distribution, where there is one."""
    places = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    return next((Path(place) for place in places if Path(place).exists()), None)
