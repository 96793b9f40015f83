"""Rhythms put together from their parts, and how rare what was strewn is told to be."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from insights.build import build_insights
from insights.standing import candidates, tickets_of
from insights.strewn import Chance, scatter
from policies.model import Policy
from tests.conftest import build_warehouse

FIRST = datetime(2025, 12, 1, 9)
WORDINGS = (
    "Order database times out",
    "Aufträge: Datenbank Timeout",
    "Orders hang, timeout of the database",
    "Datenbank der Aufträge antwortet nicht",
    "Order entry frozen, database",
)
OTHERS = ("Price missing", "Preis fehlt", "Discount wrong", "Rabatt falsch", "Export slow")


def test_what_is_worded_in_many_ways_is_one_returner(policy: Policy, tmp_path: Path) -> None:
    """Twenty-three time-outs every two weeks, each worded in one of five ways, among 120 others."""
    dice = random.Random(3)
    at, told = FIRST, []
    while at < FIRST + timedelta(days=320):
        told.append((dice.choice(WORDINGS), "Orders", at))
        at += timedelta(days=dice.uniform(13, 15))
    planted = len(told)
    for _ in range(120):
        at = FIRST + timedelta(days=dice.randrange(325), hours=dice.randrange(8))
        told.append((dice.choice(OTHERS), dice.choice(("Orders", "Sales")), at))
    tickets = [
        {
            "number": f"INC{number:04}",
            "title": title,
            "service": service,
            "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        for number, (title, service, at) in enumerate(told)
    ]
    connection = build_warehouse(policy, tickets)
    build_insights(connection, policy)
    (row,) = candidates(connection, tmp_path, policy, "rhythm").iter_rows(named=True)
    assert row["basis"] == "family"
    assert 13 <= row["period_days"] <= 15
    numbers = set(tickets_of(connection, tmp_path, row["candidate_id"])["number"])
    mine = {f"INC{number:04}" for number in range(planted)}
    assert len(numbers & mine) >= 0.9 * planted
    assert len(numbers - mine) <= 1


@pytest.mark.parametrize(("count", "blocked"), [(5, 0.0), (11, 0.05), (20, 0.1)])
def test_what_is_rarer_than_strewn_series_is_told_too_common_rather_than_too_rare(
    count: int, blocked: float
) -> None:
    dice = np.random.default_rng(99)
    within = np.sort(dice.random((300_000, count - 2)), axis=1)
    gaps = np.diff(within, axis=1, prepend=0.0, append=1.0)
    scores = np.sort(scatter(gaps * (1 - blocked) + blocked / (count - 1))[0])
    chance = Chance([], ZoneInfo("UTC"))
    for share in (1e-3, 1e-4):
        told = chance.p_of_scatter(count, float(scores[int(share * len(scores))]), blocked)
        assert 0.5 * share <= told <= 8 * share
