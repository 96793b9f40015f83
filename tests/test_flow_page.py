"""The flow page: phases, spread and hand-overs are what is measured, and open their tickets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import wording
from dashboard.sankey import MOST_FLOWS, folded
from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.bands import DURATION_BANDS, PHASES
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build
from tests.chance_tickets import LAST, chance_tickets
from tests.test_dashboard_pages import OCTOBER, said, visit

POLICY = read_policy(None, TICKETS.names)
METRICS = read_metrics()
MAY = "May 2026"


@pytest.fixture(scope="module")
def with_histories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of tickets and events by chance."""
    scratch = tmp_path_factory.mktemp("export")
    rows = chance_tickets(400, seed=7)
    for name, found in (("tickets", rows.tickets), ("ticket_events", rows.events)):
        frame = pl.DataFrame(found, infer_schema_length=None)
        frame.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S")).write_csv(
            scratch / f"{name}.csv"
        )
    folder = tmp_path_factory.mktemp("histories") / "wh"
    options = LoadOptions(timezone="UTC", exported_at=f"{LAST:%Y-%m-%dT%H:%M:%SZ}")
    load([scratch], Warehouse(folder), POLICY, options)
    return folder


@pytest.fixture(scope="module")
def build(with_histories: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_build(Warehouse(with_histories).current_path(), POLICY)
    yield connection
    connection.close()


@pytest.fixture
def may() -> Question:
    from datetime import date

    return Question(date(2026, 5, 1), date(2026, 6, 1))


def chart(app: AppTest, word: str) -> dict[str, Any]:
    """The figure of the page that holds a word."""
    specs = [element.proto.spec for element in app.get("plotly_chart")]
    return json.loads(next(spec for spec in specs if word in spec))


def test_the_phases_shown_are_the_medians_measured(
    monkeypatch: pytest.MonkeyPatch, with_histories: Path, build: Any, may: Question
) -> None:
    app = visit(monkeypatch, with_histories, "flow", period=MAY)
    asked = replace(may, by=("priority", "phase"), aggregate="median")
    answer = measure(build, METRICS["time_in_phase"], asked, POLICY)
    expected = {
        (p, phase): v for p, phase, v in answer.rows.select("bucket", "bucket_2", "value").rows()
    }
    drawn = {
        tuple(point): value
        for trace in chart(app, "diagnose")["data"]
        for point, value in zip(trace["customdata"], trace["x"], strict=True)
    }
    assert len(drawn) >= 4 * (len(PHASES) - 1)
    for key, value in drawn.items():
        assert value == pytest.approx(expected[key] or 0), key


def test_the_spread_holds_every_incident_once(
    monkeypatch: pytest.MonkeyPatch, with_histories: Path, build: Any, may: Question
) -> None:
    app = visit(monkeypatch, with_histories, "flow", period=MAY)
    bars = chart(app, DURATION_BANDS[0])["data"][0]
    n = measure(build, METRICS["mttr"], may, POLICY).rows["n"][0]
    assert sum(bars["y"]) == n > 20


def test_every_hand_over_is_in_the_table(
    monkeypatch: pytest.MonkeyPatch, with_histories: Path, build: Any, may: Question
) -> None:
    app = visit(monkeypatch, with_histories, "flow", period=MAY)
    table = next(t.value for t in app.dataframe if "Straight back" in t.value.columns)
    total = measure(build, METRICS["handovers_between_groups"], may, POLICY).rows["value"][0]
    assert table["Hand-overs"].sum() == total > 5


def test_a_segment_opens_its_tickets(
    monkeypatch: pytest.MonkeyPatch, with_histories: Path, build: Any, may: Question
) -> None:
    link = "time_in_phase/priority/P3/phase/hold"
    app = visit(monkeypatch, with_histories, "flow", period=MAY, tickets=link)
    assert "Phase hold" in app.title[0].value
    where = {"priority": ("P3",), "phase": ("hold",)}
    asked = replace(may, where=where)
    value = measure(build, METRICS["time_in_phase"], asked, POLICY).rows["value"][0]
    assert f"**{wording.duration(value)}**" in said(app)


def test_without_histories_the_page_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "flow")
    words = said(app)
    assert "this export carries no history of groups" in words
    assert "this export carries no history of states" in words
    assert {m.label: m.value for m in app.metric}["Ping-pong"] == wording.DASH
    connection = open_build(Warehouse(small_warehouse).current_path(), POLICY)
    median = measure(connection, METRICS["mttr"], OCTOBER, POLICY).rows["median"][0]
    assert wording.duration(median) in words


def test_nothing_in_the_filter_says_so(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    for page, sentence in (
        ("flow", "No incident was finished"),
        ("workload", "No ticket was opened"),
    ):
        app = visit(
            monkeypatch,
            small_warehouse,
            page,
            kind=["service_request"],
            priority=["P1"],
            service=["Wiki"],
            customer=["North"],
            category=["Software"],
        )
        assert sentence in said(app)


@pytest.mark.parametrize("page", ["flow", "workload"])
def test_an_empty_warehouse_says_how_to_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    app = visit(monkeypatch, tmp_path / "nowhere", page)
    assert app.title[0].value.startswith("No tickets yet")


def test_thin_flows_are_folded_and_nothing_is_lost() -> None:
    counts = {(f"from {n}", f"to {n}"): float(n) for n in range(1, MOST_FLOWS + 4)}
    found = folded(counts)
    assert len(found.flows) == MOST_FLOWS
    assert found.folded == 3
    assert found.others == 1 + 2 + 3
    assert sum(count for *_, count in found.flows) + found.others == sum(counts.values())
