"""The command that hands figures over: `meantime report`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from policies.refusal import Refused
from terminal.opening import known_metrics, opened, policy_of, without_pandas
from terminal.options import policy_option, question_options, warehouse_option

# Several questions are asked at once: threads that share less than this mostly wait for each other.
SMALL_BUILD_BYTES = 100_000_000


@click.command()
@click.option("--month", metavar="YYYY-MM", help="The month; the last complete one without any.")
@click.option("--quarter", metavar="YYYY-Qn", help="A quarter in place of a month.")
@question_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder that the files go into.",
)
@click.option("--format", "formats", default="pdf", show_default=True, help="pdf, xlsx, html.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--each", metavar="COLUMN", help="One pack for each value, such as customer.")
@click.option("--date", "printed_on", metavar="DATE", help="Its date; today without it.")
@click.option("--freeze", is_flag=True, help="Keep the figures as published.")
@warehouse_option
@policy_option
def report(
    month: str | None,
    quarter: str | None,
    from_on: str | None,
    to_on: str | None,
    where: tuple[str, ...],
    out: Path,
    formats: str,
    paper: Literal["a4", "letter"],
    each: str | None,
    printed_on: str | None,
    freeze: bool,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """Write the service report of a month as PDF, XLSX and HTML."""
    from reports.drawers import drawers
    from reports.formats import formats_of

    wanted = formats_of(formats)
    # What draws makes itself ready meanwhile: the imports wait until it has begun.
    with without_pandas(), drawers(wanted, is_one=each is None) as drawing:
        from pipelines.warehouse import Warehouse
        from reports.asking import Shared, Source
        from reports.packs import Order, write_packs
        from reports.periods import days_of, periods_of
        from terminal.progress import progress_bar
        from terminal.questions import question_of

        asked = question_of(from_on, to_on, (), where, None)
        days = days_of(month, quarter, asked.from_on, asked.to_on)
        rules = policy_of(policy)
        place = Warehouse(warehouse)
        dated = _date(printed_on, rules)
        connection = opened(warehouse, rules)
        if place.current_path().stat().st_size < SMALL_BUILD_BYTES:
            connection.execute("set threads = 1")
        source = Source(connection, rules, known_metrics(rules), place.kept, place.current() or 0)
        shared = Shared(source)
        periods = periods_of(shared.months, days)
        order = Order(
            periods,
            wanted,
            asked.where,
            dated,
            paper,
            each,
            freeze,
            _comments(place, periods.looked_at.name),
        )
        with progress_bar() as progress:
            packs = write_packs(shared, order, out, _steps(progress), drawing)
    click.echo(_told(packs, order, out))


def _date(text: str | None, policy: Any) -> date:
    from datetime import datetime

    if text is None:
        return datetime.now(policy.timezone).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--date {text} is no date: write it as 2026-11-02.") from None


def _comments(place: Any, period: str) -> tuple[Any, ...]:
    """The newest comment on the period, as the pages show it."""
    from pipelines.comments import comments
    from reports.content import Comment

    return tuple(
        Comment(each.text, each.who, date.fromisoformat(each.written_at[:10]))
        for each in comments(place, period)[-1:]
    )


def _steps(progress: Any) -> Any:
    from pipelines.progress import Step

    return lambda what, done, total: progress(Step(what, done, total))


def _told(packs: Any, order: Any, out: Path) -> str:
    from queries import wording

    files = sum(len(pack.files) for pack in packs)
    period = wording.month(order.periods.looked_at.name)
    empty = sum(pack.report.is_empty for pack in packs)
    parts = [f"{period}: {len(packs):,} report{'' if len(packs) == 1 else 's'}"]
    parts.append(f"{files:,} file{'' if files == 1 else 's'} in {out}")
    if empty:
        parts.append(f"{empty:,} without a ticket")
    if not order.periods.looked_at.is_complete:
        parts.append("not fully loaded")
    if order.is_frozen:
        parts.append("kept as published")
    return ", ".join(parts)


COMMANDS = (report,)
