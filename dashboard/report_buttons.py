"""The report of what is looked at as files: made when it is asked for, and kept for the visit."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data
from pipelines.comments import comments
from pipelines.warehouse import Warehouse
from reports.asking import Asked, Shared, Source
from reports.content import Comment
from reports.formats import FORMATS, Format, Paper
from reports.kpis import Periods
from reports.packs import Order, contents, file_stem, publish, report_of

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


MADE, WANTED = "report_made", "report_wanted"
PAPERS: dict[str, Paper] = {"A4": "a4", "Letter": "letter"}


def report_buttons(data: Data, view: View) -> None:
    """Which paper, whether to keep the figures as published, and the files once they are made."""
    st.markdown(f"**The report for {wording.month(view.period.name)} as a file**")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paper = st.segmented_control(
            "Paper", list(PAPERS), default="A4", required=True, key="report_paper",
            label_visibility="collapsed",
        )  # fmt: skip
        is_frozen = st.toggle(
            "Keep as published",
            key="report_frozen",
            help="A later report of the period prints these figures beside those of then.",
        )
        st.button("Make the report", key="make_report", on_click=_want)
    of = (
        data.build,
        data.policy.digest,
        view.period.name,
        tuple(sorted(view.where.items())),
        paper,
    )
    if st.session_state.pop(WANTED, False):
        made = _made(data, view, PAPERS[str(paper)], is_frozen=is_frozen)
        st.session_state[MADE] = (of, made, is_frozen)
    known, made, was_frozen = st.session_state.get(MADE, (None, {}, False))
    if known != of:
        st.caption("With the filters in force, as PDF, workbook and page. It takes some seconds.")
        return
    with st.container(horizontal=True, gap="small"):
        for form in FORMATS:
            st.download_button(
                form.upper(),
                data=made[form],
                file_name=f"{file_stem(view.period.name, view.where)}.{form}",
                mime=MIMES[form],
                on_click="ignore",
                key=f"report_{form}",
                help=MEANT_FOR[form],
            )
    kept = " Its figures are kept as published." if was_frozen else ""
    st.caption(f"Made with the filters in force.{kept}")


def _want() -> None:
    st.session_state[WANTED] = True


def _made(data: Data, view: View, paper: Paper, *, is_frozen: bool) -> dict[Format, bytes]:
    """Every format, with a line that says how far it is."""
    line = st.progress(0.0, "Asking for the figures")
    try:
        asked, order = _order(data, view, FORMATS, paper)
        report = report_of(asked, order)
        made: dict[Format, bytes] = {}
        line.progress(1 / 3, f"Writing {', '.join(FORMATS).upper()}")
        for form, content in contents(asked, report, FORMATS, paper):
            made[form] = content
            line.progress((1 + 2 * len(made) / len(FORMATS)) / 3, f"{form.upper()} is written")
        if is_frozen:
            publish(asked, report, order)
    finally:
        line.empty()
    return made


def report_file(data: Data, view: View, form: Format, paper: Paper = "a4") -> bytes:
    """The report of the period and the filters, as `meantime report` writes it."""
    asked, order = _order(data, view, (form,), paper)
    return dict(contents(asked, report_of(asked, order), order.formats, order.paper))[form]


def _order(
    data: Data, view: View, formats: tuple[Format, ...], paper: Paper
) -> tuple[Asked, Order]:
    source = Source(
        data.connection, data.policy, data.metrics, Warehouse(data.folder).kept, data.build
    )
    order = Order(
        Periods(view.period, view.before, view.last_year),
        formats,
        view.where,
        datetime.now(data.zone).date(),
        paper,
        comments=tuple(
            Comment(each.text, each.who, date.fromisoformat(each.written_at[:10]))
            for each in comments(Warehouse(data.folder), view.period.name)[-1:]
        ),
    )
    return Asked(Shared(source), view.where), order
