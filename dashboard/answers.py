"""Answers kept for all visitors: each figure is computed once per build, filters and metric.

An answer is never changed, so it is handed out as it is, where Streamlit's own cache would copy
each of forty on every click. What a page will ask is asked ahead, side by side: a small query
leaves a core idle while it is planned.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from queries.measure import Answer

MOST = 4_000
AT_ONCE = 4


class KeptAnswers:
    """The most recent answers by key; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """The answer kept under the key, else the computed one."""
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

    def prepare(self, wanted: Mapping[Hashable, Callable[[], Answer]]) -> None:
        """Compute what is not kept yet, some at a time; the first error is raised."""
        missing = {key: compute for key, compute in wanted.items() if key not in self}
        if len(missing) < 2:
            return
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda each: self.get(*each), missing.items()))
