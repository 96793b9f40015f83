"""The terminal contract: commands, flags, shapes of output, exit statuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from queries.catalogue import read_metrics
from tests.command import load, meantime

TICKETS = """number,opened_at,resolved_at,closed_at,state,kind,priority,service,updated_at
INC1,2026-10-05T09:00:00Z,2026-10-05T11:00:00Z,,resolved,incident,P1,Mail,2026-10-05T11:00:00Z
INC2,2026-10-06T09:00:00Z,2026-10-06T13:00:00Z,,closed,incident,P2,Mail,2026-10-06T13:00:00Z
INC3,2026-09-07T09:00Z,2026-09-07T10:00Z,,closed,incident,P2,"VPN, site A",2026-09-07T10:00Z
INC4,2026-10-30T09:00:00Z,,,new,incident,P3,,2026-10-30T09:00:00Z
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "tickets.csv").write_text(TICKETS)
    load(folder / "warehouse", folder / "tickets.csv", "--exported-at", "2026-10-31T00:00:00Z")
    return folder / "warehouse"


def test_load_tells_what_it_detected_and_did(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS)
    report = load(tmp_path / "warehouse", path, "--exported-at", "2026-10-31T00:00:00Z")
    assert report["build"] == 1
    (file,) = report["files"]
    assert set(file) >= {
        "file",
        "source",
        "detected",
        "rows",
        "rows_rejected",
        "tickets_new",
        "tickets_updated",
        "tickets_unchanged",
        "events_new",
        "events_known",
        "findings",
    }
    assert set(file["detected"]) >= {"encoding", "delimiter", "date_order", "timezone"}


def test_kpi_json_is_a_list_with_one_object_a_metric(warehouse: Path) -> None:
    answers = meantime("kpi", "--format", "json", "--warehouse", warehouse).json
    assert {each["metric"] for each in answers} == set(read_metrics())
    for each in answers:
        assert set(each) >= {
            "metric",
            "unit",
            "from",
            "to",
            "by",
            "aggregate",
            "definition",
            "rows",
        }
        (row,) = each["rows"]
        assert set(row) >= {"bucket", "n", "value", "low", "high", "coverage"}
        assert row["bucket"] is None
        if row["value"] is None:
            assert (row["n"], row["coverage"]) == (0, 0)
            assert each["reason"]


def test_durations_are_seconds_and_shares_between_0_and_1(warehouse: Path) -> None:
    flags = ("--format", "json", "--warehouse", warehouse)
    mttr = meantime("kpi", "mttr", "--from", "2026-10-01", "--to", "2026-11-01", *flags).json[0]
    assert mttr["rows"][0] | {"low": 0, "high": 0} == {
        "bucket": None,
        "n": 2,
        "value": (2 + 4) / 2 * 3600,
        "low": 0,
        "high": 0,
        "median": 3 * 3600,
        "p90": 3.8 * 3600,
        "coverage": 1.0,
    }
    share = meantime("kpi", "same_day_resolution", *flags).json[0]["rows"][0]
    assert share["value"] == 1.0


@pytest.mark.parametrize(
    ("unit", "buckets"),
    [
        ("month", ["2026-09", "2026-10"]),
        ("quarter", ["2026-Q3", "2026-Q4"]),
        ("week", ["2026-W37", "2026-W41"]),
        ("day", ["2026-09-07", "2026-10-05", "2026-10-06"]),
    ],
)
def test_buckets_of_time_have_their_names(warehouse: Path, unit: str, buckets: list[str]) -> None:
    rows = meantime("kpi", "mttr", "--by", unit, "--format", "json", "--warehouse", warehouse).json
    assert [row["bucket"] for row in rows[0]["rows"] if row["n"]] == buckets


def test_two_levels_give_pairs_and_values_may_hold_anything(warehouse: Path) -> None:
    flags = ("--by", "month", "--by", "service", "--format", "json", "--warehouse", warehouse)
    rows = meantime("kpi", "mttr", *flags).json[0]["rows"]
    assert [row["bucket"] for row in rows if row["n"]] == [
        ["2026-09", "VPN, site A"],
        ["2026-10", "Mail"],
    ]


