"""Rhythm: what is regular is found, with its period and phase; what is not is not called so."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.rhythm import FALSE_ALARMS, Rhythm, occurrences, rhythms
from insights.strewn import Chance

ZONE = ZoneInfo("Europe/Madrid")
FIRST = datetime(2025, 1, 1)
DATA_AT = datetime(2027, 1, 1)


def strewn(dice: random.Random, count: int) -> list[datetime]:
    """Office hours of working days, as tickets come."""
    found = []
    while len(found) < count:
        at = FIRST + timedelta(days=dice.randrange(730), seconds=dice.randrange(25_000, 65_000))
        if at.weekday() < 5 or dice.random() < 0.1:
            found.append(at)
    return found


CHANCE = Chance(strewn(random.Random(1), 4_000), ZONE)


def rhythm_of(instants: list[datetime], others: int = 200, data_at: datetime = DATA_AT) -> Rhythm:
    """The rhythm of one series among many that have none."""
    dice = random.Random(7)
    noise = [strewn(dice, dice.randrange(5, 60)) for _ in range(others)]
    found = rhythms([instants, *noise], CHANCE, data_at)[0]
    assert found is not None
    return found


def every(dice: random.Random, low: float, high: float, count: int) -> list[datetime]:
    at, found = FIRST + timedelta(days=dice.randrange(200), hours=9), []
    for _ in range(count):
        found.append(at)
        at += timedelta(days=dice.uniform(low, high))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_gaps_of_one_length_are_a_rhythm(seed: int) -> None:
    found = rhythm_of(every(random.Random(seed), 22, 27, 11))
    assert found.is_rhythmic
    assert found.kind == "interval"
    assert found.period_days is not None
    assert 22 <= found.period_days <= 27
    assert found.spread_days is not None
    assert 0 < found.spread_days <= 2.5


def test_a_missed_one_does_not_hide_the_rhythm() -> None:
    instants = every(random.Random(3), 13, 15, 14)
    del instants[4], instants[9]
    found = rhythm_of(instants)
    assert found.is_rhythmic
    assert found.period_days == pytest.approx(14, abs=1)


@pytest.mark.parametrize("seed", range(3))
def test_a_beat_is_heard_among_others(seed: int) -> None:
    """Eleven of three to four weeks in a year, and four of another kind over two years."""
    dice = random.Random(seed)
    on_beat = every(dice, 22, 27, 11)
    soon = on_beat[-1] + timedelta(days=10)
    found = rhythm_of(sorted([*on_beat, *strewn(dice, 4)]), 100, soon)
    assert found.is_rhythmic
    assert found.kind == "interval"
    assert found.period_days is not None
    assert 22 <= found.period_days <= 27
    # what comes next is told by those on the beat, whatever came in between
    assert found.next_from_at is not None
    assert found.next_to_at is not None
    late = (found.next_from_at - on_beat[-1]).total_seconds() / 86_400
    nearest = round(late / found.period_days)
    assert nearest >= 1
    assert late == pytest.approx(nearest * found.period_days, abs=6)


def test_two_missed_of_eleven_do_not_hide_the_rhythm() -> None:
    heard = 0
    for seed in range(4):
        dice = random.Random(100 + seed)
        instants = every(dice, 22, 27, 11)
        del instants[dice.randrange(1, 5)], instants[dice.randrange(5, 9)]
        heard += rhythm_of(instants, others=100).is_rhythmic
    assert heard >= 3


def test_a_burst_is_one_occurrence() -> None:
    instants = every(random.Random(4), 22, 27, 10)
    bursts = [at + timedelta(minutes=20 * n) for at in instants for n in range(5)]
    assert occurrences(bursts) == instants
    assert rhythm_of(bursts).occurrences == 10


def test_a_weekday_is_a_rhythm() -> None:
    dice = random.Random(5)
    mondays = [datetime(2025, 1, 6, 8) + timedelta(days=7 * n) for n in range(100)]
    found = rhythm_of(dice.sample(mondays, 30))
    assert found.is_rhythmic
    assert (found.kind, found.weekday) in (("weekday", 0), ("interval", None))
    assert found.hour == 9


def test_a_day_of_the_month_is_a_rhythm_and_its_next_window_is_named() -> None:
    days = [datetime(2025 + n // 12, n % 12 + 1, 3 + n % 2, 9, 0) for n in range(24) if n % 5]
    found = rhythm_of(days)
    assert found.is_rhythmic
    if found.kind == "day of the month":
        assert found.day_of_month in (3, 4)
    assert found.next_from_at is not None
    assert found.next_to_at is not None
    assert found.next_from_at <= datetime(2027, 1, 4, 9) <= found.next_to_at


def test_what_has_no_rhythm_is_told_so() -> None:
    found = rhythm_of(strewn(random.Random(8), 12))
    assert not found.is_rhythmic
    assert found.period_days is None
    assert found.next_from_at is None


def test_fewer_than_five_occurrences_say_nothing() -> None:
    assert rhythms([every(random.Random(1), 20, 21, 4)], CHANCE, DATA_AT) == [None]


def test_the_window_moves_on_when_nothing_came() -> None:
    instants = every(random.Random(2), 19, 21, 12)
    data_at = instants[-1] + timedelta(days=50)
    found = rhythm_of(instants, data_at=data_at)
    assert found.next_to_at is not None
    assert found.next_to_at > data_at
    assert found.missed == 2
    assert found.ended_at is None


def test_what_was_missed_longer_than_ever_has_ended() -> None:
    instants = every(random.Random(2), 19, 21, 12)
    found = rhythm_of(instants, data_at=instants[-1] + timedelta(days=90))
    assert found.is_rhythmic
    assert found.ended_at == instants[-1]
    assert found.missed == 4
    assert (found.next_from_at, found.next_to_at) == (None, None)
    # the same silence is nothing new to what was silent for 80 days before
    del instants[4:7]
    found = rhythm_of(instants, data_at=instants[-1] + timedelta(days=90))
    assert found.is_rhythmic
    assert found.ended_at is None
    assert found.next_from_at is not None


@pytest.mark.slow
def test_false_alarms_are_as_rare_as_stated() -> None:
    """Sixty organisations in which nothing has a rhythm: any finding in any of them is false."""
    alarms = 0
    for seed in range(60):
        dice = random.Random(1_000 + seed)
        series = [strewn(dice, dice.randrange(5, 120)) for _ in range(60)]
        found = rhythms(series, CHANCE, DATA_AT)
        alarms += any(rhythm is not None and rhythm.is_rhythmic for rhythm in found)
    # 10 % of 60 are 6; eleven or more would happen in 3 % of runs even then
    assert alarms <= 60 * FALSE_ALARMS + 4
