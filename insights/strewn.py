"""What chance looks like: series of instants strewn over the days of a calendar as all tickets are,
and how often they are as regular as a series that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from policies.zones import to_local

FIRST_LOOK = 999  # strewn series: more only where they were not enough to tell
SECOND_LOOK = 20_000
WORTH_ANOTHER_LOOK = 0.02
SEED = 20_252
WEEK = 168  # hours
EPOCH = datetime(1970, 1, 1)
# Series of more occurrences are measured against those of the next smaller number here: by then a
# day's excess hardly depends on their number.
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
        hours = _shares(
            [int((at - EPOCH).total_seconds()) // 3600 % WEEK for at in everything], WEEK
        )
        self._likelier = _likelier(hours)
        self._known: dict[tuple[str, int, int], np.ndarray] = {}

    def p_of_day(self, look: str, count: int, excess: float) -> float:
        """The share of series drawn from all tickets with a day that stands out at least so much.

        What is rarer than they can tell has a bound: the binomial chances of all days, added up.
        """
        p = _share(self._scores(look, count, FIRST_LOOK), -excess)
        if p > WORTH_ANOTHER_LOOK:
            return p
        p = _share(self._scores(look, count, SECOND_LOOK), -excess)
        return min(p, self._at_most(look, count, excess))

    def likelier_by(self, hours: np.ndarray) -> np.ndarray:
        """The logarithm of how much oftener tickets lie so many hours apart than strewn evenly,
        at least 0: on working days they often lie a week or two apart."""
        return self._likelier[np.where(np.isfinite(hours), hours, 0).astype(np.int64) % WEEK]

    def _at_most(self, look: str, count: int, excess: float) -> float:
        from scipy import special  # slow to import, and pages only read

        own = np.arange(count + 1)[:, None]
        share = np.minimum(_with_neighbours(look, self.days[look]), 1.0)[None, :]
        enough = _excess(own, count * share) >= excess - 1e-9
        fewest = np.where(enough.any(axis=0), enough.argmax(axis=0), count + 1)
        return float(special.bdtrc(fewest - 1, count, share[0]).sum())

    def _scores(self, look: str, count: int, series: int) -> np.ndarray:
        count = max((step for step in STEPS if step <= count), default=count)
        key = look, count, series
        if key not in self._known:
            dice = np.random.default_rng([SEED, count, series, len(look)])
            chances = self.days[look]
            counts = dice.multinomial(count, chances, size=series)
            self._known[key] = np.sort(-most_on_a_day(look, counts, chances * count)[0])
        return self._known[key]


def _shares(places: Sequence[int], length: int) -> np.ndarray:
    counts = np.bincount(places, minlength=length) if places else np.ones(length)
    return counts / counts.sum()


def _likelier(hours: np.ndarray) -> np.ndarray:
    """By the hours of a week that lie between two tickets, smoothed over a day: at what hours they
    come says nothing of a rhythm of days."""
    apart = WEEK * np.array([float(hours @ np.roll(hours, -lag)) for lag in range(WEEK)])
    a_day = np.mean([np.roll(apart, lag) for lag in range(-12, 12)], axis=0)
    return np.log(np.maximum(a_day, 1.0)).astype(np.float32)


def _share(scores: np.ndarray, score: float) -> float:
    below = int(np.searchsorted(scores, score + 1e-12, side="right"))
    return (below + 1) / (len(scores) + 1)


def most_on_a_day(
    look: str, counts: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each row of counts per day by how much the fullest day exceeds what it should have, and
    which day that is. Days of the month are taken three together, over its end too."""
    counts, expected = _with_neighbours(look, counts), _with_neighbours(look, expected)
    excess = _excess(counts, expected)
    return excess.max(axis=1), excess.argmax(axis=1)


def _with_neighbours(look: str, days: np.ndarray) -> np.ndarray:
    if look == "weekday":
        return days
    return days + np.roll(days, 1, axis=-1) + np.roll(days, -1, axis=-1)


def _excess(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """How much a day stands out: the logarithm of the likelihood ratio of its Poisson number."""
    expected = np.maximum(expected, 1e-9)
    excess = counts * np.log(np.maximum(counts, 1) / expected) - (counts - expected)
    return np.where(counts > expected, excess, 0)


def days_around(look: str, day: int, days: int) -> list[int]:
    """The places that count as one day: itself, and but for weekdays its neighbours."""
    return [day] if look == "weekday" else [(day - 1) % days, day, (day + 1) % days]
