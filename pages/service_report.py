"""Did the business get what we promised?"""

from __future__ import annotations

import streamlit as st

from dashboard import drilldown, service_report
from dashboard.filters import View
from dashboard.navigation import require_frame, show
from dashboard.report_buttons import report_buttons
from dashboard.session import Data


def page(data: Data, view: View) -> None:
    if drill := drilldown.opened(data.metrics):
        drilldown.ticket_list(data, drill, view, "Service report")
        return
    service_report.heading(data, view)
    service_report.figures(data, view)
    service_report.promises_and_gaps(data, view)
    service_report.major_incidents(data, view)
    left, right = st.columns(2, gap="medium")
    with left:
        service_report.comment(data, view)
    with right:
        report_buttons(data, view)


require_frame()
show(page)
