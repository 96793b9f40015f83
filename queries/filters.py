"""The filters of a question as tests in SQL, for the rows of figures and of lists alike.

Values of one column are or, columns are and, `(none)` is a missing value. Values reach SQL as bound
parameters only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from policies.refusal import Refused
from queries.known import Known
from queries.question import NONE

INTEGERS = (
    "tinyint",
    "smallint",
    "integer",
    "bigint",
    "utinyint",
    "usmallint",
    "uinteger",
)


@dataclass(frozen=True)
class Rows:
    """The rows that a filter looks at: a table or a query in brackets, what they are called in the
    question, and their columns with kinds of type."""

    source: str
    called: str
    columns: Mapping[str, str]


def filters(
    cursor: duckdb.DuckDBPyConnection,
    where: Mapping[str, tuple[str, ...]],
    rows_with: Callable[[str], Rows],
    known: Known,
) -> tuple[list[str], dict[str, object]]:
    """One test for each column that is filtered by, and the values bound to its names.

    `rows_with` tells which rows have a column. Refused for a value that the column cannot have.
    """
    tests, parameters = [], dict[str, object]()
    for number, (name, values) in enumerate(where.items()):
        rows = rows_with(name)
        kind = rows.columns[name]
        column = told = f"{rows.called}.{quoted(name)}"
        given = [_typed(name, kind, value) for value in values if value != NONE]
        if kind == "enum":
            places = _places_of(cursor, rows.source, name, known)
            given = [places[str(word)] for word in given if word in places]
            told = f"enum_code({column})"
        keys = [f"where_{number}_{n}" for n in range(len(given))]
        parameters |= dict(zip(keys, given, strict=True))
        tests.append(_any_of(column, told, keys, NONE in values))
    return tests, parameters


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _any_of(column: str, told: str, keys: list[str], or_missing: bool) -> str:
    """One filter: any of the values bound to the keys in what a column is told by, or a missing
    value."""
    options = [f"{told} in ({', '.join('$' + key for key in keys)})"] if keys else []
    if len(keys) == 1:  # what equals a value does so on the other side of a join as well
        options = [f"{told} = ${keys[0]}"]
    options += [f"{column} is null"] if or_missing else []
    return f"({' or '.join(options) or 'false'})"


def _places_of(
    cursor: duckdb.DuckDBPyConnection, source: str, name: str, known: Known
) -> Mapping[str, int]:
    """The words of an enum with their numbers. Compared with a word, every row of the column would
    be turned into text first, which takes as long as all the rest of a scan."""

    def look() -> dict[str, int]:
        (kind,) = cursor.sql(f"select {quoted(name)} from {source}").types
        (words,) = (found for _, found in kind.children if isinstance(found, list))
        return {word: place for place, word in enumerate(words)}

    return known.once(("places", source, name), look)


def _typed(name: str, kind: str, value: str) -> object:
    if kind == "boolean":
        if value.lower() not in ("true", "false"):
            raise Refused(f"{name} is true or false, not {value}.")
        return value.lower() == "true"
    if kind in INTEGERS:
        if not value.removeprefix("-").isdecimal():
            raise Refused(f"{name} is a whole number, not {value}.")
        return int(value)
    return value
