"""What was loaded, and what can it tell?"""

from __future__ import annotations

from dashboard import doubts, holdings
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.session import Data


def page(data: Data, _view: View) -> None:
    holdings.heading(data)
    holdings.totals(data)
    doubts.doubts(data)
    holdings.loads(data)
    holdings.findings(data)
    holdings.rejected_rows(data)
    holdings.metric_coverage(data)
    holdings.column_coverage(data)


require_frame()
show(page)
