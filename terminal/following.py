"""The commands about what should follow an incident: a lesson, an action, no repeat."""

from __future__ import annotations

from pathlib import Path

import click

from terminal.opening import opened, policy_of
from terminal.options import format_option, policy_option, warehouse_option


@click.command()
@click.option("--by", metavar="COLUMN", help="Repeats and their rate by caller, service ...")
@format_option
@warehouse_option
@policy_option
def repeats(by: str | None, form: str, warehouse: Path, policy: Path | None) -> None:
    """Chains of incidents that repeat one another, with the gaps between them."""
    from queries import listing
    from terminal.printing import printed_frame

    connection = opened(warehouse, policy_of(policy))
    rows = listing.chains(connection) if by is None else listing.repeats_by(connection, by)
    click.echo(printed_frame(rows, form), nl=False)


@click.command()
@click.option("--actions", is_flag=True, help="Open actions of reviews past their date instead.")
@format_option
@warehouse_option
@policy_option
def reviews(*, actions: bool, form: str, warehouse: Path, policy: Path | None) -> None:
    """Incidents whose post-incident review is missing, the longest overdue first."""
    from queries import listing
    from terminal.printing import printed_frame

    connection = opened(warehouse, policy_of(policy))
    rows = listing.overdue_actions(connection) if actions else listing.missing_reviews(connection)
    click.echo(printed_frame(rows, form), nl=False)


COMMANDS = (repeats, reviews)
