"""Rows as a table for people, as JSON or CSV for programs."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Sequence
from datetime import date, datetime
from shutil import get_terminal_size
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policies.model import Policy
from queries.catalogue import Metric, definition
from queries.measure import Answer
from queries.wording import duration

SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTH_IN_A_PIPE = 10_000
NARROWEST_SENTENCE = 24
SECONDS = ("value", "low", "high", "median", "p90")


def printed_frame(rows: pl.DataFrame, form: str) -> str:
    """A frame in the form asked for, ending in a line break."""
    rows = rows.with_columns(
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
    )
    if form == "json":
        return json.dumps(rows.to_dicts(), ensure_ascii=False, indent=2, default=plain) + "\n"
    if form == "csv":
        return rows.write_csv()
    return _table(rows.columns, [[_shown(cell) for cell in row] for row in rows.iter_rows()])


def printed_answers(answers: Sequence[Answer], form: str) -> str:
    """The answers of metrics: a list of objects in JSON, one row per bucket otherwise."""
    if form == "json":
        told = [_answer_object(answer) for answer in answers]
        return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"
    rows = [row for answer in answers for row in answer_rows(answer)]
    if form == "csv":
        return pl.DataFrame(rows, infer_schema_length=None).write_csv() if rows else ""
    columns = [name for name in rows[0] if name != "unit"] if rows else []
    columns = [name for name in columns if any(row[name] is not None for row in rows)]
    return _table(columns, [[_told(row, name) for name in columns] for row in rows])


def metric_rows(metrics: dict[str, Metric], policy: Policy) -> pl.DataFrame:
    """One row per metric: name, label, unit, aggregate, better, the definition in force."""
    return pl.DataFrame(
        [
            {
                "metric": metric.name,
                "label": metric.label,
                "unit": metric.unit,
                "aggregate": metric.aggregate,
                "better": metric.better,
                "definition": definition(metric, policy),
            }
            for metric in metrics.values()
        ]
    )


def _answer_object(answer: Answer) -> dict[str, Any]:
    question = answer.question
    told: dict[str, Any] = {
        "metric": answer.metric.name,
        "unit": answer.metric.unit,
        "from": question.from_on,
        "to": question.to_on,
        "by": list(question.by),
        "aggregate": answer.aggregate,
        "definition": answer.definition,
        "rows": [_bucket_object(answer, row) for row in answer.rows.to_dicts()],
    }
    if answer.reason is not None:
        told["reason"] = answer.reason
    return told


def _bucket_object(answer: Answer, row: dict[str, Any]) -> dict[str, Any]:
    """One bucket: two levels give a list; median and p90 where the value is a duration."""
    bucket = row["bucket"]
    if len(answer.question.by) == 2:
        bucket = [row["bucket"], row["bucket_2"]]
    told = {"bucket": bucket}
    told |= {name: row[name] for name in ("n", "value", "low", "high")}
    if answer.metric.unit == "duration":
        told |= {"median": row["median"], "p90": row["p90"]}
    told["coverage"] = row["coverage"]
    if row.get("reason"):
        told["reason"] = row["reason"]
    return told


def answer_rows(answer: Answer) -> list[dict[str, Any]]:
    """The same as flat rows, for a table or CSV."""
    names = ("bucket", "bucket_2", "n", "value", "low", "high", "median", "p90", "coverage")
    return [
        {"metric": answer.metric.name, "unit": answer.metric.unit}
        | {name: row.get(name) for name in names}
        | {"reason": row.get("reason") or answer.reason}
        for row in answer.rows.to_dicts()
    ]


def _told(row: dict[str, Any], name: str) -> str:
    """A cell as people read it: durations in two units, shares in per cent."""
    cell = row[name]
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if name == "coverage" or (name in SECONDS and row["unit"] == "share"):
        return f"{cell:.1%}"
    if name in SECONDS and row["unit"] == "duration":
        return duration(cell)
    return _shown(cell)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return " ".join(str(cell).split())


def plain(value: object) -> object:
    """What JSON has no type for, as text: instants with a Z, days as dates."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """As wide as its content in a pipe; in a terminal its sentences wrap, and what is wider still
    is told row by row, one line a column."""
    if not sys.stdout.isatty():
        return _drawn(_grid(columns, rows, wraps=False), WIDTH_IN_A_PIPE)
    width = get_terminal_size().columns
    needs = [
        max(len(name), *(min(len(row[place]), NARROWEST_SENTENCE) for row in rows), 0)
        for place, name in enumerate(columns)
    ]
    if sum(needs) + 2 * len(needs) <= width:
        return _drawn(_grid(columns, rows, wraps=True), width)
    told = ([("", ""), *zip(columns, row, strict=True)] for row in rows)
    lines = [line for each in told for line in each][1:]
    return _drawn(_grid(("", ""), lines, wraps=True), width)


def _grid(columns: Sequence[str], rows: Sequence[Sequence[str]], wraps: bool) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold", show_header=any(columns))
    for place, name in enumerate(columns):
        is_sentence = any(" " in row[place] for row in rows)
        grid.add_column(name, no_wrap=not (wraps and is_sentence), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _drawn(grid: Table, width: int) -> str:
    target = io.StringIO()
    Console(file=target, width=width, soft_wrap=False).print(grid)
    return "".join(line.rstrip() + "\n" for line in target.getvalue().splitlines())
