"""A mapping proposed for a file that no source knows: each column with the reason.

A column is proposed by its name (as tools call it in some dozen languages) where its content fits,
and words by what they mean. Nothing is hidden: what is not proposed is listed too, and what only
the user can know (the zone, an order of dates that no row proves) is said to be open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.logs import MOMENTS
from pipelines.mappings.content import Content, contents, is_date
from pipelines.mappings.likeness import likeness, names, plain_words
from pipelines.mappings.mapping import Rows, columns_of
from pipelines.mappings.meanings import choices, is_inverse, is_upwards, known, said
from pipelines.mappings.proposed_columns import NEAR_ENOUGH, ColumnProposal, columns_like
from pipelines.mappings.proposed_durations import ProposedDuration, durations_of
from pipelines.mappings.proposed_log import ONCE, log_columns
from pipelines.reading.opened import OpenedFile
from pipelines.sources import NULL_MARKERS
from pipelines.times.dates import decide
from policies.refusal import Refused

NEEDED = {
    "number": "which column is the ticket's number",
    "opened_at": "which column says when a ticket was opened",
}
NEEDED_OF_CHANGES = {
    "number": "which column is the ticket's number",
    "updated_at": "which column says when it changed",
    "state": "which column says what state it came into",
}
MOST_PARTS = 12
# What tickets refer to: a column of them that is the key of its rows is no list of tickets.
OF_ITS_OWN = {"change_id": "changes", "problem_id": "problems"}


@dataclass(frozen=True)
class Proposal:
    """What a file may mean.

    `values` maps contract columns to the file's words and ours, None for a word that nobody knows;
    `durations` are instants told by the time since another.
    `rows_are` tickets, changes of them, or changes of those that a list tells of.
    `date_order` is proven or None; `open_questions` say what a load would refuse to guess.
    """

    header: tuple[str, ...]
    columns: tuple[ColumnProposal, ...]
    values: Mapping[str, Mapping[str, str | None]]
    null_markers: tuple[str, ...]
    date_order: str | None
    date_reason: str
    open_questions: tuple[str, ...]
    rows: int
    durations: Mapping[str, ProposedDuration] = field(default_factory=dict)
    rows_are: Rows = "tickets"

    @property
    def is_log(self) -> bool:
        return self.rows_are != "tickets"

    def place_of(self, column: str) -> ColumnProposal | None:
        return next((each for each in self.columns if each.column == column), None)


def propose(connection: duckdb.DuckDBPyConnection, opened: OpenedFile) -> Proposal:
    """A mapping of the file to tickets, column by column."""
    markers = NULL_MARKERS
    found = contents(connection, opened, markers)
    if more := _nothings(found):
        markers = (*markers, *more)
        found = contents(connection, opened, markers)
    columns = columns_like(found)
    places = {each.column: each.content.place for each in columns if each.column is not None}
    log = log_columns(connection, opened, markers, found, places)
    if log is not None:
        columns = _of_log(columns, log)
    order, reason, questions = _date_order(connection, opened, columns, markers)
    return Proposal(
        header=opened.header,
        columns=columns,
        values=values_of(columns),
        null_markers=markers,
        date_order=order,
        date_reason=reason,
        open_questions=(*_missing(columns, is_log=log is not None), *questions),
        rows=max((each.rows for each in found), default=0),
        durations={}
        if log is not None
        else durations_of({each.column: each.content for each in columns}, found),
        rows_are="tickets" if log is None else "changes",
    )


def _of_log(
    columns: tuple[ColumnProposal, ...], log: Mapping[str, int]
) -> tuple[ColumnProposal, ...]:
    """The columns of a log: what a ticket's changes tell is mapped to nothing."""
    told = {place: name for name, place in log.items()}
    found = []
    for each in columns:
        if name := told.get(each.content.place):
            why = "comes again" if name == "number" else "differs between the rows of a ticket"
            found.append(replace(each, column=name, reason=f"{why}; {each.content.told}"))
        elif each.column in (*MOMENTS, *log):
            found.append(replace(each, column=None, reason="the changes of a ticket tell it"))
        else:
            found.append(each)
    return tuple(found)


def with_rows(proposal: Proposal, rows_are: Rows) -> Proposal:
    """The proposal with its rows read so."""
    is_log = rows_are != "tickets"
    if is_log == proposal.is_log:
        return replace(proposal, rows_are=rows_are)
    before, after = ("opened_at", "updated_at") if is_log else ("updated_at", "opened_at")
    columns = tuple(
        replace(each, column=after if each.column == before else None)
        if each.column in (*MOMENTS, before, after)
        else each
        for each in proposal.columns
    )
    return replace(proposal, columns=columns, durations={}, rows_are=rows_are)


def propose_best(
    connection: duckdb.DuckDBPyConnection, parts: list[OpenedFile]
) -> tuple[OpenedFile, Proposal]:
    """Of several tables the one that looks most like tickets, with its mapping."""
    proposals = [(part, propose(connection, part)) for part in parts[:MOST_PARTS]]
    return max(
        proposals,
        key=lambda each: (
            not _missing(each[1].columns, is_log=each[1].is_log),
            sum(column.column is not None for column in each[1].columns),
        ),
    )


def values_of(columns: tuple[ColumnProposal, ...]) -> dict[str, dict[str, str | None]]:
    """For each proposed column with a choice of words those that every source does not know."""
    valid = columns_of("tickets")
    found: dict[str, dict[str, str | None]] = {}
    for each in columns:
        column = valid.get(each.column or "")
        if column is None or not choices(column):
            continue
        is_told = is_upwards(column, each.content) or is_inverse(column, each.content)
        words = {
            word: said(column, each.content, word)
            for word, _ in each.content.words
            if is_told or known(column, word) is None
        }
        if words:
            found[column.name] = words
    return found


