"""What chance looks like: series of instants strewn over a stretch of time, or over the days of a
calendar as all tickets are, and how often they are as regular as a series that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import exp
from zoneinfo import ZoneInfo

import numpy as np

from policies.zones import to_local

FIRST_LOOK = 999  # strewn series: more only where they were not enough to tell
SECOND_LOOK = 20_000
WORTH_ANOTHER_LOOK = 0.02
SMALL = 10  # occurrences, below which ten times as many series are strewn
TAIL = 250  # the most regular ones, from which rarer ones are told
STREWN_AT_ONCE = 500_000
SEED = 20_252
# Series of more occurrences are measured against those of the next smaller number here, which
# scatter more: that errs towards "no rhythm".
STEPS = (30, 35, 40, 50, 60, 80, 100, 130, 160, 200)


class Chance:
    """What strewn series look like, computed once for each number of occurrences."""

    def __init__(self, everything: Sequence[datetime], zone: ZoneInfo) -> None:
        self.zone = zone
        local = [to_local(instant, zone) for instant in everything]
        self.days: dict[str, np.ndarray] = {
            "weekday": _shares([at.weekday() for at in local], 7),
            "day of the month": _shares([at.day - 1 for at in local], 31),
            "hour": _shares([at.hour for at in local], 24),
        }
        self._known: dict[tuple[str, int, int, int], np.ndarray] = {}

    def p_of_scatter(self, count: int, score: float, blocked: float) -> float:
        """The share of strewn series whose gaps scatter at most this much.

        `blocked` is the share of the time that lies so near after an occurrence that another
        one would have been part of its burst: strewn series keep the same distance. What is rarer
        than the strewn series can tell is told from the power law of their most regular ones,
        rather too common than too rare: near 0 the share of n gaps grows with the score to the
        power of n - 1, further out more slowly.
        """
        p = _share(self._scores("interval", count, FIRST_LOOK, blocked), score)
        if p > WORTH_ANOTHER_LOOK:
            return p
        series = SECOND_LOOK * 10 if count < SMALL else SECOND_LOOK
        scores = self._scores("interval", count, series, blocked)
        edge = float(scores[TAIL])
        if score >= edge:
            return _share(scores, score)
        power = 0.9 / float(np.log(edge / np.maximum(scores[:TAIL], 1e-9)).mean())
        return (TAIL + 1) / (series + 1) * (max(score, 1e-9) / edge) ** min(power, count - 2)

    def p_of_day(self, look: str, count: int, excess: float) -> float:
        """The share of series drawn from all tickets with a day that stands out at least so much.

        What is rarer than they can tell has Chernoff's bound: e to the minus excess for each day.
        """
        p = _share(self._scores(look, count, FIRST_LOOK, 0.0), -excess)
        if p > WORTH_ANOTHER_LOOK:
            return p
        p = _share(self._scores(look, count, SECOND_LOOK, 0.0), -excess)
        return min(p, len(self.days[look]) * exp(-excess))

    def typical_scatter(self, count: int, blocked: float) -> float:
        """How much the gaps of half of the strewn series scatter."""
        return float(self._scores("interval", count, FIRST_LOOK, blocked)[FIRST_LOOK // 2])

    def _scores(self, look: str, count: int, series: int, blocked: float) -> np.ndarray:
        count = max((step for step in STEPS if step <= count), default=count)
        twentieths = int(np.ceil(blocked * 20)) if blocked > 0.02 else 0
        key = look, count, series, twentieths
        if key not in self._known:
            dice = np.random.default_rng([SEED, count, series, twentieths, len(look)])
            step = max(1, STREWN_AT_ONCE // count)
            parts = [
                self._strewn(look, dice, (min(step, series - start), count), twentieths / 20)
                for start in range(0, series, step)
            ]
            self._known[key] = np.sort(np.concatenate(parts))
        return self._known[key]

    def _strewn(
        self, look: str, dice: np.random.Generator, size: tuple[int, int], blocked: float
    ) -> np.ndarray:
        series, count = size
        if look == "interval":
            within = np.sort(dice.random((series, count - 2)), axis=1)
            gaps = np.diff(within, axis=1, prepend=0.0, append=1.0)
            return scatter(gaps * (1 - blocked) + blocked / (count - 1))[0]
        chances = self.days[look]
        counts = dice.multinomial(count, chances, size=series)
        return -most_on_a_day(look, counts, chances * count)[0]


def _shares(places: Sequence[int], length: int) -> np.ndarray:
    counts = np.bincount(places, minlength=length) if places else np.ones(length)
    return counts / counts.sum()


def _share(scores: np.ndarray, score: float) -> float:
    below = int(np.searchsorted(scores, score + 1e-12, side="right"))
    return (below + 1) / (len(scores) + 1)


def scatter(gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of gaps how far they lie from a period or its double or triple, as a share of
    the period, and the period. A multiple costs something, or any gaps would do."""
    best = np.full(gaps.shape[0], np.inf)
    period = np.zeros(gaps.shape[0])
    in_order = np.sort(gaps, axis=1)
    for quantile in (0.3, 0.5, 0.65):
        guess = np.maximum(in_order[:, [round(quantile * (gaps.shape[1] - 1))]], 1e-9)
        # the mean of what lies near the guess is a better period than one gap
        near = np.abs(gaps / guess - 1) < 0.35
        guess = (gaps * near).sum(axis=1, keepdims=True) / near.sum(axis=1, keepdims=True)
        ratio = gaps / guess
        away = np.minimum(np.abs(ratio - 1), 0.15 + np.abs(ratio / 2 - 1) * 2)
        away = np.minimum(away, 0.25 + np.abs(ratio / 3 - 1) * 3)
        scattered = np.minimum(away, 0.6).mean(axis=1)
        better = scattered < best
        best[better] = scattered[better]
        period[better] = guess[better, 0]
    return best, period


def most_on_a_day(
    look: str, counts: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each row of counts per day by how much the fullest day exceeds what it should have, and
    which day that is. Days of the month are taken three together, over its end too."""
    if look != "weekday":
        counts = counts + np.roll(counts, 1, axis=1) + np.roll(counts, -1, axis=1)
        expected = expected + np.roll(expected, 1, axis=-1) + np.roll(expected, -1, axis=-1)
    expected = np.maximum(expected, 1e-9)
    excess = counts * np.log(np.maximum(counts, 1) / expected) - (counts - expected)
    excess = np.where(counts > expected, excess, 0)
    return excess.max(axis=1), excess.argmax(axis=1)


def days_around(look: str, day: int, days: int) -> list[int]:
    """The places that count as one day: itself, and but for weekdays its neighbours."""
    return [day] if look == "weekday" else [(day - 1) % days, day, (day + 1) % days]
