"""Which end of a numbered scale is the worst: most tools write "1 - Critical", some "4 - Critical".

The numbers decide where a file's words are not known, in whatever language. Where its words are
known and grow worse as the numbers rise, the numbers would turn every priority upside down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import combinations

from pipelines.contract import Column

RANKED = ("priority", "impact", "urgency")
NUMBERED = (
    r"^\(?p?(\d)\)?(?: *[-–—:.] *| +)([^\d\s].*)$"  # "4 - Critical", "5 very high", "P3: low"
)
APART = 2  # a single word this far from its number is believed before it


def counts_upwards(
    column: Column, texts: Iterable[str], meaning: Callable[[str], str | None]
) -> bool:
    """Whether the numbers of a scale's texts rise with what their words say is worse.

    `meaning` gives our word for the file's in lower case; the column's choices begin with the
    worst.
    """
    found = set()
    for text in texts:
        match = re.match(NUMBERED, text.strip().lower())
        ours = meaning(match[2].strip()) if match else None
        if match and ours is not None:
            found.add((int(match[1]), column.choices.index(ours) + 1))
    if len(found) == 1:
        ((number, rank),) = found
        return abs(number - rank) >= APART
    return sum(_agree(*one, *other) for one, other in combinations(found, 2)) < 0


def _agree(number: int, rank: int, other_number: int, other_rank: int) -> int:
    """1 where both grow together, -1 where one falls, 0 where one stays."""
    product = (number - other_number) * (rank - other_rank)
    return (product > 0) - (product < 0)
