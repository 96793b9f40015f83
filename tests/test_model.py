"""The tables that metrics stand on: what is open, held, repeated, down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.zones import local_day
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.model.build import build_model
from queries.question import Question
from tests.chance_tickets import FIRST, LAST, chance_tickets
from tests.conftest import Row, build_warehouse, empty_warehouse

METRICS = read_metrics()
OPENED = {"opened_at": "2026-10-05 08:00:00"}


@pytest.fixture
def policy() -> Policy:
    return read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)


def read(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.sql(sql).pl().rows()


def states(number: str, *changes: tuple[str, str]) -> Sequence[Row]:
    """Changes of state as events, each (instant on 5 October, state)."""
    return [
        {"number": number, "at": f"2026-10-05 {at}", "field": "state", "new": state}
        for at, state in changes
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_backlog_adds_up_on_every_day(policy: Policy, seed: int) -> None:
    rows = chance_tickets(300, seed)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    levels = measure(connection, METRICS["backlog"], Question(by=("day",)), policy).rows
    volume = measure(connection, METRICS["ticket_volume"], Question(by=("day",)), policy).rows
    zone = policy.timezone
    new, back, ended = ({} for _ in range(3))
    for cycle, from_at, to_at in read(
        connection, "select cycle, from_at, to_at from open_intervals"
    ):
        began = local_day(from_at, zone)
        target = new if cycle == 1 else back
        target[began] = target.get(began, 0) + 1
        if to_at is not None:
            left = local_day(to_at, zone)
            ended[left] = ended.get(left, 0) + 1
    opening = 0
    for name, closing in levels.select("bucket", "n").rows():
        day = date.fromisoformat(name)
        if day < local_day(LAST, zone):
            changed = new.get(day, 0) + back.get(day, 0) - ended.get(day, 0)
            assert opening + changed == closing, day
        opening = closing
    opened = {date.fromisoformat(name): n for name, n in volume.select("bucket", "n").rows() if n}
    assert opened == new


@pytest.mark.parametrize("seed", [1, 2])
def test_the_backlog_is_what_counting_by_hand_gives(policy: Policy, seed: int) -> None:
    rows = chance_tickets(200, seed)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    intervals = read(connection, "select from_at, to_at from open_intervals")
    levels = measure(connection, METRICS["backlog"], Question(by=("week",)), policy).rows
    monday = local_day(FIRST, policy.timezone)
    monday -= timedelta(days=monday.weekday())
    for place, counted in enumerate(levels["n"]):
        end = datetime.combine(monday + timedelta(weeks=place + 1), datetime.min.time())
        end -= timedelta(hours=1 if end < datetime(2026, 3, 29, 3) else 2)
        if end <= LAST:
            open_then = sum(
                from_at < end and (to_at is None or to_at >= end) for from_at, to_at in intervals
            )
            assert counted == open_then


def test_no_interval_runs_backwards_or_overlaps(policy: Policy) -> None:
    rows = chance_tickets(400, seed=4)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    assert not read(connection, "select * from open_intervals where to_at < from_at")
    assert not read(connection, "select * from holds where to_at <= from_at")
    assert not read(
        connection,
        """
        select ticket_id
        from open_intervals
        qualify from_at < lag(to_at) over (partition by ticket_id order by cycle)
        """,
    )
    assert not read(
        connection,
        """
        select ticket_id
        from counted_tickets
        where is_open <> (
            select bool_or(to_at is null)
            from open_intervals
            where open_intervals.ticket_id = counted_tickets.ticket_id
        )
        """,
    )


@pytest.mark.parametrize(
    ("ticket", "is_open"),
    [
        ({"state": "in_progress", "resolved_at": "2026-10-06 08:00:00"}, True),
        ({"state": "resolved"}, False),
        ({"state": "cancelled"}, False),
        ({"state": "unknown"}, True),
        ({"state": "unknown", "closed_at": "2026-10-06 08:00:00"}, False),
        ({"state": None, "resolved_at": "2026-10-06 08:00:00"}, False),
        ({"state": None}, True),
    ],
)
def test_what_is_open(policy: Policy, ticket: Row, is_open: bool) -> None:
    connection = build_warehouse(policy, [{"number": "A", **OPENED, **ticket}])
    found = read(
        connection, "select is_open, resolved_at is null or not is_open from counted_tickets"
    )
    assert found == [(is_open, True)]


def test_a_ticket_without_any_end_ends_when_it_was_last_changed(policy: Policy) -> None:
    ticket = {"number": "A", **OPENED, "state": "closed", "updated_at": "2026-10-07 08:00:00"}
    connection = build_warehouse(policy, [ticket])
    ends = read(connection, "select finished_at from counted_tickets")
    assert ends == [(datetime(2026, 10, 7, 8),)]


def test_cycles_follow_the_history(policy: Policy) -> None:
    ticket = {
        "number": "A",
        **OPENED,
        "state": "closed",
        "resolved_at": "2026-10-05 15:00:00",
        "closed_at": "2026-10-10 15:00:00",
    }
    events = states(
        "A",
        ("09:00", "resolved"),
        ("09:30", "closed"),
        ("10:00", "in_progress"),
        ("11:00", "on_hold"),
        ("12:00", "resolved"),
        ("13:00", "new"),
        ("15:00", "resolved"),
    )
    connection = build_warehouse(policy, [ticket], events)
    hours = read(
        connection,
        "select cycle, hour(from_at), hour(to_at) from open_intervals order by cycle",
    )
    assert hours == [(1, 8, 9), (2, 10, 12), (3, 13, 15)]


def test_a_stale_resolution_does_not_end_a_later_cycle(policy: Policy) -> None:
    ticket = {
        "number": "A",
        **OPENED,
        "state": "closed",
        "resolved_at": "2026-10-05 09:00:00",
        "closed_at": "2026-10-05 20:00:00",
    }
    events = states("A", ("09:00", "resolved"), ("10:00", "in_progress"))
    connection = build_warehouse(policy, [ticket], events)
    assert read(connection, "select max(to_at) from open_intervals") == [
        (datetime(2026, 10, 5, 20),)
    ]


def test_holds_end_with_the_next_other_state_or_the_ticket(policy: Policy) -> None:
    ticket = {"number": "A", **OPENED, "state": "resolved", "resolved_at": "2026-10-05 16:00:00"}
    events = [
        *states("A", ("09:00", "on_hold"), ("09:30", "on_hold"), ("10:00", "in_progress")),
        *states("A", ("15:00", "on_hold")),
        {"number": "A", "at": "2026-10-05 09:00", "field": "hold_reason", "new": "awaiting caller"},
    ]
    connection = build_warehouse(policy, [ticket], events)
    held = read(connection, "select hour(from_at), hour(to_at), reason from holds order by 1")
    assert held == [(9, 10, "awaiting caller"), (15, 16, None)]


def test_an_open_ticket_may_still_be_held(policy: Policy) -> None:
    ticket = {"number": "A", **OPENED, "state": "on_hold"}
    connection = build_warehouse(policy, [ticket], states("A", ("09:00", "on_hold")))
    assert read(connection, "select to_at from holds") == [(None,)]


def test_chains_of_repeats_name_their_first_ticket(policy: Policy) -> None:
    same = {"caller": "Eva", "category": "Fault", "subcategory": "Login"}
    opened = {"A": "2026-08-01", "B": "2026-08-20", "C": "2026-09-10", "D": "2026-10-31"}
    tickets = [{"number": name, "opened_at": at, **same} for name, at in opened.items()]
    connection = build_warehouse(policy, tickets)
    found = read(
        connection,
        "select ticket_id, previous_ticket_id, chain from repeats order by ticket_id",
    )
    assert found == [
        ("generic:B", "generic:A", "generic:A"),
        ("generic:C", "generic:B", "generic:A"),
    ]


def test_nested_and_touching_failures_are_one_outage(policy: Policy) -> None:
    def failure(number: str, from_hour: int, to_hour: int | None) -> Row:
        ends = {}
        if to_hour is not None:
            ends = {"state": "resolved", "resolved_at": f"2026-10-05 {to_hour:02}:00:00"}
        return {
            "number": number,
            "opened_at": f"2026-10-05 {from_hour:02}:00:00",
            "priority": "P1",
            "service": "Mail",
            "state": "in_progress",
            **ends,
        }

    tickets = [
        failure("A", 8, 14),
        failure("B", 9, 10),
        failure("C", 14, 15),
        failure("D", 17, 18),
        failure("E", 20, None),
        failure("F", 21, 22),
    ]
    connection = build_warehouse(policy, tickets)
    found = read(
        connection,
        "select ticket_id, failures, hour(from_at), hour(to_at) from outages order by from_at",
    )
    assert found == [
        ("generic:A", 3, 8, 15),
        ("generic:D", 1, 17, 18),
        ("generic:E", 2, 20, None),
    ]


def test_nothing_depends_on_the_order_of_the_rows(policy: Policy) -> None:
    rows = chance_tickets(150, seed=5)
    forward = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    backward = build_warehouse(policy, rows.tickets[::-1], (), str(LAST))
    backward.execute("delete from ticket_events")
    for row in forward.sql("select * from ticket_events").pl().rows()[::-1]:
        marks = ", ".join("?" * len(row))
        backward.execute(f"insert into ticket_events values ({marks})", row)
    build_model(backward, policy)
    tables = ("counted_tickets", "open_intervals", "holds", "repeats", "outages", "downtime")
    tables += ("phases", "handovers")
    for table in tables:
        sql = f"select * from {table} order by all"
        assert forward.sql(sql).pl().equals(backward.sql(sql).pl()), table


def test_another_policy_rebuilds_it_in_place(policy: Policy, tmp_path: Path) -> None:
    rows = chance_tickets(100, seed=6)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    first = connection.sql("select * from counted_tickets order by all").pl()
    other = tmp_path / "policy.toml"
    other.write_text('timezone = "Asia/Kathmandu"\n[definitions]\nrepeat_days = 1\n')
    build_model(connection, read_policy(other, TICKETS.names))
    assert not connection.sql("select * from counted_tickets order by all").pl().equals(first)
    build_model(connection, policy)
    assert connection.sql("select * from counted_tickets order by all").pl().equals(first)


def test_what_an_older_model_had_as_a_table_may_become_a_view(policy: Policy) -> None:
    connection = build_warehouse(policy, [{"number": "A", **OPENED}])
    connection.execute("drop view ticket_lives")
    connection.execute("create table ticket_lives as select 1 as number")
    connection.execute("drop table cycles")
    connection.execute("create view cycles as select 1 as number")
    build_model(connection, policy)
    assert read(connection, "select count(*) from ticket_lives") == [(1,)]


def test_an_empty_warehouse_has_a_model(policy: Policy) -> None:
    connection = empty_warehouse()
    build_model(connection, policy)
    for metric in METRICS.values():
        answer = measure(connection, metric, Question(by=("month",)), policy)
        assert answer.reason == "the warehouse has no tickets yet: load an export"
        assert isinstance(answer.rows, pl.DataFrame)
