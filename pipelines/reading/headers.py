"""Which line of a table names its columns: titles and blank lines may stand above it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.sources import forms

FIRST_LINES = 60


def header_row(rows: Sequence[Sequence[str | None]]) -> int | None:
    """The place of the header among the first rows; None where all of them are blank.

    The first row that a source knows; else the first that is at least half as wide as the widest,
    because titles are short.
    """
    widths = [sum(cell is not None and bool(cell.strip()) for cell in row) for row in rows]
    filled = [place for place, width in enumerate(widths) if width][:FIRST_LINES]
    for place in filled:
        if any(form.recognises(named(rows[place])) for form in forms()):
            return place
    widest = max(widths, default=0)
    return next((place for place in filled if 2 * widths[place] >= widest), None)


def named(row: Sequence[str | None]) -> tuple[str, ...]:
    """A row as names of columns: without outer blanks and byte order marks."""
    return tuple((cell or "").replace("\ufeff", "").strip() for cell in row)
