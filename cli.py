"""The terminal door: `meantime COMMAND`. Its commands, flags and exit statuses are a contract."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NoReturn

import click

from policies.refusal import Refused
from terminal import following, moving, reports, returning
from terminal.opening import known_metric as _metric
from terminal.opening import known_metrics as _metrics
from terminal.opening import opened as _open
from terminal.opening import opened_as_built as _open_as_built
from terminal.opening import policy_of as _read_policy
from terminal.options import (
    against_option,
    format_option,
    policy_option,
    question_options,
    warehouse_option,
)

REFUSED = 2


@click.group(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="meantime")
def commands() -> None:
    """Numbers about IT tickets that IT people can defend."""


for command in (*moving.COMMANDS, *reports.COMMANDS, *returning.COMMANDS, *following.COMMANDS):
    commands.add_command(command)


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="The source that wrote the files; detected without it.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A mapping of the files' columns, as `meantime map` proposes it.",
)
@click.option("--timezone", help="The zone of times that carry none, for example Europe/Madrid.")
@click.option("--date-order", help="dmy, mdy or ymd, where a column fits more than one.")
@click.option("--exported-at", help="The moment of the export; the newest instant without it.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@warehouse_option
@policy_option
def load(
    paths: Sequence[Path],
    source: str | None,
    mapping: Path | None,
    timezone: str | None,
    date_order: str | None,
    exported_at: str | None,
    as_json: bool,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """Load exports: files, or folders of them."""
    from pipelines.ledger import LoadOptions
    from pipelines.load import load as load_files
    from pipelines.mappings.mapping import read_mapping
    from pipelines.warehouse import Warehouse
    from terminal.loading import told_load
    from terminal.progress import progress_bar

    given = read_mapping(mapping) if mapping is not None else None
    options = LoadOptions(source, timezone, date_order, exported_at, given)
    with progress_bar() as progress:
        report = load_files(
            paths,
            Warehouse(warehouse),
            _read_policy(policy),
            options,
            progress=progress,
            say=lambda sentence: click.echo(f"meantime: {sentence}", err=True),
        )
    click.echo(report.as_json() if as_json else told_load(report))


@commands.command("map")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it there.")
@click.option("--source", help="The name that its tickets will carry; made from the file's name.")
@click.option("--timezone", help="The zone of times that carry none, for example Europe/Madrid.")
@click.option("--date-order", help="dmy or mdy, where no column of the file proves it.")
def propose_mapping(
    path: Path, out: Path | None, source: str | None, timezone: str | None, date_order: str | None
) -> None:
    """Propose a mapping of a file's columns, for `meantime load --map`."""
    from terminal.mappings import proposed, written

    text = proposed(path, source, timezone, date_order)
    click.echo(text if out is None else written(out, text, path), nl=out is not None)


