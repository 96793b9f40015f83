"""Load exports into a warehouse: files in, one new build out, or nothing at all.

A load takes the loaders' lock, copies the current build, applies every file in one transaction,
rebuilds the model, checkpoints and publishes. A refused or killed load leaves the warehouse as it
was. A file known by content changes nothing and makes no build.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from pipelines import findings, incoming, merge
from pipelines.binding import Bindings, quoted
from pipelines.conform import Plan, stage
from pipelines.contract import TICKET_EVENTS, TICKETS
from pipelines.dates import DATE_ORDERS, DateReading, decide, first_without_zone
from pipelines.digests import table_digests
from pipelines.findings import Finding
from pipelines.pseudonyms import pseudonym_key
from pipelines.reading import OpenedFile, files_in, open_file
from pipelines.rejects import keep_rejected_rows
from pipelines.sources import Form, detect, folded
from pipelines.warehouse import NextBuild, Warehouse, write_build_info
from pipelines.zones_sql import create_local_to_utc
from policies.model import Policy
from policies.refusal import Refused
from queries.model.build import build_model

LOCK_WAIT_SECONDS = 600.0
DUE_MOMENTS = ("tool_due_at", "due_at", "planned_start_at", "planned_end_at")


@dataclass(frozen=True)
class LoadOptions:
    """How the user wants the files read; None means: find out, or refuse."""

    source: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    exported_at: str | None = None

    @property
    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class LoadedFile:
    """What became of one file: rows = accepted + rejected; tickets are counted apart."""

    file: str
    source: str
    form: str
    detected: dict[str, str | None]
    exported_at: str
    rows: int
    rows_accepted: int
    rows_rejected: int
    tickets_new: int = 0
    tickets_updated: int = 0
    tickets_unchanged: int = 0
    events_new: int = 0
    events_known: int = 0
    known: bool = False
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class LoadReport:
    """What one load did: the build that is served now, its digests, and each file."""

    build: int | None
    files: list[LoadedFile]
    digests: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


@dataclass(frozen=True)
class Step:
    """One step of progress: what is done, to which file, how many steps of how many."""

    what: str
    done: int
    total: int


STEPS_PER_FILE = 4
Progress = Callable[[Step], None]


def load(
    paths: Sequence[Path],
    warehouse: Warehouse,
    policy: Policy,
    options: LoadOptions,
    progress: Progress = lambda step: None,
    say: Callable[[str], None] = lambda sentence: None,
) -> LoadReport:
    """Load files and folders. Raises Refused, with nothing changed, for what cannot be read."""
    files = list(dict.fromkeys(file for path in paths for file in files_in(path)))
    if not files:
        raise Refused("nothing to load: give the path of an export file or a folder.")
    _check(options)
    with warehouse.lock(LOCK_WAIT_SECONDS, say), warehouse.next_build() as build:
        total = len(files) * STEPS_PER_FILE + 2
        loaded = _load_files(files, build, policy, options, progress, total)
        if all(file.known for file in loaded):
            digests = table_digests(build.connection)
            return LoadReport(warehouse.current(), loaded, digests)
        progress(Step("building the model", total - 2, total))
        build_model(build.connection, policy)
        write_build_info(build.connection, build.number, policy)
        build.connection.execute("commit")
        digests = table_digests(build.connection)
        progress(Step("publishing", total - 1, total))
        build.publish()
        progress(Step("done", total, total))
        return LoadReport(build.number, loaded, digests)


def rebuild(warehouse: Warehouse, policy: Policy) -> LoadReport:
    """The model anew, under this policy, as a new build."""
    if warehouse.current() is None:
        raise Refused(f"{warehouse.folder} is empty: load an export first.")
    with warehouse.lock(LOCK_WAIT_SECONDS, lambda _: None), warehouse.next_build() as build:
        build.connection.execute("begin")
        build_model(build.connection, policy)
        write_build_info(build.connection, build.number, policy)
        build.connection.execute("commit")
        digests = table_digests(build.connection)
        build.publish()
        return LoadReport(build.number, [], digests)


def _check(options: LoadOptions) -> None:
    if options.timezone is not None:
        try:
            ZoneInfo(options.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refused(
                f"--timezone {options.timezone} is unknown: use a name such as Europe/Madrid."
            ) from None
    if options.date_order is not None and options.date_order not in DATE_ORDERS:
        raise Refused(f"--date-order {options.date_order} is unknown: use dmy, mdy or ymd.")


def _load_files(
    files: Collection[Path],
    build: NextBuild,
    policy: Policy,
    options: LoadOptions,
    progress: Progress,
    total: int,
) -> list[LoadedFile]:
    connection = build.connection
    connection.execute("begin")
    last = connection.execute("select coalesce(max(load_id), 0) from loads").fetchone()
    load_id = (last[0] if last else 0) + 1
    key = pseudonym_key(build.warehouse, policy)
    loaded: list[LoadedFile] = []
    for place, path in enumerate(files):
        first = place * STEPS_PER_FILE

        def step(what: str, number: int, path: Path = path, first: int = first) -> None:
            progress(Step(f"{path.name}: {what}", first + number, total))

        step("opening", 0)
        opened = open_file(path, build.warehouse.work, lambda _: None)
        known = _known(connection, opened, options)
        if known is None:
            known = _load_file(connection, opened, load_id, build.number, policy, options, key, step)
        loaded.append(known)
    merge.carry_exports_to_events(connection)
    return loaded


def _load_file(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    load_id: int,
    build: int,
    policy: Policy,
    options: LoadOptions,
    key: str,
    step: Callable[[str, int], None],
) -> LoadedFile:
    """One unknown file through all stages, inside the load's transaction."""
    step("deciding dates", 1)
    plan = _plan(connection, opened, policy, options, key)
    step("reading", 2)
    stage(connection, plan)
    rejected = keep_rejected_rows(connection, plan, load_id)
    accepted = _count(connection, "staged")
    if not accepted:
        raise Refused(_all_rejected(connection, opened, load_id))
    exported = _exported_at(connection, plan, options)
    step("merging", 3)
    counts, events = _merge(connection, plan, exported)
    loaded = LoadedFile(
        file=str(opened.path),
        source=plan.form.source,
        form=plan.form.name,
        detected=_detected(plan, options),
        exported_at=exported.isoformat() + "Z",
        rows=accepted + rejected,
        rows_accepted=accepted,
        rows_rejected=rejected,
        tickets_new=counts.new if plan.table is TICKETS else 0,
        tickets_updated=counts.updated if plan.table is TICKETS else 0,
        tickets_unchanged=counts.unchanged if plan.table is TICKETS else 0,
        events_new=events[0],
        events_known=events[1],
        findings=findings.of_file(connection, plan, options.timezone, accepted + rejected),
    )
    _write_ledger(connection, loaded, opened, load_id, build, options)
    return loaded


