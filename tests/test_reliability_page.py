"""The reliability page: outages, budgets and ranks are what is measured, and open their tickets."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import wording
from insights.risk import ranked
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.measure import Answer, measure
from queries.question import Question
from queries.reliability import outages
from queries.session import open_build
from tests.conftest import build_warehouse
from tests.test_dashboard_pages import OCTOBER, said, visit

METRICS = read_metrics()
YEAR = Question(date(2025, 10, 1), date(2026, 11, 1), ("service",))
OBJECTIVES = """
timezone = "UTC"

[outage]
where = { priority = "P1" }

[[service]]
name = "Mail"
since = 2025-10-01
slo = 0.999

[[service]]
name = "Wiki"
since = 2025-10-01
slo = 0.5

[[service]]
name = "Portal"
since = 2025-10-01
"""


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """Two services with an objective, one that is missed and one that is kept."""
    path = tmp_path / "policy.toml"
    path.write_text(OBJECTIVES, encoding="utf-8")
    monkeypatch.setenv("MEANTIME_POLICY", str(path))
    return read_policy(path, TICKETS.names)


def asked(folder: Path, policy: Policy, name: str, question: Question) -> Answer:
    connection = open_build(Warehouse(folder).current_path(), policy)
    return measure(connection, METRICS[name], question, policy)


def values(answer: Answer) -> dict[str, Any]:
    return dict(answer.rows.select("bucket", "value").iter_rows())


def charts(app: AppTest, alt: str) -> dict[str, Any]:
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return next(spec for spec in specs if alt in json.dumps(spec))


def test_the_budgets_shown_are_those_measured(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, policy: Policy
) -> None:
    app = visit(monkeypatch, small_warehouse, "reliability")
    left = values(
        asked(
            small_warehouse,
            policy,
            "error_budget_left",
            Question(OCTOBER.from_on, OCTOBER.to_on, ("service",)),
        )
    )
    assert left["Mail"] < 0 < left["Wiki"]
    drawn = charts(app, "error_budget_left")["data"][0]
    assert drawn["y"] == sorted(left, key=lambda service: left[service])
    assert wording.share(1 - left["Mail"]) in drawn["text"][0]
    assert "missed" in drawn["text"][0]
    assert "missed" not in drawn["text"][1]
    assert "**objective missed**] by Mail" in said(app)


def test_services_stand_in_the_order_of_their_risk(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, policy: Policy
) -> None:
    app = visit(monkeypatch, small_warehouse, "reliability")
    table = next(t.value for t in app.dataframe if "Risk" in t.value.columns)
    failures = asked(small_warehouse, policy, "mtbf", YEAR).rows
    expected = ranked(
        values(asked(small_warehouse, policy, "error_budget_left", YEAR)),
        values(asked(small_warehouse, policy, "major_incidents", YEAR)),
        dict(failures.select("bucket", "n").iter_rows()),
    )
    assert table["Service"].to_list() == [each.service for each in expected]
    assert table["Service"][0] == "Mail"
    assert table["Risk"].to_list()[:2] == pytest.approx([each.risk for each in expected[:2]])
    assert table["Outages"].to_list() == [each.outages for each in expected]


def test_the_strip_has_every_outage(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, policy: Policy
) -> None:
    app = visit(monkeypatch, small_warehouse, "reliability")
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    rows = outages(connection, (datetime(2025, 10, 1), datetime(2026, 12, 1)))
    drawn = charts(app, '"base"')["data"][0]
    assert {mark[0] for mark in drawn["customdata"]} == set(rows["ticket_id"])
    assert rows.height > 50
    assert f"{rows.height} outages" in said(app)


def test_without_objectives_the_page_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "reliability")
    words = said(app).replace("\\", "")
    assert "the policy gives no service an objective" in words
    assert "the policy declares no service" in words


def test_nothing_in_the_filter_says_so(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(
        monkeypatch,
        small_warehouse,
        "reliability",
        kind=["service_request"],
        priority=["P1"],
        service=["Wiki"],
        customer=["North"],
        category=["Software"],
    )
    assert "No incident is in this selection" in said(app)


def test_an_empty_warehouse_says_how_to_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = visit(monkeypatch, tmp_path / "nowhere", "reliability")
    assert app.title[0].value.startswith("No tickets yet")


def test_an_outage_lasts_to_the_moment_of_the_data_and_takes_service_time_only(
    policy: Policy,
) -> None:
    base = {"kind": "incident", "priority": "P1"}
    done = base | {"state": "resolved"}
    tickets = [
        done
        | {
            "number": "A",
            "service": "Mail",
            "opened_at": "2025-09-30 22:00:00",
            "resolved_at": "2025-10-01 03:00:00",
        },
        base | {"number": "B", "service": "Mail", "state": "new", "opened_at": "2026-10-31 20:00"},
        done
        | {
            "number": "C",
            "service": "Fax",
            "opened_at": "2026-10-01 08:00:00",
            "resolved_at": "2026-10-01 09:00:00",
        },
    ]
    connection: duckdb.DuckDBPyConnection = build_warehouse(policy, tickets)
    rows = outages(connection, (datetime(2025, 9, 30), datetime(2026, 12, 1)))
    found = {row["number"]: row for row in rows.iter_rows(named=True)}
    # A began 2 h before the agreed time did; B is not over at the export, 4 h later
    lasted = {number: row["lasted_seconds"] / 3600 for number, row in found.items()}
    down = {number: row["down_seconds"] / 3600 for number, row in found.items()}
    assert lasted == {"A": 5, "B": 4, "C": 1}
    assert down == {"A": 3, "B": 4, "C": 1}
    assert found["B"]["to_at"] is None
    only = outages(connection, (datetime(2026, 10, 1), datetime(2026, 12, 1)), ("Mail",))
    assert only["number"].to_list() == ["B"]
