"""Whether things come back at regular intervals, or on one weekday, day of the month or hour.

These looks are taken at every series of instants, bursts merged first:

- *interval*, for what comes back every few days or less often: the gaps between occurrences lie
  closer to one length, or to twice or three times it where one was missed, than those of as many
  instants strewn evenly between the first and the last;
- *weekday* and *day of the month*: more occurrences fall on one weekday, or within three days of
  the month, than among as many instants drawn from all tickets;
- *hour*, for what comes back nearly every day: within three hours of the day.

Each look's p-value is the share of strewn series at least as regular. It is multiplied by the
number of looks (Bonferroni within a series) and corrected for the number of series by
Benjamini-Hochberg at `FALSE_ALARMS`: where nothing has a rhythm, the chance that anything at all is
called rhythmic is at most that; elsewhere, that is the expected share of false ones among the
found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from insights.strewn import Chance, days_around, most_on_a_day, scatter
from policies.zones import day_start, to_local

FALSE_ALARMS = 0.05
FEWEST = 5
MOST = 200  # occurrences; what happens more often is looked at by its newest ones
BURST = timedelta(hours=20)  # tickets that follow one another within it are one occurrence
LEAST_REGULARITY = 1.5  # gaps that scatter more than two thirds of what chance does help nobody
NEARLY_DAILY = 2.5  # days between occurrences, below which the hour is looked at
SHARE_ON_DAY = 0.6  # a rhythm of the calendar has at least this share on its day or in its hours
DAY = 86_400.0

Kind = Literal["interval", "weekday", "day of the month", "hour"]


@dataclass(frozen=True)
class Rhythm:
    """How something comes back.

    `period_days` and `spread_days` (half the middle 80 % of the gaps that are one period long) are
    null where there is no rhythm; `q` is the corrected p-value, `regularity` how many times smaller
    the scatter is than by chance. `hour` is the local hour around which at least half lie within
    three hours. The next occurrence is expected in `next_from_at` to `next_to_at` (UTC), the first
    window that is not over yet; `missed` is how many were passed without one.
    """

    occurrences: int
    is_rhythmic: bool
    kind: Kind | None
    period_days: float | None
    spread_days: float | None
    weekday: int | None
    day_of_month: int | None
    hour: int | None
    q: float
    regularity: float
    next_from_at: datetime | None
    next_to_at: datetime | None
    missed: int


def occurrences(instants: Sequence[datetime]) -> list[datetime]:
    """The first of each burst, in order; at most the newest `MOST`."""
    found: list[datetime] = []
    last = None
    for instant in sorted(instants):
        if last is None or instant - last > BURST:
            found.append(instant)
        last = instant
    return found[-MOST:]


def rhythms(
    series: Sequence[Sequence[datetime]],
    chance: Chance,
    data_at: datetime,
    looked_at: int = 0,
) -> list[Rhythm | None]:
    """The rhythm of each series of instants (UTC); None for fewer than five occurrences.

    `chance` knows when all tickets were opened: what the days of a calendar are measured against;
    `data_at` is the moment that the data speak of.
    `looked_at` is the number of series looked at in all, where these are not all of them.
    """
    merged = [occurrences(instants) for instants in series]
    places = [place for place, found in enumerate(merged) if len(found) >= FEWEST]
    looks = looks_at([merged[place] for place in places], chance)
    p_values = np.array([min(1.0, min(look.p for look in own) * len(own)) for own in looks])
    q_values = _corrected(p_values, max(looked_at, len(places)))
    found: list[Rhythm | None] = [None] * len(series)
    for place, own, q in zip(places, looks, q_values, strict=True):
        found[place] = told(merged[place], own, float(q), (chance.zone, data_at))
    return found


@dataclass(frozen=True)
class Look:
    """One way of coming back: how likely by chance, its period, and how many times less it scatters
    than chance does. `day` is the place of the weekday, day of the month or hour, from 0."""

    kind: Kind
    p: float
    period_days: float
    regularity: float
    day: int | None = None


def looks_at(series: Sequence[Sequence[datetime]], chance: Chance) -> list[list[Look]]:
    """The looks that are taken at each series; those that cannot be a rhythm have p = 1."""
    seconds = [np.array([(at - found[0]).total_seconds() for at in found]) for found in series]
    counts = np.array([len(found) for found in series], dtype=np.int64)
    span_days = np.array([float(own[-1]) for own in seconds]) / DAY
    is_daily = span_days / np.maximum(counts - 1, 1) < NEARLY_DAILY
    looks = [[look] for look in _intervals(seconds, counts, is_daily, chance)]
    local = [[to_local(at, chance.zone) for at in found] for found in series]
    calendar: tuple[tuple[Kind, list[list[int]], float], ...] = (
        ("weekday", [[at.weekday() for at in own] for own in local], 7.0),
        ("day of the month", [[at.day - 1 for at in own] for own in local], 30.44),
        ("hour", [[at.hour for at in own] for own in local], 1.0),
    )
    for kind, days, length in calendar:
        may_be = span_days >= 2.5 * length
        if kind == "hour":
            may_be &= is_daily
        for own, look in zip(looks, _on_days(kind, days, length, may_be, chance), strict=True):
            own.append(look)
    return looks


def _intervals(
    seconds: Sequence[np.ndarray], counts: np.ndarray, is_daily: np.ndarray, chance: Chance
) -> list[Look]:
    """The look at the gaps of each series, worked out together for those of one length."""
    scattered, period = np.zeros(len(counts)), np.zeros(len(counts))
    for count in np.unique(counts):
        same = np.flatnonzero(counts == count)
        gaps = np.stack([np.diff(seconds[place]) / seconds[place][-1] for place in same])
        scattered[same], period[same] = scatter(gaps)
    looks = []
    for place, own in enumerate(seconds):
        count, score, span = int(counts[place]), float(scattered[place]), float(own[-1])
        blocked = min(BURST.total_seconds() * (count - 1) / span, 0.95)
        regularity = chance.typical_scatter(count, blocked) / max(score, 1e-3)
        is_it = not is_daily[place] and regularity >= LEAST_REGULARITY
        p = chance.p_of_scatter(count, score, blocked) if is_it else 1.0
        looks.append(Look("interval", p, float(period[place]) * (span / DAY), regularity))
    return looks


def _on_days(
    kind: Kind, days: Sequence[Sequence[int]], length: float, may_be: np.ndarray, chance: Chance
) -> list[Look]:
    """The look at the fullest weekday, day of the month or hour of each series."""
    chances = chance.days[kind]
    found = np.zeros((len(days), len(chances)), dtype=np.int64)
    for place, own in enumerate(days):
        found[place] = np.bincount(own, minlength=len(chances))
    counts = found.sum(axis=1)
    excess, fullest = most_on_a_day(kind, found, chances * counts[:, None])
    looks = []
    for place, day in enumerate(fullest.tolist()):
        around = days_around(kind, day, len(chances))
        count, own = int(counts[place]), float(found[place, around].sum())
        is_it = bool(may_be[place]) and own >= SHARE_ON_DAY * count
        p = chance.p_of_day(kind, count, float(excess[place])) if is_it else 1.0
        # half an occurrence beside the day, or all on it would be infinitely regular
        rarer = (1 - float(chances[around].sum())) / ((count - own + 0.5) / (count + 1))
        looks.append(Look(kind, p, length, rarer, day))
    return looks


def _corrected(p_values: np.ndarray, looked_at: int) -> np.ndarray:
    """Benjamini-Hochberg: the false-discovery rate at which each would just be called found."""
    order = np.argsort(p_values, kind="stable")
    ranks = np.arange(1, len(p_values) + 1)
    scaled = p_values[order] * looked_at / ranks
    corrected = np.empty_like(scaled)
    corrected[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return corrected


def told(
    found: Sequence[datetime], looks: Sequence[Look], q: float, where: tuple[ZoneInfo, datetime]
) -> Rhythm:
    """What the surest look at a series says, in a zone and at the moment of the data."""
    zone, data_at = where
    best = min(looks, key=lambda look: look.p)  # the interval where they are even
    regularity = round(best.regularity, 3)
    if q > FALSE_ALARMS:
        nothing = (None,) * 6
        return Rhythm(len(found), False, *nothing, q, regularity, None, None, 0)
    gaps = np.diff([(at - found[0]).total_seconds() for at in found]) / DAY
    single = gaps[np.abs(gaps / best.period_days - 1) < 0.5]
    low, high = np.quantile(single, (0.1, 0.9)) if len(single) else (best.period_days,) * 2
    day = best.day if best.day is not None else 0
    from_at, to_at, missed = _next(found[-1], best, (float(low), float(high)), zone, data_at)
    return Rhythm(
        occurrences=len(found),
        is_rhythmic=True,
        kind=best.kind,
        period_days=round(best.period_days, 2),
        spread_days=round(float(high - low) / 2, 2),
        weekday=day if best.kind == "weekday" else None,
        day_of_month=day + 1 if best.kind == "day of the month" else None,
        hour=_hour(found, zone),
        q=q,
        regularity=regularity,
        next_from_at=from_at,
        next_to_at=to_at,
        missed=missed,
    )


def _next(
    last: datetime,
    look: Look,
    gaps: tuple[float, float],
    zone: ZoneInfo,
    data_at: datetime,
) -> tuple[datetime, datetime, int]:
    """The first window for another occurrence that ends after the data, and how many did not."""
    missed = 0
    if look.kind in ("interval", "hour"):
        low, high = gaps
        margin = max((high - low) / 2, 0.5) / 2
        while True:
            low_at = last + timedelta(days=low - margin + missed * look.period_days)
            high_at = last + timedelta(days=high + margin + missed * look.period_days)
            if high_at > data_at:
                return low_at, high_at, missed
            missed += 1
    reach = timedelta(days=0 if look.kind == "weekday" else 1)
    day = to_local(last, zone).date() + reach
    while True:
        day += timedelta(days=1)
        if not _is_on(day, look):
            continue
        to_at = day_start(day + reach + timedelta(days=1), zone)
        if to_at > data_at:
            return day_start(day - reach, zone), to_at, missed
        missed += 1


def _is_on(day: date, look: Look) -> bool:
    if look.kind == "weekday":
        return day.weekday() == look.day
    wanted = (look.day or 0) + 1
    last_of_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.day == min(wanted, last_of_month.day)


def _hour(found: Sequence[datetime], zone: ZoneInfo) -> int | None:
    """The hour around which at least half of the occurrences lie within three hours."""
    hours = np.array([to_local(at, zone).hour for at in found])
    counts = np.bincount(hours, minlength=24)
    around = counts + np.roll(counts, 1) + np.roll(counts, -1)
    best = int(around.argmax())
    return best if around[best] * 2 >= len(found) else None
