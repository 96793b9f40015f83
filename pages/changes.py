"""Do our changes cause incidents?"""

from __future__ import annotations

from dashboard import change_effects
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    change_effects.heading(data)
    change_effects.lift(data)
    change_effects.waves(data, view)
    change_effects.changes(data, view)
    change_effects.markers(data)


require_frame()
show(page)
