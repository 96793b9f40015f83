"""Waves, and incidents after changes: what is planted is found, what is ordinary is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb
import pytest

from insights.build import build_insights
from insights.changes import CONTROL_WEEKS, changes, incidents_of, lifts, write_changes
from insights.waves import waves
from policies.model import Policy
from tests.conftest import build_warehouse

FIRST = datetime(2026, 1, 1)
CHANGED = datetime(2026, 3, 10, 6, 0)
WORDS = ("slow", "frozen", "offline", "blocked", "empty", "noisy", "unknown", "wrong")


def _ticket(number: int, title: str, at: datetime, service: str, **more: object) -> dict:
    return {
        "number": f"INC{number:05}",
        "title": title,
        "service": service,
        "opened_at": at.isoformat(sep=" "),
        **more,
    }


def _ordinary(count: int, seed: int) -> list[dict]:
    dice = random.Random(seed)
    found = []
    for number in range(count):
        day = FIRST + timedelta(days=dice.randrange(120))
        at = day + timedelta(seconds=dice.randrange(8 * 3600, 18 * 3600))
        service = dice.choice(("Mail", "VPN", "Orders"))
        found.append(_ticket(number, f"{service} is {dice.choice(WORDS)}", at, service))
    return found


def _with_wave(count: int = 900, seed: int = 3) -> list[dict]:
    """Twelve certificate errors within half an hour of a change of the VPN, the second of them
    declared major ten minutes after the first."""
    wave = [
        _ticket(
            count + n,
            f"VPN certificate not trusted on pc-{n}",
            CHANGED + timedelta(minutes=5 + 2 * n),
            "VPN",
            is_major="true" if n == 5 else "",
            caused_by_change="generic:CHG1" if n < 2 else "",
        )
        for n in range(12)
    ]
    return _ordinary(count, seed) + wave


def _built(
    policy: Policy, tickets: list[dict], events: Sequence[dict] = ()
) -> duckdb.DuckDBPyConnection:
    connection = build_warehouse(policy, tickets, events)
    for number, (service, at) in enumerate(
        [("VPN", CHANGED), ("Mail", CHANGED - timedelta(days=20))], start=1
    ):
        connection.execute(
            "insert into changes (change_id, number, title, type, service, started_at, ended_at) "
            "values ('generic:CHG' || $1, 'CHG' || $1, 'Renew VPN certificate', 'normal', $2, "
            "$3::timestamp - interval 1 hour, $3)",
            [number, service, at],
        )
    build_insights(connection, policy)
    return connection


def test_a_wave_is_found_with_its_change_and_its_major_incident(policy: Policy) -> None:
    (wave,) = waves(_built(policy, _with_wave())).iter_rows(named=True)
    assert wave["tickets"] == 12
    assert wave["service"] == "VPN"
    assert wave["started_at"] == CHANGED + timedelta(minutes=5)
    assert wave["seconds"] == 22 * 60
    assert (wave["change_number"], wave["change_is_linked"]) == ("CHG1", True)
    assert wave["minutes_after_change"] == pytest.approx(5)
    assert wave["declared_number"] == "INC00905"
    assert wave["minutes_to_declared"] == pytest.approx(10)
    assert wave["declared_by"] == "opened"
    assert not wave["is_major_candidate"]


def test_the_history_says_when_a_wave_was_declared_major(policy: Policy) -> None:
    """The third ticket, of minute 4, was raised to P1 in minute 9 and marked major in minute 16."""
    tickets = [{**ticket, "is_major": ""} for ticket in _with_wave()]
    tickets[902]["is_major"] = "true"
    first = CHANGED + timedelta(minutes=5)
    events = [
        {"number": "INC00902", "at": f"{first + timedelta(minutes=after)}", "field": field} | words
        for after, field, words in (
            (9, "priority", {"old": "P2", "new": "P1"}),
            (16, "is_major", {"old": "false", "new": "true"}),
        )
    ]
    (wave,) = waves(_built(policy, tickets, events)).iter_rows(named=True)
    assert (wave["declared_number"], wave["declared_by"]) == ("INC00902", "marked major")
    assert wave["minutes_to_declared"] == pytest.approx(16)
    (wave,) = waves(_built(policy, tickets, events[:1])).iter_rows(named=True)
    assert (wave["declared_by"], wave["minutes_to_declared"]) == ("raised to P1", pytest.approx(9))


def test_a_wave_that_nobody_declared_is_a_candidate(policy: Policy) -> None:
    tickets = [{**ticket, "is_major": ""} for ticket in _with_wave()]
    (wave,) = waves(_built(policy, tickets)).iter_rows(named=True)
    assert wave["is_major_candidate"]
    assert wave["minutes_to_declared"] is None


def test_a_stray_ticket_hours_before_is_not_the_start_of_a_wave(policy: Policy) -> None:
    """Twenty errors within 40 minutes of a change at 14:00, and one like no other at 11:30."""
    changed = CHANGED.replace(hour=14)
    wave = [
        _ticket(
            900 + n, "VPN certificate not trusted", changed + timedelta(minutes=5 + 2 * n), "VPN"
        )
        for n in range(20)
    ]
    stray = _ticket(920, "Tomatoes", changed - timedelta(minutes=150), "VPN")
    connection = build_warehouse(policy, [*_ordinary(900, 3), *wave, stray])
    connection.execute(
        "insert into changes (change_id, number, service, started_at, ended_at) "
        "values ('generic:CHG1', 'CHG1', 'VPN', $1::timestamp - interval 1 hour, $1)",
        [changed],
    )
    build_insights(connection, policy)
    (found,) = waves(connection).iter_rows(named=True)
    assert found["started_at"] == changed + timedelta(minutes=5)
    assert found["change_number"] == "CHG1"


def test_a_wave_of_what_is_most_common_anyway_keeps_its_tickets(policy: Policy) -> None:
    """Three of five tickets of the VPN call it slow, and so do twenty within 40 minutes."""
    usual = [
        {**ticket, "title": "VPN is slow"}
        if ticket["service"] == "VPN" and place % 5 < 3
        else ticket
        for place, ticket in enumerate(_ordinary(900, 3))
    ]
    wave = [
        _ticket(900 + n, "VPN is slow", CHANGED + timedelta(minutes=480 + 2 * n), "VPN")
        for n in range(20)
    ]
    (found,) = waves(_built(policy, usual + wave)).iter_rows(named=True)
    assert found["title"] == "VPN is slow"
    assert 20 <= found["tickets"] <= 22


def test_ordinary_days_have_no_waves(policy: Policy) -> None:
    assert sum(waves(_built(policy, _ordinary(900, seed))).height for seed in (1, 2, 4)) == 0


def test_each_change_has_its_incidents(policy: Policy) -> None:
    connection = _built(policy, _with_wave())
    (row, _) = changes(connection).iter_rows(named=True)
    assert (row["number"], row["linked"]) == ("CHG1", 2)
    assert row["alike"] >= 12
    after = incidents_of(connection, "generic:CHG1")
    assert after["is_linked"].sum() == 2
    assert after.filter("is_alike")["minutes_after"].min() == pytest.approx(5)


def test_lift_compares_with_the_same_hours_of_other_weeks(policy: Policy) -> None:
    connection = _built(policy, _with_wave())
    found = {(row["cut_by"], row["value"]): row for row in lifts(connection).iter_rows(named=True)}
    vpn, mail = found["service", "VPN"], found["service", "Mail"]
    assert vpn["low"] > 1
    assert vpn["lift"] == pytest.approx(vpn["incidents"] / vpn["expected"])
    assert mail["low"] < 1 < mail["high"]
    assert vpn["low"] <= vpn["lift"] <= vpn["high"]


def test_windows_are_counted_as_by_hand(policy: Policy) -> None:
    """Changes of minutes and of weeks that overlap: every window is counted ticket by ticket."""
    dice = random.Random(11)
    connection = build_warehouse(policy, _ordinary(500, 7))
    done = []
    for number in range(24):
        started_at = FIRST + timedelta(hours=dice.randrange(120 * 24))
        ended_at = started_at + timedelta(minutes=dice.choice((0, 50, 3_000, 15_000)))
        done.append((f"c{number}", dice.choice(("Mail", "VPN")), started_at, ended_at))
    connection.executemany(
        "insert into changes (change_id, service, started_at, ended_at) values ($1, $2, $3, $4)",
        done,
    )
    write_changes(connection, policy)
    window = timedelta(seconds=policy.recurrence.change_window)
    opened = connection.sql("select service, opened_at from tickets").fetchall()
    (first_at, data_at) = connection.sql("select first_at, data_at from data_span").fetchall()[0]

    def incidents(service: str, from_at: datetime, to_at: datetime) -> int:
        return sum(own == service and from_at <= at <= to_at for own, at in opened)

    judged, seen, expected = 0, 0, 0.0
    for _, service, started_at, ended_at in done:
        controls = []
        for weeks in CONTROL_WEEKS:
            from_at = started_at + timedelta(weeks=weeks)
            to_at = ended_at + window + timedelta(weeks=weeks)
            is_free = not any(
                other == service and other_from < to_at and other_to + window > from_at
                for _, other, other_from, other_to in done
            )
            if is_free and from_at >= first_at and to_at <= data_at:
                controls.append(incidents(service, from_at, to_at))
        if controls:
            judged += 1
            seen += incidents(service, started_at, ended_at + window)
            expected += sum(controls) / len(controls)
    whole = lifts(connection).row(0, named=True)
    assert 0 < judged < len(done)
    assert (whole["changes"], whole["incidents"]) == (judged, seen)
    assert whole["expected"] == pytest.approx(expected)
    in_windows = sum(incidents(each[1], each[2], each[3] + window) for each in done)
    told = connection.sql("select count(*) from change_incidents").fetchall()
    assert told == [(in_windows,)]
