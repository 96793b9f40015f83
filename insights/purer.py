"""Purer parts of what was found: a rhythm heard in a word among strangers is listed by the key or
word that leaves the strangers out.

What was found stands: the part's significance is that of the whole that it was found in, and its
period must be the same. Only which tickets tell it best is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl

from insights.rhythm import FEWEST, LEAST_REGULARITY, Look, Rhythm, looks_at, told
from insights.rhythm_rows import Openings, rhythm_rows
from insights.strewn import days_around
from insights.unions import Series, look_at, pools
from policies.zones import to_local

HELD = 0.8  # of a part's tickets in the whole
LEAST_RECALL = 0.7  # of the occurrences and of the tickets on the beat that a part must have
BETTER = 1.05  # times the harmonic mean of precision and recall
SAME_PERIOD = 0.1


def purer_parts(
    cursor: duckdb.DuckDBPyConnection, when: Openings, listed: pl.DataFrame, most: int
) -> tuple[dict[str, str], pl.DataFrame]:
    """For each of the rhythmic series (rows of `rhythm_rows`) that has one the purer part that
    tells it, and the rhythms of these parts. Series of more than `most` tickets are no parts."""
    rows = {row["candidate_id"]: row for row in listed.iter_rows(named=True)}
    parts: dict[str, str] = {}
    found: list[Rhythm] = []
    for pool in pools(cursor, listed["candidate_id"], most):
        taken = rows.keys() | set(parts.values())
        for whole in pool:
            if whole.name not in rows or whole.name in parts:
                continue
            row = rows[whole.name]
            for part, look in _best_first(whole, pool, row, when):
                if part.name in taken:
                    continue
                parts[whole.name] = part.name
                taken.add(part.name)
                found.append(told(part.instants, [look], row["q"], (when.zone, when.data_at)))
                break
    return parts, rhythm_rows(list(parts.values()), found)


def _best_first(
    whole: Series, pool: list[Series], row: dict, when: Openings
) -> Iterator[tuple[Series, Look]]:
    """The parts that tell a rhythm with clearly fewer strangers and their looks, the best first."""
    look = look_at(whole, row["kind"], when)[1]
    if look is None:
        return
    regular = _regular(whole, look, when)
    burst_of = whole.burst_of()
    on = {name: burst for name, burst in burst_of.items() if burst in regular}
    usual = _mean(len(on) / len(burst_of), 1.0)
    better = []
    for part in pool:
        own = part.opened.keys() & burst_of.keys()
        if part.name == whole.name or len(own) < max(HELD * len(part.opened), FEWEST):
            continue
        kept = [on[name] for name in own if name in on]
        recall = min(len(set(kept)) / len(regular), len(kept) / len(on))
        value = _mean(len(kept) / len(part.opened), recall)
        if recall >= LEAST_RECALL and value >= BETTER * usual:
            better.append((value, part.name, part))
    for _, _, part in sorted(better, key=lambda each: (-each[0], each[1])):
        if len(part.starts) < FEWEST:
            continue
        looks = looks_at([part.instants], when.chance)[0]
        same = [each for each in looks if _is_same(each, look)]
        if same:
            yield part, min(same, key=lambda each: each.p)


def _is_same(one: Look, other: Look) -> bool:
    """Whether a look of a part hears what that of the whole heard."""
    return (
        (one.kind, one.day) == (other.kind, other.day)
        and abs(one.period_days / other.period_days - 1) <= SAME_PERIOD
        and one.regularity >= LEAST_REGULARITY
    )


def _regular(whole: Series, look: Look, when: Openings) -> set[int]:
    """Which bursts come on the beat or on the day."""
    if look.on_beat is not None:
        return set(look.on_beat)
    if look.day is None:
        return set(range(len(whole.starts)))
    length = len(when.chance.days[look.kind])
    around = days_around(look.kind, look.day, length)
    local = [to_local(at, when.zone) for at in whole.instants]
    days = {
        "weekday": [at.weekday() for at in local],
        "day of the month": [at.day - 1 for at in local],
        "hour": [at.hour for at in local],
    }[look.kind]
    return {burst for burst, day in enumerate(days) if day in around}


def _mean(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / max(precision + recall, 1e-9)
