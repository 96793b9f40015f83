"""What comes back among strangers with the same words is found, and listed without them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from insights.build import build_insights
from insights.standing import candidates, tickets_of
from policies.model import Policy
from tests.conftest import build_warehouse

FIRST = datetime(2025, 1, 6, 9)
FAULTS = (
    "Order cannot be saved",
    "Timeout of the order form",
    "Database of orders hangs",
    "No answer when an order is sent",
    "Order list stays empty",
)
STRANGERS = ("Order {}: wrong price", "Please cancel order {}", "Copy of order {} wanted")
OTHERS = ("Outlook slow", "Printer jammed", "Password forgotten", "Screen broken", "Phone dead")
CODES = ("Advice", "Configuration", "Replaced")


def _found(policy: Policy, kept: Path, told: list[tuple[str, str, str, datetime]]) -> list[set]:
    """The numbers of the tickets of each listed rhythm; the first is INC0000."""
    connection = build_warehouse(
        policy,
        [
            {
                "number": f"INC{number:04}",
                "title": title,
                "service": service,
                "resolution_code": code,
                "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
            }
            for number, (title, service, code, at) in enumerate(told)
        ],
    )
    build_insights(connection, policy)
    names = candidates(connection, kept, policy, "rhythm")["candidate_id"]
    return [set(tickets_of(connection, kept, name)["number"]) for name in names]


def _others(dice: random.Random, count: int) -> list[tuple[str, str, str, datetime]]:
    return [
        (
            dice.choice(OTHERS),
            dice.choice(("Orders", "Mail", "Printing", "Desk")),
            dice.choice(CODES),
            FIRST + timedelta(days=dice.randrange(400), hours=dice.randrange(8)),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_strangers_with_the_word_are_told_apart_by_the_resolution(
    seed: int, policy: Policy, tmp_path: Path
) -> None:
    """Fourteen faults every four weeks are restarted; 28 others of the service say "order" too."""
    dice = random.Random(seed)
    told = [
        (FAULTS[n % 5], "Orders", "Restart", FIRST + timedelta(days=27 * n + dice.uniform(-2, 2)))
        for n in range(14)
    ]
    told += [
        (
            dice.choice(STRANGERS).format(dice.randrange(1_000, 9_999)),
            "Orders",
            dice.choice(CODES),
            FIRST + timedelta(days=dice.randrange(400), hours=dice.randrange(8)),
        )
        for _ in range(28)
    ]
    told += [
        (title, service, "Restart" if place % 10 == 0 else code, at)
        for place, (title, service, code, at) in enumerate(_others(dice, 300))
    ]
    found = _found(policy, tmp_path, told)
    mine = {f"INC{number:04}" for number in range(14)}
    (best,) = [numbers for numbers in found if len(numbers & mine) >= 12]
    assert len(best - mine) <= 7


def test_a_wording_that_other_services_share_is_listed_where_it_comes_back(
    policy: Policy, tmp_path: Path
) -> None:
    """Fourteen in Warehouse every two weeks, and as many of the same words strewn elsewhere."""
    dice = random.Random(4)
    told = [
        ("Labels come out empty", "Warehouse", "Advice", FIRST + timedelta(days=14 * number))
        for number in range(14)
    ]
    told += [
        ("Labels come out empty", service, code, at) for _, service, code, at in _others(dice, 14)
    ]
    found = _found(policy, tmp_path, told + _others(dice, 300))
    mine = {f"INC{number:04}" for number in range(14)}
    (best,) = [numbers for numbers in found if len(numbers & mine) >= 7]
    assert mine <= best
    assert len(best - mine) <= 1
