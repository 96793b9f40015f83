"""Which files a load takes: those that were named, and what lies in the folders that were named.

Who names a file wants it loaded, or to hear why not. What lies in a folder may be anything: what is
no export is left, and told. What looks like tickets and cannot be read is never left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.mappings.proposal import propose
from pipelines.reading.files import SUFFIXES
from pipelines.reading.opened import OpenedFile
from pipelines.reading.uneven import made_even
from policies.refusal import Refused
from queries.model.connection import connect

# What tickets have beside a number and an opening; lists of users or devices have none of it.
OF_TICKETS = ("state", "priority", "resolved_at", "closed_at")
OF_A_SYSTEM = (".", "~$")
OF_SYSTEMS = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Found:
    """A file to load, and whether it was named itself or only lies in a folder."""

    path: Path
    in_folder: bool = False


def found_files(paths: Iterable[Path]) -> tuple[list[Found], list[str]]:
    """The files to load, in order, and a sentence for each thing in a folder that is left.

    Refused for a path that is not there, and for folders without any export.
    """
    files: dict[Path, Found] = {}
    left: list[str] = []
    for path in paths:
        if not path.exists():
            raise Refused(f"{path} does not exist: give the path of an export file or a folder.")
        if path.is_file():
            files[path] = Found(path)
            continue
        inside = sorted(each for each in path.iterdir() if not _is_of_a_system(each.name))
        exports = [each for each in inside if each.is_file() and _may_be_read(each.name)]
        if not exports:
            raise Refused(
                f"{path} holds no export: Meantime reads files that end in {', '.join(SUFFIXES)}."
            )
        for each in exports:
            files.setdefault(each, Found(each, in_folder=True))
        left += [_not_taken(each) for each in inside if each not in exports]
    return list(files.values()), left


def looks_like_tickets(parts: list[OpenedFile], scratch: Path) -> bool:
    """Whether a table that no source knows has a number, an opening and what else tickets have."""
    with connect(None) as connection:
        for part in parts:
            proposal = propose(connection, made_even(connection, part, scratch))
            columns = {each.column for each in proposal.columns}
            if {"number", "opened_at"} <= columns and columns.intersection(OF_TICKETS):
                return True
    return False


def _is_of_a_system(name: str) -> bool:
    return name.startswith(OF_A_SYSTEM) or name.lower() in OF_SYSTEMS


def _may_be_read(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _not_taken(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder in a folder, so nothing was read from it: name it too"
    return f"{path} was left out: Meantime does not read files of this kind"
