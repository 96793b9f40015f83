"""A bar that tells how far work is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

from pipelines.progress import Progress, Step, in_silence


@contextmanager
def progress_bar() -> Generator[Progress]:
    """A progress bar on a terminal; silence in a pipe."""
    if not sys.stderr.isatty():
        yield in_silence
        return
    # here, because in a pipe nobody needs them
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(step: Step) -> None:
            bar.update(task, description=step.what, completed=step.done, total=step.total)

        yield show