def _plan(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    policy: Policy,
    options: LoadOptions,
    key: str,
) -> Plan:
    """Which form the file is, and how its dates are written."""
    form = _form(connection, opened, detect(opened.header, str(opened.path), options.source))
    places = form.places(opened.header)
    plan = Plan(
        opened=opened,
        form=form,
        places=places,
        dates={},
        has_zone=options.timezone is not None,
        pseudonymise=tuple(policy.privacy.pseudonymise),
        pseudonym_key=key,
    )
    cells = {
        place: opened.header[place]
        for column in plan.columns
        if column.type == "instant"
        for place in places.get(column.name, ())
    }
    dates = decide(connection, opened, cells, form.null_markers, options.date_order)
    if options.timezone is not None:
        create_local_to_utc(connection, options.timezone)
    else:
        _refuse_without_zone(connection, opened, cells, dates, form)
    return replace(plan, dates=dates)


def _form(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, candidates: list[Form]
) -> Form:
    """Between a list and its event form the rows decide: updates repeat a ticket's number."""
    history = next((form for form in candidates if form.history), None)
    plain = next((form for form in candidates if not form.history), candidates[0])
    if history is None or history.history is None or len(candidates) == 1:
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
            f"{opened.path}, column {name}: times such as {example!r} carry no zone; say which "
            "zone they are in, for example --timezone Europe/Madrid or --timezone UTC."
        )


