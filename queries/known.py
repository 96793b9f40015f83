"""What a build tells whatever is asked of it: looked up once, and kept beside its connection.

The span of its data, the columns of a metric's rows, the words of a column, the column that its
exports lack: each question would read them again, and the last one by a scan of every ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Known:
    """What was looked up in one build. Threads may share it: one that comes while another looks
    does so as well, and both find the same."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, look: Callable[[], T]) -> T:
        """What is kept under the key, looked up by the first who asks."""
        if key not in self._kept:
            self._kept[key] = look()
        return self._kept[key]
