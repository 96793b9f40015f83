"""What the pages read from: the current build under the policy, opened once, answers kept.

Streamlit runs a page anew for every click. The connection of a build is opened once for all
visitors and every query takes a cursor of it; answers are kept by metric, question and build, so
nobody has to clear a cache: a new build has a new number.
"""

# ruff: noqa: ARG001 - the first arguments of what is kept are there to tell one answer from another

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import streamlit as st

import queries.promises
import queries.reliability
from dashboard import shown
from dashboard.answers import Kept
from pipelines.contract import COLUMNS, TICKETS
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries import listing
from queries.at_once import at_once
from queries.catalogue import METRICS_FOLDER, Metric, definition, read_metrics
from queries.cohorts import Cohort, cohorts_of
from queries.explain import Explanation, explain
from queries.known import Known
from queries.measure import Answer, evidence, measure, measure_shared
from queries.months import Month, months_between
from queries.question import Question
from queries.rollups import shared
from queries.search import Which, find_tickets
from queries.service_levels import reconcile
from queries.session import open_build

KEPT_TABLES = 60
KEPT_SEARCHES = 8
KEPT_CONNECTIONS = 2  # the build being replaced stays open for whoever still reads it


class EmptyWarehouseError(Exception):
    """Nothing was loaded yet; `folder` is the warehouse."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is empty")
        self.folder = folder


@dataclass(frozen=True)
class Data:
    """One build under one policy, with the metrics that can be asked of it."""

    folder: Path
    build: int
    policy: Policy
    metrics: dict[str, Metric]
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    known: Known = field(repr=False, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        return self.policy.timezone

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes an answer reusable."""
        return str(self.folder), self.build, self.policy.digest


@dataclass(frozen=True)
class DataState:
    """What the warehouse holds; instants are UTC, `openings` the first and last of each day."""

    tickets: int
    sources: str
    files: int
    rows_rejected: int
    findings: int
    first_at: datetime
    data_at: datetime
    openings: list[datetime]


def warehouse() -> Warehouse:
    """The warehouse that the app was started on."""
    return Warehouse(Path(os.environ.get("MEANTIME_WAREHOUSE", "warehouse")))


def open_data() -> Data:
    """The current build; raises EmptyWarehouseError without one and Refused for a faulty policy."""
    policy = _policy()
    folder = warehouse()
    build = folder.current()
    if build is None:
        raise EmptyWarehouseError(folder.folder)
    try:
        connection = _connection(str(folder.build_path(build)), policy.digest, policy)
    except duckdb.IOException:
        newer = folder.current()  # replaced, and the old file removed, since it was looked up
        if newer is None or newer == build:
            raise
        build = newer
        connection = _connection(str(folder.build_path(build)), policy.digest, policy)
    known = _known(str(folder.build_path(build)), policy.digest)
    return Data(folder.folder, build, policy, catalogue(policy), connection, known)


def policy_in_force() -> Policy:
    """The policy that the app was started with; Refused for a faulty one."""
    return _policy()


def _policy() -> Policy:
    name = os.environ.get("MEANTIME_POLICY")
    if not name:
        return _read_policy(None, 0)
    path = Path(name)
    if not path.is_file():
        raise Refused(f"There is no policy at {path}: correct --policy or MEANTIME_POLICY.")
    return _read_policy(path, path.stat().st_mtime_ns)


@st.cache_resource(max_entries=2, show_spinner=False)
def _read_policy(path: Path | None, changed_ns: int) -> Policy:
    return read_policy(path, TICKETS.names)


