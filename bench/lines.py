"""The table that a run prints: one line per comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("work", "size", "took", "plain", "ratio", "cpu ratio", "reach first", "peak memory")


@dataclass(frozen=True)
class Line:
    """One comparison: seconds of our work and of the plain one, and what is to be reached.

    `cpu_ratio` compares processor seconds: on a machine that others use too it is the steadier one.
    """

    work: str
    size: int
    seconds: float
    plain_seconds: float | None = None
    cpu_ratio: float | None = None
    target: str = ""
    peak_bytes: int | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        plain = self.plain_seconds
        return (
            self.work,
            f"{self.size:,}",
            seconds(self.seconds),
            seconds(plain) if plain else "",
            f"{self.seconds / plain:.1f} x" if plain else "",
            f"{self.cpu_ratio:.1f} x" if self.cpu_ratio else "",
            self.target,
            f"{self.peak_bytes / 1e9:.2f} GB" if self.peak_bytes else "",
        )


def seconds(took: float) -> str:
    """Seconds in words, as exact as they can be read."""
    return f"{took:.1f} s" if took >= 10 else f"{took:.3f} s"


def table(lines: list[Line]) -> str:
    """The lines as a Markdown table."""
    return markdown(HEADINGS, [line.cells for line in lines])


def markdown(headings: tuple[str, ...], cells: Sequence[tuple[str, ...]]) -> str:
    """Rows of cells as a Markdown table."""
    rows = [headings, *cells]
    widths = [max(len(row[n]) for row in rows) for n in range(len(headings))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )
