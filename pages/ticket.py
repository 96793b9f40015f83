"""What happened to this ticket, and how was its promise counted?"""

from __future__ import annotations

from dashboard import one_ticket
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, _: View) -> None:
    ticket = one_ticket.choose(data)
    if ticket is None:
        return
    one_ticket.facts(data, ticket)
    one_ticket.clocks(data, ticket)
    one_ticket.history(data, ticket)


require_frame()
show(page)
