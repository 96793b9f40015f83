"""Series on a beat among others: a chain of occurrences, each a period after the one before, while
what else bears the same name comes in between.

A chain may pass over an occurrence or two that were missed, and others that do not belong to it.
Its weight is a likelihood ratio: how much likelier the series is if these come on the beat and the
rest are strewn, than if all are strewn. The heaviest chain over all periods speaks for the series.
Periods much shorter than the mean gap are those of a spell: what came back for some months only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

Chain: TypeAlias = Literal["beat", "spell"]
Usual: TypeAlias = Callable[[slice], np.ndarray]

STEPS_AHEAD = 6  # of the occurrences that follow one another, how far a step may reach
# Of a period: how far a step usually lies from its length. A day is more of a week than of a month.
JITTER: dict[Chain, float] = {"beat": 0.08, "spell": 0.12}
MULTIPLES = (0.77, 0.18, 0.05)  # how likely a step is one, two or three periods long
# Periods that are looked at, in mean gaps of the whole series.
PERIODS: dict[Chain, tuple[float, float]] = {"beat": (0.45, 4.0), "spell": (0.1, 0.45)}
MOST_OF_SPAN = 0.27  # a period longer than this does not come five times
PER_STEP = 0.5  # what a step adds for leaving less to be strewn, while chains are compared

_PER_UNIT = 200  # places of the table below for a unit of the natural logarithm
_LOW, _HIGH = -1 * _PER_UNIT, round(1.35 * _PER_UNIT)
_BETWEEN_PERIODS = 12  # places: 6 %
_FAR = 10**6
AT_ONCE = 2_000_000  # steps


def _weights(jitter: float) -> np.ndarray:
    """The log density of a step, in periods, by the logarithm of its length."""
    ratio = np.exp(np.arange(_LOW, _HIGH + 1) / _PER_UNIT)
    density = np.zeros_like(ratio)
    for multiple, share in enumerate(MULTIPLES, start=1):
        width = jitter * np.sqrt(multiple)
        density += share * np.exp(-(((ratio - multiple) / width) ** 2) / 2) / width
    known = np.log(np.maximum(density / np.sqrt(2 * np.pi), 1e-12))
    return np.concatenate([[-30.0], known, [-30.0]]).astype(np.float32)


_WEIGHTS = {look: _weights(jitter) for look, jitter in JITTER.items()}


def heaviest(
    places: np.ndarray, look: Chain = "beat", usual: Usual | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The weight of the heaviest chain of each row, and its period.

    Each row holds the places of as many occurrences in order, from 0 to 1. `usual` tells how much
    likelier than strewn evenly each step is from some rows to others by the hours of all tickets.
    """
    series, count = places.shape
    periods = _periods(count, look)
    at_once = max(AT_ONCE // (count * STEPS_AHEAD * len(periods)), 1)
    weights, found = np.zeros(series, np.float32), np.zeros(series)
    for start in range(0, series, at_once):
        some = slice(start, start + at_once)
        own = usual(some) if usual else None
        weight, steps = _chains(_steps(places[some], periods, look, own))
        weight += _gains(count)[steps]
        best = weight.max(axis=0).reshape(len(periods), -1)
        weights[some] = best.max(axis=0)
        found[some] = np.exp(periods[best.argmax(axis=0)] / _PER_UNIT)
    return weights, found


def members(
    places: np.ndarray, period: float, look: Chain, usual: np.ndarray | None = None
) -> np.ndarray:
    """Which occurrences of one row are on the heaviest chain of a period, in order."""
    periods = np.array([round(float(np.log(period)) * _PER_UNIT)])
    steps_of = _steps(places[None, :], periods, look, usual)
    weight, steps = (each[:, 0] for each in _chains(steps_of))
    last = int((weight + _gains(len(places))[steps]).argmax())
    found = [last]
    while steps[last] > 0:
        before = range(max(last - steps_of.shape[1], 0), last)
        last = max(before, key=lambda at: (weight[at] + steps_of[last, last - at - 1, 0], at))
        found.append(last)
    return np.array(found[::-1])


def _periods(count: int, look: Chain) -> np.ndarray:
    """The periods that are looked at, as places of the table."""
    gap = 1 / (count - 1)
    shortest, longest = PERIODS[look]
    ends = gap * shortest, min(gap * longest, MOST_OF_SPAN)
    low, high = (round(float(np.log(each)) * _PER_UNIT) for each in ends)
    return np.arange(low, high + 1, _BETWEEN_PERIODS)


def lengths(places: np.ndarray) -> np.ndarray:
    """How long each step is: by the occurrence that it leads to, how far back it began, 0, and the
    row; infinite where there is none so far back."""
    series, count = places.shape
    reach = min(STEPS_AHEAD, count - 1)
    length = np.full((count, reach, 1, series), np.inf)
    for back in range(1, reach + 1):
        length[back:, back - 1, 0] = (places[:, back:] - places[:, :-back]).T
    return length


def _steps(
    places: np.ndarray, periods: np.ndarray, look: Chain, usual: np.ndarray | None
) -> np.ndarray:
    """What each step weighs, its density less that of anything among as many: by the occurrence
    that it leads to, how far back it began, and each period and row. `usual` are logarithms."""
    length = np.maximum(lengths(places), 1e-9)
    count, reach = length.shape[:2]
    ahead = np.minimum(np.round(np.log(length) * _PER_UNIT), _FAR).astype(np.int32)
    within = np.clip(ahead - periods[:, None], _LOW - 1, _HIGH + 1) - (_LOW - 1)
    cost = np.log(count) + periods[:, None] / _PER_UNIT - PER_STEP
    weight = _WEIGHTS[look][within] - cost.astype(np.float32)
    if usual is not None:
        weight -= usual
    return weight.reshape(count, reach, -1)


def _chains(steps_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weight and the steps of the heaviest chain to each occurrence, for each period and row
    in a column."""
    count, reach, columns = steps_of.shape
    own = np.arange(columns)
    weight = np.zeros((count, columns), np.float32)
    steps = np.zeros((count, columns), np.int16)
    for at in range(1, count):
        back = min(reach, at)
        over = weight[at - back : at][::-1] + steps_of[at, :back]
        chosen = over.argmax(axis=0)
        longer = over[chosen, own]
        goes_on = longer > 0
        weight[at] = np.where(goes_on, longer, 0)
        steps[at] = np.where(goes_on, steps[at - 1 - chosen, own] + 1, 0)
    return weight, steps


def _gains(count: int) -> np.ndarray:
    """What a chain of so many steps gains in all, for leaving the rest to be strewn more thinly.

    With N of n on the chain that is N + (n - N) log((n - N) / n), less what its steps had already.
    """
    steps = np.arange(count)
    left = count - steps
    gain = steps + left * np.log(left / count) - PER_STEP * steps
    return gain.astype(np.float32)
