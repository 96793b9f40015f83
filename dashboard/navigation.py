"""The menu, the frame around every page, and what is shown when a page cannot be."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from dashboard import fonts, one_ticket, shown, states
from dashboard.bunches import in_bunches
from dashboard.filter_bar import filter_bar
from dashboard.filters import View
from dashboard.session import Data, EmptyWarehouseError, open_data
from policies.refusal import Refused

ICON = Path(__file__).parent / "icon.png"
HISTORY = Path(__file__).parent / "history.html"
SIDEBAR_WIDTH = 232
FIRST = "pages/monthly_review.py"


def sections() -> dict[str, list[st.Page]]:
    """The pages by whom they are for: a new page is one line here."""
    audiences: dict[str, list[st.Page]] = {
        "Executive": [st.Page("pages/service_report.py", title="Service report")],
        "Manager": [
            st.Page(FIRST, title="Monthly review", default=True),
            st.Page("pages/sla.py", title="SLA"),
            st.Page("pages/backlog.py", title="Backlog"),
            st.Page("pages/flow.py", title="Flow"),
            st.Page("pages/workload.py", title="Workload"),
        ],
        "Problem manager": [
            st.Page("pages/recurrence.py", title="Recurrence"),
            st.Page("pages/changes.py", title="Changes"),
            st.Page("pages/reliability.py", title="Reliability"),
        ],
        "Everyone": [
            st.Page("pages/tickets.py", title="Tickets"),
            st.Page("pages/ticket.py", title="Ticket", visibility="hidden"),
            st.Page("pages/load.py", title="Load"),
            st.Page("pages/data.py", title="Data"),
            st.Page("pages/definitions.py", title="Definitions"),
        ],
    }
    return {audience: pages for audience, pages in audiences.items() if pages}


def frame() -> st.Page:
    """Called by the web door only: page config, menu, and the mark that a page is framed."""
    fonts.prepare()
    st.set_page_config(
        page_title="Meantime",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state=SIDEBAR_WIDTH,
    )
    st.logo(str(ICON), size="large")
    page = st.navigation(sections(), expanded=True)
    st.session_state["framed"] = True
    return page


@contextmanager
def page_frame() -> Generator[None]:
    """Called by the web door around a page: Back undoes a filter too, as soon as there is one."""
    with st.container(gap=None):  # the script has no height, and shall have no distance either
        st.html(HISTORY, unsafe_allow_javascript=True)
        with st.container():
            yield


def require_frame() -> None:
    """Called first by every page.

    On a cold server Streamlit runs the file of a deep link by itself, without the web door; telling
    it the menu and running again brings the frame back.
    """
    if not st.session_state.pop("framed", False):
        st.navigation(sections(), expanded=True)
        st.rerun()


def show_without_data(page: Callable[[], None]) -> None:
    """Run a page that needs no build, such as the one that makes the first."""
    shown.start()
    try:
        page()
    except Refused as reason:
        states.refused(reason)
    except Exception as error:  # noqa: BLE001 - logged with an id, and told in words
        states.unexpected(error)


def show(page: Callable[[Data, View], None]) -> None:
    """Run a page on the current build and the filters, or show why that cannot be."""
    shown.start()
    with in_bunches():
        try:
            data = open_data()
            states.announce_build(data)
            view = filter_bar(data)
            if view is None:
                states.nothing_loaded()
            elif ticket := one_ticket.opened():
                one_ticket.in_place(data, ticket)
            else:
                page(data, view)
        except EmptyWarehouseError as empty:
            states.empty_warehouse(empty)
        except Refused as reason:
            states.refused(reason)
        except Exception as error:  # noqa: BLE001 - logged with an id, and told in words
            states.unexpected(error)
