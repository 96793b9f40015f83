"""Are we better than last month, and is it real?"""

from __future__ import annotations

from dashboard import drilldown, review
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.scorecard import scorecard
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view)
        return
    review.heading(data, view)
    groups = review.tiles(data, view)
    review.answer_line(groups)
    review.headlines(view, groups, review.chosen(data))
    review.details(data, view)
    scorecard(groups, review.KPI)


require_frame()
show(page)
