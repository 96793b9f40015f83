"""What is odd about a file, counted: nothing is mended in silence.

Findings are plain data: `{"code", "count", "column", "example", "message"}`. They are written into
the ledger and shown by `meantime load`, `meantime loads` and the Data page.
"""

from __future__ import annotations

import duckdb

from pipelines.binding import quoted
from pipelines.conform import REPEATED_HEADER, Plan
from pipelines.contract import TICKETS
from pipelines.finding import Finding, finding
from pipelines.incoming import staged_columns
from pipelines.mappings.likeness import likeness
from pipelines.repeats import repeated_tickets
from pipelines.sources import generic
from pipelines.times.offsets import fixed_offset
from pipelines.times.zones_sql import transitions

# what tools cut at, and what a sheet of a workbook holds below its header
ROW_LIMITS = (1_000, 10_000, 65_535, 1_048_575)
CELL_LIMIT = 500_000
PAIRS_IN_ORDER = (
    ("opened_at", "resolved_at", "resolved before opened"),
    ("resolved_at", "closed_at", "closed before resolved"),
    ("opened_at", "closed_at", "closed before opened"),
)


def of_file(
    connection: duckdb.DuckDBPyConnection, plan: Plan, zone: str | None, rows: int
) -> list[Finding]:
    """All findings of one staged file; `rows` counts the rejected ones too."""
    found: list[Finding] = []
    there = staged_columns(connection)
    found += [finding("not_read", 1, sentence) for sentence in plan.opened.beside]
    found += _cut(plan, rows)
    found += _missing(plan)
    found += _unknown_words(connection, plan, there)
    found += _upwards(plan)
    found += _own_types(plan)
    found += _called_otherwise(plan)
    if zone is not None:
        found += _ambiguous_times(connection, plan, zone, there)
    if "shown_offset" in there:
        found += fixed_offset(connection, zone)
    if plan.table is TICKETS:
        found += _whole_days(connection, plan, there)
    if plan.table is TICKETS and not plan.form.events_only:
        found += _out_of_order(connection, there)
        found += repeated_tickets(connection, plan)
        found += _unresolved(connection, plan, there)
    return found


def waiting(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Finding]:
    """Histories of tickets that no list has told of yet, and the source that may have them."""
    row = connection.execute(
        """
        with untold as (
            select distinct ticket_id
            from incoming_events
            where ticket_id not in (select ticket_id from tickets)
        ),

        elsewhere as (
            select any_value(tickets.source) as source
            from tickets
            inner join untold on tickets.number = split_part(untold.ticket_id, ':', 2)
        )

        select count(*), min(ticket_id), (select source from elsewhere)
        from untold
        """
    ).fetchone()
    if row is None or not row[0]:
        return []
    tickets, example, source = row
    way_out = "they wait until the list of these tickets is loaded"
    if source is not None and source != plan.form.source:
        way_out = f"their numbers are tickets of {source}: undo this load and use --source {source}"
    message = f"the history of {tickets:,} tickets, such as {example}, has no ticket; {way_out}"
    return [finding("history_waits", tickets, message, None, example)]


def repeated_headers(
    connection: duckdb.DuckDBPyConnection, plan: Plan, load_id: int
) -> list[Finding]:
    """Lines that repeat the header: exports that were put together."""
    row = connection.execute(
        """
        select count(*), min(line)
        from rejected_rows
        where load_id = $load_id and file = $file and reason = $reason
        """,
        {"load_id": load_id, "file": plan.opened.label, "reason": REPEATED_HEADER},
    ).fetchone()
    count, line = row if row else (0, None)
    if not count:
        return []
    message = (
        f"{count:,} lines repeat the header (the first is line {line}): exports put together; "
        "they are no tickets and are told as rejected"
    )
    return [finding("repeated_header", count, message)]


def _cut(plan: Plan, rows: int) -> list[Finding]:
    """Tools cut exports at round limits and do not say so."""
    cells = rows * len(plan.opened.header)
    if rows in ROW_LIMITS or cells == CELL_LIMIT:
        limit = f"{rows:,} rows" if rows in ROW_LIMITS else f"{cells:,} cells"
        message = f"the export has exactly {limit}: tools cut there, so tickets may be missing"
        if plan.opened.kind == "json":
            message = f"it is a page of exactly {limit}: load the pages that follow it too"
        return [finding("cut", rows, message)]
    return []


