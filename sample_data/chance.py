"""Chance, drawn one uniform number at a time so that a seed means the same everywhere.

Only `Generator.random` is used: its stream is bit-identical on every machine, while numpy's
other distributions may change between releases.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 1 << 16
_INVERSE_NORMAL = NormalDist().inv_cdf


def normal_at(quantile: float) -> float:
    """The standard normal value below which a share `quantile` of draws falls."""
    return _INVERSE_NORMAL(min(max(quantile, 1e-9), 1 - 1e-9))


class Weighted(Generic[T]):
    """Things with weights; drawn with `Dice.draw`."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        self.things: list[T] = []
        self.cumulative: list[float] = []
        total = 0.0
        for thing, weight in pairs:
            if weight > 0:
                total += weight
                self.things.append(thing)
                self.cumulative.append(total)
        self.total = total


class Dice:
    """A buffered stream of uniform numbers and the few shapes made from them."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._block: list[float] = []

    def unit(self) -> float:
        """Uniform in [0, 1)."""
        if not self._block:
            self._block = self._rng.random(_BLOCK).tolist()
        return self._block.pop()

    def chance(self, share: float) -> bool:
        """True in a `share` of the draws."""
        return self.unit() < share

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of them, all equally likely."""
        return things[int(self.unit() * len(things))]

    def draw(self, weighted: Weighted[T]) -> T:
        """One of them, as likely as its weight."""
        return weighted.things[bisect_right(weighted.cumulative, self.unit() * weighted.total)]

    def lognormal(self, median: float, sigma: float) -> float:
        """Log-normal: most draws near the median, a long tail above."""
        return median * math.exp(sigma * normal_at(self.unit()))

    def shuffled(self, things: Iterable[T]) -> list[T]:
        """All of them in another order."""
        pairs = [(self.unit(), place, thing) for place, thing in enumerate(things)]
        return [thing for _, _, thing in sorted(pairs, key=lambda pair: pair[:2])]
