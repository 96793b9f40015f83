"""Rhythms put together from parts: what five people word in five ways is cut into five, each part
of it with gaps where the others came.

Every rhythmic series is grown by series of its service, the best first, as long as the whole gets
more regular: one that belongs fills the gaps, one that does not makes new ones. That the whole has
a rhythm is known from the part that it grew from, so nothing more is claimed by chance: the part's
own significance stays the whole's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from math import log
from typing import Any

import duckdb
import numpy as np
import polars as pl
from scipy import special

from insights.rhythm import (
    BURST,
    DAY,
    LEAST_REGULARITY,
    NEARLY_DAILY,
    Look,
    Rhythm,
    looks_at,
    times_chance,
    told,
)
from insights.rhythm_rows import Openings, rhythm_rows
from insights.scatter import scatter
from insights.strewn import days_around
from policies.zones import to_local

EPOCH = datetime(1970, 1, 1)
GROWN = "r"  # how the ids of what grew begin
MOST_PARTS = 8
LARGEST = 3.0  # a part with so many times the tickets of what it is added to is something else
HELD = 0.5  # of a series in a union: then it needs none of its own
GAIN = 1.02
KEPT_REGULARITY = 0.97
TOGETHER = 1e-4  # how rarely as many tickets of a part come within the bursts of the rest by chance
LONGEST_TITLE = 3

_SERIES = """
with few as (
    select candidate_id
    from candidate_openings
    group by candidate_id
    having count(*) <= $most
),

placed as (
    select candidate_openings.*
    from candidate_openings
    semi join few on few.candidate_id = candidate_openings.candidate_id
),

blocks as (
    select candidate_id, mode(block order by block) as block
    from placed
    group by candidate_id
),

series as (
    select candidate_id, block, told, ticket_id, opened_at
    from families
    union all
    select
        placed.candidate_id,
        blocks.block,
        candidate_names.title as told,
        ticket_id,
        opened_at
    from placed
    join blocks on blocks.candidate_id = placed.candidate_id
    join candidate_names on candidate_names.candidate_id = placed.candidate_id
),

of_interest as (
    select distinct block
    from series
    semi join seeds on seeds.seed_id = candidate_id
)

select
    series.block,
    candidate_id,
    any_value(told) as told,
    list(ticket_id order by opened_at, ticket_id) as tickets,
    list(epoch(opened_at) order by opened_at, ticket_id) as seconds
from series
join of_interest on of_interest.block = series.block
group by series.block, candidate_id
order by series.block, candidate_id"""


@dataclass(frozen=True)
class Series:
    """Tickets with the second of their opening, in order, and what they have in common."""

    name: str
    block: str
    told: tuple[str, ...]
    opened: dict[str, float]

    @property
    def starts(self) -> np.ndarray:
        """The second at which each burst begins."""
        seconds = np.array(sorted(self.opened.values()))
        return seconds[np.diff(seconds, prepend=-np.inf) > BURST.total_seconds()]

    @property
    def instants(self) -> list[datetime]:
        """When each burst begins."""
        return [EPOCH + timedelta(seconds=float(at)) for at in self.starts]

    def burst_of(self) -> dict[str, int]:
        """The place of the burst that each ticket belongs to."""
        names = sorted(self.opened, key=self.opened.__getitem__)
        seconds = np.array([self.opened[name] for name in names])
        begins = np.diff(seconds, prepend=seconds[0]) > BURST.total_seconds()
        return dict(zip(names, np.cumsum(begins).tolist(), strict=True))

    def with_part(self, other: Series) -> Series:
        return replace(self, told=(*self.told, *other.told), opened=self.opened | other.opened)


def unions(
    cursor: duckdb.DuckDBPyConnection, when: Openings, rhythmic: pl.DataFrame, most: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What rhythmic series (rows of `rhythm_rows`) grow to: the tickets as candidate_id, block,
    told, ticket_id, opened_at, and their rhythms. Series of more than `most` are no parts."""
    seeds = {row["candidate_id"]: row for row in rhythmic.iter_rows(named=True)}
    tickets: list[tuple[str, str, str, str, datetime]] = []
    names, found = [], []
    for pool in pools(cursor, rhythmic["candidate_id"], most):
        for whole, rhythm in _grown(pool, seeds, when):
            title = ", ".join(_short(whole.told))
            names.append(whole.name)
            found.append(rhythm)
            tickets += [
                (whole.name, whole.block, title, ticket, EPOCH + timedelta(seconds=at))
                for ticket, at in whole.opened.items()
            ]
    schema: dict[str, Any] = dict.fromkeys(
        ("candidate_id", "block", "told", "ticket_id"), pl.String
    )
    schema["opened_at"] = pl.Datetime("us")
    return pl.DataFrame(tickets, schema=schema, orient="row"), rhythm_rows(names, found)


def add_unions(cursor: duckdb.DuckDBPyConnection, tickets: pl.DataFrame) -> None:
    """Add what grew from parts to the families: candidate_id, block, told, ticket_id, opened_at."""
    cursor.register("grown", tickets)
    cursor.execute("""
insert into families
select
    candidate_id,
    block,
    told,
    concat_ws(', ', nullif(block, ''), told) as title,
    ticket_id,
    opened_at
from grown""")
    cursor.unregister("grown")


