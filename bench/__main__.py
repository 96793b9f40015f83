"""`python -m bench SIZE...`: how fast, and in how much memory, at these numbers of tickets."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import duckdb

from bench.child import in_child
from bench.clocks import compare_clocks
from bench.exports import write_export
from bench.figures import compare_figures
from bench.lines import Line, table
from bench.loads import compare_loads, full_load
from bench.pages import CHANGES, Repaints, measure_cold, measure_pages, pages_table
from bench.recurrence import compare_recurrence

PARTS = ("load", "figures", "clocks", "recurrence", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="+", type=int, help="numbers of tickets, such as 2000000")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="leave the other parts out; again for two"
    )
    parser.add_argument("--folder", type=Path, help="where the files go; else a temporary folder")
    parser.add_argument("--changes", type=int, default=CHANGES, help="for pages: of the filter")
    parser.add_argument("--warehouse", type=Path, help="for pages: one of that size, kept before")
    given = parser.parse_args()
    parts = set(given.only or PARTS)
    lines: list[Line] = []
    pages: list[Repaints] = []
    with tempfile.TemporaryDirectory(prefix="meantime-bench-", dir=given.folder) as folder:
        for tickets in given.sizes:
            lines += _measured(Path(folder), tickets, parts)
            if "pages" in parts:
                kept = _warehouse(Path(folder), tickets, given.warehouse)
                pages += measure_pages(kept, tickets, given.changes)
        if "pages" in parts:
            pages += measure_cold(Path(folder))
    print(f"{os.cpu_count()} cores, DuckDB {duckdb.__version__}\n")
    print("\n\n".join([table(lines)] * bool(lines) + [pages_table(pages)] * bool(pages)))


def _warehouse(folder: Path, tickets: int, kept: Path | None) -> Path:
    """One of that size: the one given, that of the loads, or else a new one."""
    loaded = folder / f"warehouse-{tickets}"
    if kept is None and not loaded.exists():
        export = folder / f"list-{tickets}.csv"
        in_child(write_export, export, tickets)
        in_child(full_load, export, loaded)
    return kept or loaded


def _measured(folder: Path, tickets: int, parts: set[str]) -> list[Line]:
    """The lines of one size; the figures are taken from the warehouse of the load."""
    lines: list[Line] = []
    if parts & {"load", "figures"}:
        loads, warehouse = compare_loads(folder, tickets)
        lines += loads
        if "figures" in parts:
            lines += compare_figures(warehouse, tickets)
    if "clocks" in parts:
        lines += compare_clocks(folder, tickets)
    if "recurrence" in parts:
        lines += compare_recurrence(folder, tickets)
    return lines


if __name__ == "__main__":
    main()
