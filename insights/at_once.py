"""Independent parts of work, as many at once as the machine has processors: numpy, scipy and
scikit-learn let others run while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MOST = 4  # more would wait for memory

Part = TypeVar("Part")
Found = TypeVar("Found")


def at_once(work: Callable[[Part], Found], parts: Iterable[Part]) -> list[Found]:
    """What the work finds for each part, in the order of the parts."""
    with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, MOST)) as pool:
        return list(pool.map(work, parts))
