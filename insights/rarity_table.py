"""Write `rarity.csv`: `python -m insights.rarity_table`, about half an hour on one core.

How rare a score is among strewn series is found by multilevel splitting: of many strewn series the
most regular fifth is kept, moved about at random as long as none gets less regular than its last
one, of these again the most regular fifth, and so on. Each time a fifth of what was left is left.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator

import numpy as np

from insights.beats import heaviest
from insights.rarity import COUNTS, FREE, SHARES, TABLE, Look, has_rows
from insights.scatter import scatter

SEED = 20_253
# Strewn series at first, and how many are moved about: chains take longer than gaps.
SERIES: dict[Look, tuple[int, int]] = {
    "gaps": (30_000, 3_000),
    "beat": (10_000, 1_000),
    "spell": (10_000, 1_000),
}
KEPT = 0.2
MOVES = 6


def main() -> None:
    """Write the rows that are missing; a file that is gone is written anew."""
    known = set()
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as lines:
            known = {tuple(row[:3]) for row in csv.reader(lines)}
    else:
        _append(["look", "count", "free", *(f"{share:.0e}" for share in SHARES)])
    for look, count, free in _keys():
        if (look, str(count), str(free)) not in known:
            scores = strewn_scores(look, count, free)
            _append([look, count, free, *(f"{score:.5g}" for score in scores)])
            sys.stdout.write(f"{look} {count} {free}\n")
            sys.stdout.flush()


def _append(row: list) -> None:
    with TABLE.open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerow(row)


def _keys() -> Iterator[tuple[Look, int, float]]:
    for count in COUNTS:
        for free in FREE:
            yield from ((look, count, free) for look in SERIES if has_rows(look, count, free))


def regularity(look: Look) -> Callable[[np.ndarray], np.ndarray]:
    """How regular each row of places is, by one look: the more, the more regular."""
    if look == "gaps":
        return lambda places: -scatter(np.diff(places, axis=1))[0]
    return lambda places: heaviest(places, look)[0]


def strewn_scores(look: Look, count: int, free: float) -> np.ndarray:
    """The score that each of `SHARES` of strewn series has at least."""
    dice = np.random.default_rng([SEED, count, round(free * 100), len(look)])
    score_of = regularity(look)
    first, moved = SERIES[look]
    loose = dice.random((first, count - 2))
    scores = score_of(placed(loose, free))
    left = 1.0
    shares: list[float] = []
    known: list[float] = []
    while True:
        parts = np.geomspace(0.9 if left == 1 else 0.8, KEPT, 6)
        shares += (left * parts).tolist()
        known += np.quantile(scores, 1 - parts).tolist()
        if left * KEPT < SHARES[-1]:
            break
        least = np.quantile(scores, 1 - KEPT, method="higher")
        kept = np.flatnonzero(scores >= least)
        left *= len(kept) / len(scores)
        chosen = dice.choice(kept, moved, replace=len(kept) < moved)
        loose, scores = loose[chosen], scores[chosen]
        for _ in range(MOVES):
            tried = _moved(loose, dice)
            their = score_of(placed(tried, free))
            still = their >= least
            loose[still], scores[still] = tried[still], their[still]
    order = np.argsort(-np.array(shares), kind="stable")
    return np.interp(-np.log(SHARES), -np.log(np.array(shares)[order]), np.array(known)[order])


def placed(loose: np.ndarray, free: float) -> np.ndarray:
    """Strewn series from 0 to 1, with the time that is kept free after each occurrence."""
    series = loose.shape[0]
    within = np.sort(loose, axis=1)
    places = np.hstack([np.zeros((series, 1)), within, np.ones((series, 1))])
    return places * (1 - free) + np.linspace(0, free, places.shape[1])


def _moved(loose: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Each series with some of its instants a little or much elsewhere, and none outside."""
    series, count = loose.shape
    how_far = 10 ** dice.uniform(-3, -0.5, (series, 1))
    how_many = dice.choice([0.15, 0.5, 1.0], (series, 1))
    chosen = dice.random((series, count)) < how_many
    chosen[np.arange(series), dice.integers(0, count, series)] = True
    tried = np.abs(loose + how_far * chosen * dice.standard_normal((series, count)))
    return np.clip(np.where(tried > 1, 2 - tried, tried), 0, 1)


if __name__ == "__main__":
    main()
