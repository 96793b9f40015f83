"""Do our changes cause incidents?"""

from __future__ import annotations

from dashboard import change_effects, drilldown, marker_effects, waves
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Changes")
    elif change := change_effects.opened():
        change_effects.one_change(data, change)
    elif wave := waves.opened():
        waves.one_wave(data, wave)
    else:
        change_effects.heading(data)
        change_effects.lift(data)
        waves.waves(data, view)
        change_effects.changes(data, view)
        marker_effects.markers(data)


require_frame()
show(page)
