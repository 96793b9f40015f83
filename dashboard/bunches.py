"""What a page draws goes to the browser in bunches, not element by element.

Streamlit sends an element within five milliseconds, and the browser works out the whole page and
draws a frame for each of some eighty: half of what a repaint takes it. So elements wait for each
other, at most a second, or until the page says that the rest takes time. The first page of a
visit is not held back: there the browser fetches what it draws an element with as soon as it knows
of one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock, Thread, Timer
from typing import Generic, TypeVar

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx

LONGEST_SECONDS = 1.0
VISITED = "visited"

Message = TypeVar("Message")


class Bunch(Generic[Message]):
    """Messages that wait for each other until they are sent, or the first one has waited long."""

    def __init__(self, send: Callable[[Message], None], longest: float = LONGEST_SECONDS) -> None:
        self._send = send
        self._longest = longest
        self._held: list[Message] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    def add(self, message: Message) -> None:
        """Hold a message back."""
        with self._lock:
            self._held.append(message)
            if self._timer is None:
                self._timer = Timer(self._longest, self._send_held)
                self._timer.daemon = True
                self._timer.start()

    def send(self) -> None:
        """Pass on all that is held.

        From a thread of its own: Streamlit ends a run that is to end when the run sends something,
        and what was drawn until then would be lost.
        """
        sender = Thread(target=self._send_held)
        sender.start()
        sender.join()

    def _send_held(self) -> None:
        with self._lock:
            held, self._held = self._held, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            for message in held:
                self._send(message)


class _Hold:
    """What a run sends its messages with while they are held back."""

    def __init__(self, context: ScriptRunContext, bunch: Bunch[ForwardMsg]) -> None:
        self._context = context
        self.bunch = bunch

    def __call__(self, message: ForwardMsg) -> None:
        self._context.yield_check()  # ends a run that is to end, as sending does
        self.bunch.add(message)


@contextmanager
def in_bunches() -> Generator[None]:
    """What is drawn here is sent in bunches, the last one at the end, whatever ends it."""
    context = get_script_run_ctx()
    is_first = not st.session_state.get(VISITED, False)
    if context is None or is_first or not hasattr(context, "_enqueue"):
        st.session_state[VISITED] = True
        yield
        return
    send = context._enqueue  # there is no public way to hold elements back
    bunch = Bunch(send)
    context._enqueue = _Hold(context, bunch)
    try:
        yield
    finally:
        context._enqueue = send
        bunch.send()


def send_drawn() -> None:
    """Send what was drawn so far: the browser draws it while the rest is looked up."""
    hold = getattr(get_script_run_ctx(), "_enqueue", None)
    if isinstance(hold, _Hold):
        hold.bunch.send()
