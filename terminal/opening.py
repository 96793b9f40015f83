"""What most commands begin with: the policy, the metrics, the current build.

Imports wait until a command needs them, so that `meantime --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from policies.refusal import Refused


def policy_of(path: Path | None) -> Any:
    """The policy of a file, or the built-in one."""
    from pipelines.contract import TICKETS
    from policies.read import read_policy

    return read_policy(path, TICKETS.names)


def known_metrics(policy: Any) -> Any:
    """Meantime's metrics and the organisation's own, by name."""
    from queries.catalogue import METRICS_FOLDER, read_metrics

    own = [policy.metrics_folder] if policy.metrics_folder else []
    return read_metrics([METRICS_FOLDER, *own])


def known_metric(catalogue: Any, name: str) -> Any:
    """The metric of a name; Refused, with the nearest one, where there is none."""
    from difflib import get_close_matches

    if name in catalogue:
        return catalogue[name]
    near = get_close_matches(name, catalogue, 1)
    hint = f" did you mean {near[0]}?" if near else ""
    raise Refused(f"there is no metric {name}:{hint} `meantime metrics` lists them all.")


def opened(warehouse: Path, policy: Any) -> Any:
    """The current build under the policy; says so where that is not the one it was built with."""
    from pipelines.contract import COLUMNS
    from pipelines.warehouse import Warehouse
    from queries.session import is_recomputed, open_build

    connection = open_build(Warehouse(warehouse).current_path(), policy, COLUMNS)
    click.get_current_context().call_on_close(connection.close)
    if is_recomputed(connection, policy):
        click.echo(
            "meantime: recomputed under another policy than the warehouse was built with; "
            "`meantime rebuild` would make it the one that all see.",
            err=True,
        )
    return connection


@contextmanager
def without_pandas() -> Generator[None]:
    """No import of pandas inside, unless it is there already.

    DuckDB asks for it at every bound value, to tell pandas' missing values from others; it is
    installed for Streamlit alone, and takes a third of a second to import.
    """
    modules = cast("dict[str, Any]", sys.modules)
    if "pandas" in modules:
        yield
        return
    modules["pandas"] = None
    try:
        yield
    finally:
        del modules["pandas"]


def opened_as_built(warehouse: Path) -> Any:
    """The current build under the policy that it was built with."""
    from pipelines.warehouse import Warehouse
    from queries.model.connection import connect

    connection = connect(Warehouse(warehouse).current_path(), read_only=True)
    click.get_current_context().call_on_close(connection.close)
    return connection
