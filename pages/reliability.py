"""Which services fail, and how often?"""

from __future__ import annotations

from dashboard import drilldown, reliability
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Reliability")
        return
    if not reliability.heading(data, view):
        return
    reliability.figures(data, view)
    reliability.outages_and_budgets(data, view)
    reliability.services_by_risk(data, view)
    reliability.trend_and_detection(data, view)
    reliability.definitions(data)


require_frame()
show(page)
