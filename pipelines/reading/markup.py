"""XML: records one below the other, as lists of tools and their unloads write them.

Each kind of element that holds records becomes a list of JSON objects, which `documents` reads like
any other: an element of text is a text, what it carries beside is a member (`@id` for an attribute,
`#text` for its own text), an element that comes again is a list. Read as a stream; expat resolves
nothing from outside and stops at entities that grow.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal
from xml.etree.ElementTree import Element, ParseError, iterparse

from pipelines.reading.documents import open_json
from pipelines.reading.opened import OpenedFile, Unusable
from policies.refusal import Refused

# What stands before the first element of a document, and that element's name.
START = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[.*?\]\s*)?>)*"
    rb"<([a-z_][\w.:-]*)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
STATED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
PAGES = (b"html", b"table")
SHEET = b"workbook"
# What formats say of themselves beside their records.
ABOUT = ("build-info", "classifier", "extension", "global")
DEEPEST_RECORDS = 3
MOST_KINDS = 20
# So many elements tell how deep the records stand.
FIRST_ELEMENTS = 100_000
# Tools that show a reference as its name beside its id.
SHOWN = "display_value"


def markup_of(path: Path, first: bytes) -> Literal["page", "xml"] | None:
    """What markup a text that begins so is; refused where it is a spreadsheet's own."""
    start = START.match(first)
    if start is None:
        return None
    if start[1].lower() == SHEET:
        raise Refused(
            f"{path} is a sheet saved as XML, whatever its name says: open it in a spreadsheet and "
            "save it as Excel or CSV."
        )
    return "page" if start[1].lower() in PAGES else "xml"


def stated_encoding(first: bytes) -> str | None:
    """What an XML document says that its text is encoded as; None where nothing knows it."""
    stated = STATED.match(first)
    if stated is None:
        return None
    name = stated[1].decode("ascii")
    try:
        b" ".decode(name)  # nothing at all would not be looked up
    except (LookupError, UnicodeError):
        return None
    known = codecs.lookup(name).name
    # databases write so above texts of single bytes, which this one begins as
    return None if known.startswith(("utf-16", "utf-32")) else known


def open_xml(
    path: Path, plain: Path, digest: str, packing: str | None, scratch: Path
) -> list[OpenedFile]:
    """The tables of an XML file, of which `plain` is a UTF-8 copy, and which came as `path`.

    Raises Refused for a page, for a file that is cut, and for one without records.
    """
    try:
        lists = _lists(path, plain, scratch)
    except ParseError as error:
        raise Refused(
            f"{path} is cut or damaged: it is no complete XML document; export or copy it again."
        ) from error
    if not lists:
        raise Unusable(f"{path} holds no record: check the filter of the export.")
    several = len(lists) > 1
    found: list[OpenedFile] = []
    for name, target in lists.items():
        own = hashlib.sha256(f"{digest} {name}".encode()).hexdigest() if several else digest
        for each in open_json(path, target, own, packing, scratch):
            parts = [part for part in (name if several else None, each.part) if part]
            found.append(replace(each, kind="xml", part=": ".join(parts) or None))
    return found


def _lists(path: Path, plain: Path, scratch: Path) -> dict[str, Path]:
    """A file of JSON for each kind of record: the element's name -> the file."""
    depth = _depth_of_records(plain)
    lists: dict[str, Path] = {}
    with ExitStack() as stack:
        writers: dict[str, IO[str]] = {}
        for record in _records(plain, depth):
            name = _local(record.tag)
            if name not in writers:
                if len(writers) == MOST_KINDS:
                    raise Refused(
                        f"{path} has records with ever new names: export a list of tickets, all "
                        "with the same one."
                    )
                lists[name] = scratch / f"{plain.name}.{len(lists)}.json"
                writers[name] = stack.enter_context(lists[name].open("w", encoding="utf-8"))
            writers[name].write("," if writers[name].tell() else "[")
            json.dump(_object(record), writers[name], ensure_ascii=False)
        for writer in writers.values():
            writer.write("]")
    return lists


def _depth_of_records(plain: Path) -> int:
    """How deep the records stand: where elements with elements of their own first come again."""
    again: Counter[tuple[str, ...]] = Counter()
    for around, _, holds_others in islice(_elements(plain, sys.maxsize), FIRST_ELEMENTS):
        if holds_others and 1 < len(around) <= DEEPEST_RECORDS + 1:
            again[tuple(_local(each.tag) for each in around)] += 1
    return min((len(place) - 1 for place, times in again.items() if times > 1), default=1)


def _records(plain: Path, depth: int) -> Iterator[Element]:
    """The elements at a depth that hold others, one by one."""
    for around, element, holds_others in _elements(plain, depth + 1):
        if holds_others and len(around) == depth + 1 and _local(element.tag) not in ABOUT:
            yield element


def _elements(plain: Path, forgotten: int) -> Iterator[tuple[list[Element], Element, bool]]:
    """Every element when it ends: those around it and itself, itself, and whether it holds others.

    Those that stand at most `forgotten` deep are not kept behind it.
    """
    around: list[Element] = []
    holds_others: list[bool] = []
    # text, since of bytes expat would believe what the document says of its encoding
    with plain.open(encoding="utf-8-sig", newline="") as text:
        for event, element in iterparse(text, ("start", "end")):  # noqa: S314 (see above)
            if event == "start":
                if holds_others:
                    holds_others[-1] = True
                around.append(element)
                holds_others.append(False)
                continue
            yield around, element, holds_others.pop()
            around.pop()
            if around and len(around) < forgotten:
                around[-1].clear()


def _object(element: Element) -> dict[str, Any]:
    """An element's attributes, its own text and what stands in it, by name."""
    found: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    if text := (element.text or "").strip():
        found["#text"] = text
    for child in element:
        name, value = _local(child.tag), _value(child)
        there = found.get(name)
        if name not in found:
            found[name] = value
        elif isinstance(there, list):
            there.append(value)
        else:
            found[name] = [there, value]
    return found


def _value(element: Element) -> Any:
    if SHOWN in element.attrib:
        return {SHOWN: element.attrib[SHOWN], "value": element.text}
    if len(element) or element.attrib:
        return _object(element)
    return element.text


def _local(tag: str) -> str:
    """A name without the address of its vocabulary."""
    return tag.rpartition("}")[2]
