"""The flags that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def warehouse_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which warehouse."""
    return click.option(
        "--warehouse",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("warehouse"),
        envvar="MEANTIME_WAREHOUSE",
        show_default=True,
        help="The folder of the warehouse.",
    )(function)


def policy_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which policy."""
    return click.option(
        "--policy",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="MEANTIME_POLICY",
        help="The policy file; the built-in one without it.",
    )(function)


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """How rows are printed."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="How rows are printed.",
    )(function)


def question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The flags that say which tickets a figure is about."""
    for option in (
        click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these tickets."),
        click.option("--to", "to_on", metavar="DATE", help="First day after the period."),
        click.option("--from", "from_on", metavar="DATE", help="First day of the period."),
    ):
        function = option(function)
    return function


def against_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Beside which figures."""
    return click.option(
        "--against",
        type=click.Choice(["current"]),
        help="Beside the figures of the policy that the build was made with.",
    )(function)
