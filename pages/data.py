"""What was loaded, and what can it tell?"""

from __future__ import annotations

from dashboard import doubts, drilldown, holdings
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Data")
        return
    holdings.heading(data)
    holdings.totals(data)
    doubts.doubts(data)
    holdings.loads(data)
    holdings.findings(data)
    holdings.rejected_rows(data)
    holdings.metric_coverage(data, view)
    holdings.column_coverage(data)


require_frame()
show(page)
