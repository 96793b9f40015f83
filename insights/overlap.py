"""How much less is looked at than there are series: a complaint is seen in many of its words, keys
and branches, and what shares tickets is regular by chance together.

The tickets of some services change dates with any others, again and again. Were the series of these
services independent, the lowest corrected p-value of a shuffling would be 1 on average; it is as
many times higher as the correction is too strict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import duckdb
import numpy as np
import polars as pl

from insights import families
from insights.rhythm import FEWEST, looks_at, occurrences, surest
from insights.rhythm_rows import Openings
from insights.unions import Series, pools

SEED = 20_252
SHUFFLES = 12
FEWEST_SERIES = 50  # of a service: fewer share little, and nothing could be told of them
ENOUGH_SERIES = 250  # of whole services: more tell the same
MOST_SERIES = 400  # of one service
# Lowest values above it count as no lower than it: only what is rare must be told aright.
HIGHEST = 3.0
TABLES = 1 + len(families.BEGINNINGS)


def overlap(cursor: duckdb.DuckDBPyConnection, when: Openings | None) -> float:
    """By how much a correction for all series is too strict; needs `families` and
    `candidate_openings`."""
    return too_strict(_some_services(cursor), when) if when is not None else 1.0


def too_strict(services: Iterable[list[Series]], when: Openings) -> float:
    """By how much a correction for all series of each service is too strict, from 1 to the number
    of tables that series are in.

    It is told two standard errors lower than it is estimated: rather too few rhythms than too many.
    """
    dice = np.random.default_rng(SEED)
    found = [_lowest(series, when, dice) for series in services]
    lowest = np.minimum(np.concatenate([np.empty(0), *found]), HIGHEST)
    if not lowest.size:
        return 1.0
    rare = max(int((lowest < HIGHEST).sum()), 1)
    return float(np.clip(lowest.sum() / rare / (1 + 2 * rare**-0.5), 1.0, TABLES))


def _some_services(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[Series]]:
    """The series of some services with enough of them, chosen by their names alone."""
    services = cursor.sql(
        """
select
    min(candidate_id) as candidate_id,
    count(distinct candidate_id) as series
from families
group by block
having series >= $fewest
order by md5(block)""",
        params={"fewest": FEWEST_SERIES},
    ).pl()
    before = pl.col("series").cum_sum() - pl.col("series")
    chosen = services.filter(before < ENOUGH_SERIES)["candidate_id"]
    for pool in pools(cursor, chosen, families.MOST_TICKETS):
        enough = [each for each in pool if len(each.opened) >= FEWEST]
        # ids end as digests do, in no order that means anything
        yield sorted(enough, key=lambda each: each.name[::-1])[:MOST_SERIES]


def _lowest(series: list[Series], when: Openings, dice: np.random.Generator) -> np.ndarray:
    """The lowest p-value of each shuffling, corrected as if the series were independent; none where
    all tickets came in so few bursts that no series has enough of them."""
    numbers: dict[str, int] = {}
    members = [
        [numbers.setdefault(ticket, len(numbers)) for ticket in sorted(each.opened)]
        for each in series
    ]
    tables = [_table(each.name) for each in series]
    others = Counter(tables)
    every, enough = when.everything, len(numbers)
    shuffled, weights, rounds = [], [], []
    for number in range(SHUFFLES):
        dates = dice.choice(len(every), enough, replace=enough > len(every)).tolist()
        for own, table in zip(members, tables, strict=True):
            found = occurrences([every[dates[ticket]] for ticket in own])
            if len(found) >= FEWEST:
                shuffled.append(found)
                weights.append(TABLES * others[table])
                rounds.append(number)
    if not shuffled:
        return np.empty(0)
    lowest = np.full(SHUFFLES, np.inf)
    p_values = np.array([surest(looks) for looks in looks_at(shuffled, when.chance)])
    np.minimum.at(lowest, np.array(rounds), p_values * np.array(weights))
    return lowest


def _table(name: str) -> str:
    """The table that a series is in, as the beginning of its id tells."""
    return name[0] if name[0] in families.BEGINNINGS else ""