def _missing(plan: Plan) -> list[Finding]:
    """Columns that the form was told of by name, and that this file does not have."""
    return [
        finding(
            "mapped_column_missing",
            1,
            f"the file has no column {' or '.join(names)}, which the mapping reads as {column}",
            names[0],
        )
        for column, names in plan.form.columns.items()
        if plan.form.is_mapping and column not in plan.places and column != "source_state"
    ]


def _upwards(plan: Plan) -> list[Finding]:
    """Numbered scales whose worst is their highest number."""
    return [
        finding(
            "upward_scale",
            1,
            f"{plan.named(column)} counts upwards, the worst last: its words are read, "
            "not its numbers",
            plan.named(column),
        )
        for column in sorted(plan.upwards)
    ]


def _own_types(plan: Plan) -> list[Finding]:
    """Types of tickets of which none is a kind of ours."""
    cells = plan.form.places(plan.opened.header).get("kind")
    if not plan.form.own_types or cells is None or "kind" in plan.places:
        return []
    name = plan.opened.header[cells[0]]
    becomes = "read as the category" if plan.places.get("category") == cells else "only kept"
    message = (
        f"{name} has no word for a kind of ticket, so it is {becomes} and every ticket is an "
        "incident; a mapping can say which are requests (`meantime map`)"
    )
    return [finding("own_types", 1, message, name)]


def _called_otherwise(plan: Plan) -> list[Finding]:
    """Columns of a file with the contract's own names that it calls by others: kept in extra."""
    if plan.form.source != generic.NAME or plan.table is not TICKETS or "extra" in plan.places:
        return []
    used = {place for places in plan.places.values() for place in places}
    names = {
        column.name: name
        for place, name in enumerate(plan.opened.header)
        if place not in used
        for column in TICKETS.columns
        if column.name not in plan.places and likeness(column.name, name)[0] == 1.0
    }
    if not names:
        return []
    message = (
        f"kept without use: {', '.join(names.values())}; the contract calls them "
        f"{', '.join(names)}: rename them, or let `meantime map` propose the columns"
    )
    return [finding("called_otherwise", len(names), message, next(iter(names.values())))]


def _unknown_words(
    connection: duckdb.DuckDBPyConnection, plan: Plan, there: set[str]
) -> list[Finding]:
    found: list[Finding] = []
    for name in sorted(name for name in there if name.startswith("unknown_")):
        column = name.removeprefix("unknown_")
        rows = connection.execute(
            f"""
            select {quoted(name)} as word, count(*) as rows
            from staged
            where {quoted(name)} is not null
            group by word
            order by rows desc, word
            """
        ).fetchall()
        if rows:
            words = ", ".join(f"{word!r} ({count:,})" for word, count in rows[:5])
            otherwise = plan.table[column].otherwise or "empty"
            message = (
                f"{plan.named(column)} has words nobody mapped, kept as {otherwise}: {words}; "
                "a mapping can say what they mean (`meantime map`)"
            )
            total = sum(count for _, count in rows)
            found.append(finding("unknown_word", total, message, plan.named(column), rows[0][0]))
    return found


def _ambiguous_times(
    connection: duckdb.DuckDBPyConnection, plan: Plan, zone: str, there: set[str]
) -> list[Finding]:
    """Local times of the hour that the clocks repeat in autumn; the earlier instant was taken."""
    columns = [
        column.name for column in plan.columns if column.type == "instant" and column.name in there
    ]
    repeats = [each for each in transitions(zone) if each.after_seconds < each.before_seconds]
    if not columns or not repeats:
        return []
    instants = " union all ".join(
        f"select {quoted(name)} as instant from staged" for name in columns
    )
    windows = [(each.utc, each.before_seconds - each.after_seconds) for each in repeats]
    row = connection.execute(
        f"""
        with repeats as (
            select unnest($ends::timestamp[]) as end_at, unnest($seconds::bigint[]) as seconds
        ),

        days as (
            select distinct date_trunc('hour', instant) as hour_at, count(*) as rows
            from ({instants})
            where instant is not null
            group by hour_at
        )

        select coalesce(sum(rows), 0)::bigint
        from days
        inner join repeats
            on days.hour_at < repeats.end_at
            and days.hour_at >= repeats.end_at - to_seconds(repeats.seconds)
        """,
        {"ends": [end for end, _ in windows], "seconds": [seconds for _, seconds in windows]},
    ).fetchone()
    count = row[0] if row else 0
    if not count:
        return []
    message = (
        f"{count:,} times fall into the hour that {zone} repeats when its clocks go back; "
        "the earlier instant was taken"
    )
    return [finding("ambiguous_time", count, message)]


