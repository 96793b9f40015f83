"""Independent parts of work, several at once: while the database answers, and while numpy, scipy
and scikit-learn compute, other threads run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MOST = 4  # a small query leaves a processor idle while it is planned

Part = TypeVar("Part")
Found = TypeVar("Found")


def at_once(work: Callable[[Part], Found], parts: Iterable[Part], most: int = MOST) -> list[Found]:
    """What the work finds for each part, in the order of the parts; the first error is raised."""
    with ThreadPoolExecutor(most) as pool:
        return list(pool.map(work, parts))
