"""Builds: readers are never disturbed, a killed load leaves nothing, one loader at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines import load as loading
from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.progress import Step
from pipelines.warehouse import KEPT_BUILDS, SMALL_FILES_BYTES, Warehouse
from policies.read import read_policy
from queries.model.connection import connect
from tests.command import load, refused


def write_tickets(path: Path, count: int, first: int = 0) -> Path:
    lines = "".join(f"INC{first + n},2026-01-05T09:00:00Z\n" for n in range(count))
    path.write_text("number,opened_at\n" + lines)
    return path


def tickets_in(warehouse: Path) -> int:
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        row = connection.execute("select count(*) from tickets").fetchone()
        assert row is not None
        return row[0]


def test_a_reader_keeps_its_build_while_another_one_is_published(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, write_tickets(tmp_path / "a.csv", 3))
    with connect(Warehouse(warehouse).current_path(), read_only=True) as reader:
        load(warehouse, write_tickets(tmp_path / "b.csv", 2, first=10))
        assert reader.execute("select count(*) from tickets").fetchall() == [(3,)]
    assert tickets_in(warehouse) == 5


def test_the_last_few_builds_stay_for_rollback(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    for n in range(KEPT_BUILDS + 2):
        load(warehouse, write_tickets(tmp_path / f"{n}.csv", 1, first=n))
    numbers = [number for number, _ in Warehouse(warehouse).builds()]
    assert numbers == [3, 4, 5]
    (warehouse / "CURRENT").write_text("build-4.duckdb\n")
    assert tickets_in(warehouse) == 4
    report = load(warehouse, write_tickets(tmp_path / "more.csv", 1, first=99))
    assert report["build"] == 6
    assert tickets_in(warehouse) == 5


def test_a_pointer_to_nowhere_is_refused_with_the_way_out(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, write_tickets(tmp_path / "a.csv", 1))
    (warehouse / "CURRENT").write_text("build-7.duckdb\n")
    assert "build-7" in refused("kpi", "--warehouse", warehouse)


def test_a_second_loader_waits_for_the_first(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, write_tickets(tmp_path / "a.csv", 1))
    policy = read_policy(None, TICKETS.names)
    entered, said = threading.Event(), []

    def slow(step: Step) -> None:
        entered.set()
        time.sleep(0.05)

    first = threading.Thread(
        target=lambda: loading.load(
            [write_tickets(tmp_path / "b.csv", 1, first=5)],
            Warehouse(warehouse),
            policy,
            LoadOptions(),
            progress=slow,
        )
    )
    first.start()
    assert entered.wait(30)
    report = loading.load(
        [write_tickets(tmp_path / "c.csv", 1, first=9)],
        Warehouse(warehouse),
        policy,
        LoadOptions(),
        say=said.append,
    )
    first.join()
    assert report.build == 3
    assert tickets_in(warehouse) == 3
    assert len(said) == 1
    assert f"process {os.getpid()}" in said[0]


def test_a_loader_that_waits_too_long_says_who_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "warehouse"
    folder.mkdir()
    told = {"pid": 4711, "host": "db-host", "since": "2026-10-31T09:00:00+00:00"}
    (folder / "loading.json").write_text(json.dumps(told))
    monkeypatch.setattr(loading, "LOCK_WAIT_SECONDS", 0.2)
    with FileLock(folder / "loading.lock"):
        sentence = refused("load", write_tickets(tmp_path / "a.csv", 1), "--warehouse", folder)
    assert "process 4711 on db-host" in sentence


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_the_old_build(tmp_path: Path) -> None:
    """Kill a load too large for one transaction at four moments; the next one just works."""
    warehouse = tmp_path / "warehouse"
    load(warehouse, write_tickets(tmp_path / "small.csv", 3))
    large = write_tickets(tmp_path / "large.csv", 150_000, first=1000)
    assert large.stat().st_size > SMALL_FILES_BYTES
    command = [sys.executable, "cli.py", "load", str(large), "--warehouse", str(warehouse)]
    started = time.monotonic()
    trial = tmp_path / "trial"
    subprocess.run([*command[:-1], str(trial)], check=True, capture_output=True)
    duration = time.monotonic() - started
    for part in (0.3, 0.6, 0.8, 0.95):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(duration * part)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert tickets_in(warehouse) in (3, 150_003)
    load(warehouse, large)
    assert tickets_in(warehouse) == 150_003
    assert not (warehouse / "work").exists()
