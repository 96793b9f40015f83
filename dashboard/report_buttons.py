"""The report of what is looked at as files: made when its button is clicked, not before."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

import streamlit as st

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data
from pipelines.comments import comments
from pipelines.warehouse import Warehouse
from reports.asking import Asked, Shared, Source
from reports.content import Comment
from reports.kpis import Periods
from reports.packs import FORMATS, Format, Order, contents, file_stem, report_of

MIMES: dict[Format, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
MEANT_FOR: dict[Format, str] = {
    "pdf": "The document to hand over: cover, figures, promises, breaches, definitions",
    "xlsx": "Every table with its numbers, and the rows behind each figure",
    "html": "One page that opens offline, with charts to point at",
}


def report_buttons(data: Data, view: View) -> None:
    """A button for each format; the file is made by the click and takes some seconds."""
    st.markdown(f"**The report for {wording.month(view.period.name)} as a file**")
    with st.container(horizontal=True, gap="small"):
        for form in FORMATS:
            st.download_button(
                form.upper(),
                data=partial(report_file, data, view, form),
                file_name=f"{file_stem(view.period.name, view.where)}.{form}",
                mime=MIMES[form],
                on_click="ignore",
                key=f"report_{form}",
                help=MEANT_FOR[form],
            )
    st.caption("With the filters in force. Each is made when it is asked for, in some seconds.")


def report_file(data: Data, view: View, form: Format) -> bytes:
    """The report of the period and the filters, as `meantime report` writes it."""
    source = Source(
        data.connection, data.policy, data.metrics, Warehouse(data.folder).kept, data.build
    )
    asked = Asked(Shared(source), view.where)
    order = Order(
        Periods(view.period, view.before, view.last_year),
        (form,),
        view.where,
        datetime.now(data.zone).date(),
        comments=tuple(
            Comment(each.text, each.who, date.fromisoformat(each.written_at[:10]))
            for each in comments(Warehouse(data.folder), view.period.name)[-1:]
        ),
    )
    made = dict(contents(asked, report_of(asked, order), order.formats, order.paper))
    return made[form]
