"""How the dates of a file are written: decided per column, over all of its rows.

A day-first column read month-first succeeds silently for days up to twelve, so nothing is guessed
from a sample: where all rows of a column fit both orders, the file is refused and the user asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from pipelines.binding import Bindings
from pipelines.reading import OpenedFile
from policies.refusal import Refused

DATE_ORDERS = ("dmy", "mdy", "ymd")
ISO_PATTERN = "____-__-__%"
UNREADABLE = "nothing here reads as a date"

_TIME = r"(?P<time>9{1,2}:99(?P<seconds>:99)?(?P<fraction>\.9+)?)(?P<meridiem> ?[AaPp]\.?[Mm]\.?)?"
_NUMERIC = re.compile(rf"^9{{1,2}}(?P<mark>[/.\-])9{{1,2}}(?P=mark)(?P<year>9{{4}}|99)(?P<gap>,? |T)?(?:{_TIME})?$")
_YEAR_FIRST = re.compile(rf"^9{{4}}(?P<mark>[/.\-])9{{1,2}}(?P=mark)9{{1,2}}(?P<gap>,? |T)?(?:{_TIME})?$")
_NAMED = re.compile(rf"^9{{1,2}}(?P<mark>[/.\- ])[A-Za-z]{{3}}(?P=mark)(?P<year>9{{4}}|99)(?P<gap>,? |T)?(?:{_TIME})?$")


@dataclass(frozen=True)
class DateReading:
    """How one column's dates are read: ISO 8601, or strptime formats tried in turn."""

    iso: bool
    formats: tuple[str, ...] = ()
    order: str | None = None

    def sql(self, cell: str, bind: Bindings, has_zone: bool) -> str:
        """SQL for the UTC timestamp of `cell`, null where it cannot be read.

        A cell with an offset of its own is an instant already; one without is local time, which
        can only be placed when the file's zone is known (`has_zone`).
        """
        wall = f"try_cast({cell} as timestamp)"
        if not self.iso:
            wall = f"try_strptime({cell}, [{bind.all(self.formats)}])"
        placed = f"local_to_utc({wall})" if has_zone else "null::timestamp"
        if not self.iso:
            return placed
        tail = f"substr({cell}, 12)"
        aware = (
            f"timezone('UTC', try_cast(regexp_replace({cell}, '([+-][0-9]{{2}})([0-9]{{2}})$', "
            f"'\\1:\\2') as timestamptz))"
        )
        return (
            f"case when {cell} not like '{ISO_PATTERN}' then null "
            f"when regexp_matches({tail}, '[Zz+-]') then {aware} else {placed} end"
        )


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
        f"count(c{i}), count(c{i}) filter (where trim(c{i}) not like '{ISO_PATTERN}')"
        for i in cells
    )
    found = connection.execute(f"select {counts} from {relation}", bind.values).fetchone()
    assert found is not None
    odd = [i for place, i in enumerate(cells) if found[2 * place + 1]]
    readings = {i: DateReading(iso=True) for i in cells if i not in odd}
    for i in odd:
        readings[i] = _decide_column(connection, opened, i, cells[i], null_markers, date_order)
    return readings


def _decide_column(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    index: int,
    name: str,
    null_markers: tuple[str, ...],
    date_order: str | None,
) -> DateReading:
    """One column that is not plain ISO: its shapes, and the largest first and second part."""
    bind = Bindings()
    relation = opened.relation(bind, null_markers)
    cell = f"trim(c{index})"
    parts = f"regexp_extract({cell}, '^([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]', "
    rows = connection.execute(
        f"""
        select
            translate({cell}, '0123456789', '9999999999') as shape,
            count(*) as rows,
            max(try_cast({parts}1) as int)) as largest_first,
            max(try_cast({parts}2) as int)) as largest_second,
            min({cell}) as example
        from {relation}
        where c{index} is not null
        group by shape
        order by rows desc, shape
        limit 2000
        """,
        bind.values,
    ).fetchall()
    numeric = [row for row in rows if _NUMERIC.match(row[0])]
    order: str | None = None
    if numeric:
        first = max(row[2] or 0 for row in numeric)
        second = max(row[3] or 0 for row in numeric)
        order = _order(opened, name, first, second, numeric[0][4], date_order)
    formats = [f for row in rows if (f := _format(row[0], order))]
    iso = any(re.match(r"9{4}-99-99", row[0]) for row in rows)
    if iso and formats:
        raise Refused(
            f"{opened.path}, column {name}: some dates are written {rows[0][4]!r} and others "
            "year first; export the column in one format."
        )
    return DateReading(iso=iso or not formats, formats=tuple(dict.fromkeys(formats)), order=order)


def _order(
    opened: OpenedFile, name: str, first: int, second: int, example: str, date_order: str | None
) -> str:
    """Day-first or month-first, proven by the largest parts of the whole column.

    `date_order` settles only what the column itself leaves open: a proof over all rows stands.
    """
    if first > 12 and second > 12:
        raise Refused(
            f"{opened.path}, column {name}: some dates are day-first and others month-first "
            f"(for example {example!r}); export the column in one format."
        )
    if first > 12:
        return "dmy"
    if second > 12:
        return "mdy"
    if date_order in ("dmy", "mdy"):
        return date_order
    raise Refused(
        f"{opened.path}, column {name}: every date, such as {example!r}, fits both day-first and "
        "month-first; say which with --date-order dmy or --date-order mdy."
    )


def _format(shape: str, order: str | None) -> str | None:
    """The strptime format of one shape, digits as 9: `99/99/9999 99:99` -> `%d/%m/%Y %H:%M`."""
    if match := _NUMERIC.match(shape):
        mark, year = match["mark"], "%Y" if len(match["year"]) == 4 else "%y"
        date = f"%m{mark}%d{mark}{year}" if order == "mdy" else f"%d{mark}%m{mark}{year}"
    elif match := _YEAR_FIRST.match(shape):
        if match["mark"] == "-" and re.match(r"9{4}-99-99", shape):
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
        test = f"{cell} like '{ISO_PATTERN}' and not regexp_matches(substr({cell}, 12), '[Zz+-]')"
        if not readings[index].iso:
            test = f"{cell} <> ''"
        row = connection.execute(
            f"select min({cell}) from {relation} where {test}", bind.values
        ).fetchone()
        if row is not None and row[0] is not None:
            return name, row[0]
    return None
