"""The command about what moved a figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from terminal.opening import known_metric, known_metrics, opened, policy_of
from terminal.options import format_option, policy_option, warehouse_option


@click.command()
@click.argument("metric")
@click.option("--period", required=True, metavar="NAME", help="2026-10, 2026-Q3 or 2026.")
@click.option(
    "--against",
    type=click.Choice(["previous", "last-year"]),
    default="previous",
    show_default=True,
    help="The period that it moved from.",
)
@click.option("--by", default="priority", show_default=True, help="The column that splits it.")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these tickets.")
@format_option
@warehouse_option
@policy_option
def drivers(
    metric: str,
    period: str,
    against: str,
    by: str,
    where: Sequence[str],
    form: str,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """What moved a metric: its change split into mix and rate, adding up exactly."""
    from terminal.drivers import told_drivers
    from terminal.questions import question_of

    rules = policy_of(policy)
    chosen = known_metric(known_metrics(rules), metric)
    told = told_drivers(
        opened(warehouse, rules),
        rules,
        chosen,
        period=period,
        against=against,
        by=by,
        where=question_of(None, None, (), where, None).where,
        form=form,
    )
    click.echo(told, nl=False)


COMMANDS = (drivers,)
