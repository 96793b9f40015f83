"""A mapping proposed for a file, for the terminal."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines.mappings.mapping import parse_mapping
from pipelines.mappings.proposal import propose_best
from pipelines.mappings.proposal_text import proposal_text, source_name
from pipelines.reading.files import open_parts
from pipelines.reading.uneven import made_even
from policies.refusal import Refused
from queries.model.connection import connect


def proposed(path: Path, source: str | None, timezone: str | None, date_order: str | None) -> str:
    """The TOML of a mapping for the file, reasons included.

    Raises Refused for a file that cannot be read, and for a zone or an order that is none.
    """
    if not path.exists():
        raise Refused(f"{path} does not exist: give the path of an export file.")
    with tempfile.TemporaryDirectory() as scratch, connect(None) as connection:
        parts = open_parts(path, Path(scratch))
        even = [made_even(connection, part, Path(scratch)) for part in parts]
        _, found = propose_best(connection, even)
    name = source or source_name(path.name)
    text = proposal_text(found, path.name, name, timezone, date_order)
    if not found.open_questions:
        parse_mapping(text, path)
    return text


def written(out: Path, text: str, path: Path) -> str:
    """Write a mapping where nothing is yet; what to do next, in one sentence."""
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{out} is there already: choose another name with --out.") from None
    except OSError as error:
        raise Refused(f"{out} cannot be written ({error.strerror}).") from error
    return f"{out} is written: read it, correct it, then `meantime load {path} --map {out}`"
