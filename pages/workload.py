"""When does work come, from where, and to whom?"""

from __future__ import annotations

from dashboard import drilldown, workload
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Workload")
        return
    if not workload.heading(data, view):
        return
    workload.figures(data, view)
    workload.week(data, view)
    workload.trend_and_channels(data, view)
    workload.groups_and_sites(data, view)
    workload.definitions(data)


require_frame()
show(page)
