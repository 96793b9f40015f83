"""What happened to this ticket, and how was its promise counted?"""

from __future__ import annotations

from dashboard import one_ticket
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, _: View) -> None:
    if ticket := one_ticket.choose(data):
        one_ticket.tell(data, ticket)


require_frame()
show(page)