def words_of(columns: tuple[ColumnProposal, ...]) -> dict[str, list[tuple[str, int, str | None]]]:
    """Every word of the columns with a choice, its rows, and what it would become."""
    valid = columns_of("tickets")
    found: dict[str, list[tuple[str, int, str | None]]] = {}
    for each in columns:
        column = valid.get(each.column or "")
        if column is not None and choices(column):
            found[column.name] = [
                (word, rows, said(column, each.content, word)) for word, rows in each.content.words
            ]
    return found


def with_values(proposal: Proposal, chosen: Mapping[str, Mapping[str, str | None]]) -> Proposal:
    """The proposal with these meanings of words; None leaves a word without one."""
    values = {column: dict(words) for column, words in proposal.values.items()}
    for column, words in chosen.items():
        if words:
            values.setdefault(column, {}).update(words)
    return replace(proposal, values=values)


def _nothings(found: list[Content]) -> list[str]:
    """What stands for nothing here: words for that, and what fills columns of dates alone."""
    words = {word for each in found for word, _ in each.words}
    elsewhere = {word for each in found if each.kind != "dates" for word, _ in each.words}
    fillers = {word for each in found for word in each.fillers} - elsewhere
    # "Unassigned" is nobody, and also a state of a ticket
    states = [each for each in found if likeness("state", each.name)[0] >= NEAR_ENOUGH]
    nobody = words - {word for each in states for word, _ in each.words}
    fillers |= {word for word in nobody if plain_words(word) in names()["words"]["nobody"]}
    return sorted(fillers.union(filter(_is_nothing, words)))


def _is_nothing(word: str) -> bool:
    """Whether it stands for nothing, and a load does not know; "'-" is how a sheet writes "-"."""
    plain = word.strip().removeprefix("'")
    nothing = plain.casefold() in names()["words"]["nothing"] or plain in NULL_MARKERS
    return nothing and word not in NULL_MARKERS


def hint_of(proposal: Proposal) -> str | None:
    """What to consider before loading; None where nothing is odd."""
    for each in proposal.columns:
        if each.content.kind == "dates" and is_date(each.content.name):
            return (
                f"the first line has {each.content.name!r} above a column of dates, so it looks "
                "like a ticket, which would be lost, and not like names of columns: export the "
                "list with them, or write a line of names above it"
            )
    if proposal.is_log:
        return None
    columns, durations = proposal.columns, proposal.durations
    there = {each.column: each.content.name for each in columns}
    number = next((each.content for each in columns if each.column == "number"), None)
    if number is not None and number.distinct < ONCE * number.rows:
        return (
            f"{number.name!r} has {number.distinct:,} values in {number.rows:,} rows, and the last "
            "row of each will count: a join counts each once, but in a log each row is a change of "
            'a ticket (rows = "changes", with updated_at for its time)'
        )
    for each in columns:
        if number is None and each.column in OF_ITS_OWN and each.content.is_unique:
            return (
                f"{each.content.name!r} has another value in every row, so this looks like a list "
                f"of {OF_ITS_OWN[each.column]}, and a mapping reads tickets alone"
            )
    if "resolved_at" in there or "resolved_at" in durations:
        return None
    if "closed_at" in there:
        return (
            f"no column says when a ticket was resolved, so nothing tells how long that took; if "
            f"people close tickets by hand when they are solved, {there['closed_at']!r} is "
            "resolved_at"
        )
    return "no column says when a ticket was resolved or closed: all of them stay open"


def _missing(columns: tuple[ColumnProposal, ...], *, is_log: bool) -> list[str]:
    there = {each.column for each in columns}
    needed = NEEDED_OF_CHANGES if is_log else NEEDED
    return [f"{question} ({name})" for name, question in needed.items() if name not in there]


def _date_order(
    connection: duckdb.DuckDBPyConnection,
    opened: OpenedFile,
    columns: tuple[ColumnProposal, ...],
    markers: tuple[str, ...],
) -> tuple[str | None, str, list[str]]:
    """The order of the dates where a column proves it, the reason, and what stays open."""
    valid = columns_of("tickets")
    cells = {
        each.content.place: each.content.name
        for each in columns
        if each.column is not None and valid[each.column].type == "instant"
        if each.content.kind == "dates"
    }
    proven: dict[str, str] = {}
    unproven: list[str] = []
    for place, name in cells.items():
        try:
            reading = decide(connection, opened, {place: name}, markers, None)[place]
        except Refused as refused:
            if "fits both" not in str(refused):
                return None, "", [str(refused)]
            unproven.append(name)
            continue
        if reading.order in ("dmy", "mdy"):
            proven.setdefault(reading.order, name)
    if not unproven:
        return None, "every column of dates proves its own order", []
    if len(proven) == 1:
        order, name = next(iter(proven.items()))
        return order, f"{name!r} proves it; every date of {unproven[0]!r} fits both orders", []
    question = f"every date of {unproven[0]!r} fits day first and month first: dmy or mdy"
    return None, "", [question]


def with_column(proposal: Proposal, place: int, column: str | None) -> Proposal:
    """The proposal with another choice for one column of the file."""
    columns = tuple(
        replace(each, column=column, reason="chosen by hand")
        if each.content.place == place
        else each
        for each in proposal.columns
    )
    taken = {each.column for each in columns}
    durations = {name: each for name, each in proposal.durations.items() if name not in taken}
    return replace(proposal, columns=columns, values=values_of(columns), durations=durations)
