"""What does each figure mean here?"""

from __future__ import annotations

from dashboard import meanings
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, _view: View) -> None:
    meanings.heading(data)
    meanings.definitions(data)


require_frame()
show(page)
