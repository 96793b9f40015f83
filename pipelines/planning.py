"""What a file is and how it is to be read, decided before its rows are touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from pipelines.binding import Bindings, quoted
from pipelines.conform import Plan
from pipelines.ledger import LoadOptions
from pipelines.logs import refuse_a_list
from pipelines.reading.opened import OpenedFile
from pipelines.scales import RANKED, counts_upwards
from pipelines.sources import Form, detect, folded
from pipelines.times.date_readings import PLAIN, DateReading
from pipelines.times.dates import DATE_ORDERS, begins_plain, decide, first_without_zone
from pipelines.times.zones_sql import create_local_to_utc
from policies.refusal import Refused

SCALE_ROWS = 20_000
BEGINS_AS_DATE = r"^ *\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}"
DUE_MOMENTS = ("tool_due_at", "due_at", "planned_start_at", "planned_end_at")


def check_options(options: LoadOptions) -> None:
    """Refused for flags that are none, or that contradict each other."""
    if options.timezone is not None:
        try:
            ZoneInfo(options.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refused(
                f"--timezone {options.timezone} is unknown: use a name such as Europe/Madrid."
            ) from None
    if options.date_order is not None and options.date_order not in DATE_ORDERS:
        raise Refused(f"--date-order {options.date_order} is unknown: use dmy, mdy or ymd.")
    if options.mapping is not None and options.source is not None:
        raise Refused("--source and --map contradict each other: a mapping names its source.")


def plan_file(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    options: LoadOptions,
    *,
    pseudonymise: tuple[str, ...] = (),
    pseudonym_key: str = "",
) -> Plan:
    """Which form the file is, and how its dates are written; Refused where rows leave it open."""
    form = _form(connection, opened, candidates(opened, options))
    places = _of_dates(connection, opened, form, form.places(opened.header))
    places = _of_types(connection, opened, form, places)
    places = _without_stand_ins(connection, opened, form, places)
    if form.is_log:
        refuse_a_list(connection, opened, form, places["number"][0])
    plan = Plan(
        opened=opened,
        form=form,
        places=places,
        dates={},
        elapsed=form.elapsed_places(opened.header),
        has_zone=options.timezone is not None,
        pseudonymise=pseudonymise,
        pseudonym_key=pseudonym_key,
    )
    plan = replace(plan, upwards=_upwards(connection, plan))
    if options.timezone is not None:
        create_local_to_utc(connection, options.timezone)
        if begins_plain(opened, _date_cells(plan)):
            dates = dict.fromkeys(_date_cells(plan), PLAIN)
            return replace(plan, dates=dates, is_presumed=True)
    return decided(connection, plan, options)


def _upwards(connection: duckdb.DuckDBPyConnection, plan: Plan) -> frozenset[str]:
    """The columns whose numbered scale counts upwards, as the first rows of the file tell."""
    ranked = [c for c in plan.columns if c.name in RANKED and c.name in plan.places]
    ranked = [column for column in ranked if plan.form.values.get(column.name)]
    if not ranked:
        return frozenset()
    bind = Bindings()
    relation = plan.opened.relation(bind, plan.form.null_markers)
    shown = ", ".join(
        f"list(distinct coalesce({', '.join(f'c{place}' for place in plan.places[column.name])}))"
        for column in ranked
    )
    row = connection.execute(
        f"select {shown} from (from {relation} limit {SCALE_ROWS})", bind.values
    ).fetchone()
    return frozenset(
        column.name
        for column, texts in zip(ranked, row or (), strict=True)
        if counts_upwards(column, filter(None, texts or ()), plan.form.values[column.name].get)
    )


def candidates(opened: OpenedFile, options: LoadOptions) -> list[Form]:
    """The mapping's form where there is one, else those that the header fits best.

    Raises UnknownHeader where none does.
    """
    if options.mapping is None:
        return detect(opened.header, opened.label, options.source)
    options.mapping.mapping.check_header(opened.header, opened.label)
    return [options.mapping.mapping.form]


def decided(connection: duckdb.DuckDBPyConnection, plan: Plan, options: LoadOptions) -> Plan:
    """The plan with the dates read as all rows of the file tell; Refused where they do not."""
    opened, form, cells = plan.opened, plan.form, _date_cells(plan)
    dates = decide(connection, opened, cells, form.null_markers, options.date_order)
    if options.timezone is None:
        local = {place: name for place, name in cells.items() if not plan.says_utc(place)}
        _refuse_without_zone(connection, opened, local, dates, form)
    return replace(plan, dates=dates, is_presumed=False)


def has_unread_dates(connection: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Whether a staged row shows a date that the plan cannot read."""
    names = [plan.named(column.name) for column in plan.columns if column.type == "instant"]
    row = connection.execute(
        """
        select count(*)
        from staged
        where bad_value is not null
            and bad_column in (select unnest($names::varchar[]))
        """,
        {"names": names},
    ).fetchone()
    return bool(row and row[0])


def _without_stand_ins(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    form: Form,
    places: dict[str, list[int]],
) -> dict[str, list[int]]:
    """The places without those that count in some rows, where the file shows the column itself."""
    some = {folded(name) for name in form.counts_where}
    kept = dict(places)
    for column, its in places.items():
        own = [place for place in its if folded(opened.header[place]) not in some]
        if not own or len(own) == len(its):
            continue
        bind = Bindings()
        shown = f"coalesce({', '.join(f'c{place}' for place in own)})"
        row = connection.execute(
            f"select count({shown}) from {opened.relation(bind, form.null_markers)}", bind.values
        ).fetchone()
        if row is not None and row[0]:
            kept[column] = own
    return kept


