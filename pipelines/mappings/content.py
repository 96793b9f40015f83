"""What the cells of a file's columns look like: dates, ids, words, numbers, names, prose.

It is told from the first rows, and only to propose a mapping: what a load reads, it reads and
checks in every row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import duckdb

from pipelines.binding import Bindings
from pipelines.reading.opened import OpenedFile

Kind = Literal["empty", "dates", "durations", "yes or no", "numbers", "words", "names", "prose"]

ROWS_LOOKED_AT = 20_000
MOST_WORDS = 60
LONGEST_WORD = 60
MOSTLY = 0.9
MANY_DATES = 0.6  # the rest would be rejected, and that is for the user to see
FEWEST_DATES = 0.1  # where all other cells are the same few words
MOST_FILLERS = 3
EXAMPLES = 3

_WEEKDAY = r"(\pL{2,12}\.?,? +)?"
_MONTH = r"\pL{3,12}\.?"
_DATE = (
    r"^\s*([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ].*)?"
    rf"|{_WEEKDAY}[0-9]{{1,2}}(st|nd|rd|th)?[-/. ]+(de )?([0-9]{{1,2}}|{_MONTH})"
    r"[-/. ,]+(del? )?[0-9]{2,4}([ ,T].*)?"
    rf"|{_WEEKDAY}{_MONTH} [0-9]{{1,2}}(st|nd|rd|th)?,? ([0-9:]+ (UTC |GMT )?)?[0-9]{{4}}.*"
    r"|1[0-9]{9}|1[0-9]{12}"
    r"|[0-9]{4} ?[年년].*)\s*$"
)
_DURATION = (
    r"^\s*-?([0-9]+:[0-9]{2}(:[0-9]{2})?"
    r"|([0-9]+([.,][0-9]+)? ?(d|h|m|s|min|sec|days?|hours?|minutes?|seconds?|d[ií]as?|horas?"
    r"|minutos?|segundos?|jours?|heures?|tage?|stunden?|minuten?)\b[ ,]*)+)\s*$"
)
_YES_OR_NO = r"^(true|false|yes|no|y|n|s[ií]|n[aã]o|sim|oui|non|ja|nein|[01](\.0)?)$"
_NUMBER = "^-?[0-9]+([.,][0-9]+)*$"
_NAME = r"^[[:upper:]][^0-9@]{1,40}[ ,][^0-9@]{1,40}$|^[^ @]+@[^ @]+$"


@dataclass(frozen=True)
class Content:
    """One column as it was found: `place` counts from 0, `words` are values with their rows.

    `fillers` are the words that stand repeatedly in a column of dates, such as "Not set".
    """

    place: int
    name: str
    rows: int
    filled: int
    distinct: int
    kind: Kind
    longest: int
    words: tuple[tuple[str, int], ...]
    examples: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()

    @property
    def is_unique(self) -> bool:
        return self.rows > 0 and self.filled == self.rows and self.distinct == self.rows

    @property
    def counts_rows(self) -> bool:
        """Whether it numbers the lines of the file, as reports do: every report begins anew."""
        return self.is_unique and self.examples in (("1", "2", "3"), ("0", "1", "2"))

    @property
    def is_answer(self) -> bool:
        """Yes or no in words, which names nobody and nothing."""
        return self.kind == "yes or no" and not all(word[:1].isdigit() for word, _ in self.words)

    @property
    def told(self) -> str:
        """In words: "dates, in 90 % of the rows"."""
        if self.kind == "empty":
            return "empty in every row looked at"
        shown = f"{self.distinct:,} different " if self.kind != "dates" else ""
        what = "values" if self.kind in ("numbers", "prose") else self.kind
        part = "" if self.filled == self.rows else f", in {self.filled / self.rows:.0%} of the rows"
        return f"{shown}{what}{part}"


def is_date(text: str) -> bool:
    """Whether it begins with a date in figures."""
    return re.match(r"\s*[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}\b", text) is not None


def contents(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, null_markers: tuple[str, ...]
) -> list[Content]:
    """Every column of a file, in its order."""
    bind = Bindings()
    relation = opened.relation(bind, null_markers)
    cells = ", ".join(f"nullif(trim(c{i}), '') as c{i}" for i in range(len(opened.header)))
    connection.execute(
        f"create or replace temp table looked_at as "
        f"select {cells} from {relation} limit {ROWS_LOOKED_AT}",
        bind.values,
    )
    found = [_content(connection, place, name) for place, name in enumerate(opened.header)]
    connection.execute("drop table looked_at")
    return found


def _content(connection: duckdb.DuckDBPyConnection, place: int, name: str) -> Content:
    cell = f"c{place}"
    row = connection.execute(
        f"""
        select
            count(*),
            count({cell}),
            count(distinct {cell}),
            coalesce(max(length({cell})), 0),
            coalesce(avg(length({cell})), 0),
            count(*) filter (length({cell}) <= 60 and regexp_matches({cell}, $dates)),
            count(*) filter (length({cell}) <= 60 and regexp_matches(lower({cell}), $durations)),
            count(*) filter (regexp_matches(lower({cell}), $yes_or_no)),
            count(*) filter (regexp_matches({cell}, $numbers)),
            count(*) filter (regexp_matches({cell}, $names))
        from looked_at
        """,
        {
            "dates": _DATE,
            "durations": _DURATION,
            "yes_or_no": _YES_OR_NO,
            "numbers": _NUMBER,
            "names": _NAME,
        },
    ).fetchone()
    assert row is not None
    rows, filled, distinct, longest, usual, *counts = row
    fillers = _fillers(connection, cell) if counts[0] else {}
    kind = _kind(filled, distinct, usual, counts, sum(fillers.values()))
    words: list[tuple[str, int]] = []
    if distinct <= MOST_WORDS and longest <= LONGEST_WORD:
        words = connection.execute(
            f"""
            select {cell}, count(*) as rows
            from looked_at
            where {cell} is not null
            group by {cell}
            order by rows desc, {cell}
            """
        ).fetchall()
    first = connection.execute(
        f"""
        select left({cell}, {LONGEST_WORD})
        from (select {cell}, rowid from looked_at where {cell} is not null order by rowid limit 50)
        group by all
        order by min(rowid)
        limit {EXAMPLES}
        """
    ).fetchall()
    examples = tuple(row[0] for row in first)
    told = tuple(fillers) if kind == "dates" else ()
    return Content(place, name, rows, filled, distinct, kind, longest, tuple(words), examples, told)


def _fillers(connection: duckdb.DuckDBPyConnection, cell: str) -> dict[str, int]:
    """The few words without a digit that stand in several rows, with these."""
    found = connection.execute(
        f"""
        select {cell}, count(*) as rows
        from looked_at
        where {cell} is not null
            and not regexp_matches({cell}, '[0-9]')
        group by {cell}
        having rows > 1
        order by {cell}
        limit {MOST_FILLERS + 1}
        """
    ).fetchall()
    return dict(found) if len(found) <= MOST_FILLERS else {}


def _kind(filled: int, distinct: int, usual: float, counts: list[int], fillers: int) -> Kind:
    """The first kind that nearly all filled cells fit; so many of them may stand for no date."""
    if not filled:
        return "empty"
    _, durations, answers, numbers, names = (count / filled >= MOSTLY for count in counts)
    if counts[0] >= FEWEST_DATES * filled and counts[0] >= MANY_DATES * (filled - fillers):
        return "dates"
    if durations:
        return "durations"
    if answers and distinct <= 2:
        return "yes or no"
    if numbers:
        return "numbers"
    few = distinct <= max(MOST_WORDS, filled // 10)
    if names and usual < LONGEST_WORD / 2:
        return "names"
    return "words" if few and usual <= LONGEST_WORD else "prose"
