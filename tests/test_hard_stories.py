"""Rhythms that no word tells alone, that last some months, or that are written without blanks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from insights.build import build_insights
from insights.standing import candidates, tickets_of
from insights.stories import confirmed
from insights.texts import normalised, word_sets
from policies.model import Policy
from tests.conftest import build_warehouse

FIRST = datetime(2025, 1, 6, 9)
ENGLISH = (
    "Login to till locked",
    "Till: cannot log in",
    "Till says account locked",
    "Till does not start, account locked",
)
JAPANESE = (
    "レジのログインがロック",
    "レジ：ログインできない",
    "レジにアカウントロックと表示",
    "レジが起動しない、アカウントロック",
)
THINGS = ("Outlook", "プリンター", "Scanner", "Kalender", "Monitor", "Excel", "メール")
FAILS = (
    "is very slow",
    "起動しない",
    "zeigt Fehler",
    "stopped",
    "がエラーになる",
    "does not print",
)


def _tickets(wordings: Sequence[str], seed: int) -> list[dict]:
    """Twelve in as many weeks of two years, each in one of four wordings, among 900 others."""
    dice = random.Random(seed)
    at, told = FIRST + timedelta(days=dice.randrange(100, 500)), []
    for _ in range(13):
        told.append((dice.choice(wordings), "Tills", at))
        at += timedelta(days=dice.uniform(6.3, 7.7))
    for _ in range(900):
        at = FIRST + timedelta(days=dice.randrange(730), hours=dice.randrange(8))
        title = f"{dice.choice(THINGS)} {dice.choice(FAILS)}"
        told.append((title, dice.choice(("Tills", "Mail", "Orders", "Printing")), at))
    return [
        {
            "number": f"INC{number:04}",
            "title": title,
            "service": service,
            "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        for number, (title, service, at) in enumerate(told)
    ]


@pytest.mark.parametrize("wordings", [ENGLISH, JAPANESE], ids=["English", "Japanese"])
def test_what_came_weekly_for_a_few_months_is_found(
    wordings: Sequence[str], policy: Policy, tmp_path: Path
) -> None:
    connection = build_warehouse(policy, _tickets(wordings, 4))
    build_insights(connection, policy)
    row = candidates(connection, tmp_path, policy, "rhythm").row(0, named=True)
    assert 6.5 <= row["period_days"] <= 7.5
    numbers = set(tickets_of(connection, tmp_path, row["candidate_id"])["number"])
    mine = {f"INC{number:04}" for number in range(13)}
    assert len(numbers & mine) >= 10
    assert len(numbers - mine) <= 4


@pytest.mark.parametrize("seed", [1, 2])
def test_a_service_that_seldom_names_a_thing_may_tell_a_story_of_it(
    policy: Policy, tmp_path: Path, seed: int
) -> None:
    """Thirteen tickets of the VPN every 24 days, each failing in one of four wordings, of a service
    in which it is rarer than in all others."""
    dice = random.Random(seed)
    fails = ("account locked", "cannot sign in", "password refused", "rejects login")
    told = [
        (f"VPN {dice.choice(fails)}", "Reporting", FIRST + timedelta(days=24 * number))
        for number in range(13)
    ]
    things = ("Outlook", "Scanner", "Calendar", "Monitor", "Excel", "Timesheet", "Backup")
    for _ in range(1_500):
        at = FIRST + timedelta(days=dice.randrange(730), hours=dice.randrange(8))
        service = dice.choice(("Reporting", "Mail", "Orders", "Printing"))
        thing = "VPN" if service != "Reporting" and dice.random() < 0.2 else dice.choice(things)
        told.append((f"{thing} {dice.choice((*fails, 'is slow', 'stops'))}", service, at))
    rows = [
        {
            "number": f"INC{number:04}",
            "title": title,
            "service": service,
            "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        for number, (title, service, at) in enumerate(told)
    ]
    connection = build_warehouse(policy, rows)
    build_insights(connection, policy)
    row = candidates(connection, tmp_path, policy, "rhythm").row(0, named=True)
    assert row["period_days"] == pytest.approx(24, abs=0.5)
    numbers = set(tickets_of(connection, tmp_path, row["candidate_id"])["number"])
    assert numbers == {f"INC{number:04}" for number in range(13)}


def test_scripts_without_blanks_are_divided() -> None:
    texts = pl.Series(["RE: サーバ3が停止しました", "数据库连接超时", "Größe: PC12 Überlauf"])
    assert normalised(texts).to_list() == [
        "サーバ が 停止 しました",
        "数据 据库 库连 连接 接超 超时",
        "große uberlauf",
    ]
    assert word_sets(normalised(pl.Series(["停止サーバ", "サーバ停止"]))).n_unique() == 1


def test_the_words_of_one_story_are_one_discovery() -> None:
    """Ten series of the same tickets do not let in an eleventh that is rare once in three times."""

    def rows(chances: dict[str, float]) -> pl.DataFrame:
        nothing = ("kind", "period_days", "spread_days", "weekday", "day_of_month", "hour")
        return pl.DataFrame(
            [
                {"candidate_id": name, "q": q, "is_rhythmic": True, "missed": 0, "regular": 9}
                | dict.fromkeys((*nothing, "next_from_at", "next_to_at", "ended_at"))
                for name, q in chances.items()
            ]
        )

    story = {f"w{number}": 1e-6 for number in range(10)}
    tickets = {name: {"1", "2", "3"} for name in story} | {"other": {"7", "8", "9"}}
    found, other = confirmed(rows(story), rows({"other": 0.3}), tickets)
    assert found["is_rhythmic"].all()
    assert other["q"].to_list() == [0.15]
    assert not other["is_rhythmic"].any()


@pytest.mark.parametrize("seed", [1, 2])
def test_without_texts_symptom_and_resolution_tell_a_returner_together(
    policy: Policy, tmp_path: Path, seed: int
) -> None:
    """Twelve time-outs every three weeks that a restart mended, of any category, among 150 others
    in which neither time-outs nor restarts are rare."""
    dice = random.Random(seed)
    told = [
        ("Timeout", "Restart", FIRST + timedelta(days=21 * number + dice.uniform(-1, 1)))
        for number in range(12)
    ]
    told += [
        (
            dice.choice(("Timeout", "Slow", "Error", "Locked", "Missing")),
            dice.choice(("Advice", "Setting", "Restart", "Repair", "Exchange")),
            FIRST + timedelta(days=dice.randrange(270), hours=dice.randrange(8)),
        )
        for _ in range(150)
    ]
    connection = build_warehouse(
        policy,
        [
            {
                "number": f"INC{number:04}",
                "service": "Orders",
                "category": dice.choice(("Access", "Software", "Hardware", "Network")),
                "symptom": symptom,
                "resolution_code": code,
                "opened_at": f"{at:%Y-%m-%d %H:%M:%S}",
            }
            for number, (symptom, code, at) in enumerate(told)
        ],
    )
    build_insights(connection, policy)
    rows = candidates(connection, tmp_path, policy, "rhythm")
    (period,) = rows.filter(pl.col("title") == "Orders, Timeout, Restart")["period_days"]
    assert period == pytest.approx(21, abs=1)
