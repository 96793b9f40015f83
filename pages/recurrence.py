"""What keeps coming back?"""

from __future__ import annotations

from dashboard import drilldown, follow_ups, recurrence
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Recurrence")
        return
    if name := recurrence.opened():
        recurrence.one_candidate(data, name)
        return
    recurrence.heading(data, view)
    chosen = recurrence.choose_list()
    if chosen == recurrence.REPEATS:
        follow_ups.repeats(data, view)
    elif chosen == recurrence.REVIEWS:
        follow_ups.reviews(data, view)
    else:
        recurrence.candidates(data, view, chosen)


require_frame()
show(page)