def catalogue(policy: Policy) -> dict[str, Metric]:
    """Meantime's metrics and the organisation's own; a new file is there on the next click."""
    own = [policy.metrics_folder] if policy.metrics_folder else []
    folders = (METRICS_FOLDER, *own)
    stamps = tuple(
        (str(path), path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted(folder.glob("*.sql"))
    )
    return _read_metrics(stamps, folders)


@st.cache_resource(max_entries=2, show_spinner=False)
def _read_metrics(
    stamps: tuple[tuple[str, int], ...], _folders: tuple[Path, ...]
) -> dict[str, Metric]:
    return read_metrics(_folders)


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    connection.close()


@st.cache_resource(
    max_entries=KEPT_CONNECTIONS, on_release=_close, show_spinner="Opening the warehouse …"
)
def _connection(path: str, policy_digest: str, _policy: Policy) -> duckdb.DuckDBPyConnection:
    return open_build(Path(path), _policy, COLUMNS)


@st.cache_resource(max_entries=KEPT_CONNECTIONS, show_spinner=False)
def _known(path: str, policy_digest: str) -> Known:
    return Known()


def answer(data: Data, metric: Metric, question: Question) -> Answer:
    """The figures of a metric, computed once per build."""
    compute = partial(measure, data.connection, metric, question, data.policy, data.known)
    found = _kept_answers().get(_answer_key(data, metric, question), compute)
    shown.note_answer(found)
    return found


def prepare(data: Data, metrics: Iterable[Metric], *questions: Question) -> None:
    """Compute what a page is about to ask: several at once, what reads the same rows in one."""
    asked = tuple(metrics)
    prepare_all(data, ((metric, question) for question in questions for metric in asked))


def prepare_all(
    data: Data, asked: Iterable[tuple[Metric, Question]], *lists: Callable[[], object]
) -> None:
    """The same for metrics that are asked different things; `lists` looks up what else there is."""
    kept = _kept_answers()
    missing: dict[Hashable, tuple[Question, dict[str, Metric]]] = {}
    for metric, question in asked:
        if _answer_key(data, metric, question) not in kept:
            _, metrics = missing.setdefault(_question_key(question), (question, {}))
            metrics[metric.name] = metric
    of_cohorts: dict[Hashable, tuple[Cohort, list[Question]]] = {}
    for question, metrics in missing.values():
        for cohort in cohorts_of(metrics.values()):
            name = tuple(_metric_key(metric) for metric in cohort.metrics)
            of_cohorts.setdefault(name, (cohort, []))[1].append(question)
    work = list(lists)
    for cohort, questions in of_cohorts.values():
        for together in shared(cohort, questions, data.zone):
            work.append(partial(_keep_shared, data, cohort, together))
    at_once(lambda each: each(), work)


def _keep_shared(data: Data, cohort: Cohort, questions: Sequence[Question]) -> None:
    keys = [_answer_key(data, each, asked) for asked in questions for each in cohort.metrics]

    def compute() -> list[Answer]:
        asked = data.connection, cohort, questions, data.policy, data.known
        return [answer for answers in measure_shared(*asked) for answer in answers]

    _kept_answers().keep(keys, compute)


def is_kept(data: Data, metric: Metric, question: Question) -> bool:
    """Whether the answer is there already."""
    return _answer_key(data, metric, question) in _kept_answers()


def meaning(data: Data, metric: Metric) -> str:
    """What a metric means under the policy, as its answers tell it."""
    return definition(metric, data.policy)


def _answer_key(data: Data, metric: Metric, question: Question) -> Hashable:
    """What an answer is kept under."""
    return data.key, _metric_key(metric), _question_key(question)


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept_answers() -> Kept[Answer]:
    return Kept()


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept_lists() -> Kept[Any]:
    return Kept(KEPT_TABLES)


def tickets_behind(
    data: Data, metric: Metric, question: Question, largest: int | None = None
) -> pl.DataFrame:
    """The rows behind the figure of a question that is cut by nothing, the newest first; or so many
    of the largest."""
    key = ("behind", data.key, _metric_key(metric), _question_key(question), largest)
    look = partial(
        evidence,
        data.connection,
        metric,
        question,
        data.policy,
        limit=largest,
        largest_first=largest is not None,
        known=data.known,
    )
    return _kept_lists().get(key, look)


def _metric_key(metric: Metric) -> tuple[str, str]:
    return metric.name, metric.sql


def _question_key(question: Question) -> tuple[object, ...]:
    where = tuple(sorted((name, tuple(kept)) for name, kept in question.where.items()))
    return question.from_on, question.to_on, question.by, where, question.aggregate


def data_state(data: Data) -> DataState | None:
    """What the warehouse holds; None where its loads brought no ticket."""
    row: dict[str, Any] = _row(data.key, "data_state", data)
    return DataState(**row) if row["first_at"] is not None else None


@st.cache_data(max_entries=KEPT_TABLES, show_spinner=False)
def _row(key: tuple[str, int, str], name: str, _data: Data) -> dict[str, Any]:
    return getattr(listing, name)(_data.connection)


def months(data: Data) -> tuple[Month, ...]:
    """The months that the data can tell of, oldest first."""
    return _months(data.key, data)


@st.cache_data(max_entries=KEPT_TABLES, show_spinner=False)
def _months(key: tuple[str, int, str], _data: Data) -> tuple[Month, ...]:
    state = data_state(_data)
    if state is None:
        return ()
    return months_between(state.first_at, state.data_at, _data.zone, state.openings)


def table(data: Data, name: str) -> pl.DataFrame:
    """One of the lists of `queries.listing`: ledger, findings, rejected, column_coverage."""
    return _table(data.key, name, data)


@st.cache_data(max_entries=KEPT_TABLES, show_spinner=False)
def _table(key: tuple[str, int, str], name: str, _data: Data) -> pl.DataFrame:
    return getattr(listing, name)(_data.connection)


def dimension_values(data: Data, dimension: str) -> dict[str | None, int]:
    """The values of a dimension with their tickets, most first; None where it is missing."""
    look = partial(listing.dimension_values, data.connection, dimension)
    return _kept_values().get((data.key, dimension), lambda: dict(look().iter_rows()))


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept_values() -> Kept[dict[str | None, int]]:
    return Kept(KEPT_TABLES)


def promises(data: Data, name: str, *arguments: Any) -> Any:
    """One of the lists of `queries.promises`, or the reconciliation, computed once per build."""
    known = {"known": data.known} if name in _FILTERED else {}
    look = partial(_PROMISES[name], data.connection, *arguments, **known)
    return _kept_lists().get((name, data.key, repr(arguments)), look)


_PROMISES: dict[str, Callable[..., Any]] = {
    "breaches": queries.promises.breaches,
    "open_promises": queries.promises.open_promises,
    "outages": queries.reliability.outages,
    "repeat_chain": queries.promises.repeat_chain,
    "reconcile": reconcile,
    "ticket": queries.promises.ticket,
    "ticket_events": queries.promises.ticket_events,
}


_FILTERED = ("breaches", "open_promises")


def found_tickets(data: Data, question: Question, words: str, which: Which) -> pl.DataFrame:
    """The tickets that `queries.search` finds, once per build."""
    connection, policy, known = data.connection, data.policy, data.known
    look = partial(
        find_tickets, connection, question, policy, words=words, which=which, known=known
    )
    return _kept_searches().get((data.key, _question_key(question), words, which), look)


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept_searches() -> Kept[pl.DataFrame]:
    return Kept(KEPT_SEARCHES)


def explanations(data: Data, ticket_id: str) -> list[Explanation]:
    """Every clock of a ticket with the intervals of its life."""
    return explain(data.connection, data.policy, ticket_id)
