"""Opening + opened + reopened - finished = closing, and the bands of age are the backlog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import pytest

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from queries.bands import AGE_BANDS
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import build_warehouse

METRICS = read_metrics()
PERIOD = date(2026, 2, 1), LAST.date()  # what histories tell after the export is not yet so
WHERES: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {},
    {"priority": ("P2", "P3")},
    {"service": ("(none)",), "kind": ("incident",)},
)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    rows = chance_tickets(500, seed=23)
    connection = build_warehouse(
        read_policy(None, TICKETS.names), rows.tickets, rows.events, str(LAST)
    )
    yield connection
    connection.close()


@pytest.mark.parametrize("where", WHERES, ids=str)
@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_every_change_of_the_backlog_is_explained(
    warehouse: duckdb.DuckDBPyConnection,
    policy: Policy,
    unit: str,
    where: Mapping[str, tuple[str, ...]],
) -> None:
    asked = Question(*PERIOD, by=(unit,), where=where)
    found = {
        name: dict(
            measure(warehouse, METRICS[name], asked, policy)
            .rows.select("bucket", "value")
            .iter_rows()
        )
        for name in ("backlog", "ticket_volume", "reopenings", "tickets_finished")
    }
    # every bucket that any of them has: what has no row has nothing to add
    buckets = sorted({bucket for values in found.values() for bucket in values})
    moved = {name: sum(v or 0 for v in values.values()) for name, values in found.items()}
    assert moved["ticket_volume"] > 0
    level = 0.0
    for bucket in buckets:
        came, back, went = (
            found[name].get(bucket) or 0
            for name in ("ticket_volume", "reopenings", "tickets_finished")
        )
        level += came + back - went
        assert level == (found["backlog"].get(bucket) or 0), bucket


def test_tickets_come_back_here(warehouse: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    value = measure(warehouse, METRICS["reopenings"], Question(), policy).rows["value"][0]
    assert value > 5


@pytest.mark.parametrize("cut", ["priority", "service", "day", "month"])
def test_the_bands_of_age_together_are_the_backlog(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, cut: str
) -> None:
    whole = measure(warehouse, METRICS["backlog"], Question(*PERIOD, by=(cut,)), policy).rows
    banded = measure(
        warehouse, METRICS["backlog_by_age"], Question(*PERIOD, by=(cut, "age_band")), policy
    ).rows
    assert set(banded["bucket_2"]) <= set(AGE_BANDS)
    added: dict[str, float] = {}
    for bucket, value in banded.select("bucket", "value").iter_rows():
        added[bucket] = added.get(bucket, 0) + (value or 0)
    expected = dict(whole.select("bucket", "value").iter_rows())
    assert {bucket: added.get(bucket) or None for bucket in expected} == {
        bucket: value or None for bucket, value in expected.items()
    }
    assert sum(added.values()) > 0


def test_bands_read_from_young_to_old(warehouse: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    answer = measure(warehouse, METRICS["backlog_by_age"], Question(by=("age_band",)), policy)
    found = answer.rows["bucket"].to_list()
    assert len(found) > 3
    assert found == [band for band in AGE_BANDS if band in found]
