"""What a page shows when it has nothing to show: empty, refused, unexpected."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from dashboard import wording
from dashboard.session import Data, EmptyWarehouseError
from policies.refusal import Refused
from queries.reasons import NOTHING

log = logging.getLogger("meantime.dashboard")


def empty_warehouse(empty: EmptyWarehouseError) -> None:
    """How to load: the page that does, and the commands, ready to be copied."""
    st.title("No tickets yet: which export shall Meantime read?", anchor=False)
    st.markdown(
        "The warehouse is empty. Export the incidents of your tool, whichever it is, and load the "
        "file here or in a terminal; this page shows the figures on its next visit."
    )
    st.page_link("pages/load.py", label="**Load an export**")
    st.code(
        f"meantime load incidents.csv --timezone Europe/Madrid --warehouse {empty.folder}",
        language="bash",
    )
    st.markdown("Which tools it reads, and the sample data to look around first:")
    st.code("meantime sources\nmeantime demo", language="bash")


def nothing_loaded() -> None:
    """The warehouse has builds, but no ticket: only other records were loaded."""
    st.title("No tickets yet", anchor=False)
    st.info("What was loaded holds no ticket that counts: load an export of incidents.")


def not_available(reason: str) -> None:
    """In place of a chart: why there is none."""
    st.info(f"Not available: {wording.plain(wording.cell(reason))}.")


def nothing_here(reason: str | None, otherwise: str) -> None:
    """In place of what is empty: what the data never tell, which is not none, else the sentence."""
    if reason and reason != NOTHING:
        not_available(reason)
    else:
        st.info(otherwise)


def refused(reason: Refused) -> None:
    """The sentence says what, where and the way out."""
    st.title("Meantime cannot show this", anchor=False)
    st.error(wording.plain(reason))


def unexpected(error: Exception) -> None:
    """One sentence and an id; the rest is in the log under the same id."""
    number = secrets.token_hex(4)
    log.error("unexpected error %s", number, exc_info=error)
    st.title("Something went wrong here", anchor=False)
    st.error(
        f"This page could not be drawn. The log of the server has the cause under the id {number}; "
        "other pages, another filter or a reload may still work."
    )


def announce_build(data: Data) -> None:
    """Tell a reader once that another build came in while the pages were open."""
    seen = st.session_state.get("build")
    st.session_state["build"] = data.build
    if seen is not None and seen != data.build:
        st.toast(f"New data were loaded: build {data.build} replaces build {seen}.")
