"""Answers kept for all visitors: each figure and list is computed once per build and filters.

An answer is never changed, so it is handed out as it is, where Streamlit's own cache would copy
each of forty on every click. What a page will ask is asked ahead, side by side: a small query
leaves a core idle while it is planned.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

MOST = 4_000

Found = TypeVar("Found")


class Kept(Generic[Found]):
    """The most recent of what was looked up, by key; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Found] = OrderedDict()
        self._underway: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    def get(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What is kept under the key, else what is computed."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = compute()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def keep(self, keys: Sequence[Hashable], compute: Callable[[], Sequence[Found]]) -> None:
        """Keep what is computed together, each under its key; who asks for the same meanwhile
        waits for it."""
        with self._alone(keys):
            if all(key in self for key in keys):
                return
            for key, found in zip(keys, compute(), strict=True):
                self.get(key, partial(_itself, found))

    @contextmanager
    def _alone(self, keys: Sequence[Hashable]) -> Generator[None]:
        """One at a time for the same keys."""
        together = tuple(keys)
        with self._lock:
            turn = self._underway.setdefault(together, Lock())
        try:
            with turn:
                yield
        finally:
            with self._lock:
                self._underway.pop(together, None)


def _itself(found: Found) -> Found:
    return found
