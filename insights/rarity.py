"""How rarely strewn series are as regular as one that was seen: the table `rarity.csv`.

The table depends on no data: it says how much weight or how little scatter the most regular tenth,
hundredth, and so on of strewn series have, for a number of occurrences and a share of the time that
is kept free after each. `python -m insights.rarity_table` writes it, by simulation.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from functools import cache
from math import ceil, exp, log
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

Look: TypeAlias = Literal["gaps", "beat", "spell"]

TABLE = Path(__file__).parent / "rarity.csv"
# The share of strewn series that are more regular than the score beside it.
SHARES = (0.5, 0.1, *(10.0**-power * part for power in range(2, 9) for part in (3, 1)))
COUNTS = (*range(5, 17), 18, 20, 23, 26, 30, 35, 40, 50, 60, 80, 100, 130, 160, 200)
MOST_ON_A_BEAT = 50  # occurrences, beyond which no beat among others is looked for
CAREFUL = 1.5  # simulation is a third off at worst: told too common rather than too rare
FREE = (0.0, 0.05, 0.1, 0.2, 0.35)
FEWEST_IN_SPELL = 8  # occurrences, below which a spell says nothing
MOST_FREE_IN_SPELL = 0.1


def has_rows(look: Look, count: int, free: float) -> bool:
    """Whether the table knows a look at so many occurrences with so much time kept free."""
    if look == "spell" and (count < FEWEST_IN_SPELL or free > MOST_FREE_IN_SPELL):
        return False
    return look == "gaps" or count <= MOST_ON_A_BEAT


def rarity(look: Look, count: int, free: float, score: float) -> float:
    """The share of strewn series with at least this score, 1 where half have it.

    `free` is the share of the time that lies so near after an occurrence that another one would
    have been part of its burst. What is rarer than the rarest in the table is told as rare as that.
    """
    if not has_rows(look, count, free):
        return 1.0
    scores = _scores(look, count, free)
    if score <= scores[0]:
        return 1.0
    share = exp(float(np.interp(score, scores, [log(share) for share in SHARES])))
    return min(CAREFUL * share, 1.0)


def typical(look: Look, count: int, free: float) -> float:
    """The score that half of the strewn series have."""
    return float(_scores(look, count, free)[0])


@cache
def _table() -> dict[tuple[str, int, float], np.ndarray]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {
        (look, int(count), float(free)): np.maximum.accumulate(np.array(scores, dtype=np.float64))
        for look, count, free, *scores in rows
    }


@cache
def _scores(look: Look, count: int, free: float) -> np.ndarray:
    """The scores for each of `SHARES`, between the numbers of occurrences that the table has.

    The time that is kept free is rounded up: it makes strewn series more regular.
    """
    kept = FREE[min(bisect_left(FREE, ceil(free * 1e6) / 1e6), len(FREE) - 1)]
    known = [each for each in COUNTS if has_rows(look, each, kept)]
    place = min(bisect_left(known, count), len(known) - 1)
    above = _table()[look, known[place], kept]
    if known[place] <= count or place == 0:
        return above
    below = _table()[look, known[place - 1], kept]
    part = (count - known[place - 1]) / (known[place] - known[place - 1])
    return below + part * (above - below)
