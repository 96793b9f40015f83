"""`python -m bench SIZE...`: how fast, and in how much memory, at these numbers of tickets."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import duckdb

from bench.clocks import compare_clocks
from bench.figures import compare_figures
from bench.lines import Line, table
from bench.loads import compare_loads
from bench.recurrence import compare_recurrence

PARTS = ("load", "figures", "clocks", "recurrence")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="+", type=int, help="numbers of tickets, such as 2000000")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="leave the other parts out; again for two"
    )
    parser.add_argument("--folder", type=Path, help="where the files go; else a temporary folder")
    given = parser.parse_args()
    parts = set(given.only or PARTS)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="meantime-bench-", dir=given.folder) as folder:
        for tickets in given.sizes:
            lines += _measured(Path(folder), tickets, parts)
    print(f"{os.cpu_count()} cores, DuckDB {duckdb.__version__}\n")
    print(table(lines))


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