def test_where_is_or_within_a_column_and_and_across(warehouse: Path) -> None:
    flags = ("--format", "json", "--warehouse", warehouse)

    def volume(*conditions: str) -> int:
        where = [part for each in conditions for part in ("--where", each)]
        return meantime("kpi", "ticket_volume", *where, *flags).json[0]["rows"][0]["n"]

    assert volume("service=Mail") == 2
    assert volume("service=Mail", "service=VPN, site A") == 3
    assert volume("service=Mail", "priority=P2") == 1
    assert volume("service=(none)") == 1


def test_aggregate_replaces_the_mean(warehouse: Path) -> None:
    flags = ("--format", "json", "--warehouse", warehouse)
    for aggregate, hours in (("mean", 7 / 3), ("median", 2), ("p90", 3.6)):
        answer = meantime("kpi", "mttr", "--aggregate", aggregate, *flags).json[0]
        assert answer["aggregate"] == aggregate
        assert answer["rows"][0]["value"] == pytest.approx(hours * 3600)


def test_tickets_behind_a_metric_and_all_tickets(warehouse: Path) -> None:
    flags = ("--format", "csv", "--warehouse", warehouse)
    behind = meantime("tickets", "--metric", "mttr", "--from", "2026-10-01", *flags)
    rows = list(csv.DictReader(io.StringIO(behind.out)))
    assert sorted(row["number"] for row in rows) == ["INC1", "INC2"]
    everything = list(csv.DictReader(io.StringIO(meantime("tickets", *flags).out)))
    assert [row["number"] for row in everything] == ["INC4", "INC2", "INC1", "INC3"]
    assert everything[0]["opened_at"] == "2026-10-30T09:00:00Z"


@pytest.mark.parametrize("command", ["sources", "metrics", "loads"])
def test_listings_come_in_every_format(command: str, warehouse: Path) -> None:
    flags = ["--warehouse", warehouse] if command == "loads" else []
    as_json = meantime(command, "--format", "json", *flags).json
    as_csv = list(csv.DictReader(io.StringIO(meantime(command, "--format", "csv", *flags).out)))
    assert len(as_json) == len(as_csv) > 0
    assert meantime(command, *flags).out.count("\n") >= len(as_json)


def test_the_table_speaks_to_people(warehouse: Path) -> None:
    out = meantime("kpi", "mttr", "--by", "service", "--warehouse", warehouse).out
    assert "3 h" in out
    assert "100.0%" in out


def test_defaults_come_from_the_environment(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(warehouse))
    assert meantime("kpi", "ticket_volume", "--format", "json").json[0]["rows"][0]["n"] == 4


def test_nothing_but_rows_goes_to_a_pipe(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS)
    command = [sys.executable, "cli.py", "load", str(path), "--warehouse", str(tmp_path / "w")]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["build"] == 1
    assert done.stderr == ""


def test_wrong_usage_is_one_sentence_and_status_2(warehouse: Path) -> None:
    for arguments in (["load"], ["frobnicate"], ["kpi", "--format", "xml"], ["tickets", "extra"]):
        result = meantime(*arguments)
        assert result.status == 2
        assert result.err.startswith("meantime: ")
        assert result.err.count("\n") == 1


@pytest.mark.parametrize(("arguments", "status"), [(("metrics",), 0), (("kpi", "nothing"), 2)])
def test_a_process_says_all_of_it_before_it_leaves(
    arguments: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    arguments = (*arguments, *(("--warehouse", str(tmp_path)) if status else ()))
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments], capture_output=True, text=True, check=False
    )
    told = meantime(*arguments)
    assert (done.returncode, told.status) == (status, status)
    assert done.stdout == told.out
    assert done.stderr == told.err
    assert done.stdout or done.stderr
