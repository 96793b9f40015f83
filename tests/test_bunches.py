"""What a page draws waits for the rest of it, keeps its order, and is never lost."""

from __future__ import annotations

from threading import Event

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from dashboard.bunches import Bunch

LONG = 3600.0


def test_messages_wait_for_each_other_and_keep_their_order() -> None:
    sent: list[str] = []
    bunch: Bunch[str] = Bunch(sent.append, longest=LONG)
    bunch.add("title")
    bunch.add("chart")
    assert sent == []
    bunch.send()
    assert sent == ["title", "chart"]
    bunch.send()
    assert sent == ["title", "chart"]


def test_what_waits_goes_by_itself_while_the_page_works_on() -> None:
    arrived = Event()
    bunch: Bunch[str] = Bunch(lambda _: arrived.set(), longest=0.01)
    bunch.add("spinner")
    assert arrived.wait(timeout=60)


def _page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from dashboard.bunches import in_bunches

    context = get_script_run_ctx()
    assert context is not None
    straight = context._enqueue
    with in_bunches():
        st.session_state["held"] = context._enqueue != straight
        st.text("drawn")
        if st.session_state.get("ends"):
            st.stop()
    assert context._enqueue == straight
    st.text("below")


def test_a_visit_begins_at_once_and_goes_on_in_bunches() -> None:
    """Fails where Streamlit no longer takes its messages from where they are held back."""
    assert get_script_run_ctx() is None
    app = AppTest.from_function(_page).run()
    assert not app.session_state["held"]
    app.run()
    assert app.session_state["held"]
    assert [text.value for text in app.text] == ["drawn", "below"]
    assert not app.exception


def test_a_page_that_stops_shows_what_it_drew() -> None:
    app = AppTest.from_function(_page).run()
    app.session_state["ends"] = True
    app.run()
    assert [text.value for text in app.text] == ["drawn"]
