"""The stories planted in the sample data are found, with other seeds too, by what was never told
of them; where dates are shuffled, nothing is."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from insights.effect import effect
from insights.markers import markers
from insights.rhythm import rhythms
from insights.standing import candidates, tickets_of
from insights.strewn import Chance
from insights.waves import waves
from pipelines.contract import TICKETS
from pipelines.load import load
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.session import open_build
from sample_data.demo import SAMPLE_OPTIONS, SAMPLE_POLICY
from sample_data.generate import SEED, History, write_exports

pytestmark = pytest.mark.slow

Found = tuple[duckdb.DuckDBPyConnection, Policy, History]


# Every seed is two years of tickets, loaded: the suite tries one, `make torture` the others.
SEEDS = [SEED, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(7, 16))]


@pytest.fixture(scope="module", params=SEEDS)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp(f"seed{request.param}")
    history = write_exports(folder / "exports", request.param)
    policy = read_policy(SAMPLE_POLICY, TICKETS.names)
    warehouse = Warehouse(folder / "wh")
    load([folder / "exports"], warehouse, policy, SAMPLE_OPTIONS)
    return open_build(warehouse.current_path(), policy), policy, history


def _numbers(tickets: list) -> set[str]:
    return {f"INC{ticket.serial:07}" for ticket in tickets}


def test_the_timeouts_are_among_the_first_of_the_rhythms(found: Found, tmp_path: Path) -> None:
    connection, policy, history = found
    planted = _numbers(history.planted.timeouts)
    first = candidates(connection, tmp_path, policy, "rhythm").head(10)
    mine = [
        row
        for row in first.iter_rows(named=True)
        if len(planted & {*tickets_of(connection, tmp_path, row["candidate_id"])["number"]}) >= 6
    ]
    assert mine
    assert 21 <= mine[0]["period_days"] <= 28
    assert mine[0]["problem_state"] == "none"
    assert "Restart" in mine[0]["resolutions"]


def test_the_wave_is_found_with_its_change(found: Found) -> None:
    connection, _, history = found
    largest = waves(connection).row(0, named=True)
    members = connection.sql(
        "select number from wave_tickets join tickets using (ticket_id) where wave_id = $wave",
        params={"wave": largest["wave_id"]},
    ).pl()["number"]
    planted = _numbers(history.planted.wave)
    assert len(planted & {*members}) >= 0.8 * len(planted)
    assert history.planted.wave_change is not None
    assert largest["change_number"] == f"CHG{history.planted.wave_change.serial:07}"


def test_the_effects_of_the_markers_are_told(found: Found, tmp_path: Path) -> None:
    connection, policy, _ = found
    metrics = read_metrics()
    monitoring, escalation = markers(policy, tmp_path)
    quicker = effect(connection, metrics["mttr"], escalation, policy)
    assert quicker.verdict == "improved"
    assert quicker.relative_low is not None
    assert quicker.relative_high is not None
    assert quicker.relative_low <= -0.38 <= quicker.relative_high
    seen = effect(connection, metrics["mttd"], monitoring, policy)
    assert seen.verdict == "improved"


def test_shuffled_dates_have_no_rhythm(found: Found) -> None:
    connection, policy, _ = found
    rows = connection.sql("""
select candidate_id, opened_at
from candidate_tickets
join tickets using (ticket_id)
where candidate_id in (select candidate_id from candidates where basis = 'text')
order by candidate_id, ticket_id""").pl()
    everything = rows["opened_at"].to_list()
    alarms = 0
    for seed in range(5):
        dates = list(everything)
        random.Random(seed).shuffle(dates)
        series = (
            rows.with_columns(pl.Series("opened_at", dates))
            .group_by("candidate_id", maintain_order=True)
            .agg("opened_at")["opened_at"]
            .to_list()
        )
        last = max(dates) + timedelta(hours=1)
        told = rhythms(series, Chance(everything, policy.timezone), last)
        alarms += any(rhythm is not None and rhythm.is_rhythmic for rhythm in told)
    assert alarms <= 1
