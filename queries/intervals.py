"""95 % intervals, one method per kind of figure, on whole columns of figures at once.

Where no interval can be given (too few rows) both ends are NaN.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Interval = tuple[Numbers, Numbers]

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2


@cache
def _special() -> Any:
    """Scipy's functions, from the first interval on: most of a second to import."""
    from scipy import special

    return special


@cache
def _z() -> float:
    return float(_special().ndtri(1 - _TAIL))


def share_interval(successes: Numbers, n: Numbers) -> Interval:
    """Wilson's score interval of a share: honest near 0 and 1, and for small n."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z, share = _z(), successes / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low = np.where(successes == 0, 0.0, centre - half)
    high = np.where(successes == n, 1.0, centre + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def mean_interval(mean: Numbers, deviation: Numbers, n: Numbers) -> Interval:
    """Student's interval of a mean on the raw scale; needs two rows.

    On the raw scale because a log-normal one is wrong by a factor on service-desk durations.
    """
    enough = n > 1
    safe = np.where(enough, n, 2)
    half = _special().stdtrit(safe - 1, 1 - _TAIL) * deviation / np.sqrt(safe)
    return np.where(enough, mean - half, np.nan), np.where(enough, mean + half, np.nan)


def sum_interval(mean: Numbers, deviation: Numbers, n: Numbers) -> Interval:
    """Interval of a sum over a number of rows that is itself by chance (compound Poisson)."""
    squares = np.where(n > 1, (n - 1) * deviation**2, 0) + n * mean**2
    half = _z() * np.sqrt(squares)
    return mean * n - half, mean * n + half


def count_interval(count: Numbers) -> Interval:
    """Exact Poisson (Garwood) interval of a number of events."""
    low = np.where(count > 0, _special().chdtri(2 * np.maximum(count, 1), 1 - _TAIL) / 2, 0.0)
    return low, _special().chdtri(2 * (count + 1), _TAIL) / 2


def between_interval(exposure: Numbers, events: Numbers) -> Interval:
    """Exact Poisson interval of exposure per event; without events the upper end is open."""
    fewest, most = count_interval(events)
    high = np.full_like(exposure, np.nan)
    np.divide(exposure, fewest, out=high, where=events > 0)
    return exposure / most, high


def quantile_ranks(n: int, quantile: float) -> tuple[int, int] | None:
    """Ranks (from 1) of the order statistics that enclose a quantile; None for too few rows.

    With X binomial(n, quantile), they cover it with P(low <= X < high) >= 95 %.
    """
    low = _binomial_quantile(_TAIL, n, quantile)
    high = _binomial_quantile(1 - _TAIL, n, quantile) + 1
    return (low, high) if low >= 1 and high <= n else None


def _binomial_quantile(probability: float, n: int, quantile: float) -> int:
    """The smallest number of successes whose cumulated probability reaches `probability`."""
    if n == 0:
        return 0
    count = int(np.ceil(_special().bdtrik(probability, n, quantile)))
    if count > 0 and _special().bdtr(count - 1, n, quantile) >= probability:
        return count - 1
    return count
