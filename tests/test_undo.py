"""Undo: the warehouse as if a load had never been, whatever was loaded before and after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import TICKETS
from pipelines.digests import table_digests
from pipelines.ledger import LoadOptions
from pipelines.load import load as load_files
from pipelines.load import undo
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.model.connection import connect
from tests.command import load, meantime, refused

POLICY = read_policy(None, TICKETS.names)
JANUARY = """number,opened_at,state,priority,updated_at
INC1,2026-01-05T09:00:00Z,in_progress,P2,2026-01-05T10:00:00Z
INC2,2026-01-06T09:00:00Z,new,P3,2026-01-06T09:00:00Z
"""
FEBRUARY = """number,opened_at,state,priority,resolved_at,updated_at
INC1,2026-01-05T09:00:00Z,resolved,P2,2026-02-01T09:00:00Z,2026-02-01T09:00:00Z
INC3,2026-02-02T09:00:00Z,new,P1,,2026-02-02T09:00:00Z
INC4,soon,new,P1,,
"""


@pytest.fixture
def months(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "january.csv", tmp_path / "february.csv"
    paths[0].write_text(JANUARY, encoding="utf-8")
    paths[1].write_text(FEBRUARY, encoding="utf-8")
    return paths


def tickets(warehouse: Path) -> dict[str, str]:
    rows = meantime("tickets", "--warehouse", warehouse, "--format", "json").json
    return {row["number"]: row["state"] for row in rows}


def test_a_load_is_taken_back_and_can_be_loaded_again(
    tmp_path: Path, months: tuple[Path, Path]
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, months[0])
    both = load(warehouse, months[1])
    result = meantime("loads", "--undo", 2, "--warehouse", warehouse)
    assert result.status == 0, result.err
    assert "load 2 is undone (1 files): 1 tickets removed, 1 as the other loads" in result.out
    assert tickets(warehouse) == {"INC1": "in_progress", "INC2": "new"}
    ledger = meantime("loads", "--warehouse", warehouse, "--format", "json").json
    assert [(line["load_id"], line["undone_at"] is None) for line in ledger] == [
        (2, False),
        (1, True),
    ]
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        assert connection.execute("select count(*) from rejected_rows").fetchone() == (0,)
    again = load(warehouse, months[1])
    assert not again["files"][0]["known"]
    assert again["digests"] == both["digests"]
    assert again["build"] == 4


def test_the_first_load_can_be_undone_too(tmp_path: Path, months: tuple[Path, Path]) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, months[0])
    load(warehouse, months[1])
    assert meantime("loads", "--undo", 1, "--warehouse", warehouse).status == 0
    assert tickets(warehouse) == {"INC1": "resolved", "INC3": "new"}
    assert meantime("loads", "--undo", 2, "--warehouse", warehouse).status == 0
    assert tickets(warehouse) == {}


def test_an_undo_that_cannot_be_is_refused(tmp_path: Path, months: tuple[Path, Path]) -> None:
    warehouse = tmp_path / "warehouse"
    assert "is empty" in refused("loads", "--undo", 1, "--warehouse", warehouse)
    load(warehouse, months[0])
    assert "no load 7: the nearest is load 1" in refused(
        "loads", "--undo", 7, "--warehouse", warehouse
    )
    meantime("loads", "--undo", 1, "--warehouse", warehouse)
    assert "Load 1 is undone since" in refused("loads", "--undo", 1, "--warehouse", warehouse)


def test_a_ticket_is_as_old_as_the_remaining_events_make_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    january, events = tmp_path / "january.csv", tmp_path / "events.csv"
    january.write_text(JANUARY, encoding="utf-8")
    events.write_text("number,at,field,new\nINC1,2026-03-01T09:00:00Z,state,resolved\n")
    before = load(warehouse, january)["digests"]
    after = load(warehouse, events)["digests"]
    assert before["tickets"] != after["tickets"]  # exported after its last event
    meantime("loads", "--undo", 2, "--warehouse", warehouse)
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        assert table_digests(connection) == before


LOG_HEADER = "ticket,time,status,assignee"
LOG_ROWS = (
    "T1,2026-01-05 09:00:00,New,",
    "T1,2026-01-05 10:00:00,In Progress,Ana",
    "T2,2026-01-05 10:30:00,New,",
    "T1,2026-01-05 12:00:00,Resolved,Ana",
    "T2,2026-01-05 13:00:00,In Progress,Luis",
    "T1,2026-01-06 09:00:00,In Progress,Ana",
    "T2,2026-01-06 10:00:00,Resolved,Luis",
    "T1,2026-01-07 09:00:00,Resolved,Eva",
    "T2,2026-01-09 09:00:00,Closed,Luis",
)
PARTS = (LOG_ROWS[:5], LOG_ROWS[3:7], LOG_ROWS[2:9])


@pytest.mark.slow
@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_part_of_a_log_is_taken_back_exactly(tmp_path: Path, gone: int) -> None:
    paths = [tmp_path / f"part{n}.csv" for n in range(len(PARTS))]
    for path, rows in zip(paths, PARTS, strict=True):
        path.write_text("\n".join([LOG_HEADER, *rows, ""]), encoding="utf-8")
    utc = LoadOptions(timezone="UTC")
    one, other = Warehouse(tmp_path / "one"), Warehouse(tmp_path / "other")
    for path in paths:
        load_files([path], one, POLICY, utc)
    undo(gone + 1, one, POLICY)
    for place, path in enumerate(paths):
        if place != gone:
            expected = load_files([path], other, POLICY, utc).digests
    with connect(one.current_path(), read_only=True) as connection:
        assert table_digests(connection) == expected


DAYS = st.integers(1, 4)
NUMBERS = st.sampled_from(["A", "B", "C"])
TICKET = st.tuples(NUMBERS, st.sampled_from(["new", "resolved"]), DAYS, st.sampled_from(["", "P1"]))
EVENT = st.tuples(NUMBERS, DAYS, st.sampled_from(["new", "on_hold"]), st.sampled_from(["", "x"]))
FILE = st.one_of(
    st.lists(TICKET, min_size=1, max_size=4).map(lambda rows: ("tickets", tuple(rows))),
    st.lists(EVENT, min_size=1, max_size=5).map(lambda rows: ("events", tuple(rows))),
)


def written(folder: Path, name: str, file: tuple[str, tuple[tuple[object, ...], ...]]) -> Path:
    kind, rows = file
    if kind == "tickets":
        lines = ["number,state,updated_at,priority,opened_at"]
        lines += [
            f"{number},{state},2026-01-0{day}T10:00:00Z,{priority},2026-01-01T09:00:00Z"
            for number, state, day, priority in rows
        ]
    else:
        lines = ["number,at,field,new,actor"]
        lines += [
            f"{number},2026-01-0{day}T11:00:00Z,state,{new},{actor}"
            for number, day, new, actor in rows
        ]
    path = folder / f"{name}.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.mark.slow
@settings(max_examples=5)
@given(
    loads=st.lists(st.lists(FILE, min_size=1, max_size=2), min_size=2, max_size=4),
    pick=st.data(),
)
def test_undo_of_any_load_is_the_load_of_all_others(
    loads: list[list[tuple[str, tuple[tuple[object, ...], ...]]]], pick: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            [written(folder, f"load{n}-{m}", file) for m, file in enumerate(files)]
            for n, files in enumerate(loads)
        ]
        one, other = Warehouse(folder / "one"), Warehouse(folder / "other")
        ids = []
        for files in paths:
            load_files(files, one, POLICY, LoadOptions())
            with connect(one.current_path(), read_only=True) as connection:
                row = connection.execute("select max(load_id) from loads").fetchone()
                ids.append(row[0] if row else 0)
        gone = pick.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True))
        for load_id in gone:
            undo(load_id, one, POLICY)
        kept = [files for load_id, files in zip(ids, paths, strict=True) if load_id not in gone]
        for files in kept:
            load_files(files, other, POLICY, LoadOptions())
        with connect(one.current_path(), read_only=True) as connection:
            digests = table_digests(connection)
            if not kept:
                assert all(digest[:8] == "00000000" for digest in digests.values())
                return
        with connect(other.current_path(), read_only=True) as connection:
            assert digests == table_digests(connection)
