"""How the dates of a file are written: decided per column, over all of its rows.

A day-first column read month-first succeeds silently for days up to twelve, so nothing is guessed
from a sample: where all rows of a column fit both orders, the file is refused and the user asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice

import duckdb

from pipelines.binding import Bindings
from pipelines.numbers_sql import number_sql
from pipelines.reading.opened import OpenedFile, csv_records
from pipelines.times.date_readings import (
    ISO_PATTERN,
    PLAIN_PATTERN,
    TIME_AND_OFFSET,
    UNTIDY_PATTERN,
    Counting,
    DateReading,
    has_offset,
    tidy_sql,
    words_sql,
)
from pipelines.times.months import language_of
from policies.refusal import Refused

DATE_ORDERS = ("dmy", "mdy", "ymd")
LONGEST_DATE = 90
FIRST_ROWS = 500
FIRST_GROUP = r"\1"

# Shapes of a date, digits as 9, the names of months as m9 or m99.
_TIME = r"(?P<time>9{1,2}:99(?P<seconds>:99)?(?P<fraction>\.9+)?)(?P<meridiem> ?[AaPp][Mm])?"
_END = rf"(?P<gap>,? |T|t)?(?:{_TIME})?$"
_MARK, _SAME = r"(?P<mark>[/.\- ])", r"(?P=mark)"
_YEAR = r"(?P<year>9{4}|99)"
_NUMERIC = re.compile(rf"^9{{1,2}}{_MARK}9{{1,2}}{_SAME}{_YEAR}{_END}")
_YEAR_FIRST = re.compile(rf"^9{{4}}{_MARK}9{{1,2}}{_SAME}9{{1,2}}{_END}")
_NAMED = re.compile(rf"^9{{1,2}}(?P<first>\. |[/.\- ])?m9{{1,2}}(?P<second>[/.\- ])?{_YEAR}{_END}")
_NAME_FIRST = re.compile(rf"^m9{{1,2}}(?P<first>[/.\- ])9{{1,2}}(?P<second>[/.\- ]){_YEAR}{_END}")
_YEAR_THEN_NAME = re.compile(
    rf"^9{{4}}(?P<first>[/.\- ])m9{{1,2}}(?P<second>[/.\- ])9{{1,2}}{_END}"
)
_COUNT = re.compile(r"^9+([.,]9+)?$")
_PARTS = re.compile(r"^([0-9]{1,2})[/.\- ]([0-9]{1,2})")
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")
_ISO = re.compile(
    r"^9{4}-99-99(?:[Tt ] ?9{1,2}(?::99(?::99(?:\.9*)?)?)?)? ?(?:[Zz]|UTC|utc|[+-]99(?::?99)?)?$"
)
# From 2000 to 2050: what a number in a column of dates must be to be one.
COUNTED: dict[Counting, tuple[float, float]] = {
    "days": (36_526, 55_153),
    "seconds": (946_684_800, 2_556_144_000),
    "milliseconds": (946_684_800_000, 2_556_144_000_000),
}


def begins_plain(opened: OpenedFile, cells: Collection[int]) -> bool:
    """Whether the first rows of a CSV write every date as `2026-10-31 09:00:00`, or not at all.

    Then all rows are read so, and a row that is written otherwise sends the file to `decide`:
    most files are spared a reading of all their rows.
    """
    if opened.format != "csv":
        return False
    records = islice(csv_records(opened.readable, opened.delimiter or ","), 1, FIRST_ROWS)
    shown = [row[i] for _, row in records for i in cells if i < len(row) and row[i].strip()]
    return bool(shown) and all(_PLAIN.match(cell) for cell in shown)


def decide(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    cells: Mapping[int, str],
    null_markers: tuple[str, ...],
    date_order: str | None,
) -> dict[int, DateReading]:
    """The reading of each date column: cell index -> DateReading.

    `cells` maps the index of each date cell to its name in the file. Refused where a column fits
    two orders and no `date_order` settles it, or contradicts itself.
    """
    if not cells:
        return {}
    bind = Bindings()
    relation = opened.relation(bind, null_markers)
    counts = ", ".join(
        f"count(*) filter (c{i} not like '{PLAIN_PATTERN}'), "
        f"count(*) filter (c{i} not like '{PLAIN_PATTERN}' and (trim(c{i}) not like "
        f"'{ISO_PATTERN}' or regexp_matches(trim(c{i}), '{UNTIDY_PATTERN}')))"
        for i in cells
    )
    found = connection.execute(f"select {counts} from {relation}", bind.values).fetchone()
    assert found is not None
    odd = {i: cells[i] for place, i in enumerate(cells) if found[2 * place + 1]}
    readings = {
        i: DateReading(iso=True, plain=found[2 * place] == 0)
        for place, i in enumerate(cells)
        if i not in odd
    }
    if odd:
        bind = Bindings()
        relation = opened.relation(bind, null_markers)
        columns = ", ".join(f"nullif(trim(c{i}), {bind(name)}) as c{i}" for i, name in odd.items())
        connection.execute(
            f"create or replace temp table odd_dates as select {columns} from {relation}",
            bind.values,
        )
        for i, name in odd.items():
            readings[i] = _decide_column(connection, opened, i, name, date_order)
        connection.execute("drop table odd_dates")
    return readings


@dataclass(frozen=True)
class Shape:
    """Dates that are written alike: digits as 9, how many rows, and one of them."""

    shape: str
    head: str
    example: str
    rows: int


def _decide_column(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    index: int,
    name: str,
    date_order: str | None,
) -> DateReading:
    """One column that is not plain ISO: all its shapes and how its dates begin."""
    shapes = _shapes(connection, f"c{index}", {})
    counting = _counting(connection, opened, index, shapes)
    if counting is not None:
        return DateReading(iso=any(_ISO.match(each.shape) for each in shapes), counting=counting)
    tidy, language = False, ""
    if _unread(shapes):
        bind = Bindings()
        language = language_of(_words(connection, f"c{index}"))
        text = tidy_sql(f"c{index}", bind, language)
        text = f"regexp_replace({text}, {bind(TIME_AND_OFFSET)}, {bind(FIRST_GROUP)})"
        tidied = _shapes(connection, text, bind.values)
        tidy = _unread(tidied) < _unread(shapes)
        shapes = tidied if tidy else shapes
    numeric = [
        (match, each.example) for each in shapes if (match := _numeric_parts(each.shape, each.head))
    ]
    order: str | None = None
    if numeric:
        first = max(parts[0] for parts, _ in numeric)
        second = max(parts[1] for parts, _ in numeric)
        order = _order(opened, name, first, second, numeric[0][1], date_order)
    formats = [found for each in shapes if (found := _format(each.shape, order))]
    iso = any(_ISO.match(each.shape) for each in shapes)
    if iso and numeric:
        # what a spreadsheet leaves behind that read some days as months, and the rest as text
        raise Refused(
            f"{opened.label}, column {name}: some dates are written year first and others like "
            f"{numeric[0][1]!r}; export the column in one format."
        )
    return DateReading(
        iso=iso or not formats,
        formats=tuple(dict.fromkeys(formats)),
        order=order,
        tidy=tidy and (iso or bool(formats)),
        language=language,
    )


def _shapes(
    connection: duckdb.DuckDBPyConnection, text: str, values: dict[str, object]
) -> list[Shape]:
    """The shapes of a column of `odd_dates`, the commonest first."""
    rows = connection.execute(
        f"""
        with dates as (
            select {text} as text
            from odd_dates
        )

        select
            translate(text, '0123456789', '9999999999') as shape,
            left(text, 6) as head,
            min(text) as example,
            count(*) as rows
        from dates
        where text is not null and length(text) <= {LONGEST_DATE}
        group by shape, head
        order by rows desc, example
        """,
        values,
    ).fetchall()
    return [Shape(*row) for row in rows]


def _words(connection: duckdb.DuckDBPyConnection, text: str) -> set[str]:
    """The first letters of the words of a column of `odd_dates`."""
    bind = Bindings()
    words = words_sql(text, bind)
    rows = connection.execute(
        f"select distinct unnest({words}) from odd_dates where length({text}) <= {LONGEST_DATE}",
        bind.values,
    ).fetchall()
    return {word for (word,) in rows}


def _unread(shapes: list[Shape]) -> int:
    """How many rows are written in no way that is known."""
    return sum(
        each.rows
        for each in shapes
        if not _ISO.match(each.shape) and _format(each.shape, "dmy") is None
    )


def _counting(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, index: int, shapes: list[Shape]
) -> Counting | None:
    """What a column of numbers counts, where all of them are plausible; None for other columns.

    In a workbook some cells of a column may be dates and others the numbers behind them.
    """
    counted = [each for each in shapes if _COUNT.match(each.shape)]
    dated = [each for each in shapes if _ISO.match(each.shape)]
    if not counted or len(counted) + len(dated) < len(shapes):
        return None
    if dated and opened.kind != "xlsx":
        return None
    row = connection.execute(
        f"select min(n), max(n) from (select {number_sql(f'c{index}')} as n from odd_dates)"
    ).fetchone()
    if row is None or row[0] is None:
        return None
    least, most = row
    return next(
        (
            counting
            for counting, (first, last) in COUNTED.items()
            if first <= least and most < last and (counting == "days" or not dated)
        ),
        None,
    )


def _numeric_parts(shape: str, head: str) -> tuple[int, int] | None:
    """The first and second number of a date such as 31/12/2026; None for other shapes."""
    parts = _PARTS.match(head)
    if parts is None or not _NUMERIC.match(shape):
        return None
    return int(parts[1]), int(parts[2])


def _order(
    opened: OpenedFile, name: str, first: int, second: int, example: str, date_order: str | None
) -> str:
    """Day-first or month-first, proven by the largest parts of the whole column.

    `date_order` settles only what the column itself leaves open: a proof over all rows stands.
    """
    if first > 12 and second > 12:
        raise Refused(
            f"{opened.label}, column {name}: some dates are day-first and others month-first "
            f"(for example {example!r}); export the column in one format."
        )
    if first > 12:
        return "dmy"
    if second > 12:
        return "mdy"
    if date_order in ("dmy", "mdy"):
        return date_order
    raise Refused(
        f"{opened.label}, column {name}: every date, such as {example!r}, fits both day-first and "
        "month-first; say which with --date-order dmy or --date-order mdy."
    )


def _format(shape: str, order: str | None) -> str | None:
    """The strptime format of one shape, digits as 9: `99/99/9999 99:99` -> `%d/%m/%Y %H:%M`."""
    if match := _NUMERIC.match(shape):
        mark, year = match["mark"], "%Y" if len(match["year"]) == 4 else "%y"
        date = f"%m{mark}%d{mark}{year}" if order == "mdy" else f"%d{mark}%m{mark}{year}"
    elif match := _YEAR_FIRST.match(shape):
        if _ISO.match(shape):
            return None
        date = f"%Y{match['mark']}%m{match['mark']}%d"
    elif match := _NAMED.match(shape):
        year = "%Y" if len(match["year"]) == 4 else "%y"
        date = f"%d{match['first'] or ''}m%m{match['second'] or ''}{year}"
    elif match := _NAME_FIRST.match(shape):
        year = "%Y" if len(match["year"]) == 4 else "%y"
        date = f"m%m{match['first']}%d{match['second']}{year}"
    elif match := _YEAR_THEN_NAME.match(shape):
        date = f"%Y{match['first']}m%m{match['second']}%d"
    else:
        return None
    if not match["time"]:
        return date
    hour = "%I" if match["meridiem"] else "%H"
    seconds = ":%S" if match["seconds"] else ""
    fraction = ".%g" if match["fraction"] else ""
    meridiem = (" %p" if match["meridiem"].startswith(" ") else "%p") if match["meridiem"] else ""
    return f"{date}{match['gap'] or ' '}{hour}:%M{seconds}{fraction}{meridiem}"


def first_without_zone(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    cells: Mapping[int, str],
    readings: Mapping[int, DateReading],
    null_markers: tuple[str, ...],
) -> tuple[str, str] | None:
    """The first column with a local time in it, and an example; None when all carry an offset."""
    for index, name in cells.items():
        bind = Bindings()
        relation = opened.relation(bind, null_markers)
        reading = readings[index]
        cell = f"trim(c{index})"
        if reading.tidy:
            cell = tidy_sql(cell, bind, reading.language)
        wall = f"{reading.wall_sql(cell, bind)} is not null"
        test = f"{cell} like '{ISO_PATTERN}' and not {has_offset(cell)}"
        if not reading.iso or reading.counting or reading.formats:
            test = wall
        row = connection.execute(
            f"select min(c{index}) from {relation} where {test}", bind.values
        ).fetchone()
        if row is not None and row[0] is not None:
            return name, row[0]
    return None
