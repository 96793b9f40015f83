"""The address bar holds what the filter bar holds, on every page, and Back and Forward set it.

Streamlit can bind a control to the address by itself, but then forgets what a link said when
another page is opened from the menu, and what the address says when somebody returns to a page.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

HELD = "held_filters"  # control -> what it held when it was last drawn
DRAWN_ON = "filters_drawn_on"  # which page

Held = Mapping[str, Sequence[str]]


@contextmanager
def on_every_page() -> Generator[None]:
    """Controls that are drawn here are the same ones on every page, and keep what they hold."""
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    with context.run_with_active_hash(context.pages_manager.main_script_hash):
        yield


def asked(control: str) -> list[str] | None:
    """What a control has to hold now; None where it knows by itself.

    The address tells on a first visit and after a step Back or Forward. On another page the browser
    draws the control anew, and has to be told what it held.
    """
    held: Held | None = st.session_state.get(HELD)
    if held is None or _is_step():
        return st.query_params.get_all(control)
    is_drawn = control in st.session_state and st.session_state[DRAWN_ON] == _page()
    return None if is_drawn else list(held.get(control, ()))


def follow(said: Held) -> None:
    """Set controls as if somebody had followed a link that says this of them."""
    st.session_state.pop(HELD, None)
    st.query_params.update({control: list(values) for control, values in said.items()})


def tell(held: Held, controls: Collection[str]) -> None:
    """Write what the controls hold into the address, in one step; what is empty is left out."""
    now = {control: list(held.get(control, ())) for control in controls}
    st.session_state[HELD], st.session_state[DRAWN_ON] = now, _page()
    moved = {
        control: values
        for control, values in now.items()
        if values != st.query_params.get_all(control)
    }
    if moved:
        st.query_params.update(moved)


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _is_step() -> bool:
    """Whether the person came by Back or Forward, so that the address is what counts."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
