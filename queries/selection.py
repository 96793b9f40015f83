"""The rows a question looks at: a metric's evidence, filtered, as a fragment of SQL.

Names of columns are looked up among those that the database itself describes, and quoted.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from policies.refusal import Refused
from queries.catalogue import Metric
from queries.fetching import fetch
from queries.filters import INTEGERS, Rows, filters, quoted
from queries.known import Known
from queries.question import NONE, Question

SHAPES: dict[str, tuple[str, ...]] = {
    "level": ("from_at", "to_at"),
    "ratio": ("from_at", "to_at", "counted_at", "numerator", "denominator"),
}
_POINTS = ("counted_at", "value")


class NotCutError(Exception):
    """The metric cannot be cut or filtered by a column that tickets do have; says why."""


@dataclass(frozen=True)
class Span:
    """What time the data covers: first opening, and the moment of the newest export."""

    first_at: datetime | None
    data_at: datetime | None


@dataclass(frozen=True)
class Selection:
    """The evidence behind a question, before its period: `from {source} where {where}`."""

    source: str
    where: str
    parameters: Mapping[str, object]
    columns: Mapping[str, str]  # of the evidence itself, with their types


def read_span(cursor: duckdb.DuckDBPyConnection, known: Known) -> Span:
    """The span of the data in this warehouse; both ends None when it is empty."""
    sql = "select first_at, data_at from data_span"
    return known.once(sql, lambda: Span(*cursor.sql(sql).pl().row(0)))


def select_evidence(
    cursor: duckdb.DuckDBPyConnection, metric: Metric, question: Question, known: Known
) -> Selection:
    """The metric's evidence with the question's filters.

    Raises Refused for a column that nothing has, and NotCutError for one that tickets have and this
    metric's evidence does not.
    """
    columns = _describe(cursor, metric, known)
    shape = SHAPES.get(metric.aggregate, _POINTS)
    if metric.is_share_of_level:
        shape += ("since_at",)
    missing = [name for name in shape if name not in columns]
    if missing:
        raise Refused(f"{metric.path}: its query lacks the column {missing[0]}: add it.")
    joined = _joined_columns(cursor, metric, question, columns, known)
    source = f"({metric.sql}\n) as evidence"
    if joined:
        source += "\nleft join counted_tickets as ticket on ticket.ticket_id = evidence.ticket_id"
    own = Rows(f"({metric.sql}\n)", "evidence", columns)
    of_tickets = Rows("counted_tickets", "ticket", joined)
    tests, parameters = filters(
        cursor, question.where, lambda name: own if name in columns else of_tickets, known
    )
    return Selection(source, " and ".join(["true", *tests]), parameters, columns)


def column_sql(name: str, selection: Selection) -> str:
    """A column to cut by as text, a missing value as `(none)`."""
    return f"coalesce(cast({_qualified(name, selection.columns)} as varchar), '{NONE}')"


def _qualified(name: str, columns: Mapping[str, str]) -> str:
    """A column of the evidence, or else of the tickets that it is joined with."""
    return f"{'evidence' if name in columns else 'ticket'}.{quoted(name)}"


def _describe(cursor: duckdb.DuckDBPyConnection, metric: Metric, known: Known) -> Mapping[str, str]:
    try:
        return columns_of(cursor, f"({metric.sql}\n)", known)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise Refused(f"{metric.path}: its query does not run here: {error}") from None


def described(cursor: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """Columns and kinds of type (varchar, enum, boolean, bigint ...) of a table, or of a query in
    brackets, which is bound and not run. `describe` would write out every word of every enum."""
    relation = cursor.sql(f"select * from {source}")
    return dict(zip(relation.columns, (kind.id for kind in relation.types), strict=True))


def columns_of(cursor: duckdb.DuckDBPyConnection, source: str, known: Known) -> Mapping[str, str]:
    """The same, looked up once."""
    return known.once(("columns", source), lambda: described(cursor, source))


def _joined_columns(
    cursor: duckdb.DuckDBPyConnection,
    metric: Metric,
    question: Question,
    columns: Mapping[str, str],
    known: Known,
) -> dict[str, str]:
    """The asked-for columns that have to come from `counted_tickets`, with their types."""
    asked = [*question.columns, *question.where]
    of_tickets = columns_of(cursor, "counted_tickets", known)
    for name in asked:
        _check_column(name, metric, columns, of_tickets)
    return {name: of_tickets[name] for name in asked if name not in columns}


def _check_column(
    name: str, metric: Metric, columns: Mapping[str, str], of_tickets: Mapping[str, str]
) -> None:
    usable = {key for key, type_ in {**of_tickets, **columns}.items() if _is_dimension(key, type_)}
    if name not in usable:
        nearest = difflib.get_close_matches(name, sorted(usable), n=1, cutoff=0)
        raise Refused(f"Tickets cannot be cut or filtered by {name}: did you mean {nearest[0]}?")
    if metric.dimensions is not None and name not in metric.dimensions:
        raise NotCutError(
            f"{metric.label} is told by {', '.join(metric.dimensions)} only, not by {name}"
        )
    if name not in columns and "ticket_id" not in columns:
        raise NotCutError(f"{metric.label} does not stand on tickets that have a {name}")


def _is_dimension(name: str, type_: str) -> bool:
    textual = ("varchar", "enum", "boolean", *INTEGERS)
    return type_ in textual and name not in ("value", "numerator", "denominator")


def first_row(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The first row of a query as a mapping."""
    return fetch(cursor, sql, parameters).row(0, named=True)
