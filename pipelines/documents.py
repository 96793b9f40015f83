"""JSON: a document with a list of records in it, or one record a line.

Read as a stream. Members of nested objects become columns with dotted names
("fields.status.name"), lists become JSON text, numbers keep their spelling.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ijson

from pipelines.opened import OpenedFile, Unread, Unusable
from pipelines.text_tables import TextTable, TooManyColumns
from policies.refusal import Refused

LINE_SUFFIXES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
DEEPEST = 12
MAX_LINE_CHARACTERS = 1 << 26
MAX_UNREAD = 100_000
LONGEST_VALUE = 500
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_json(
    path: Path, plain: Path, digest: str, packing: str | None, scratch: Path
) -> list[OpenedFile]:
    """The tables of a UTF-8 JSON file `plain`, which came as `path`.

    Raises Refused for a document that is cut or damaged, or without a list of records.
    """
    table = TextTable(scratch / f"{plain.name}.parquet")
    unread: list[Unread] = []
    by_line = _is_by_line(path, plain)
    try:
        records = _lines(plain) if by_line else _items(path, plain)
        for number, record in enumerate(records, start=1):
            if isinstance(record, dict):
                table.add(flat(record))
            else:
                unread.append(_unread(number, record))
                if len(unread) > MAX_UNREAD:
                    raise Refused(
                        f"{path} has over {MAX_UNREAD:,} records that cannot be read: export it "
                        "again."
                    )
        table.close()
    except TooManyColumns:
        raise Refused(
            f"{path} has records with ever new members: export a list of tickets, all with the "
            "same ones."
        ) from None
    if not table.rows:
        raise Unusable(f"{path} holds no record: check the filter of the export.")
    return [
        OpenedFile(
            path=path,
            readable=table.target,
            format="parquet",
            content_digest=digest,
            header=table.header,
            encoding="utf-8",
            packing=packing,
            kind="ndjson" if by_line else "json",
            stored=table.stored,
            unread=tuple(unread),
        )
    ]


def flat(record: dict[str, Any]) -> dict[str, str | None]:
    """One record as cells: dotted names, text; empty objects and lists are no cells."""
    cells: dict[str, str | None] = {}

    def walk(prefix: str, value: object, depth: int) -> None:
        if isinstance(value, dict) and depth < DEEPEST:
            for name, member in value.items():
                walk(f"{prefix}.{name}" if prefix else str(name), member, depth + 1)
        else:
            cells[prefix] = as_text(value)

    walk("", record, 0)
    return cells


def as_text(value: object) -> str | None:
    """A JSON value as a cell: numbers as they were written, lists and objects as JSON."""
    if value is None or value in ([], {}):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=_plain_number)


def _plain_number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError


def _unread(number: int, record: object) -> Unread:
    if isinstance(record, Unread):
        return Unread(number, record.text, record.reason)
    text = as_text(record) or "null"
    return Unread(number, text[:LONGEST_VALUE], "it is no JSON object, so no record")


def _is_by_line(path: Path, plain: Path) -> bool:
    """Whether every line is a record of its own: the name says so, or the first two lines do."""
    if path.name.lower().endswith(LINE_SUFFIXES):
        return True
    shown: list[str] = []
    with plain.open(encoding="utf-8-sig", errors="replace") as text:
        while len(shown) < 2 and (line := text.readline(MAX_LINE_CHARACTERS)):
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
    with plain.open(encoding="utf-8-sig", errors="replace", newline="\n") as text:
        while line := text.readline(MAX_LINE_CHARACTERS):
            if not line.strip():
                continue
            try:
                yield json.loads(line, parse_float=Decimal)
            except (ValueError, RecursionError):
                yield Unread(0, line.strip()[:LONGEST_VALUE], "it is no JSON record")


def _items(path: Path, plain: Path) -> Iterator[object]:
    """The records of a document: its list, or the first list of objects that it holds."""
    try:
        prefix = _prefix(plain)
        if prefix is None:
            raise Refused(f"{path} holds no list of records: export tickets, one object each.")
        with plain.open("rb") as raw:
            _skip_mark(raw)
            yield from ijson.items(raw, prefix)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise Refused(
            f"{path} is cut or damaged: it is no complete JSON document; export or copy it again."
        ) from error


def _prefix(plain: Path) -> str | None:
    """Where the records stand, as ijson names places: "item", "result.item" ..."""
    deep: str | None = None
    before = ""
    with plain.open("rb") as raw:
        _skip_mark(raw)
        for prefix, event, _ in ijson.parse(raw):
            if event == "start_map" and before == "start_array":
                if prefix.count(".") <= 1:
                    return prefix
                deep = deep or prefix
            before = event
    return deep


def _skip_mark(raw: Any) -> None:
    if raw.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
        raw.seek(0)