def _out_of_order(connection: duckdb.DuckDBPyConnection, there: set[str]) -> list[Finding]:
    pairs = [each for each in PAIRS_IN_ORDER if each[0] in there and each[1] in there]
    if not pairs:
        return []
    counts = ", ".join(f"count(*) filter ({later} < {earlier})" for earlier, later, _ in pairs)
    examples = ", ".join(f"min(number) filter ({later} < {earlier})" for earlier, later, _ in pairs)
    row = connection.execute(f"select {counts}, {examples} from incoming").fetchone()
    assert row is not None
    return [
        finding(
            "out_of_order",
            row[place],
            f"{row[place]:,} tickets were {what}, for example {row[place + len(pairs)]}; "
            "their duration is not used",
            later,
            row[place + len(pairs)],
        )
        for place, (_, later, what) in enumerate(pairs)
        if row[place]
    ]


def _whole_days(
    connection: duckdb.DuckDBPyConnection, plan: Plan, there: set[str]
) -> list[Finding]:
    """Days without times of day: what is computed from them is whole days too."""
    named = ("updated_at",) if plan.form.is_log else ("opened_at", "resolved_at")
    names = [name for name in named if name in plan.cells and name in there]
    if not names:
        return []
    # midnight may be two times of day in UTC; a log does not say how its times are written
    times = ", ".join(f"count(distinct {name}::time) <= 2" for name in names)
    coarse = "precision_seconds >= 86400"
    if plan.form.is_log:
        coarse = f"(select count(distinct {names[0]}::time) <= 2 and count(*) > 9 from staged)"
    row = connection.execute(
        f"select count(*), count(*) filter ({coarse}), {times} from staged"
    ).fetchone()
    assert row is not None
    rows, count, *are_days = row
    if 2 * count <= rows:
        return []
    days = [plan.named(name) for name, is_day in zip(names, are_days, strict=True) if is_day]
    shown = " and ".join(dict.fromkeys(days or map(plan.named, names)))
    message = (
        f"{count:,} of {rows:,} rows tell the day alone ({shown}), so durations from or to it are "
        "whole days: export the column with its time"
    )
    return [finding("whole_days", count, message, days[0] if days else None)]


def _unresolved(
    connection: duckdb.DuckDBPyConnection, plan: Plan, there: set[str]
) -> list[Finding]:
    """Closed without a resolution: no duration, so the coverage of MTTR says it too."""
    if not {"closed_at", "resolved_at"} <= there:
        return []
    filled = "0"
    if plan.form.history is not None:
        filled = """(
            select count(distinct i.ticket_id)
            from incoming as i
            inner join incoming_events as e on e.ticket_id = i.ticket_id
            where i.closed_at is not null and i.resolved_at is null
                and e.field = 'state' and e.new = 'resolved'
        )"""
    row = connection.execute(
        f"""
        select
            count(*) filter (closed_at is not null and resolved_at is null),
            {filled},
            min(number) filter (closed_at is not null and resolved_at is null)
        from incoming
        """
    ).fetchone()
    assert row is not None
    count, from_events, example = row
    if not count:
        return []
    message = f"{count:,} tickets were closed without a resolution time, for example {example}"
    if from_events:
        message += (
            f"; {from_events:,} of them have a resolved state in their history, which "
            "[definitions] resolved_from_events = true would use"
        )
    return [finding("closed_without_resolved", count, message, "resolved_at", example)]
