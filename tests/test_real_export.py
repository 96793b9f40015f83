"""The real ServiceNow event log, where it is at hand: figures known from elsewhere come out."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.explain import explain
from queries.session import open_build
from tests.command import load, meantime

EXPORT = Path(__file__).parents[2] / "shared/exports/servicenow-event-log/incident_event_log.csv.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not EXPORT.exists(), reason="the real ServiceNow event log is not here"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "warehouse"
    report = load(folder, EXPORT, "--timezone", "UTC")
    file = report["files"][0]
    assert (file["rows"], file["rows_rejected"], file["tickets_new"]) == (141_712, 0, 24_918)
    assert file["detected"]["date_order"] == "dmy"
    return folder


def kpi(warehouse: Path, metric: str, *flags: str) -> list[dict[str, Any]]:
    return meantime("kpi", metric, *flags, "--format", "json", "--warehouse", warehouse).json[0][
        "rows"
    ]


def test_mttr_stands_on_the_tickets_with_a_resolution(warehouse: Path) -> None:
    (row,) = kpi(warehouse, "mttr")
    assert row["n"] == 23_362
    assert row["value"] / 3600 == pytest.approx(178.1716, abs=0.0001)
    assert row["median"] / 3600 == pytest.approx(22.1, abs=0.001)
    assert row["coverage"] == pytest.approx(23_362 / 24_918)
    means = {
        row["bucket"]: row["value"] / 3600 for row in kpi(warehouse, "mttr", "--by", "priority")
    }
    assert means == {
        "P1": pytest.approx(266.084, abs=0.001),
        "P2": pytest.approx(152.457, abs=0.001),
        "P3": pytest.approx(174.354, abs=0.001),
        "P4": pytest.approx(283.186, abs=0.001),
    }


@pytest.mark.parametrize(
    ("metric", "count", "of"),
    [
        ("tool_sla_compliance", 15_803, 24_918),
        ("resolved_without_reassignment", 13_487, 24_918),
        ("reopen_rate", 275, 24_918),
        ("repeat_incident_rate", 5_269, 24_907),
    ],
)
def test_rates_over_all_finished_tickets(warehouse: Path, metric: str, count: int, of: int) -> None:
    (row,) = kpi(warehouse, metric)
    assert row["n"] == of
    assert row["value"] * of == pytest.approx(count)


def test_what_the_export_cannot_tell_is_not_available(warehouse: Path) -> None:
    answer = meantime("kpi", "mttd", "--format", "json", "--warehouse", warehouse).json[0]
    (row,) = answer["rows"]
    assert (row["value"], row["n"], row["coverage"]) == (None, 0, 0)
    assert "impact start" in answer["reason"]


def test_a_second_load_changes_nothing(warehouse: Path, tmp_path: Path) -> None:
    first = load(warehouse, EXPORT, "--timezone", "UTC")
    assert first["files"][0]["tickets_unchanged"] == 24_918
    # The same content under another flag is read again, and still nothing changes.
    second = load(warehouse, EXPORT, "--timezone", "UTC", "--source", "servicenow")
    file = second["files"][0]
    assert (file["tickets_new"], file["tickets_updated"]) == (0, 0)
    assert (file["tickets_unchanged"], file["events_new"]) == (24_918, 0)
    assert second["digests"] == first["digests"]


def test_every_ticket_has_its_clocks_or_a_reason(warehouse: Path) -> None:
    printed = meantime("clocks", "--format", "csv", "--warehouse", warehouse).out
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert len({row["ticket_id"] for row in rows}) == 24_918
    assert all(row["reason"] for row in rows if row["state"] == "no_clock")
    assert all(
        row["met"] in ("true", "false") for row in rows if row["state"] in ("met", "breached")
    )


def test_explanations_add_up(warehouse: Path) -> None:
    policy = read_policy(None, TICKETS.names)
    with open_build(Warehouse(warehouse).current_path(), policy) as connection:
        tickets = [
            row[0]
            for row in connection.execute(
                "select ticket_id from tickets order by hash(ticket_id) limit 200"
            ).fetchall()
        ]
        found = [each for ticket in tickets for each in explain(connection, policy, ticket)]
    assert len(found) >= 200
    for explanation in found:
        assert explanation.counted_seconds == (explanation.clock["elapsed_seconds"] or 0)
        ends = [(each.from_at, each.to_at) for each in explanation.intervals]
        assert all(earlier[1] == later[0] for earlier, later in pairwise(ends))


def test_the_tools_flag_is_reconciled(warehouse: Path) -> None:
    told = meantime("clocks", "--reconcile", "--format", "json", "--warehouse", warehouse).json
    assert 0 < told["compared"] <= 24_918
    assert 0 < told["agreement"] < 1
    apart = [row for row in told["tickets"] if row["agrees"] is False]
    assert apart
    assert all(row["explanation"] for row in apart)
