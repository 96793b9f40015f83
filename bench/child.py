"""Work in a process of its own, so that its time and its peak memory are its alone."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Measured:
    """Seconds by the wall and of processors, the process's peak memory, and what was returned."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    returned: Any


def in_child(work: Callable[..., Any], *arguments: object) -> Measured:
    """Run `work` in a fresh process; only the call is timed, not the start of Python."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_measured, work, arguments).result()


def _measured(work: Callable[..., Any], arguments: tuple[object, ...]) -> Measured:
    began, began_processor = time.perf_counter(), time.process_time()
    returned = work(*arguments)
    seconds, processor = time.perf_counter() - began, time.process_time() - began_processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT
    return Measured(seconds, processor, peak, returned)
