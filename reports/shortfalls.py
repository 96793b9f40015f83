"""Services and customers below target, and what the data could not tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from queries import wording
from queries.catalogue import Metric
from queries.groups import is_met
from queries.question import NONE
from reports import cells
from reports.asking import Asked
from reports.cells import Cell, Table
from reports.kpis import Kpi, Periods
from reports.sections import Section

DIMENSIONS = ("service", "customer")
FEWEST_ROWS = 5
LOW_COVERAGE = 0.95
SHOWN = 20
SHOWN_FINDINGS = 12


def below_target(asked: Asked, periods: Periods) -> Section:
    """Every value of service and customer whose figure misses its target, widest gap first."""
    policy = asked.source.policy
    metrics = [
        asked.source.metrics[name] for name in policy.targets if name in asked.source.metrics
    ]
    known = [name for name in DIMENSIONS if name in asked.shared.filled]
    dimensions = [name for name in known if len(asked.where.get(name, ("", ""))) > 1]
    lines = [
        line
        for dimension in dimensions
        for metric in metrics
        for line in _missed(asked, metric, periods, dimension, policy.targets[metric.name])
    ]
    lines += _objectives(asked, periods)
    table = Table(
        "Below target",
        "Below target, the widest gap of each figure first",
        cells.columns(
            ("Of", 1.2, "left"),
            ("Name", 2.6, "left"),
            ("Figure", 2.2, "left"),
            ("Value", 1.1, "right"),
            ("Target", 1.1, "right"),
            ("Gap", 1.1, "right"),
            ("n", 0.8, "right"),
            ("Is it real?", 1.6, "left"),
        ),
        cells.rows_of(lines),
        absent="Nothing is below its target." if known else "Nothing is known of them.",
    )
    names = {line[1].words for line in lines}
    count = len(names)
    headline = (
        f"{count:,} {'name misses' if count == 1 else 'names miss'} a target"
        if count
        else " and ".join(f"no {name}" for name in known).capitalize() + " is below target"
        if known
        else "Not known: these exports name neither services nor customers"
    )
    note = (
        f"Names with fewer than {FEWEST_ROWS} tickets are left out: they say too little. "
        "Cannot tell: the 95 % interval holds the target."
    )
    return Section("Below target", headline, tables=(table,), notes=(note,), shown=SHOWN)


def _missed(
    asked: Asked, metric: Metric, periods: Periods, dimension: str, target: float
) -> list[list[Cell]]:
    rows = asked.answer(metric, asked.question(periods.looked_at, dimension)).rows.to_dicts()
    missed = [
        row
        for row in rows
        if row["value"] is not None
        and row["bucket"] != NONE
        and row["n"] >= FEWEST_ROWS
        and is_met(metric, row["value"], target) is False
    ]
    missed.sort(key=lambda row: (-abs(row["value"] - target), row["bucket"]))
    return [
        _line(
            metric,
            wording.column(dimension),
            row["bucket"],
            (row["value"], target, row["low"], row["high"]),
            row["n"],
        )
        for row in missed
    ]


def _objectives(asked: Asked, periods: Periods) -> list[list[Cell]]:
    """Services whose availability is below their own objective."""
    metric = asked.source.metrics.get("availability")
    promised = {each.name: each.slo for each in asked.source.policy.service if each.slo}
    if metric is None or not promised:
        return []
    answer = asked.answer(metric, asked.question(periods.looked_at, "service"))
    rows = [
        (row, promised[row["bucket"]])
        for row in answer.rows.to_dicts()
        if row["bucket"] in promised
        and row["value"] is not None
        and row["value"] < promised[row["bucket"]]
    ]
    rows.sort(key=lambda each: each[0]["value"] - each[1])
    return [
        _line(metric, "Service", row["bucket"], (row["value"], slo, None, None), row["n"])
        for row, slo in rows
    ]


def _name(file: str) -> str:
    """The name of a loaded file, without the folders of whoever loaded it."""
    return re.split(r"[/\\]", file)[-1]


def _line(
    metric: Metric,
    of: str,
    named: str,
    figures: tuple[float, float, float | None, float | None],
    n: int,
) -> list[Cell]:
    value, target, low, high = figures
    holds = low is not None and high is not None and low <= target <= high
    return [
        cells.text(of),
        cells.text(named),
        cells.text(metric.label),
        cells.figure(metric, value),
        cells.figure(metric, target),
        cells.change(metric, value - target, "quiet" if holds else "bad"),
        cells.count(n),
        cells.verdict("cannot tell" if holds else "missed"),
    ]


def not_told(asked: Asked, found: Sequence[Kpi]) -> Section:
    """Figures that are not available or stand on a part of their rows, and odd things in files."""
    lines = [
        [
            cells.text(each.metric.label),
            cells.text("not available"),
            cells.text(each.reason),
        ]
        for each in found
        if each.value is None
    ]
    lines += [
        [
            cells.text(each.metric.label),
            cells.share(each.row["coverage"]),
            cells.text("of the rows that it should stand on carry what it needs"),
        ]
        for each in found
        if each.value is not None
        and each.row["coverage"] is not None
        and each.row["coverage"] < LOW_COVERAGE
    ]
    figures = Table(
        "Not told",
        "Figures that the data tell in part or not at all",
        cells.columns(("Figure", 2, "left"), ("Told by", 1.2, "right"), ("Why", 5, "left")),
        cells.rows_of(lines),
        absent="Every figure stands on all of its rows.",
    )
    state = asked.shared.state
    findings = Table(
        "Findings",
        "What was odd about the loaded files, newest load first",
        cells.columns(("File", 2.4, "left"), ("Count", 0.8, "right"), ("Finding", 5, "left")),
        cells.rows_of(
            [
                [
                    cells.text(_name(row["file"])),
                    cells.count(row["count"]),
                    cells.text(row["message"]),
                ]
                for row in asked.shared.findings.to_dicts()
            ]
        ),
        absent="Nothing was odd about the loaded files.",
    )
    absent = sum(each.value is None for each in found)
    told = f"{absent:,} of {len(found):,} figures are not available"
    rejected = state["rows_rejected"]
    notes = (
        f"{rejected:,} row{'' if rejected == 1 else 's'} of the loaded files could not be accepted "
        f"and {'is' if rejected == 1 else 'are'} in no figure. Findings are those of all files.",
    )
    return Section(
        "What the data could not tell", told, (), (figures, findings), notes, SHOWN_FINDINGS
    )
