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
from pipelines.opened import OpenedFile, csv_records
from policies.refusal import Refused

DATE_ORDERS = ("dmy", "mdy", "ymd")
ISO_PATTERN = "____-__-__%"
PLAIN_PATTERN = "____-__-__ __:__:__"
LONGEST_DATE = 40
FIRST_ROWS = 500

# Shapes of a date, digits as 9.
_TIME = r"(?P<time>9{1,2}:99(?P<seconds>:99)?(?P<fraction>\.9+)?)(?P<meridiem> ?[AaPp]\.?[Mm]\.?)?"
_END = rf"(?P<gap>,? |T)?(?:{_TIME})?$"
_MARK, _SAME = r"(?P<mark>[/.\- ])", r"(?P=mark)"
_YEAR = r"(?P<year>9{4}|99)"
_NUMERIC = re.compile(rf"^9{{1,2}}{_MARK}9{{1,2}}{_SAME}{_YEAR}{_END}")
_YEAR_FIRST = re.compile(rf"^9{{4}}{_MARK}9{{1,2}}{_SAME}9{{1,2}}{_END}")
_NAMED = re.compile(rf"^9{{1,2}}{_MARK}[A-Za-z]{{3}}{_SAME}{_YEAR}{_END}")
_PARTS = re.compile(r"^([0-9]{1,2})[/.\- ]([0-9]{1,2})")
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")
_ISO = re.compile(r"^9{4}-99-99")


@dataclass(frozen=True)
class DateReading:
    """How one column's dates are read: ISO 8601, or strptime formats tried in turn.

    `plain` ISO is `2026-10-31 09:00:00` in every row: no offset, no fraction, nothing to look for.
    """

    iso: bool
    formats: tuple[str, ...] = ()
    order: str | None = None
    plain: bool = False

    def wall_sql(self, cell: str, bind: Bindings) -> str:
        """SQL for the local time that `cell` shows; null where it shows none, or has an offset."""
        if not self.iso:
            return f"try_strptime({cell}, [{bind.all(self.formats)}])"
        if self.plain:
            return f"case when {cell} like '{PLAIN_PATTERN}' then try_cast({cell} as timestamp) end"
        return (
            f"case when {cell} like '{ISO_PATTERN}' and not {_has_offset(cell)} "
            f"then try_cast({cell} as timestamp) end"
        )

    def instant_sql(self, cell: str) -> str:
        """SQL for the UTC time of a `cell` with an offset of its own; null where it has none."""
        if not self.iso or self.plain:
            return "null::timestamp"
        spelled = f"regexp_replace(upper({cell}), ' ?UTC$', 'Z')"
        # DuckDB wants seconds before an offset, no blank, and a colon within.
        spelled = f"regexp_replace({spelled}, '^(.{{16}}) ?([Z+-])', '\\1:00\\2')"
        spelled = f"regexp_replace({spelled}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\\1:\\2')"
        return (
            f"case when {cell} like '{ISO_PATTERN}' and {_has_offset(cell)} "
            f"then timezone('UTC', try_cast({spelled} as timestamptz)) end"
        )


PLAIN = DateReading(iso=True, plain=True)


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


def _has_offset(cell: str) -> str:
    return f"regexp_matches(substr({cell}, 12), '[Zz+-]|UTC')"


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
        f"count(*) filter (c{i} not like '{PLAIN_PATTERN}' and trim(c{i}) not like '{ISO_PATTERN}')"
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
        columns = ", ".join(f"trim(c{i}) as c{i}" for i in odd)
        connection.execute(
            f"create or replace temp table odd_dates as select {columns} from {relation}",
            bind.values,
        )
        for i, name in odd.items():
            readings[i] = _decide_column(connection, opened, i, name, date_order)
        connection.execute("drop table odd_dates")
    return readings


def _decide_column(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    index: int,
    name: str,
    date_order: str | None,
) -> DateReading:
    """One column that is not plain ISO: all its shapes (digits as 9) and how its dates begin."""
    rows = connection.execute(
        f"""
        select
            translate(c{index}, '0123456789', '9999999999') as shape,
            left(c{index}, 6) as head,
            count(*) as rows,
            min(c{index}) as example
        from odd_dates
        where c{index} is not null and length(c{index}) <= {LONGEST_DATE}
        group by shape, head
        order by rows desc, example
        """
    ).fetchall()
    numeric = [(match, row[3]) for row in rows if (match := _numeric_parts(row[0], row[1]))]
    order: str | None = None
    if numeric:
        first = max(parts[0] for parts, _ in numeric)
        second = max(parts[1] for parts, _ in numeric)
        order = _order(opened, name, first, second, numeric[0][1], date_order)
    shapes = list(dict.fromkeys(row[0] for row in rows))
    formats = [found for shape in shapes if (found := _format(shape, order))]
    iso = any(_ISO.match(shape) for shape in shapes)
    if iso and formats:
        raise Refused(
            f"{opened.label}, column {name}: some dates are written year first and others like "
            f"{rows[0][3]!r}; export the column in one format."
        )
    return DateReading(iso=iso or not formats, formats=tuple(dict.fromkeys(formats)), order=order)


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
        mark, year = match["mark"], "%Y" if len(match["year"]) == 4 else "%y"
        date = f"%d{mark}%b{mark}{year}"
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
        cell = f"trim(c{index})"
        test = f"{cell} like '{ISO_PATTERN}' and not {_has_offset(cell)}"
        if not readings[index].iso:
            test = f"{cell} <> ''"
        row = connection.execute(
            f"select min({cell}) from {relation} where {test}", bind.values
        ).fetchone()
        if row is not None and row[0] is not None:
            return name, row[0]
    return None
