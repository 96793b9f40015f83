"""Streamlit on app.py, as `meantime app` begins it: `python -m dashboard.server [ITS FLAGS]`.

What every page needs is imported before the server listens. Streamlit would import it during the
first visit, which then takes as much longer.
"""

from __future__ import annotations

import gc
import inspect
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from policies.refusal import Refused

HOME = Path(__file__).resolve().parent.parent


def refuse_taken(port: int) -> None:
    """Refused for a port on which something listens already."""
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        raise Refused(
            f"Something listens on port {port} already, perhaps Meantime: visit "
            f"http://localhost:{port}, or give another with --port."
        )


def serve(port: int, warehouse: Path, policy: Path | None) -> NoReturn:
    """Replace this process by the server on a warehouse, which listens on this machine alone."""
    from dashboard.fonts import prepare

    prepare()  # before the first visitor's browser asks for the font
    os.environ["MEANTIME_WAREHOUSE"] = str(warehouse.resolve())
    if policy is not None:
        os.environ["MEANTIME_POLICY"] = str(policy.resolve())
    click.echo(f"Meantime is at http://localhost:{port}", err=True)
    os.chdir(HOME)
    flags = [f"--server.port={port}", "--server.address=localhost", "--server.headless=true"]
    sys.stderr.flush()
    command = [sys.executable, "-m", "dashboard.server", *flags]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is the point


def main() -> None:
    """Serve until the process is stopped."""
    from streamlit.logger import set_log_level
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    set_log_level("ERROR")  # it warns of what is imported before there is a server
    _import_ahead()
    PagesManager.uses_pages_directory = False  # else a menu of files is there before ours is
    inspect.stack()  # looks up the file of every module once; Streamlit asks at its first element
    gc.freeze()  # what is imported stays: nobody needs to look through it again and again
    try:
        cli.main(["run", "app.py", *sys.argv[1:]], prog_name="streamlit", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except click.Abort:
        pass  # Ctrl+C is how it is stopped


def _import_ahead() -> None:
    """What pages need, with the policy and the metrics read; the first page's questions follow."""
    import plotly.graph_objects  # noqa: F401 - for the first chart
    import scipy.special  # noqa: F401 - for the first interval

    from dashboard import ahead, navigation  # noqa: F401 - with every page's parts
    from dashboard.session import catalogue, policy_in_force

    with suppress(Refused):  # told on the page
        catalogue(policy_in_force())
    ahead.in_the_background()


if __name__ == "__main__":
    main()
