"""JSON: documents with records in them (a list, or one alone), or one record a line.

Pages of an API that were saved one behind the other are read as one document. Read as a stream.
Where a source knows the records (`Document`), it says which rows of which tables they become; all
other records become rows as they are: members of nested objects are columns with dotted names
("fields.status.name"), lists are JSON text, numbers keep their spelling.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import ijson

from pipelines.reading.opened import EmptyPage, OpenedFile, Unread, Unusable
from pipelines.reading.text_tables import TextTable, TooManyColumns
from pipelines.reading.unfolding import Document, SideLoads, flat, keyed, text
from pipelines.sources import documents
from policies.refusal import Refused

LINE_SUFFIXES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
MAX_LINE_CHARACTERS = 1 << 26
MAX_UNREAD = 100_000
LONGEST_VALUE = 500
# How many records are looked at to tell what they are: the first may be an odd one.
FIRST_RECORDS = 20
OWN_IDS = frozenset(("id", "number", "key"))
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Unfolding:
    """The tables of one JSON file while its records are taken apart."""

    path: Path
    plain: Path
    scratch: Path
    tables: dict[str, TextTable] = field(default_factory=dict)
    unread: dict[str, list[Unread]] = field(default_factory=dict)

    def add(self, part: str, row: dict[str, str | None]) -> None:
        if part not in self.tables:
            number = len(self.tables)
            self.tables[part] = TextTable(self.scratch / f"{self.plain.name}.{number}.parquet")
        self.tables[part].add(row)

    def skip(self, part: str, number: int, record: object) -> None:
        """Note a record that is none; too many of them are no export."""
        missed = self.unread.setdefault(part, [])
        missed.append(_unread(number, record))
        if len(missed) > MAX_UNREAD:
            raise Refused(
                f"{self.path} has over {MAX_UNREAD:,} records that cannot be read: export it again."
            )


def open_json(
    path: Path, plain: Path, digest: str, packing: str | None, scratch: Path
) -> list[OpenedFile]:
    """The tables of a UTF-8 JSON file `plain`, which came as `path`.

    Raises Refused for a document that is cut or damaged, or without a list of records.
    """
    unfolding = Unfolding(path, plain, scratch)
    by_line = _is_by_line(path, plain)
    try:
        if by_line:
            records = _lines(plain)
            first = list(islice(records, FIRST_RECORDS))
            if not any(_is_page(each) for each in first):
                _take(unfolding, _document(first), chain(first, records), {})
            else:
                _take_lists(unfolding)
        else:
            _take_lists(unfolding)
        for table in unfolding.tables.values():
            table.close()
    except TooManyColumns:
        raise Refused(
            f"{path} has records with ever new members: export a list of tickets, all with the "
            "same ones."
        ) from None
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise Refused(
            f"{path} is cut or damaged: it is no complete JSON document; export or copy it again."
        ) from error
    if not unfolding.tables:
        raise Unusable(f"{path} holds no record: check the filter of the export.")
    several = len(unfolding.tables) > 1
    return [
        OpenedFile(
            path=path,
            readable=table.target,
            format="parquet",
            content_digest=_digest_of_part(digest, part) if several else digest,
            header=table.header,
            encoding="utf-8",
            packing=packing,
            part=part if several else None,
            kind="ndjson" if by_line else "json",
            stored=table.stored,
            unread=tuple(unfolding.unread.get(part, ())),
        )
        for part, table in unfolding.tables.items()
    ]


def _digest_of_part(digest: str, part: str) -> str:
    """Tables of one file are told apart by what each is, and known again by it."""
    return hashlib.sha256(f"{digest} {part}".encode()).hexdigest()


def _document(records: Iterable[object], list_name: str | None = None) -> Document | None:
    """The source's document that knows one of the first records of a list."""
    first = list(records)
    for document in documents():
        if list_name is not None and list_name not in document.lists:
            continue
        if any(document.knows(record) for record in first):
            return document
    return None


def _is_page(record: object) -> bool:
    """Whether a line is a page of records that a source knows, and no record of its own."""
    if not isinstance(record, dict) or _document([record]) is not None:
        return False
    return any(
        _document(each if isinstance(each, list) else [each], name) is not None
        for name, each in record.items()
        if isinstance(each, list | dict)
    )


def _take_lists(unfolding: Unfolding) -> None:
    """Every list whose records a source knows, and a record that stands alone; where there is
    none, the first list of objects."""
    places, empty, alone = _places(unfolding.plain)
    known: list[tuple[Document, str]] = [
        (document, place)
        for place, names in alone.items()
        if (document := _document([names], place.rsplit(".", 1)[-1] or None)) is not None
    ]
    for place in places:
        if any(not outer or place.startswith(f"{outer}.") for _, outer in known):
            continue
        name = place.split(".")[-2] if "." in place else None
        document = _document(islice(_items(unfolding.plain, place), FIRST_RECORDS), name)
        if document is not None:
            known.append((document, place))
    if not known:
        _take(
            unfolding, None, _items(unfolding.plain, _unknown(unfolding, places, empty, alone)), {}
        )
    for document, place in known:
        records = _items(unfolding.plain, place)
        _take(unfolding, document, records, _sides_of(document, place, set(places)))


