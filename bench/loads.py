"""A load, file to published build, beside DuckDB's own `create table as select from read_csv`.

Both on disk, with the threads that DuckDB takes by itself, checkpoint included.
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from bench.child import Measured, in_child
from bench.exports import write_export
from bench.lines import Line
from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load
from pipelines.progress import Step
from pipelines.warehouse import Warehouse
from policies.read import read_policy

CHANGED_SHARE = 0.1


def plain_load(export: Path, database: Path) -> None:
    """The plainest load there is: every column as DuckDB guesses it."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            "create table tickets as select * from read_csv($path)", {"path": str(export)}
        )
        connection.execute("checkpoint")


def full_load(export: Path, folder: Path) -> dict[str, float]:
    """Load into a warehouse under the default policy: when each step began, in seconds."""
    began = time.perf_counter()
    steps: dict[str, float] = {}

    def progress(step: Step) -> None:
        steps[step.what.rpartition(": ")[2]] = time.perf_counter() - began

    policy = read_policy(None, TICKETS.names)
    load([export], Warehouse(folder), policy, LoadOptions(timezone="UTC"), progress=progress)
    return steps


def compare_loads(folder: Path, tickets: int) -> tuple[list[Line], Path]:
    """The lines of a first load, a later export and a known file; the warehouse is left behind."""
    export, later = folder / f"list-{tickets}.csv", folder / f"later-{tickets}.csv"
    in_child(write_export, export, tickets)
    in_child(write_export, later, tickets, CHANGED_SHARE)
    warehouse = folder / f"warehouse-{tickets}"
    plain = in_child(plain_load, export, folder / f"plain-{tickets}.duckdb")
    first = in_child(full_load, export, warehouse)
    lines = [
        _line("load a list CSV, file to published build", tickets, first, plain, "3 x, 3 GB"),
        _without_model("of which without the model", tickets, first, plain),
    ]
    again = in_child(full_load, later, warehouse)
    known = in_child(full_load, later, warehouse)
    lines += [
        _line("load it again, 10 % of the tickets changed", tickets, again, plain),
        _without_model("of which without the model", tickets, again, plain),
        _line("load a known file", tickets, known, plain),
    ]
    for path in (export, later, folder / f"plain-{tickets}.duckdb"):
        path.unlink()
    return lines, warehouse


def _line(work: str, tickets: int, ours: Measured, plain: Measured, target: str = "") -> Line:
    return Line(
        work,
        tickets,
        ours.seconds,
        plain.seconds,
        ours.processor_seconds / plain.processor_seconds,
        target,
        ours.peak_bytes,
    )


def _without_model(work: str, tickets: int, ours: Measured, plain: Measured) -> Line:
    """Until the model begins: read, conform, validate, merge."""
    return Line(work, tickets, ours.returned["building the model"], plain.seconds)
