"""What keeps coming back?"""

from __future__ import annotations

from dashboard import recurrence
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if name := recurrence.opened():
        recurrence.one_candidate(data, name)
        return
    recurrence.heading(data, view)
    order = recurrence.choose_list()
    recurrence.candidates(data, view, order)


require_frame()
show(page)
