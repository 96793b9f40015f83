"""What is doubtful about the data, for the terminal."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import polars as pl

from policies.model import Policy
from queries.bounds import Bound, bounds_of
from queries.catalogue import Metric
from queries.checking import Finding, findings_of, read_checks
from queries.wording import duration
from terminal.printing import printed_frame


def checked(
    connection: duckdb.DuckDBPyConnection, metrics: dict[str, Metric], policy: Policy
) -> list[tuple[Finding, list[Bound]]]:
    """Every check with the bounds of the figures that it touches; none where it found nothing."""
    checks = read_checks()
    return [
        (found, bounds_of(connection, found.check, metrics, policy) if found.count else [])
        for found in findings_of(connection, checks, policy)
    ]


def printed_checks(found: list[tuple[Finding, list[Bound]]], form: str) -> str:
    """One object a check in JSON, one row a check and figure otherwise."""
    if form == "json":
        told = [_finding(each) | {"figures": [_bound(b) for b in bounds]} for each, bounds in found]
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    shown = (lambda value, _: value) if form == "csv" else _shown
    rows = [
        _finding(each) | {"metric": None} | dict.fromkeys(("value", "lowest", "highest"))
        if bound is None
        else _finding(each)
        | {"metric": bound.metric.name}
        | {
            name: shown(getattr(bound, name), bound.metric.unit)
            for name in ("value", "lowest", "highest")
        }
        for each, bounds in found
        for bound in (bounds or [None])
    ]
    names = [name for name in rows[0] if form == "csv" or name != "label"] if rows else []
    frame = pl.DataFrame(rows, infer_schema_length=None).select(names)
    if form != "csv":
        frame = frame.with_columns(pl.col("share").map_elements(_percent, pl.String))
    return printed_frame(frame, form)


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "check": found.check.name,
        "label": found.check.label,
        "count": found.count,
        "share": found.share,
        "limit": found.limit,
        "over": found.is_over,
    }


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "metric": bound.metric.name,
        "mode": bound.mode,
        "touched": bound.touched,
        "value": bound.value,
        "without": bound.excluded,
        "lowest": bound.lowest,
        "highest": bound.highest,
    }


def _shown(value: float | None, unit: str) -> str | None:
    if value is None:
        return None
    if unit == "duration":
        return duration(value)
    return _percent(value) if unit == "share" else f"{value:,.0f}"


def _percent(share: float) -> str:
    return f"{share:.1%}"
