"""How a tool nests its records in JSON, and how each becomes rows of flat tables.

A source declares one `Document` per kind of record. Whatever stands elsewhere in the same file and
is looked up by an id (users, groups, metrics of a ticket) is a side-load: `documents` reads those
first and hands them to `unfold` beside each record.

A record may be of any shape, so what is taken out of it goes through the few functions below: they
give None where something else stands than was looked for, and never fail.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

Row = dict[str, str | None]
DEEPEST = 12
Unfolded = Iterable[tuple[str, Row]]


@dataclass(frozen=True)
class SideLoad:
    """Objects beside the records: where they stand, as ijson names places, and their key.

    Without a `key` the place is an object whose members are looked up by their names.
    """

    place: str
    key: str | None = None

    @property
    def is_list_near_the_top(self) -> bool:
        return self.key is not None and self.place.count(".") == 1


@dataclass(frozen=True)
class Document:
    """One kind of record of one tool.

    main        the part that its records are told as where they cannot be read
    lists       names of the member that holds the records, or one: "tickets", "ticket" ...
    told_by     groups of members: a record is of this kind when each group has one in it
    never       members that only other tools' records have
    unfold      a record and the side-loads -> pairs of a part's name and a row of its table
    side_loads  what is looked up beside the records, by name
    """

    main: str
    lists: tuple[str, ...]
    told_by: tuple[tuple[str, ...], ...]
    unfold: Callable[[dict[str, Any], SideLoads], Unfolded]
    side_loads: Mapping[str, SideLoad] = field(default_factory=dict)
    never: tuple[str, ...] = ()

    def knows(self, record: object) -> bool:
        return (
            isinstance(record, dict)
            and all(any(name in record for name in group) for group in self.told_by)
            and not any(name in record for name in self.never)
        )


class SideLoads:
    """What stands beside the records, on disk, so that a million users cost no memory."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("pragma journal_mode = off")
        self._base.execute("pragma synchronous = off")
        self._base.execute("create table if not exists loads (name text, key text, record text)")
        self._found = lru_cache(maxsize=50_000)(self._look_up)

    def fill(self, name: str, objects: Iterable[tuple[str, object]]) -> None:
        """Keep the objects of one side-load; those of one key in their order."""
        self._base.execute("begin")
        self._base.executemany(
            "insert into loads values (?, ?, ?)",
            ((name, key, json.dumps(each, default=float)) for key, each in objects),
        )
        self._base.execute("commit")

    def ready(self) -> None:
        """After the last `fill`."""
        self._base.execute("create index by_key on loads (name, key)")

    def close(self) -> None:
        self._base.close()

    def all(self, name: str, key: object) -> list[Any]:
        """Every object of a side-load with this key, in the order of the file."""
        shown = text(key)
        return [] if shown is None else [json.loads(each) for each in self._found(name, shown)]

    def one(self, name: str, key: object) -> Any:
        """The last object of a side-load with this key, or None."""
        found = self.all(name, key)
        return found[-1] if found else None

    def _look_up(self, name: str, key: str) -> tuple[str, ...]:
        rows = self._base.execute(
            "select record from loads where name = ? and key = ? order by rowid", (name, key)
        )
        return tuple(row[0] for row in rows)


def text(value: object) -> str | None:
    """A value as a cell: numbers as they were written, lists and objects as JSON."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, default=float)
    except RecursionError:
        return "(nested too deeply to be shown)"


def flat(record: object) -> Row:
    """One record as cells: nested members under dotted names, lists as JSON text."""
    cells: Row = {}

    def walk(prefix: str, value: object, depth: int) -> None:
        if isinstance(value, dict) and value and depth < DEEPEST:
            for name, inner in value.items():
                walk(f"{prefix}.{name}" if prefix else str(name), inner, depth + 1)
        else:
            cells[prefix] = text(value)

    walk("", record, 0)
    return cells


def member(value: object, *path: str) -> Any:
    """What stands at the end of a path of members; None where the path breaks off."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def members(value: object, *path: str) -> list[Any]:
    """The objects of the list at the end of a path; none where there is no such list."""
    found = member(value, *path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def plain(value: object, *path: str) -> str | None:
    """The text at the end of a path; None where an object or a list stands there."""
    found = member(value, *path)
    return None if isinstance(found, dict | list) else text(found)


def keyed(objects: Iterable[object], key: str) -> Iterator[tuple[str, object]]:
    """Objects with what they are looked up by; those without are left out."""
    for each in objects:
        shown = plain(each, key)
        if shown is not None:
            yield shown, each