@commands.command()
@click.argument("metrics", nargs=-1)
@question_options
@click.option(
    "--by", multiple=True, help="month, week, quarter, day, year or a column; twice for two."
)
@click.option(
    "--aggregate", type=click.Choice(["mean", "median", "p90"]), help="Instead of its own."
)
@against_option
@format_option
@warehouse_option
@policy_option
def kpi(
    metrics: Sequence[str],
    from_on: str | None,
    to_on: str | None,
    where: Sequence[str],
    by: Sequence[str],
    aggregate: Literal["mean", "median", "p90"] | None,
    against: str | None,
    form: str,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """Compute metrics: all of them, or those named."""
    from queries.measure import measure
    from terminal.printing import printed_answers
    from terminal.questions import question_of
    from terminal.what_if import printed_side_by_side

    rules = _read_policy(policy)
    catalogue = _metrics(rules)
    question = question_of(from_on, to_on, by, where, aggregate)
    connection = _open(warehouse, rules)
    chosen = [_metric(catalogue, name) for name in metrics] or [
        metric for metric in catalogue.values() if aggregate is None or metric.unit == "duration"
    ]
    answers = [measure(connection, metric, question, rules) for metric in chosen]
    if against is None:
        click.echo(printed_answers(answers, form), nl=False)
        return
    current = [measure(_open_as_built(warehouse), metric, question, rules) for metric in chosen]
    click.echo(printed_side_by_side(current, answers, connection, form), nl=False)


@commands.command()
@click.option("--metric", help="The metric whose evidence is listed; all tickets without it.")
@question_options
@format_option
@warehouse_option
@policy_option
def tickets(
    metric: str | None,
    from_on: str | None,
    to_on: str | None,
    where: Sequence[str],
    form: str,
    warehouse: Path,
    policy: Path | None,
) -> None:
    """List the tickets behind a metric, or all tickets."""
    from queries.measure import evidence
    from queries.tickets import all_tickets
    from terminal.printing import printed_frame
    from terminal.questions import question_of

    rules = _read_policy(policy)
    question = question_of(from_on, to_on, (), where, None)
    connection = _open(warehouse, rules)
    if metric is None:
        rows = all_tickets(connection, question, rules)
    else:
        rows = evidence(connection, _metric(_metrics(rules), metric), question, rules)
    click.echo(printed_frame(rows, form), nl=False)


@commands.command()
@click.option("--reconcile", is_flag=True, help="Beside the tool's own flag and deadline.")
@against_option
@format_option
@warehouse_option
@policy_option
def clocks(
    reconcile: bool, against: str | None, form: str, warehouse: Path, policy: Path | None
) -> None:
    """Every SLA clock, one row each."""
    from queries import service_levels
    from terminal.printing import printed_frame
    from terminal.what_if import printed_reconciliation, printed_what_if

    connection = _open(warehouse, _read_policy(policy))
    if reconcile:
        printed = printed_reconciliation(service_levels.reconcile(connection), form)
    elif against is not None:
        printed = printed_what_if(service_levels.against_current(connection), form)
    else:
        printed = printed_frame(service_levels.clocks(connection), form)
    click.echo(printed, nl=False)


@commands.command()
@click.argument("ticket")
@format_option
@warehouse_option
@policy_option
def explain(ticket: str, form: str, warehouse: Path, policy: Path | None) -> None:
    """One ticket's clocks, interval by interval, with the rule that counted each or did not."""
    from queries.explain import explain as explain_ticket
    from terminal.explanations import printed_explanations

    rules = _read_policy(policy)
    explanations = explain_ticket(_open(warehouse, rules), rules, ticket)
    click.echo(printed_explanations(explanations, form, rules.timezone), nl=False)


@commands.command()
@format_option
@warehouse_option
def sources(form: str, warehouse: Path) -> None:
    """What Meantime reads, what each export is told by and what it cannot give."""
    from pipelines.warehouse import Warehouse
    from terminal.loading import source_rows
    from terminal.printing import printed_frame

    click.echo(printed_frame(source_rows(Warehouse(warehouse)), form), nl=False)


@commands.command()
@format_option
@policy_option
def metrics(form: str, policy: Path | None) -> None:
    """What Meantime computes, with the definitions in force."""
    from terminal.printing import metric_rows, printed_frame

    rules = _read_policy(policy)
    click.echo(printed_frame(metric_rows(_metrics(rules), rules), form), nl=False)


@commands.command()
@click.option("--undo", type=int, metavar="LOAD_ID", help="Take this load back, as a new build.")
@format_option
@warehouse_option
@policy_option
def loads(undo: int | None, form: str, warehouse: Path, policy: Path | None) -> None:
    """What was loaded: the ledger, one line per file."""
    from pipelines.warehouse import Warehouse
    from terminal.loading import ledger_rows, told_interruptions, undone_load
    from terminal.printing import printed_frame

    if undo is not None:
        click.echo(undone_load(undo, Warehouse(warehouse), _read_policy(policy)))
        return
    ledger = ledger_rows(Warehouse(warehouse))
    click.echo(printed_frame(ledger, form), nl=False)
    for sentence in told_interruptions(Warehouse(warehouse)):
        click.echo(f"meantime: {sentence}", err=True)


@commands.command()
@format_option
@warehouse_option
@policy_option
def check(form: str, warehouse: Path, policy: Path | None) -> int:
    """What is doubtful about the data and its effect on figures; status 1 where it is too much."""
    from terminal.checks import checked, printed_checks

    rules = _read_policy(policy)
    found = checked(_open(warehouse, rules), _metrics(rules), rules)
    click.echo(printed_checks(found, form), nl=False)
    return int(any(finding.is_over for finding, _ in found))


@commands.command()
@policy_option
def policy(policy: Path | None) -> None:
    """Print the policy in force, annotated."""
    from terminal.policies import told_policy

    click.echo(told_policy(policy, _read_policy(policy)), nl=False)


@commands.command()
@warehouse_option
@policy_option
def rebuild(warehouse: Path, policy: Path | None) -> None:
    """Build the model anew, under this policy, as a new build."""
    from pipelines.load import rebuild as rebuild_model
    from pipelines.warehouse import Warehouse

    report = rebuild_model(Warehouse(warehouse), _read_policy(policy))
    click.echo(f"{warehouse}: build {report.build} has the model anew")


@commands.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8501, envvar="PORT", show_default=True
)
@warehouse_option
@policy_option
def app(port: int, warehouse: Path, policy: Path | None) -> None:
    """Serve the dashboard on the warehouse."""
    from dashboard.server import refuse_taken, serve

    refuse_taken(port)
    _read_policy(policy)
    serve(port, warehouse, policy)


@commands.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8501, envvar="PORT", show_default=True
)
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-warehouse"),
    show_default=True,
    help="The folder that the sample data goes into.",
)
def demo(port: int, warehouse: Path) -> None:
    """Serve the dashboard on two years of sample data."""
    from dashboard.server import refuse_taken, serve
    from sample_data.demo import SAMPLE_POLICY, prepare_demo
    from terminal.progress import progress_bar

    refuse_taken(port)
    with progress_bar() as progress:
        prepare_demo(warehouse, progress)
    serve(port, warehouse, SAMPLE_POLICY)


def main() -> NoReturn:
    """Run a command; what users did wrong is one sentence on standard error and status 2."""
    try:
        result = commands.main(standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except Refused as refused:
        _refuse(str(refused))
    except click.ClickException as error:
        _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def run() -> NoReturn:
    """`main` as a process of its own, which leaves when it is done: files and connections are
    closed by then, and taking apart in memory what nobody needs is a twelfth of a report's time."""
    try:
        main()
    except SystemExit as ended:
        with suppress(BrokenPipeError):  # whoever read our output has enough of it
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 0)


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"meantime: {' '.join(sentence.split())}", err=True)
    sys.exit(REFUSED)


if __name__ == "__main__":
    run()