def _of_dates(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    form: Form,
    places: dict[str, list[int]],
) -> dict[str, list[int]]:
    """The places without those that a form reads only for dates and that hold none.

    One tool's deadline is another version's duration in words, under the same name.
    """
    kept = dict(places)
    for column in form.date_or_none:
        if column not in places:
            continue
        bind = Bindings()
        counts = ", ".join(
            f"count(c{place}) > 0 and 2 * count(*) filter "
            f"(regexp_matches(c{place}, {bind(BEGINS_AS_DATE)})) >= count(c{place})"
            for place in places[column]
        )
        row = connection.execute(
            f"select {counts} from {opened.relation(bind, form.null_markers)}", bind.values
        ).fetchone()
        assert row is not None
        dated = [place for place, is_dated in zip(places[column], row, strict=True) if is_dated]
        kept[column] = dated
        if not dated:
            del kept[column]
    return kept


def _of_types(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    form: Form,
    places: dict[str, list[int]],
) -> dict[str, list[int]]:
    """The places with types that are no kinds of ours as the category, where there is no other."""
    if not form.own_types or "kind" not in places:
        return places
    bind = Bindings()
    types = " union ".join(
        f"select lower(trim(c{place})) as type from file" for place in places["kind"]
    )
    row = connection.execute(
        f"""
        with file as (from {opened.relation(bind, form.null_markers)})

        select count(type) > 0 and count(*) filter (
            list_has_any([type, split_part(type, ' - ', 1)], $words::varchar[])
        ) = 0
        from ({types})
        where type <> ''
        """,
        {**bind.values, "words": list(form.values["kind"])},
    ).fetchone()
    if not row or not row[0]:
        return places
    others = {name: cells for name, cells in places.items() if name != "kind"}
    return {"category": places["kind"], **others}


def _date_cells(plan: Plan) -> dict[int, str]:
    """The cells that hold dates: index -> their name in the file."""
    return {
        place: plan.opened.header[place]
        for column in plan.columns
        if column.type == "instant"
        for place in plan.places.get(column.name, ())
    }


def _form(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, candidates: list[Form]
) -> Form:
    """Between a list and its event form the rows decide: updates repeat a ticket's number."""
    history = next((form for form in candidates if form.history), None)
    plain = next((form for form in candidates if not form.history), candidates[0])
    if history is None or history.history is None or plain.history is not None:
        return candidates[0]
    names = [folded(name) for name in opened.header]
    number = names.index(folded(history.columns["number"][0]))
    update = names.index(folded(history.history))
    bind = Bindings()
    row = connection.execute(
        f"""
        select count(c{number}) > count(distinct c{number}),
            count(distinct c{update}) > 1
        from {opened.relation(bind, history.null_markers)}
        """,
        bind.values,
    ).fetchone()
    return history if row and row[0] and row[1] else plain


def _refuse_without_zone(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    cells: dict[int, str],
    dates: dict[int, DateReading],
    form: Form,
) -> None:
    found = first_without_zone(connection, opened, cells, dates, form.null_markers)
    if found is not None:
        name, example = found
        raise Refused(
            f"{opened.label}, column {name}: times such as {example!r} carry no zone; say which "
            "zone they are in, for example --timezone Europe/Madrid or --timezone UTC."
        )


def exported_at(
    connection: duckdb.DuckDBPyConnection, plan: Plan, options: LoadOptions
) -> datetime:
    """The moment of the export: as stated, else the newest instant in the file; naive UTC.

    Deadlines and plans lie ahead of it, so they count only where there is nothing else.
    """
    if options.exported_at is not None:
        return _stated_instant(options)
    names = [column.name for column in plan.columns if column.type == "instant"]
    past = [name for name in names if name not in DUE_MOMENTS]
    for group in (past, names):
        newest = ", ".join(["null::timestamp", *(f"max({quoted(name)})" for name in group)])
        row = connection.execute(f"select greatest({newest}) from staged").fetchone()
        if row and row[0] is not None:
            return row[0]
    raise Refused(
        f"{plan.opened.label} holds no time at all: say when it was exported with "
        "--exported-at, for example --exported-at 2026-10-31T23:00:00Z."
    )


def _stated_instant(options: LoadOptions) -> datetime:
    text = options.exported_at or ""
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"--exported-at {text} is no instant: write it as 2026-10-31T23:00:00Z."
        ) from None
    if stated.tzinfo is None:
        if options.timezone is None:
            raise Refused(
                f"--exported-at {text} carries no zone: write it as 2026-10-31T23:00:00Z, "
                "or add --timezone."
            )
        stated = stated.replace(tzinfo=ZoneInfo(options.timezone))
    return stated.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def detected(plan: Plan, options: LoadOptions) -> dict[str, str | None]:
    line = plan.opened.header_line
    orders = sorted({each.order for each in plan.dates.values() if each.order})
    return {
        "kind": plan.opened.kind,
        "encoding": plan.opened.encoding,
        "delimiter": plan.opened.delimiter,
        "packing": plan.opened.packing,
        "part": plan.opened.part,
        "header_line": None if line is None else str(line),
        "date_order": ", ".join(orders) or ("ymd" if plan.dates else None),
        "timezone": options.timezone,
    }