def pools(cursor: duckdb.DuckDBPyConnection, names: pl.Series, most: int) -> Iterator[list[Series]]:
    """The candidates and families of each block that one of the names is in; those with more than
    `most` tickets are left out."""
    cursor.register("seeds", pl.DataFrame({"seed_id": names}))
    rows = cursor.execute(_SERIES, {"most": most}).fetchall()
    cursor.unregister("seeds")
    for _, own in groupby(rows, key=lambda row: row[0]):
        yield [
            Series(name, block, (what,), dict(zip(tickets, seconds, strict=True)))
            for block, name, what, tickets, seconds in own
        ]


def _grown(
    pool: list[Series], seeds: dict[str, dict], when: Openings
) -> Iterator[tuple[Series, Rhythm]]:
    """The rhythmic series of one block that grew, the surest first."""
    wholes: list[Series] = []
    own = sorted(
        (each for each in pool if each.name in seeds),
        key=lambda each: (seeds[each.name]["q"], each.name),
    )
    for seed in own:
        kind = seeds[seed.name]["kind"]
        held = (len(seed.opened.keys() & whole.opened.keys()) for whole in wholes)
        if kind == "hour" or any(both >= HELD * len(seed.opened) for both in held):
            continue
        whole = _grow(seed, pool, seeds[seed.name], when)
        instants, look = look_at(whole, kind, when)
        if look is None or len(whole.opened) == len(seed.opened):
            continue
        wholes.append(whole)
        named = replace(whole, name=f"{GROWN}{seed.name}")
        q = float(seeds[seed.name]["q"])
        yield named, told(instants, [look], q, (when.zone, when.data_at))


def look_at(series: Series, kind: str, when: Openings) -> tuple[list[datetime], Look | None]:
    """When a series began its bursts, and the surest look of a kind at it: None where it is too
    dense for one."""
    instants = series.instants
    looks = [each for each in looks_at([instants], when.chance)[0] if each.kind == kind]
    return instants, min(looks, key=lambda look: look.p, default=None)


def _grow(seed: Series, pool: list[Series], row: dict, when: Openings) -> Series:
    """The series with all parts that make it more regular, the best one first.

    Where strangers come between what is on a beat, anything could fill the gaps that they make:
    only what comes with it belongs.
    """
    kind = row["kind"]
    look = look_at(seed, kind, when)[1]
    has_strangers = look is not None and look.on_beat is not None
    day = row["weekday"] if kind == "weekday" else (row["day_of_month"] or 1) - 1
    measure = _Measure(kind, day, when)
    whole, parts = seed, pool
    for _ in range(MOST_PARTS):
        now, regular = measure.of(whole)
        better = []
        for part in parts:
            if part.opened.keys() <= whole.opened.keys():
                continue
            if len(part.opened) > LARGEST * len(whole.opened):
                continue
            both = whole.with_part(part)
            value, regularity = measure.of(both)
            fills = not has_strangers and value > GAIN * now
            belongs = fills or _comes_with(part, whole)
            if belongs and regularity >= max(KEPT_REGULARITY * regular, LEAST_REGULARITY):
                better.append((value, len(both.opened), part.name, part))
        if not better:
            break
        whole = whole.with_part(max(better)[-1])
        parts = [each[-1] for each in better]
    return whole


class _Measure:
    """How much a series speaks for a rhythm, and how regular it is."""

    def __init__(self, kind: str, day: int, when: Openings) -> None:
        self.kind, self.day, self.when = kind, day, when

    def of(self, series: Series) -> tuple[float, float]:
        starts = series.starts
        if self.kind != "interval":
            return self._of_day(starts)
        count, span = len(starts), float(starts[-1] - starts[0])
        if span < NEARLY_DAILY * DAY * (count - 1):
            return 0.0, 0.0
        score = float(scatter((np.diff(starts) / span)[None, :])[0][0])
        regularity = times_chance(count, score, span)
        return count * log(max(regularity, 1e-3)), regularity

    def _of_day(self, starts: np.ndarray) -> tuple[float, float]:
        local = [to_local(EPOCH + timedelta(seconds=float(at)), self.when.zone) for at in starts]
        chances = self.when.chance.days[self.kind]
        days = [at.weekday() if self.kind == "weekday" else at.day - 1 for at in local]
        around = days_around(self.kind, self.day, len(chances))
        own, share = sum(day in around for day in days), float(chances[around].sum())
        count = len(starts)
        excess = own * log(max(own, 1) / (count * share)) - (own - count * share)
        return excess, (1 - share) / ((count - own + 0.5) / (count + 1))


def _comes_with(part: Series, whole: Series) -> bool:
    """Whether more of the part's other tickets come within the whole's bursts than by chance."""
    other = np.array([at for name, at in part.opened.items() if name not in whole.opened])
    known = np.array(sorted(whole.opened.values()))
    reach = BURST.total_seconds()
    place = np.searchsorted(known, other)
    after = np.abs(other - known[np.maximum(place - 1, 0)])
    before = np.abs(known[np.minimum(place, len(known) - 1)] - other)
    near = int((np.minimum(after, before) <= reach).sum())
    covered = min(2 * reach * len(whole.starts) / max(known[-1] - known[0], DAY), 1.0)
    return bool(near) and float(special.bdtrc(near - 1, len(other), covered)) < TOGETHER


def _short(parts: tuple[str, ...]) -> list[str]:
    """The first few things in common, a beginning only where no word with it is named."""
    words = [each for each in parts if not each.endswith("…")]
    kept = [
        each
        for each in parts
        if not (each.endswith("…") and any(word.startswith(each[:-1]) for word in words))
    ]
    return list(dict.fromkeys(kept))[:LONGEST_TITLE]
