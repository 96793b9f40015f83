"""Rhythms put together from their parts, and how rare what was strewn is told to be."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from insights.build import build_insights
from insights.rarity import CAREFUL, SHARES, Look, rarity, typical
from insights.rarity_table import placed, regularity
from insights.standing import candidates, tickets_of
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
OBJECTS = (
    "Ledger", "Balance", "Invoice", "Payroll", "Margin", "Forecast", "Inventory", "Turnover",
    "Cashflow", "Dividend", "Mortgage", "Pension", "Subsidy", "Voucher", "Warranty", "Quotation",
    "Auction", "Harvest", "Freight", "Customs", "Lottery", "Bursary", "Glossary", "Timetable",
    "Leaflet", "Photograph", "Envelope", "Stamp",
)  # fmt: skip


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


def test_what_tells_more_takes_the_place_of_a_regular_part_of_it(
    policy: Policy, tmp_path: Path
) -> None:
    """Of 24 faults every two weeks eight are worded alike; their symptom has four strangers too,
    and nothing grows by what makes it less regular."""
    dice = random.Random(3)
    days = [FIRST + timedelta(days=14 * number + dice.uniform(-1, 1)) for number in range(24)]
    told = [
        ("Label printer blank" if 8 <= place < 16 else OBJECTS[place], at)
        for place, at in enumerate(days)
    ]
    told += [("Wrong logo", at + timedelta(days=6)) for at in days[3::6]]
    symptom = len(told)
    for _ in range(150):
        at = FIRST + timedelta(days=dice.randrange(325), hours=dice.randrange(8))
        told.append((dice.choice(OTHERS), at))
    tickets = [
        {
            "number": f"INC{number:04}",
            "title": title,
            "service": "Labels",
            "symptom": "Label" if number < symptom else "",
            "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        for number, (title, at) in enumerate(told)
    ]
    connection = build_warehouse(policy, tickets)
    build_insights(connection, policy)
    (row,) = candidates(connection, tmp_path, policy, "rhythm").iter_rows(named=True)
    assert 13 <= row["period_days"] <= 15
    numbers = set(tickets_of(connection, tmp_path, row["candidate_id"])["number"])
    assert numbers == {f"INC{number:04}" for number in range(symptom)}


def test_what_is_on_a_beat_among_strangers_grows_by_nothing_that_fills_their_gaps(
    policy: Policy, tmp_path: Path
) -> None:
    """Twelve faults every 22 to 24 days, worded like five strangers, among 400 of 140 wordings."""
    dice = random.Random(7)
    told, at = [], FIRST
    for _ in range(12):
        told.append(("Order stuck", at))
        at += timedelta(days=dice.uniform(22, 24))
    for number in range(405):
        at = FIRST + timedelta(days=dice.randrange(325), hours=dice.randrange(8))
        told.append(
            ("Order stuck" if number < 5 else f"{dice.choice(OBJECTS)} {dice.choice(OTHERS)}", at)
        )
    tickets = [
        {
            "number": f"INC{number:04}",
            "title": title,
            "service": "Orders",
            "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        for number, (title, at) in enumerate(told)
    ]
    connection = build_warehouse(policy, tickets)
    build_insights(connection, policy)
    (row,) = candidates(connection, tmp_path, policy, "rhythm").iter_rows(named=True)
    assert 22 <= row["period_days"] <= 24
    numbers = set(tickets_of(connection, tmp_path, row["candidate_id"])["number"])
    assert numbers == {f"INC{number:04}" for number in range(17)}


@pytest.mark.parametrize(("look", "count", "free"), [("gaps", 11, 0.0), ("beat", 14, 0.05)])
def test_the_table_of_rarities_tells_the_share_of_strewn_series(
    look: Look, count: int, free: float
) -> None:
    """Of 20,000 strewn series 200 are in the rarest hundredth, told half as many again."""
    dice = np.random.default_rng(99)
    scores = np.sort(regularity(look)(placed(dice.random((20_000, count - 2)), free)))[::-1]
    for share in (0.1, 0.03, 0.01):
        told = rarity(look, count, free, float(scores[int(share * len(scores))]))
        assert share <= told <= 2.2 * share


def test_what_is_rarer_than_the_table_is_told_as_rare_as_its_rarest() -> None:
    assert rarity("beat", 20, 0.05, 1_000.0) == pytest.approx(CAREFUL * SHARES[-1])
    assert rarity("gaps", 20, 0.05, 0.0) == pytest.approx(CAREFUL * SHARES[-1])
    assert rarity("gaps", 20, 0.05, -0.6) == 1


def test_the_table_lies_between_its_numbers_and_on_the_careful_side_of_its_free_time() -> None:
    around = typical("beat", 40, 0.0), typical("beat", 50, 0.0)
    assert min(around) < typical("beat", 45, 0.0) < max(around)
    score = typical("gaps", 12, 0.1) * 0.6
    assert rarity("gaps", 12, 0.06, score) == rarity("gaps", 12, 0.1, score)
    assert rarity("gaps", 12, 0.04, score) < rarity("gaps", 12, 0.1, score)
