"""What waits, and since when?"""

from __future__ import annotations

from dashboard import backlog, drilldown
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Backlog")
        return
    if not backlog.heading(data, view):
        return
    backlog.figures(data, view)
    backlog.flow_and_age(data, view)
    backlog.trend_and_months(data, view)
    backlog.oldest(data, view)
    backlog.definitions(data)


require_frame()
show(page)
