"""Mappings that people decided on: `kept/mappings/` of the warehouse, one file each, never changed.

A file is named by a number that counts up and by its source. A mapping that is changed is kept
again under a new number, and the newest one that fits a header reads the next file with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import tomlkit

from pipelines.ledger import LoadOptions
from pipelines.mappings.mapping import ColumnMapping, GivenMapping, read_mapping
from pipelines.sources import folded, source_names
from pipelines.warehouse import Warehouse

FOLDER = "mappings"
_NUMBERED = re.compile(r"([0-9]+)-.*\.toml")


@dataclass(frozen=True)
class KeptMapping:
    """A mapping with its place in the warehouse; `version` counts those of one name."""

    number: int
    version: int
    path: Path
    given: GivenMapping

    @property
    def mapping(self) -> ColumnMapping:
        return self.given.mapping


def kept_mappings(warehouse: Warehouse) -> list[KeptMapping]:
    """All of them, oldest first; Refused where somebody broke one by hand."""
    folder = warehouse.kept / FOLDER
    if not folder.is_dir():
        return []
    numbered = sorted(
        (int(match[1]), path)
        for path in folder.iterdir()
        if (match := _NUMBERED.fullmatch(path.name))
    )
    kept: list[KeptMapping] = []
    for number, path in numbered:
        given = read_mapping(path)
        version = sum(each.mapping.name == given.mapping.name for each in kept) + 1
        kept.append(KeptMapping(number, version, path, given))
    return kept


def newest_kept(warehouse: Warehouse) -> list[KeptMapping]:
    """The newest version for each header and table, oldest first."""
    newest = {(each.mapping.names, each.mapping.table): each for each in kept_mappings(warehouse)}
    return sorted(newest.values(), key=lambda each: each.number)


def mapping_for(
    kept: list[KeptMapping], header: tuple[str, ...], source: str | None = None
) -> GivenMapping | None:
    """The newest kept mapping made for a file with exactly these columns, in any order."""
    names = frozenset(folded(name) for name in header)
    for each in reversed(kept):
        mapping = each.mapping
        if mapping.header and mapping.names == names and source in (None, mapping.source):
            return each.given
    return None


def with_header(text: str, header: tuple[str, ...]) -> str:
    """The text of a mapping, comments and all, with the header that it reads."""
    document = tomlkit.parse(text)
    names = tomlkit.array()
    names.extend(header)
    names.multiline(len(header) > 4)
    document["header"] = names
    return tomlkit.dumps(document)


def recognised(
    kept: list[KeptMapping], header: tuple[str, ...], options: LoadOptions
) -> LoadOptions:
    """The options with the mapping that reads this header, and what it says of zone and dates.

    A mapping that the user gave comes first, then a kept one; a source that the user named comes
    before both. Flags beat what a mapping says.
    """
    given = options.mapping
    if given is None and (options.source is None or options.source not in source_names()):
        given = mapping_for(kept, header, options.source)
    if given is None:
        return options
    mapping = given.mapping
    return replace(
        options,
        mapping=given,
        timezone=options.timezone or mapping.timezone,
        date_order=options.date_order or mapping.date_order,
    )


def keep_mapping(warehouse: Warehouse, given: GivenMapping, header: tuple[str, ...]) -> None:
    """Keep a mapping for files with this header, unless it is the newest one for it.

    The caller holds the loaders' lock.
    """
    kept = kept_mappings(warehouse)
    known = mapping_for(kept, header)
    if known is not None and known.mapping.digest == given.mapping.digest:
        return
    folder = warehouse.kept / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    number = max((each.number for each in kept), default=0) + 1
    name = re.sub(r"[^a-z0-9]+", "-", given.mapping.source.lower()).strip("-") or "mapping"
    path = folder / f"{number:04d}-{name}.toml"
    scratch = path.with_suffix(".part")
    scratch.write_text(with_header(given.text, header), encoding="utf-8")
    scratch.replace(path)
