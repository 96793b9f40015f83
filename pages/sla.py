"""Did we keep our promises?"""

from __future__ import annotations

from dashboard import drilldown, promises
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, promises.of_clock(view), "SLA")
        return
    promises.heading(data, view)
    clock = promises.choose_clock()
    answer = promises.room_for_answer(data, view, clock)
    promises.figures(data, view, clock)
    promises.trend_and_priorities(data, view, clock)
    promises.groups_by_month(data, view, clock)
    promises.lists(data, view, clock, answer)
    promises.reconciliation(data)


require_frame()
show(page)
