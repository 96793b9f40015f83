"""The commands about what keeps coming back: candidates, waves, changes, effects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policies.refusal import Refused
from terminal.opening import known_metric, known_metrics, opened, policy_of
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


@click.command()
@click.argument("wave", required=False)
@format_option
@warehouse_option
@policy_option
def waves(wave: str | None, form: str, warehouse: Path, policy: Path | None) -> None:
    """Bursts of similar tickets, with the change before them and the major incident declared; the
    tickets of one."""
    from insights import waves as found
    from insights.standing import refuse_without
    from terminal.printing import printed_frame

    connection = opened(warehouse, policy_of(policy))
    refuse_without(connection, "waves")
    rows = found.waves(connection) if wave is None else found.tickets_of(connection, wave)
    if wave is not None and rows.is_empty():
        raise Refused(f"There is no wave {wave}: `meantime waves` lists them with their ids.")
    click.echo(printed_frame(rows, form), nl=False)


@click.command()
@click.argument("change", required=False)
@click.option("--lift", is_flag=True, help="Incidents after changes against control windows.")
@format_option
@warehouse_option
@policy_option
def changes(
    change: str | None, lift: bool, form: str, warehouse: Path, policy: Path | None
) -> None:
    """Changes with the incidents after them; the incidents of one; the lift."""
    from insights import changes as found
    from insights.standing import refuse_without
    from terminal.printing import printed_frame

    connection = opened(warehouse, policy_of(policy))
    refuse_without(connection, "change_lifts")
    if lift:
        rows = found.lifts(connection)
    elif change is None:
        rows = found.changes(connection)
    else:
        known = found.changes(connection)
        one = known.filter((known["number"] == change) | (known["change_id"] == change))
        if one.is_empty():
            raise Refused(f"There is no change {change} that was done: give its number or its id.")
        rows = found.incidents_of(connection, one["change_id"][0])
    click.echo(printed_frame(rows, form), nl=False)


@click.command()
@click.argument("metrics", nargs=-1)
@click.option("--marker", "title", help="Only this marker of the policy, or of the pages.")
@click.option("--on", "day", metavar="DATE", help="A day of your own instead of a marker.")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="For which tickets.")
@click.option("--days", type=click.IntRange(7), default=180, show_default=True)
@format_option
@warehouse_option
@policy_option
def effect(
    metrics: tuple[str, ...],
    title: str | None,
    day: str | None,
    where: tuple[str, ...],
    days: int,
    form: str,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """What a marker did to figures, the mix of priority and category held still."""
    from pipelines.warehouse import Warehouse
    from terminal import recurrence

    rules = policy_of(policy)
    catalogue = known_metrics(rules)
    chosen = [known_metric(catalogue, name) for name in metrics or ("mttr",)]
    found = recurrence.chosen_markers(rules, Warehouse(warehouse).kept, title, day, where)
    connection = opened(warehouse, rules)
    click.echo(recurrence.printed_effects(connection, chosen, found, rules, days, form), nl=False)


COMMANDS = (candidates, waves, changes, effect)
