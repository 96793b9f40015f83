"""What the first visitor asks, worked out while the visitor's browser starts.

A first question to a build costs more than all later ones: the file is opened, libraries are read,
queries are planned for the first time. A browser is busy with itself meanwhile.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Thread

from streamlit import runtime

from dashboard import review
from dashboard.filters import FILTERS, View
from dashboard.session import EmptyWarehouseError, dimension_values, months, open_data
from policies.refusal import Refused
from queries import months as periods

_PATIENCE_SECONDS = 0.05


def in_the_background() -> None:
    """Begin as soon as the server can be visited."""
    Thread(target=_once_there_is_a_server, name="first page", daemon=True).start()


def _once_there_is_a_server() -> None:
    while not runtime.exists():
        time.sleep(_PATIENCE_SECONDS)
    ask_what_the_first_page_asks()


def ask_what_the_first_page_asks() -> None:
    """Ask what the first page does without filters; an empty warehouse or a faulty policy is told
    on the page."""
    with suppress(EmptyWarehouseError, Refused):
        data = open_data()
        known = months(data)
        if not known:
            return
        for name in FILTERS:
            dimension_values(data, name)
        period = periods.last_complete(known)
        before, year_before = (
            periods.one_before(known, period),
            periods.year_before(known, period),
        )
        review.prepare_tiles(data, View(period, before, year_before, "previous", known, {}))
