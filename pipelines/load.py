"""Load exports into a warehouse: files in, one new build out, or nothing at all.

A load takes the loaders' lock, copies the current build, applies every file in one transaction,
rebuilds the model, checkpoints and publishes. A refused or killed load leaves the warehouse as it
was. A file known by content changes nothing, and a load of nothing else makes no build.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from insights.build import build_insights
from pipelines import findings, incoming, ledger, lineage, logs, merge
from pipelines.binding import quoted
from pipelines.conform import Plan
from pipelines.contract import TICKET_EVENTS, TICKETS
from pipelines.digests import table_digests
from pipelines.faults import sentence_when_full, unchanged
from pipelines.finding import finding
from pipelines.folders import Found, found_files, looks_like_tickets
from pipelines.ledger import LoadedFile, LoadOptions
from pipelines.mappings.kept_mappings import KeptMapping, keep_mapping, kept_mappings, recognised
from pipelines.mappings.mapping import GivenMapping
from pipelines.planning import candidates, check_options, detected, exported_at
from pipelines.progress import Progress, Step, in_silence
from pipelines.pseudonyms import pseudonym_key
from pipelines.reading.files import open_parts
from pipelines.reading.opened import EmptyPage, OpenedFile, Unusable
from pipelines.reading.uneven import UnevenLines, evened, made_even
from pipelines.rejects import accepted_rows, keep_rejected_rows
from pipelines.sources import UnknownHeader
from pipelines.staging import stage_file
from pipelines.undo import Undone
from pipelines.undo import undo as undo_load
from pipelines.warehouse import NextBuild, Warehouse, write_build_info
from policies.model import Policy
from policies.refusal import Refused
from queries.model.build import build_model

LOCK_WAIT_SECONDS = 600.0
INSIGHTS_MEMORY_LIMIT = "1500MB"
FILE_STEPS = ("opening", "deciding dates", "reading", "merging")


@dataclass(frozen=True)
class LoadReport:
    """What one load did: the build that is served now, the digest of each table, each file."""

    build: int | None
    files: list[LoadedFile]
    digests: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


@dataclass(frozen=True)
class Loading:
    """One load under way: what its files have in common."""

    build: NextBuild
    load_id: int
    options: LoadOptions
    pseudonymise: tuple[str, ...]
    pseudonym_key: str
    kept: list[KeptMapping]
    uneven: str | None = None  # a CSV that the fast reader gave up on: others may be like it
    folder: Path | None = None  # of uploads, which is nobody's affair
    used: list[tuple[GivenMapping, tuple[str, ...]]] = field(default_factory=list)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.build.connection


def load(
    paths: Sequence[Path],
    warehouse: Warehouse,
    policy: Policy,
    options: LoadOptions,
    *,
    progress: Progress = in_silence,
    say: Callable[[str], None] = in_silence,
    folder: Path | None = None,
) -> LoadReport:
    """Load files and folders. Raises Refused, with nothing changed, for what cannot be read.

    Paths below `folder`, where an upload was kept for a moment, are told without it.
    """
    found = found_files(paths)
    check_options(options)
    try:
        return _load(found, warehouse, policy, options, progress, say, folder=folder)
    except UnevenLines as odd:
        uneven = odd.label
    return _load(found, warehouse, policy, options, progress, say, folder=folder, uneven=uneven)


def _load(
    found: tuple[list[Found], list[str]],
    warehouse: Warehouse,
    policy: Policy,
    options: LoadOptions,
    progress: Progress,
    say: Callable[[str], None],
    *,
    folder: Path | None,
    uneven: str | None = None,
) -> LoadReport:
    """All files into one build, or nothing at all.

    UnevenLines asks for another attempt, which knows the `uneven` file and looks for others.
    """
    files, left = found
    what = "the load of " + ", ".join(file.path.name for file in files)
    with (
        warehouse.lock(LOCK_WAIT_SECONDS, say, what),
        sentence_when_full(warehouse),
        warehouse.next_build(sum(file.path.stat().st_size for file in files)) as build,
    ):
        total = len(files) * len(FILE_STEPS) + 3
        build.begin()
        loading = replace(loading_of(build, policy, options), uneven=uneven, folder=folder)
        loaded: list[LoadedFile] = []
        for place, file in enumerate(files):
            try:
                loaded += load_file(loading, file, _steps_of(file.path, place, total, progress))
            except Unusable as unusable:
                is_last_page = isinstance(unusable, EmptyPage) and len(files) > 1
                if not file.in_folder and not is_last_page:
                    raise
                left = [*left, str(unusable)]
        if not loaded:
            raise Refused(f"nothing to load: {left[-1]}")
        loaded = _with_left(loading, loaded, left)
        if all(file.known for file in loaded):
            return LoadReport(warehouse.current(), loaded, table_digests(build.connection))
        merge.carry_events_to_exports(build.connection)
        progress(Step("building the model", total - 3, total))
        digests = finish(build, policy, lambda what: progress(Step(what, total - 2, total)))
        warehouse.forget_interruptions()
        for given, header in loading.used:
            keep_mapping(warehouse, given, header)
        progress(Step("done", total, total))
        return LoadReport(build.number, loaded, digests)


def rebuild(warehouse: Warehouse, policy: Policy) -> LoadReport:
    """The model anew, under this policy, as a new build."""
    warehouse.current_path()
    with (
        warehouse.lock(LOCK_WAIT_SECONDS, in_silence, "a rebuild"),
        sentence_when_full(warehouse),
        warehouse.next_build() as build,
    ):
        build.begin()
        return LoadReport(build.number, [], finish(build, policy, anew=True))


def undo(load_id: int, warehouse: Warehouse, policy: Policy) -> tuple[Undone, int]:
    """Take a load back: what became of it, and the build that is served now.

    Raises Refused, with nothing changed, for a load that cannot be undone.
    """
    warehouse.current_path()
    with (
        warehouse.lock(LOCK_WAIT_SECONDS, in_silence, f"the undoing of load {load_id}"),
        sentence_when_full(warehouse),
        warehouse.next_build() as build,
    ):
        build.begin()
        undone = undo_load(build.connection, load_id)
        finish(build, policy, anew=True)
        return undone, build.number


def finish(
    build: NextBuild,
    policy: Policy,
    step: Callable[[str], None] = in_silence,
    *,
    anew: bool = False,
) -> dict[str, str]:
    """The model, what it means, the end of the transaction, and the flip."""
    _settle(build)
    # no table of the model means its order, and keeping it would leave all threads but one idle
    build.connection.execute("set preserve_insertion_order = false")
    build_model(build.connection, policy)
    step("looking for what keeps coming back")
    # statistics hold columns of every ticket beside the database
    build.connection.execute(f"set memory_limit = '{INSIGHTS_MEMORY_LIMIT}'")
    build_insights(build.connection, policy, anew=anew)
    write_build_info(build.connection, build.number, policy)
    build.commit()
    digests = table_digests(build.connection)
    build.publish()
    return digests


def _settle(build: NextBuild) -> None:
    """End the transaction of what was merged, forget what it was merged from, begin another.

    The model then reads tables that are stored, and has the memory for itself. Nobody sees the
    build before it is published.
    """
    build.commit()
    connection = build.connection
    for kind in ("view", "table"):
        found = connection.execute(
            f"select {kind}_name from duckdb_{kind}s() where temporary and not internal"
        ).fetchall()
        for (name,) in found:
            connection.execute(f"drop {kind} temp.main.{quoted(name)}")
    build.begin()


def loading_of(build: NextBuild, policy: Policy, options: LoadOptions) -> Loading:
    last = build.connection.execute("select max(load_id) from loads").fetchone()
    load_id = ((last[0] if last else None) or 0) + 1
    build.connection.execute("set variable load_id = $load_id::bigint", {"load_id": load_id})
    return Loading(
        build=build,
        load_id=load_id,
        options=options,
        pseudonymise=tuple(policy.privacy.pseudonymise),
        pseudonym_key=pseudonym_key(build.warehouse, policy),
        kept=kept_mappings(build.warehouse),
    )


def _steps_of(path: Path, place: int, total: int, progress: Progress) -> Callable[[str], None]:
    """Progress within one file: `step("reading")`."""

    def step(what: str) -> None:
        done = place * len(FILE_STEPS) + FILE_STEPS.index(what)
        progress(Step(f"{path.name}: {what}", done, total))

    return step


def _with_left(loading: Loading, loaded: list[LoadedFile], left: Sequence[str]) -> list[LoadedFile]:
    """The last new file tells what its folder holds beside exports, in the ledger too."""
    if not left:
        return loaded
    told = next((file for file in reversed(loaded) if not file.known), loaded[-1])
    found = [finding("not_read", 1, sentence) for sentence in left]
    telling = replace(told, findings=[*told.findings, *found])
    ledger.tell_findings(loading.connection, telling, loading.load_id)
    return [telling if file is told else file for file in loaded]


def load_file(loading: Loading, file: Found, step: Callable[[str], None]) -> list[LoadedFile]:
    """All tables of one file, inside the load's transaction: a line of the ledger for each.

    Raises Unusable for a file that is no export, UnknownHeader for one that nothing reads.
    """
    step("opening")
    work = loading.build.warehouse.work
    with TemporaryDirectory(dir=work) as scratch, unchanged(file.path):
        opened = _named(loading, open_parts(file.path, Path(scratch)))
        try:
            parts = _readable(loading, opened)
        except UnknownHeader as unknown:
            if file.in_folder and not looks_like_tickets(opened, Path(scratch)):
                raise Unusable(str(unknown)) from unknown
            raise
        return [_load_part(each, part, step, Path(scratch)) for part, each in parts]


def _named(loading: Loading, parts: list[OpenedFile]) -> list[OpenedFile]:
    """The parts under the names that their owner knows."""
    if loading.folder is None:
        return parts
    return [replace(part, path=part.path.relative_to(loading.folder)) for part in parts]


def _readable(loading: Loading, parts: list[OpenedFile]) -> list[tuple[OpenedFile, Loading]]:
    """The parts that a source or a mapping knows, with the options of each.

    The first tells of the parts that nothing knows; refused where that is all of them.
    """
    known: list[tuple[OpenedFile, Loading]] = []
    unknown: list[UnknownHeader] = []
    for part in parts:
        options = recognised(loading.kept, part.header, loading.options)
        try:
            candidates(part, options)
        except UnknownHeader as error:
            unknown.append(error)
        else:
            known.append((part, replace(loading, options=options)))
    if not known:
        raise unknown[0]
    first, its_loading = known[0]
    return [(first.with_beside([str(each) for each in unknown]), its_loading), *known[1:]]


def _load_part(
    loading: Loading, opened: OpenedFile, step: Callable[[str], None], scratch: Path
) -> LoadedFile:
    """One table through all stages."""
    if loading.options.mapping is not None:
        loading.used.append((loading.options.mapping, opened.header))
    known = ledger.known_file(loading.connection, opened, loading.options)
    if known is not None:
        return known
    opened = _evened(loading, opened, scratch)
    step("deciding dates")
    plan = stage_file(
        loading.connection,
        opened,
        loading.options,
        pseudonymise=loading.pseudonymise,
        pseudonym_key=loading.pseudonym_key,
        step=step,
    )
    rejected = keep_rejected_rows(loading.connection, plan, loading.load_id)
    accepted = accepted_rows(loading.connection, opened, loading.load_id)
    exported = exported_at(loading.connection, plan, loading.options)
    step("merging")
    loaded = _merged(loading, plan, exported, (accepted, rejected))
    ledger.write_line(
        loading.connection,
        loaded,
        opened,
        loading.options,
        load_id=loading.load_id,
        build=loading.build.number,
    )
    return loaded


def _evened(loading: Loading, opened: OpenedFile, scratch: Path) -> OpenedFile:
    """The table in a form that can be read fast, where it is known or found not to be in one."""
    if loading.uneven is None:
        return opened
    if opened.label == loading.uneven:
        return evened(opened, scratch)
    return made_even(loading.connection, opened, scratch)


def _merged(loading: Loading, plan: Plan, exported: datetime, rows: tuple[int, int]) -> LoadedFile:
    """Merge what was staged; `rows` are those accepted and those rejected."""
    connection = loading.connection
    form = plan.form
    has_rows = plan.table is not TICKET_EVENTS and not form.events_only
    tells_lives = form.is_log and has_rows
    if form.is_mapping and plan.table is TICKETS and has_rows:
        logs.refuse_a_mixture(connection, form)
    if form.is_log:
        logs.make_whole(connection)
    has_events = plan.table is TICKET_EVENTS or plan.form.history is not None
    if has_rows:
        incoming.write_incoming(connection, plan, exported)
    if has_events:
        incoming.write_incoming_events(connection, plan)
    found = findings.of_file(connection, plan, loading.options.timezone, sum(rows))
    found += findings.repeated_headers(connection, plan, loading.load_id)
    if form.is_log:
        found += logs.findings_of_log(connection, plan)
    if has_events and not has_rows:
        found += findings.waiting(connection, plan)
    if tells_lives:
        lineage.note_log_events(connection)
        logs.forget_lives(connection, form.source)
    counts = merge.merge_rows(connection, plan.table) if has_rows else merge.Merged()
    events = merge.merge_events(connection) if has_events else (0, 0)
    if tells_lives:
        logs.tell_lives(connection, form.source)
    tickets = counts if plan.table is TICKETS else merge.Merged()
    accepted, rejected = rows
    return LoadedFile(
        file=plan.opened.label,
        source=form.source,
        form=form.name,
        detected=detected(plan, loading.options),
        exported_at=exported.isoformat() + "Z",
        rows=accepted + rejected,
        rows_accepted=accepted,
        rows_rejected=rejected,
        tickets_new=tickets.new,
        tickets_updated=tickets.updated,
        tickets_unchanged=tickets.unchanged,
        events_new=events[0],
        events_known=events[1],
        findings=found,
    )
