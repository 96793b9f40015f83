"""Whether things come back at regular intervals, or on one weekday, day of the month or hour.

These looks are taken at every series of instants, bursts merged first:

- *interval*, for what comes back every few days or less often, in two ways: the gaps between
  occurrences lie closer to one length, or to twice or three times it where one was missed, than
  those of as many instants strewn evenly between the first and the last; or some of them follow
  one another on a beat, others in between, more evenly than any of as many strewn ones: over all of
  the time, or in a spell of it;
- *weekday* and *day of the month*: more occurrences fall on one weekday, or within three days of
  the month, than among as many instants drawn from all tickets;
- *hour*, for what comes back nearly every day: within three hours of the day.

Each look's p-value is the share of strewn series at least as regular. It is multiplied by the
number of looks that are taken and by the number of series (Bonferroni): where nothing has a rhythm,
the chance that anything at all is called rhythmic is at most `FALSE_ALARMS`. `insights.stories`
holds that as the rate of false ones where several stories have a rhythm, and `insights.overlap`
tells how much less is looked at than there are series, where these share tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from insights import beats
from insights.rarity import FEWEST_IN_SPELL, MOST_ON_A_BEAT, rarity, typical
from insights.scatter import scatter
from insights.strewn import Chance, days_around, most_on_a_day
from policies.zones import day_start, to_local

FALSE_ALARMS = 0.1
FEWEST = 5
SERIES_AT_ONCE = 4_000
MOST = 200  # occurrences; what happens more often is looked at by its newest ones
BURST = timedelta(hours=20)  # tickets that follow one another within it are one occurrence
LEAST_REGULARITY = 1.5  # gaps that scatter more than two thirds of what chance does help nobody
NEARLY_DAILY = 2.5  # days between occurrences, below which the hour is looked at
TOO_DENSE = 5.0  # days between occurrences, below which working weeks would pass for a beat
SHORTEST_IN_SPELL = 5.0  # days, for the same reason
FEWEST_ON_A_BEAT = 5
ODD = 0.01  # p-values above it are no rhythm of anything: who is on the beat is not asked
MISSED_AT_END = 3  # windows without an occurrence: a beat that lasts passes over two at most
LONGER_THAN_EVER = 1.5  # times the longest gap, from the last occurrence of what has ended
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
    window that is not over yet; `missed` is how many were passed without one. A rhythm that was
    missed longer than ever before ended with its last occurrence, `ended_at`, and has no next
    window. `regular` of the occurrences come on the beat or day.
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
    regular: int
    ended_at: datetime | None = None


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
    alarms: float = FALSE_ALARMS,
) -> list[Rhythm | None]:
    """The rhythm of each series of instants (UTC); None for fewer than five occurrences.

    `chance` knows when all tickets were opened: what the days of a calendar are measured against;
    `data_at` is the moment that the data speak of.
    `looked_at` is the number of series looked at in all, where these are not all of them;
    `alarms` is the highest `q` of a rhythm.
    """
    merged = [occurrences(instants) for instants in series]
    places = [place for place, found in enumerate(merged) if len(found) >= FEWEST]
    looks = looks_at([merged[place] for place in places], chance)
    p_values = np.array([surest(own) for own in looks])
    q_values = _corrected(p_values, max(looked_at, len(places)))
    found: list[Rhythm | None] = [None] * len(series)
    for place, own, q in zip(places, looks, q_values, strict=True):
        where = chance.zone, data_at
        found[place] = told(merged[place], own, float(q), where, alarms)
    return found


def surest(looks: Sequence[Look]) -> float:
    """That of the surest look, times the number of looks."""
    return min(1.0, min(look.p for look in looks) * len(looks))


@dataclass(frozen=True)
class Look:
    """One way of coming back: how likely by chance, its period, and how many times less it scatters
    than chance does. `day` is the place of the weekday, day of the month or hour, from 0;
    `on_beat` are the places of the occurrences that came on the beat, where that was looked at;
    `on_day` is how many came on the day."""

    kind: Kind
    p: float
    period_days: float
    regularity: float
    day: int | None = None
    on_beat: tuple[int, ...] | None = None
    on_day: int | None = None


def looks_at(series: Sequence[Sequence[datetime]], chance: Chance) -> list[list[Look]]:
    """The looks that are taken at each series; those that are no rhythm have p = 1."""
    seconds = [np.array([(at - found[0]).total_seconds() for at in found]) for found in series]
    counts = np.array([len(found) for found in series], dtype=np.int64)
    span_days = np.array([float(own[-1]) for own in seconds]) / DAY
    gap_days = span_days / np.maximum(counts - 1, 1)
    is_daily = gap_days < NEARLY_DAILY
    looks: list[list[Look]] = [[] for _ in series]
    _add(looks, np.flatnonzero(~is_daily), _of_gaps, seconds)
    may_have = (counts <= MOST_ON_A_BEAT) & (gap_days >= TOO_DENSE)
    _add(looks, np.flatnonzero(may_have), _of_beats, seconds)
    in_spells = partial(_of_beats, kind="spell", chance=chance)
    _add(looks, np.flatnonzero(may_have & (counts >= FEWEST_IN_SPELL)), in_spells, seconds)
    # all at once: one by one, a million conversions take longer than all looks
    local = local_times((at for found in series for at in found), chance.zone)
    ends = np.cumsum(counts)[:-1]
    calendar: tuple[tuple[Kind, pl.Series, float], ...] = (
        ("weekday", local.dt.weekday() - 1, 7.0),
        ("day of the month", local.dt.day() - 1, 30.44),
        ("hour", local.dt.hour(), 1.0),
    )
    for kind, days, length in calendar:
        may_be = span_days >= 2.5 * length
        if kind == "hour":
            may_be &= is_daily
        places = np.flatnonzero(may_be)
        own_days = np.split(days.to_numpy(), ends)
        kept = [own_days[place] for place in places]
        for place, look in zip(places, _on_days(kind, kept, length, chance), strict=True):
            looks[place].append(look)
    return looks


def local_times(instants: Iterable[datetime], zone: ZoneInfo) -> pl.Series:
    """The instants (UTC) as local times."""
    utc = pl.Series("at", list(instants), dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    return utc.dt.convert_time_zone(zone.key)


def _add(
    looks: list[list[Look]],
    places: np.ndarray,
    of_series: Callable[[np.ndarray], Iterator[Look]],
    seconds: Sequence[np.ndarray],
) -> None:
    """Look at series of one length together: that is many times as fast."""
    counts = np.array([len(seconds[place]) for place in places], dtype=np.int64)
    for count in np.unique(counts):
        same = places[counts == count]
        for start in range(0, len(same), SERIES_AT_ONCE):
            some = same[start : start + SERIES_AT_ONCE]
            rows = np.stack([seconds[place] for place in some])
            for place, look in zip(some, of_series(rows), strict=True):
                looks[place].append(look)


def _of_gaps(seconds: np.ndarray) -> Iterator[Look]:
    """The look at the gaps of each row of seconds since the first occurrence."""
    count, spans = seconds.shape[1], seconds[:, -1]
    scattered, periods = scatter(np.diff(seconds, axis=1) / spans[:, None])
    for score, period, span in zip(
        scattered.tolist(), periods.tolist(), spans.tolist(), strict=True
    ):
        regularity = times_chance(count, score, span)
        is_it = regularity >= LEAST_REGULARITY
        p = rarity("gaps", count, _free(count, span), -score) if is_it else 1.0
        yield Look("interval", p, period * (span / DAY), regularity)


def _of_beats(
    seconds: np.ndarray, kind: beats.Chain = "beat", chance: Chance | None = None
) -> Iterator[Look]:
    """The look at the heaviest chain of each row of seconds since the first occurrence.

    With `chance`, steps from working day to working day are told from those of a beat.
    """
    count, spans = seconds.shape[1], seconds[:, -1]
    usual = partial(_usual, seconds, chance) if chance is not None else None
    weights, periods = beats.heaviest(seconds / spans[:, None], kind, usual)
    for place, (weight, period) in enumerate(zip(weights.tolist(), periods.tolist(), strict=True)):
        own, span = seconds[place], float(spans[place])
        p = rarity(kind, count, _free(count, span), weight)
        too_short = kind == "spell" and period * span < SHORTEST_IN_SPELL * DAY
        if p > ODD or too_short:
            yield Look("interval", 1.0, period * (span / DAY), 1.0)
            continue
        row = slice(place, place + 1)
        on_beat = beats.members(own / span, period, kind, usual(row) if usual else None)
        gaps = np.diff(own[on_beat]) / (period * span)
        exact = float(np.mean(gaps / np.maximum(np.round(gaps), 1))) * period
        chain = own[on_beat[-1]] - own[on_beat[0]]
        score = float(scatter(gaps[None, :])[0][0]) if len(gaps) > 1 else 1.0
        # as regular as its chain, as far as the series, or its spell, is that chain
        whole = count if kind == "beat" else int(on_beat[-1] - on_beat[0]) + 1
        regularity = times_chance(len(on_beat), score, chain) * len(on_beat) / whole
        is_it = len(on_beat) >= FEWEST_ON_A_BEAT and regularity >= LEAST_REGULARITY
        places = tuple(on_beat.tolist())
        yield Look("interval", p if is_it else 1.0, exact * span / DAY, regularity, on_beat=places)


def _usual(seconds: np.ndarray, chance: Chance, rows: slice) -> np.ndarray:
    """How much likelier each step is by the days of all tickets, as `beats.heaviest` wants it."""
    return chance.likelier_by(beats.lengths(seconds[rows]) / 3600)


def _free(count: int, span: float) -> float:
    """The share of a span of seconds that is kept free by the bursts of so many occurrences."""
    return BURST.total_seconds() * (count - 1) / span


def times_chance(count: int, score: float, span: float) -> float:
    """How many times more strewn gaps scatter than those of this score."""
    return -typical("gaps", max(count, FEWEST), _free(count, span)) / max(score, 1e-3)


def _on_days(kind: Kind, days: Sequence[np.ndarray], length: float, chance: Chance) -> list[Look]:
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
        is_it = own >= SHARE_ON_DAY * count
        p = chance.p_of_day(kind, count, float(excess[place])) if is_it else 1.0
        # half an occurrence beside the day, or all on it would be infinitely regular
        rarer = (1 - float(chances[around].sum())) / ((count - own + 0.5) / (count + 1))
        looks.append(Look(kind, p, length, rarer, day, on_day=int(own)))
    return looks


def _corrected(p_values: np.ndarray, looked_at: int) -> np.ndarray:
    """Bonferroni: the chance that anything at all of so many is as rare.

    A rate of false discoveries would be gentler, but a story is found in twenty of its words, and
    each would let the next thing be less rare.
    """
    return np.minimum(p_values * looked_at, 1)


def told(
    found: Sequence[datetime],
    looks: Sequence[Look],
    q: float,
    where: tuple[ZoneInfo, datetime],
    alarms: float = FALSE_ALARMS,
) -> Rhythm:
    """What the surest look at a series says, in a zone and at the moment of the data."""
    zone, data_at = where
    best = min(looks, key=lambda look: look.p)  # the interval where they are even
    regularity = round(best.regularity, 3)
    if q > alarms:
        nothing = None, None, None, None, None, None
        return Rhythm(len(found), False, *nothing, q, regularity, None, None, 0, 0, None)
    count = len(found)
    if best.on_beat is not None:
        found = [found[place] for place in best.on_beat]
    gaps = np.diff([(at - found[0]).total_seconds() for at in found]) / DAY
    single = gaps[np.abs(gaps / best.period_days - 1) < 0.5]
    low, high = np.quantile(single, (0.1, 0.9)) if len(single) else (best.period_days,) * 2
    day = best.day if best.day is not None else 0
    from_at, to_at, missed = _next(found[-1], best, (float(low), float(high)), zone, data_at)
    silent_days = (data_at - found[-1]).total_seconds() / DAY
    ended = missed >= MISSED_AT_END and silent_days > LONGER_THAN_EVER * float(gaps.max())
    return Rhythm(
        occurrences=count,
        is_rhythmic=True,
        kind=best.kind,
        period_days=round(best.period_days, 2),
        spread_days=round(float(high - low) / 2, 2),
        weekday=day if best.kind == "weekday" else None,
        day_of_month=day + 1 if best.kind == "day of the month" else None,
        hour=_hour(found, zone),
        q=q,
        regularity=regularity,
        next_from_at=None if ended else from_at,
        next_to_at=None if ended else to_at,
        missed=missed,
        regular=best.on_day if best.on_day is not None else len(found),
        ended_at=found[-1] if ended else None,
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
