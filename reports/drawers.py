"""What draws pages: processes beside the one that asks for figures, ready when it has them.

They are given charts and JSON, and import what draws alone: neither the database nor the policy.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Generator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import active_children, get_context

from reports.formats import is_read_as_pages
from reports.sections import Chart, Colours

MOST = 4
# Of a workbook's half a million small things and of a document's parts none is in a cycle.
THINGS_BEFORE_A_LOOK_FOR_CYCLES = 200_000


@contextmanager
def drawers(formats: Collection[str], *, is_one: bool) -> Generator[Executor]:
    """The drawers of these formats: the first is made ready at once, others as packs wait.

    One pack is drawn by one: another would make itself ready in the time that the first needs.

    They are ended when their work is done, or what it was meant for has failed: they have nothing
    to lose, and the library that draws takes its time to leave, if it ever does.
    """
    if not is_read_as_pages(formats):
        with ThreadPoolExecutor(1) as idle:
            yield idle
        return
    look_rarely_for_cycles()
    before = active_children()
    most = 1 if is_one else min(os.cpu_count() or 1, MOST)
    executor = ProcessPoolExecutor(most, get_context("spawn"))
    executor.submit(_make_ready)
    try:
        yield executor
    finally:
        for child in active_children():
            if child not in before:
                child.terminate()
        executor.shutdown(cancel_futures=True)


def look_rarely_for_cycles() -> None:
    """A sixth of a report's time went into looking through what is all in use."""
    gc.set_threshold(THINGS_BEFORE_A_LOOK_FOR_CYCLES)


def _make_ready() -> None:
    """Import what draws, and draw what nobody sees: the first picture takes most of a second."""
    look_rarely_for_cycles()
    from reports import charts, typesetting

    charts.make_ready()
    typesetting.make_ready()


def picture(chart: Chart, colours: Colours) -> str:
    """A chart as SVG."""
    from reports.charts import svg

    return svg(chart, colours)


def document(told: str, printed_on: date) -> bytes:
    """A PDF of what `reports.pdf` told."""
    from reports.typesetting import typeset

    return typeset(told, printed_on)
