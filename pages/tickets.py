"""Which tickets are these?"""

from __future__ import annotations

from dashboard import found_tickets
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    found_tickets.heading(data, view)
    words, which, states = found_tickets.choose(data)
    found_tickets.table(data, view, words, which, states)


require_frame()
show(page)
