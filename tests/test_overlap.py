"""How much less is looked at than there are series, where these share tickets."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from insights.build import build_insights
from insights.families import BEGINNINGS
from insights.kin import branches
from insights.overlap import TABLES, too_strict
from insights.rhythm import NEARLY_DAILY
from insights.rhythm_rows import Openings
from insights.standing import candidates
from insights.strewn import Chance
from insights.unions import Series
from policies.model import Policy
from tests.command import load
from tests.conftest import build_warehouse

FIRST = datetime(2025, 1, 6)
UTC = ZoneInfo("UTC")
NAMES = (*BEGINNINGS, "c")


def _when() -> Openings:
    dice = random.Random(4)
    everything = [FIRST + timedelta(minutes=dice.randrange(600 * 1440)) for _ in range(4_000)]
    return Openings(everything, FIRST + timedelta(days=600), UTC, Chance(everything, UTC))


def _series(name: str, tickets: range) -> Series:
    return Series(name, "Mail", ("",), {f"T{number}": 0.0 for number in tickets})


def test_series_with_tickets_of_their_own_are_not_corrected_too_strictly() -> None:
    services = [
        [_series(f"{NAMES[own % 5]}{own}", range(10 * own, 10 * own + 10)) for own in range(120)]
        for _ in range(3)
    ]
    # the looks at one series, which share its dates, are all that is counted more than once
    assert too_strict(services, _when()) < 2


def test_series_with_the_same_tickets_are_corrected_too_strictly() -> None:
    services = [
        [_series(f"{NAMES[own % 5]}{own}", range(own % 2, 12)) for own in range(120)]
        for _ in range(3)
    ]
    assert too_strict(services, _when()) == TABLES


def test_nothing_is_told_of_no_series() -> None:
    assert too_strict([], _when()) == 1.0


def test_a_text_is_once_in_a_branch_whatever_its_categories() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
create table told_texts as
select *
from (
    values
        (0, 'tunnel gateway'), (1, 'tunnel certificate'), (2, 'gateway certificate'),
        (3, 'mouse wheel'), (4, 'mouse cable'), (5, 'wheel cable'),
        (6, 'stamp letter'), (7, 'stamp parcel'), (8, 'letter parcel')
) as told (text_number, text);

create table told_tickets as
select
    number as ticket_id,
    number % 9 as text_number,
    ['Remote', 'Office', 'Post'][1 + number % 9 // 3] as service,
    ['Access', 'Network', 'Software', null][1 + number % 7 % 4] as category
from range(180) as numbers (number)""")
        kin = branches(connection, 5, 400)
    assert {*kin["block"]} == {"Remote", "Office", "Post"}
    assert kin.unique(["block", "name", "text_number"]).height == kin.height


def test_what_grows_to_come_daily_has_no_interval(policy: Policy, tmp_path: Path) -> None:
    """Two in three days on one service: series that come every few days add up to daily ones."""
    connection = build_warehouse(
        policy,
        [
            {
                "number": f"INC{number:03}",
                "title": ("drops", "broken", "refused", "slow")[number % 4] + " tunnel",
                "service": "Remote" if number % 3 else "Office",
                "category": ("Access", "Network", "Software")[number % 7 % 3],
                "symptom": ("Slow", "Broken")[number % 2],
                "opened_at": (FIRST + timedelta(days=number)).isoformat(sep=" "),
            }
            for number in range(120)
        ],
    )
    build_insights(connection, policy)
    rows = candidates(connection, tmp_path, policy, "rhythm")
    intervals = rows.filter(pl.col("kind") == "interval")
    assert intervals.height > 0
    assert intervals["period_days"].min() >= NEARLY_DAILY


def test_an_export_of_one_day_is_loaded(tmp_path: Path) -> None:
    """Words by the hundred, and all their tickets in one burst: there is nothing to shuffle."""
    dice = random.Random(7)
    words = [f"{a}{b}ing" for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "ea", "ou")]
    lines = [
        f"INC{n},incident,Mail,{' '.join(dice.sample(words, 3))},{dice.choice(words)},"
        f"2026-03-02T{8 + n % 9:02}:{n % 60:02}:00Z\n"
        for n in range(1_200)
    ]
    (tmp_path / "day.csv").write_text(
        "number,kind,service,title,symptom,opened_at\n" + "".join(lines)
    )
    told = load(tmp_path / "warehouse", tmp_path / "day.csv")
    assert told["files"][0]["rows_rejected"] == 0
