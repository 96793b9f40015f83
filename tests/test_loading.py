"""New, updated, unchanged: what a load does to what is there, in any order of files."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, meantime

JANUARY = """number,opened_at,state,priority,updated_at,assignee
INC1,2026-01-05T09:00:00Z,in_progress,P2,2026-01-05T10:00:00Z,Ana
INC2,2026-01-06T09:00:00Z,new,P3,2026-01-06T09:00:00Z,
"""
FEBRUARY = """number,opened_at,state,priority,resolved_at,updated_at,assignee
INC1,2026-01-05T09:00:00Z,resolved,P2,2026-02-01T09:00:00Z,2026-02-01T09:00:00Z,Ana
INC2,2026-01-06T09:00:00Z,new,P3,,2026-01-06T09:00:00Z,
INC3,2026-02-02T09:00:00Z,new,P1,,2026-02-02T09:00:00Z,Luis
"""
EVENTS = """number,at,field,old,new
INC1,2026-01-05T10:00:00Z,state,new,in_progress
INC1,2026-02-01T09:00:00Z,state,in_progress,resolved
INC9,2026-02-01T09:00:00Z,state,new,resolved
"""


@pytest.fixture
def exports(tmp_path: Path) -> dict[str, Path]:
    texts = {"january": JANUARY, "february": FEBRUARY, "events": EVENTS}
    paths = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return paths


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


def counts(file: dict[str, int]) -> tuple[int, int, int]:
    return file["tickets_new"], file["tickets_updated"], file["tickets_unchanged"]


def test_new_updated_and_unchanged_are_counted_by_ticket(
    tmp_path: Path, exports: dict[str, Path]
) -> None:
    warehouse = tmp_path / "warehouse"
    assert counts(load(warehouse, exports["january"])["files"][0]) == (2, 0, 0)
    assert counts(load(warehouse, exports["february"])["files"][0]) == (1, 1, 1)
    assert rows(warehouse, "select number, state from tickets order by all") == [
        ("INC1", "resolved"),
        ("INC2", "new"),
        ("INC3", "new"),
    ]


def test_an_older_export_never_overwrites_a_newer_one(
    tmp_path: Path, exports: dict[str, Path]
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, exports["february"])
    assert counts(load(warehouse, exports["january"])["files"][0]) == (0, 0, 2)
    assert rows(warehouse, "select state from tickets where number = 'INC1'") == [("resolved",)]


def test_a_file_known_by_content_changes_nothing(tmp_path: Path, exports: dict[str, Path]) -> None:
    warehouse = tmp_path / "warehouse"
    first = load(warehouse, exports["january"], exports["events"])
    copy = tmp_path / "copy of january.csv"
    copy.write_bytes(exports["january"].read_bytes())
    again = load(warehouse, copy, exports["events"])
    assert again["build"] == first["build"] == 1
    assert again["digests"] == first["digests"]
    assert counts(again["files"][0]) == (0, 0, 2)
    assert (again["files"][1]["events_new"], again["files"][1]["events_known"]) == (0, 3)


def test_the_order_of_files_does_not_matter(tmp_path: Path, exports: dict[str, Path]) -> None:
    digests = []
    for place, order in enumerate(permutations(exports)):
        warehouse = tmp_path / f"warehouse {place}"
        loads = [(name,) for name in order] if place % 2 else [order]
        for names in loads:
            report = load(warehouse, *(exports[name] for name in names))
        digests.append(report["digests"])
    assert all(each == digests[0] for each in digests)


def test_equal_versions_of_a_ticket_merge_the_same_way_in_any_order(tmp_path: Path) -> None:
    head = "number,opened_at,updated_at,category,service\n"
    for place, cells in enumerate(("Mail,", "Mail,Exchange", "Network,VPN", ",")):
        line = f"INC1,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z,{cells}\n"
        (tmp_path / f"{place}.csv").write_text(head + line, encoding="utf-8")
    digests = set()
    turned = [tuple((n + first) % 4 for n in range(4)) for first in range(4)]
    orders = [*turned, *(order[::-1] for order in turned)]  # each file stands everywhere, twice
    for place, order in enumerate(orders):
        files = [tmp_path / f"{file}.csv" for file in order]
        report = load(tmp_path / f"warehouse {place}", *files)
        digests.add(report["digests"]["tickets"])
    assert len(digests) == 1


def test_a_later_export_moves_the_moment_of_an_unchanged_ticket(
    tmp_path: Path, exports: dict[str, Path]
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, exports["january"], "--exported-at", "2026-01-31T00:00:00Z")
    load(warehouse, exports["january"], "--exported-at", "2026-02-28T00:00:00+01:00")
    moments = rows(warehouse, "select distinct exported_at::varchar from tickets")
    assert moments == [("2026-02-27 23:00:00",)]


def test_without_updated_at_the_later_export_wins(tmp_path: Path) -> None:
    head = "number,opened_at,state\n"
    early, late = tmp_path / "early.csv", tmp_path / "late.csv"
    early.write_text(head + "INC1,2026-01-05T09:00:00Z,resolved\n", encoding="utf-8")
    late.write_text(head + "INC1,2026-01-05T09:00:00Z,closed\n", encoding="utf-8")
    warehouse = tmp_path / "warehouse"
    load(warehouse, late, "--exported-at", "2026-02-01T00:00:00Z")
    load(warehouse, early, "--exported-at", "2026-01-10T00:00:00Z")
    assert rows(warehouse, "select state from tickets") == [("closed",)]


def test_events_wait_for_their_ticket(tmp_path: Path, exports: dict[str, Path]) -> None:
    warehouse = tmp_path / "warehouse"
    file = load(warehouse, exports["events"])["files"][0]
    assert (file["rows"], file["events_new"]) == (3, 3)
    load(warehouse, exports["january"])
    waiting = """
    select count(*) from ticket_events where ticket_id not in (select ticket_id from tickets)
    """
    assert rows(warehouse, waiting) == [(1,)]


def test_events_keep_the_order_of_the_file_within_one_instant(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "number,at,field,old,new\n"
        "INC1,2026-01-05T10:00:00Z,state,new,on_hold\n"
        "INC1,2026-01-05T10:00:00Z,state,on_hold,in_progress\n"
        "INC1,2026-01-05T10:00:00Z,state,in_progress,on_hold\n",
        encoding="utf-8",
    )
    load(tmp_path / "warehouse", path)
    found = rows(tmp_path / "warehouse", "select new from ticket_events order by sequence")
    assert found == [("on_hold",), ("in_progress",), ("on_hold",)]


def test_the_ledger_adds_up(tmp_path: Path, exports: dict[str, Path]) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text(JANUARY + "INC5,soon,new,P1,,\n,2026-01-06T09:00:00Z,new,P1,,\n")
    warehouse = tmp_path / "warehouse"
    load(warehouse, exports["february"], exports["events"], broken)
    assert (
        rows(warehouse, "select rows = rows_accepted + rows_rejected and rows > 0 from loads")
        == [(True,)] * 3
    )
    per_file = """
    select l.rows_rejected = count(r.line)
    from loads l left join rejected_rows r using (load_id, file)
    group by l.load_id, l.file, l.rows_rejected
    """
    assert rows(warehouse, per_file) == [(True,)] * 3


def test_unmapped_columns_are_kept_as_extra(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("number,opened_at,Floor,floor\nINC1,2026-01-05T09:00:00Z,3,\n")
    load(tmp_path / "warehouse", path)
    assert rows(tmp_path / "warehouse", "select extra from tickets") == [('{"Floor":"3"}',)]


def test_another_policy_is_tried_without_touching_the_warehouse(
    tmp_path: Path, exports: dict[str, Path]
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, exports["february"])
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'default_calendar = "office"\n[calendars.office]\ntimezone = "UTC"\nmon = ["09:00-17:00"]\n'
        '[definitions]\nmttr_clock = "working"\n',
        encoding="utf-8",
    )
    flags = ("--format", "json", "--warehouse", warehouse)
    before = meantime("kpi", "mttr", *flags).json[0]["rows"][0]["value"]
    tried = meantime("kpi", "mttr", "--policy", policy, *flags).json[0]["rows"][0]["value"]
    assert before == 27 * 86400
    assert tried == 4 * 8 * 3600  # the Mondays 5, 12, 19 and 26 January
    assert meantime("kpi", "mttr", *flags).json[0]["rows"][0]["value"] == before
    rebuilt = meantime("rebuild", "--policy", policy, "--warehouse", warehouse)
    assert rebuilt.status == 0
    assert meantime("kpi", "mttr", "--policy", policy, *flags).json[0]["rows"][0]["value"] == tried


def test_people_are_pseudonymised_on_demand(tmp_path: Path, exports: dict[str, Path]) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[privacy]\npseudonymise = ["assignee"]\n', encoding="utf-8")
    warehouse = tmp_path / "warehouse"
    load(warehouse, exports["january"], exports["february"], "--policy", policy)
    names = rows(warehouse, "select distinct assignee from tickets where assignee is not null")
    assert len(names) == 2
    assert not {"Ana", "Luis"} & {name for (name,) in names}
    text = b"".join(path.read_bytes() for path in warehouse.glob("build-*.duckdb"))
    assert b"Luis" not in text


def test_builds_open_without_zone_or_network_of_the_machine(
    tmp_path: Path, exports: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    first = load(tmp_path / "auckland", exports["january"])
    monkeypatch.setenv("TZ", "America/New_York")
    second = load(tmp_path / "new york", exports["january"])
    assert first["digests"] == second["digests"]
    with duckdb.connect(str(Warehouse(tmp_path / "auckland").current_path())) as plain:
        assert plain.execute("select min(opened_at)::varchar from tickets").fetchall() == [
            ("2026-01-05 09:00:00",)
        ]


def test_an_upgrade_of_the_model_is_followed_without_a_new_load(
    tmp_path: Path, exports: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "warehouse"
    with monkeypatch.context() as older:
        older.setattr("pipelines.warehouse.model_version", lambda: "older")
        load(warehouse, exports["february"])
    with duckdb.connect(str(Warehouse(warehouse).current_path())) as build:
        build.execute("drop table counted_tickets")
    flags = ("--format", "json", "--warehouse", warehouse)
    assert meantime("kpi", "mttr", *flags).json[0]["rows"][0]["n"] == 1


def test_a_file_with_numbers_and_ids_is_known_by_its_ids(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text(
        "ticket_id,number,opened_at\nold:A1,1,2026-01-05T09:00:00Z\n,2,2026-01-05T09:00:00Z\n"
        ",,2026-01-05T09:00:00Z\n",
        encoding="utf-8",
    )
    (file,) = load(tmp_path / "w", path)["files"]
    assert (file["tickets_new"], file["rows_rejected"]) == (2, 1)
    found = rows(tmp_path / "w", "select ticket_id, number from tickets order by number")
    assert found == [("old:A1", "1"), ("generic:2", "2")]


def test_columns_called_otherwise_than_by_the_contract_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "ticket_id,opened_at,assigned_to,status,note\nA1,2026-01-05T09:00:00Z,Ana,Open,x\n",
        encoding="utf-8",
    )
    (file,) = load(tmp_path / "w", path)["files"]
    (told,) = [each for each in file["findings"] if each["code"] == "called_otherwise"]
    assert "assigned_to, status; the contract calls them assignee, state" in told["message"]