def _unknown(
    unfolding: Unfolding,
    places: list[str],
    empty: set[str],
    alone: Mapping[str, Mapping[str, None]],
) -> str:
    """Where the records stand that no source takes apart; refused where there are none.

    What has an id of its own is a record, whatever lists it holds.
    """
    for place, names in alone.items():
        if OWN_IDS & names.keys() and (place or not places):
            return place
    if not places and not empty:
        raise Refused(
            f"{unfolding.path} holds no list of records: export tickets, one object each."
        )
    if not places or empty & _holders():
        raise EmptyPage(
            f"{unfolding.path} is a page without records: leave it out, or check the filter of the "
            "export."
        )
    return min(places, key=lambda each: each.count(".") > 1)


def _holders() -> set[str]:
    """The names of members that hold records of a source."""
    return {name for document in documents() for name in document.lists}


def _sides_of(document: Document, place: str, places: set[str]) -> dict[str, str]:
    """Where the side-loads of a list or of a lone record stand: in the same object."""
    path = place.removesuffix("item").removesuffix(".")
    if not path:
        return {}
    outer = path.rpartition(".")[0]
    within = f"{outer}." if outer else ""
    return {
        name: within + side.place
        for name, side in document.side_loads.items()
        if within + side.place in places or not side.is_list_near_the_top
    }


def _take(
    unfolding: Unfolding,
    document: Document | None,
    records: Iterable[object],
    sides_at: dict[str, str],
) -> None:
    """Records one by one into the rows of their tables."""
    if document is None:
        for number, record in enumerate(records, start=1):
            if isinstance(record, dict):
                unfolding.add("records", flat(record))
            else:
                unfolding.skip("records", number, record)
        return
    store = unfolding.scratch / f"{unfolding.plain.name}.{document.main}.sides"
    sides = SideLoads(store)
    try:
        for name, place in sides_at.items():
            sides.fill(name, _side_load(unfolding.plain, place, document.side_loads[name].key))
        sides.ready()
        for number, record in enumerate(records, start=1):
            if isinstance(record, dict):
                for part, row in document.unfold(record, sides):
                    unfolding.add(part, row)
            else:
                unfolding.skip(document.main, number, record)
    finally:
        sides.close()
        store.unlink(missing_ok=True)


def _side_load(plain: Path, place: str, key: str | None) -> Iterator[tuple[str, object]]:
    """The objects of one side-load with their keys; none where the document has no such place."""
    with plain.open("rb") as raw:
        _skip_mark(raw)
        if key is None:
            yield from ijson.kvitems(raw, place, multiple_values=True)
        else:
            yield from keyed(ijson.items(raw, place, multiple_values=True), key)


def _unread(number: int, record: object) -> Unread:
    if isinstance(record, Unread):
        return Unread(number, record.text, record.reason)
    return Unread(
        number, (text(record) or "null")[:LONGEST_VALUE], "it is no JSON object, so no record"
    )


def _is_by_line(path: Path, plain: Path) -> bool:
    """Whether every line is a record of its own: the name says so, or the first two lines do."""
    if path.name.lower().endswith(LINE_SUFFIXES):
        return True
    shown: list[str] = []
    with plain.open(encoding="utf-8-sig", errors="replace") as lines:
        while len(shown) < 2 and (line := lines.readline(MAX_LINE_CHARACTERS)):
            if line.strip():
                shown.append(line.strip())
    if len(shown) < 2 or not shown[0].startswith("{"):
        return False
    try:
        return isinstance(json.loads(shown[0]), dict)
    except (ValueError, RecursionError):
        return False


def _lines(plain: Path) -> Iterator[object]:
    """What each line that is not blank holds; what cannot be read comes as Unread."""
    with plain.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines:
        while line := lines.readline(MAX_LINE_CHARACTERS):
            if not line.strip():
                continue
            try:
                record = json.loads(line, parse_float=Decimal)
                yield _without_halves(record) if HALF_CHARACTER.search(line) else record
            except (ValueError, RecursionError):
                yield Unread(0, line.strip()[:LONGEST_VALUE], "it is no JSON record")


def _without_halves(value: Any) -> Any:
    """A value whose texts hold no half of a character, which no encoding could write."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_without_halves(each) for each in value]
    if isinstance(value, dict):
        return {_without_halves(name): _without_halves(each) for name, each in value.items()}
    return value


def _items(plain: Path, place: str) -> Iterator[object]:
    """The records of one list of a document."""
    with plain.open("rb") as raw:
        _skip_mark(raw)
        yield from ijson.items(raw, place, multiple_values=True)


def _places(plain: Path) -> tuple[list[str], set[str], dict[str, dict[str, None]]]:
    """The lists of objects, as ijson names their places ("item", "result.item" ...), the names of
    lists that are empty, and the objects that may be a record alone, with the names in them.

    Those near the top come in the order of the document; deeper ones count where there is no other.
    """
    near: dict[str, None] = {}
    empty: set[str] = set()
    alone: dict[str, dict[str, None]] = {}
    deep: str | None = None
    before = ""
    lone = {"", *_holders(), *(f"item.{name}" for name in _holders())}
    with plain.open("rb") as raw:
        _skip_mark(raw)
        for place, event, value in ijson.parse(raw, multiple_values=True):
            if event == "map_key" and place in lone:
                alone.setdefault(place, {}).setdefault(value)
            elif event == "start_map" and place.endswith("item"):
                if place.count(".") <= 2:
                    near.setdefault(place)
                elif before == "start_array":
                    deep = deep or place
            elif event == "end_array" and before == "start_array" and place.count(".") <= 1:
                empty.add(place.rsplit(".", 1)[-1])
            before = event
    return list(near) or ([deep] if deep else []), empty, alone


def _skip_mark(raw: Any) -> None:
    if raw.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
        raw.seek(0)
