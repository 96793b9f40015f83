"""Streamlit on app.py: `python -m dashboard.server [FLAGS OF STREAMLIT]`.

What every page needs is imported before the server listens. Streamlit would import it during the
first visit, which then takes as much longer.
"""

from __future__ import annotations

import gc
import inspect
import runpy
import sys
from contextlib import suppress

import plotly.graph_objects
import scipy.special
from streamlit.runtime.pages_manager import PagesManager

from dashboard import ahead, navigation, review
from dashboard.session import catalogue, policy_in_force
from policies.refusal import Refused

AHEAD = (plotly.graph_objects, scipy.special, navigation, review)


def main() -> None:
    """Serve until the process is stopped."""
    with suppress(Refused):  # told on the page
        catalogue(policy_in_force())
    PagesManager.uses_pages_directory = False  # else a menu of files is there before ours is
    inspect.stack()  # looks up the file of every module once; Streamlit asks at its first element
    ahead.in_the_background()
    gc.freeze()  # what is imported stays: nobody needs to look through it again and again
    sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
