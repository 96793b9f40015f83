"""A mapping: which columns of any file are which of the contract's, as a small TOML file.

```toml
name = "Our old help desk"
source = "helpdesk"            # the name its tickets carry
timezone = "Europe/Madrid"     # of times that carry none
date_order = "dmy"             # for columns that fit more than one order
null_markers = ["-", "n/a"]    # what stands for nothing, instead of the usual markers
ignored = ["Colour"]           # columns that are not kept in `extra`
rows = "tickets"               # or "changes": one row each time a ticket changed, or "history":
                               # the same of tickets that a list of this source tells of

[columns]                      # contract column = the file's; of several the first with a value
number = "Ticket #"
opened_at = ["Created", "Creation date"]
priority = "Prio"

[durations]                    # an instant told by the time that passed since another
resolved_at = { column = "Hours to solve", unit = "hours", since = "opened_at" }

[values.priority]              # their words = ours, beside the words that every source knows
"Muy urgente" = "P1"
```

It is read as strictly as a policy. It becomes a `Form`, and nothing after knows the difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from pipelines.contract import DATA_TABLES, Column, Table
from pipelines.logs import MOMENTS
from pipelines.sources import NULL_MARKERS, Elapsed, Form, UnknownHeader, folded, generic, log
from pipelines.times.durations import Unit
from policies.strict import Strict, hint, refuse
from policies.toml_file import parse_toml, read_text
from policies.zones import zone_names

WHAT = "mapping"
FORM_TITLE = "mapping"
TABLES = {table.name: table for table in DATA_TABLES}
# What no file gives: the loader fills it.
OURS = ("exported_at", "version_at", "precision_seconds", "extra", "load_id")
# Of each group one column has to be mapped.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "tickets": (("number", "ticket_id"), ("opened_at",)),
    "ticket_events": (("number", "ticket_id"), ("at",), ("field",)),
    "changes": (("number", "change_id"),),
    "problems": (("number", "problem_id"),),
    "reviews": (("number", "ticket_id"),),
    "tool_slas": (("number", "ticket_id"), ("sla",)),
}
Rows = Literal["tickets", "changes", "history"]
NEEDED_OF_CHANGES = (("number",), ("updated_at",), ("state",))


class Duration(Strict):
    """How long after `since` something happened: the file's columns, and what a bare number is."""

    column: tuple[str, ...]
    unit: Unit | None = None
    since: str = "opened_at"

    @field_validator("column", mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        """One name is a list of one."""
        return (value,) if isinstance(value, str) else value


class ColumnMapping(Strict):
    """What one kind of file says, in the contract's words.

    `header` holds the names of the columns of the file that it was made for; a file with the same
    names is recognised once the mapping is kept in a warehouse.
    """

    name: str = Field(min_length=1, max_length=80)
    source: str = Field(min_length=1, max_length=40)
    table: Literal["tickets", "ticket_events", "changes", "problems", "reviews", "tool_slas"] = (
        "tickets"
    )
    rows: Rows = "tickets"
    timezone: str | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    null_markers: tuple[str, ...] = NULL_MARKERS
    ignored: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]]
    durations: Mapping[str, Duration] = {}
    values: Mapping[str, Mapping[str, str]] = {}

    @field_validator("source", mode="after")
    @classmethod
    def _source(cls, source: str) -> str:
        if ":" in source or source != source.strip():
            raise refuse(f"is {source!r}; a source has no colon and no blank at its ends")
        return source

    @field_validator("timezone", mode="after")
    @classmethod
    def _zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in zone_names():
            raise refuse(f"is {zone!r}, which is no zone; {hint(zone, zone_names())}")
        return zone

    @field_validator("columns", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        """One name is a list of one."""
        if not isinstance(value, dict):
            return value
        return {key: (names,) if isinstance(names, str) else names for key, names in value.items()}

    @field_validator("values", mode="before")
    @classmethod
    def _yes_and_no(cls, value: Any) -> Any:
        """A yes or a no may be written as TOML writes them."""
        if not isinstance(value, dict):
            return value
        return {
            column: {word: _spelled(ours) for word, ours in words.items()}
            if isinstance(words, dict)
            else words
            for column, words in value.items()
        }

    @model_validator(mode="after")
    def _of_the_contract(self) -> ColumnMapping:
        valid = columns_of(self.table)
        told = (("columns", self.columns), ("values", self.values), ("durations", self.durations))
        for key, names in told:
            for column in names:
                if column not in valid:
                    wrong = f"is no column of {self.table} that a file can give"
                    raise refuse(f"{wrong}; {hint(column, valid)}", key, column)
        for column, words in self.values.items():
            _check_words(valid[column], words)
        instants = [name for name, column in valid.items() if column.type == "instant"]
        for column, duration in self.durations.items():
            if column not in instants:
                raise refuse(f"is no instant; {hint(column, instants)}", "durations", column)
            if duration.since not in self.columns or duration.since not in instants:
                wrong = f"is {duration.since!r}, which is no mapped instant"
                raise refuse(
                    f"{wrong}; {hint(duration.since, instants)}", "durations", column, "since"
                )
        self._of_changes()
        for group in self.needed:
            if not any(self.columns.get(column) for column in group):
                wanted = " or ".join(group)
                what = "changes" if self.is_log else self.table
                raise refuse(f"map no column to {wanted}; {what} need it", "columns")
        return self

    def _of_changes(self) -> None:
        if self.is_log and self.table != "tickets":
            raise refuse(f'is {self.rows!r}, which tickets alone have; write "tickets"', "rows")
        told = [name for name in MOMENTS if name in self.columns or name in self.durations]
        if self.is_log and told:
            raise refuse("is read from the changes of a ticket; take it out", "columns", told[0])

    @property
    def is_log(self) -> bool:
        return self.rows != "tickets"

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Groups of columns, one of each of which has to be mapped."""
        return NEEDED_OF_CHANGES if self.is_log else NEEDED[self.table]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the mapping says, whatever file it was made for."""
        said = self.model_dump(mode="json", exclude={"header"})
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @property
    def names(self) -> frozenset[str]:
        """The names of the header that it was made for, as they are compared."""
        return frozenset(folded(name) for name in self.header)

    @cached_property
    def form(self) -> Form:
        """The same as a form of export."""
        columns = {column: names for column, names in self.columns.items() if names}
        if self.table == "tickets" and "state" in columns:
            columns.setdefault("source_state", columns["state"])
        own = {
            column: {_lowered(word.strip()): ours for word, ours in words.items()}
            for column, words in self.values.items()
        }
        known = {
            column.name: generic.VALUES[column.name]
            for column in TABLES[self.table].columns
            if column.name in generic.VALUES and column.choices
        }
        if self.is_log:
            known["state"] = log.ACTS | known["state"]
        return Form(
            source=self.source,
            name=self.name,
            title=f"{FORM_TITLE}: {self.name}",
            table=self.table,
            columns=columns,
            recognised_by=tuple(
                tuple(name for column in group for name in columns.get(column, ()))
                for group in self.needed
            ),
            values={
                name: {**known.get(name, {}), **own.get(name, {})} for name in {**known, **own}
            },
            ignored=self.ignored,
            elapsed={
                name: Elapsed(each.since, each.column, each.unit)
                for name, each in self.durations.items()
            },
            null_markers=self.null_markers,
            cannot_give="what it does not map",
            is_mapping=True,
            is_log=self.is_log,
            events_only=self.rows == "history",
            history=log.SEQUENCE if self.is_log else None,
            actor=log.CHANGES.actor if self.is_log else (),
        )

    def check_header(self, header: tuple[str, ...], path: Path | str) -> None:
        """UnknownHeader when the file lacks a column that the mapping cannot do without."""
        names = {folded(name) for name in header}
        for group in self.needed:
            told = [name for column in group for name in self.columns.get(column, ())]
            if not any(folded(name) in names for name in told):
                column = next(column for column in group if self.columns.get(column))
                near = get_close_matches(told[0], header, 1)
                hinted = f"did you mean {near[0]!r}?" if near else "name the column that has it."
                raise UnknownHeader(
                    f"{path} has no column {told[0]!r}, which the mapping {self.name!r} reads as "
                    f"{column}; {hinted}"
                )


@dataclass(frozen=True)
class GivenMapping:
    """A mapping with the text that it was read from, comments and all."""

    mapping: ColumnMapping
    text: str


def columns_of(table: str) -> dict[str, Column]:
    """The columns of a table that a file can give, by name."""
    found = {name: column for name, column in TABLES[table].by_name.items() if name not in OURS}
    for name in ("number", "source"):
        found.setdefault(name, Column(name, "text", "of the ticket that it belongs to"))
    return found


def table_of(name: str) -> Table:
    return TABLES[name]


def read_mapping(path: Path) -> GivenMapping:
    """The mapping in a file; Refused, naming file, key and the nearest valid name."""
    text = read_text(path, WHAT)
    return GivenMapping(parse_mapping(text, path), text)


def parse_mapping(text: str, path: Path) -> ColumnMapping:
    """The mapping in a text; `path` is what sentences name."""
    return parse_toml(text, path, WHAT, ColumnMapping, {})


def _spelled(ours: Any) -> Any:
    return str(ours).lower() if isinstance(ours, bool) else ours


def _check_words(column: Column, words: Mapping[str, str]) -> None:
    """Our side of a value map: one of the contract's words, where it has a choice of them."""
    valid = ("true", "false") if column.type == "boolean" else column.choices
    if column.type not in ("text", "boolean"):
        wrong = f"maps words, but {column.name} holds a{_article(column.type)}"
        raise refuse(f"{wrong}; only texts and yes or no have words", "values", column.name)
    for word, ours in words.items():
        if valid and ours not in valid:
            wrong = f"is {ours!r}, which is no {column.name}; {hint(ours, valid)}"
            raise refuse(wrong, "values", column.name, word)


def _article(type_: str) -> str:
    return f"n {type_}" if type_[0] in "aeiou" else f" {type_}"


def _lowered(word: str) -> str:
    """In small letters as the database makes them, one for one: "İptal" and "ΝΕΟΣ" differ else."""
    return "".join(letter.lower()[:1] for letter in word)
