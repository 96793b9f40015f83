"""Where does the time of a ticket go?"""

from __future__ import annotations

from dashboard import drilldown, flow
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Flow")
        return
    if not flow.heading(data, view):
        return
    flow.figures(data, view)
    flow.phases_and_spread(data, view)
    flow.trend_and_holds(data, view)
    flow.handovers(data, view)
    flow.slowest(data, view)
    flow.definitions(data)


require_frame()
show(page)