def _exported_at(
    connection: duckdb.DuckDBPyConnection, plan: Plan, options: LoadOptions
) -> datetime:
    """The moment of the export: as stated, else the newest instant in the file; naive UTC."""
    if options.exported_at is not None:
        return _stated_instant(options)
    names = [
        column.name
        for column in plan.columns
        if column.type == "instant" and column.name not in DUE_MOMENTS
    ]
    newest = ", ".join(f"max({quoted(name)})" for name in names)
    row = connection.execute(f"select greatest({newest}) from staged").fetchone() if names else None
    if row is None or row[0] is None:
        raise Refused(
            f"{plan.opened.path} holds no time at all: say when it was exported with "
            "--exported-at, for example --exported-at 2026-10-31T23:00:00Z."
        )
    return row[0]


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


def _merge(
    connection: duckdb.DuckDBPyConnection, plan: Plan, exported: datetime
) -> tuple[merge.Merged, tuple[int, int]]:
    counts, events = merge.Merged(), (0, 0)
    if plan.table is not TICKET_EVENTS:
        incoming.write_incoming(connection, plan, exported)
        counts = merge.merge_rows(connection, plan.table)
    if plan.table is TICKET_EVENTS or plan.form.history is not None:
        incoming.write_incoming_events(connection, plan)
        events = merge.merge_events(connection)
    return counts, events


def _detected(plan: Plan, options: LoadOptions) -> dict[str, str | None]:
    orders = sorted({each.order for each in plan.dates.values() if each.order})
    return {
        "encoding": plan.opened.encoding,
        "delimiter": plan.opened.delimiter,
        "packing": plan.opened.packing,
        "date_order": ", ".join(orders) or ("ymd" if plan.dates else None),
        "timezone": options.timezone,
    }


def _known(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, options: LoadOptions
) -> LoadedFile | None:
    """The ledger's line of a file with the same content, read with the same flags."""
    row = connection.execute(
        """
        select file, source, form, detected, exported_at, rows, rows_accepted, rows_rejected,
            tickets_new + tickets_updated + tickets_unchanged, events_new + events_known, findings
        from loads
        where content_digest = $digest and options = $options
        order by load_id
        limit 1
        """,
        {"digest": opened.content_digest, "options": options.as_json},
    ).fetchone()
    if row is None:
        return None
    return LoadedFile(
        file=str(opened.path),
        source=row[1],
        form=row[2],
        detected=json.loads(row[3]),
        exported_at=row[4].isoformat() + "Z",
        rows=row[5],
        rows_accepted=row[6],
        rows_rejected=row[7],
        tickets_unchanged=row[8],
        events_known=row[9],
        known=True,
        findings=json.loads(row[10]),
    )


def _write_ledger(
    connection: duckdb.DuckDBPyConnection,
    loaded: LoadedFile,
    opened: OpenedFile,
    load_id: int,
    build: int,
    options: LoadOptions,
) -> None:
    line = {
        "load_id": load_id,
        "loaded_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "file": loaded.file,
        "content_digest": opened.content_digest,
        "options": options.as_json,
        "source": loaded.source,
        "form": loaded.form,
        "detected": json.dumps(loaded.detected, ensure_ascii=False),
        "exported_at": datetime.fromisoformat(loaded.exported_at).replace(tzinfo=None),
        "rows": loaded.rows,
        "rows_accepted": loaded.rows_accepted,
        "rows_rejected": loaded.rows_rejected,
        "tickets_new": loaded.tickets_new,
        "tickets_updated": loaded.tickets_updated,
        "tickets_unchanged": loaded.tickets_unchanged,
        "events_new": loaded.events_new,
        "events_known": loaded.events_known,
        "findings": json.dumps(loaded.findings, ensure_ascii=False),
        "build": build,
    }
    names = ", ".join(quoted(name) for name in line)
    values = ", ".join(f"${name}" for name in line)
    connection.execute(f"insert into loads ({names}) values ({values})", line)


def _all_rejected(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, load_id: int
) -> str:
    row = connection.execute(
        """
        select line, "column", value, reason from rejected_rows
        where load_id = $load_id and file = $file order by line limit 1
        """,
        {"load_id": load_id, "file": str(opened.path)},
    ).fetchone()
    assert row is not None
    return (
        f"{opened.path}: no row can be accepted; line {row[0]}, column {row[1]}, value "
        f"{row[2]!r}: {row[3]}; check the export, or name its --source."
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return row[0] if row else 0
