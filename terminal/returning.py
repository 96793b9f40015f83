"""The commands about what keeps coming back: candidates, waves, changes, effects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policies.refusal import Refused
from terminal.opening import opened, policy_of
from terminal.options import format_option, policy_option, warehouse_option


@click.command()
@click.argument("candidate", required=False)
@click.option("--by-rhythm", is_flag=True, help="The regular returners, however small.")
@click.option("--name", help="Call the candidate so.")
@click.option("--merge-into", metavar="CANDIDATE", help="Make it part of another one.")
@click.option("--split-by", metavar="COLUMN", help="Take it apart; '' undoes a split or merge.")
@click.option("--dismiss", metavar="REASON", help="Leave it out of the lists.")
@click.option("--restore", is_flag=True, help="Take a dismissal back.")
@click.option("--problem", metavar="NUMBER", help="The problem record that follows it.")
@click.option("--who", envvar="MEANTIME_WHO", help="Who decides; your login without it.")
@click.option("--dismissed", is_flag=True, help="With the dismissed ones.")
@format_option
@warehouse_option
@policy_option
def candidates(
    candidate: str | None,
    by_rhythm: bool,
    name: str | None,
    merge_into: str | None,
    split_by: str | None,
    dismiss: str | None,
    restore: bool,
    problem: str | None,
    who: str | None,
    dismissed: bool,
    form: str,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """What keeps coming back: by cost or by rhythm; the tickets of one, or a decision about it."""
    import getpass

    from pipelines.warehouse import Warehouse
    from terminal import recurrence

    rules = policy_of(policy)
    place = (opened(warehouse, rules), Warehouse(warehouse).kept, rules)
    given = {
        "name": name, "merge": merge_into, "split": split_by, "dismiss": dismiss, "link": problem,
        "restore": "" if restore else None,
    }  # fmt: skip
    wanted: list[Any] = [(action, value) for action, value in given.items() if value is not None]
    if wanted and (candidate is None or len(wanted) > 1):
        raise Refused("Name one candidate and one decision about it at a time.")
    if candidate is None:
        order = "rhythm" if by_rhythm else "cost"
        told = recurrence.printed_candidates(*place, order, form, with_dismissed=dismissed)
    elif wanted:
        action, value = wanted[0]
        told = recurrence.decided(*place, (candidate, action, value), who or getpass.getuser())
    else:
        told = recurrence.printed_tickets(*place, candidate, form)
    click.echo(told, nl=False)


COMMANDS = (candidates,)
