"""Faults around a load: a kill at any moment, a full disk, a file that changes while it is read."""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import shutil
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest

from pipelines.contract import TICKETS
from pipelines.digests import table_digests
from pipelines.ledger import LoadOptions
from pipelines.load import load as load_files
from pipelines.progress import Step
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from policies.refusal import Refused
from queries.model.connection import connect
from tests.command import load, meantime

ROWS = 2_000
SPAWN = multiprocessing.get_context("forkserver")
# the libraries that a load imports cost more than the load
SPAWN.set_forkserver_preload(["pipelines.load", "insights.candidates", "insights.clusters"])
OPTIONS = LoadOptions(timezone="UTC", exported_at="2026-11-05T12:00:00Z")


def write_tickets(path: Path, rows: int, state: str = "closed") -> Path:
    lines = [
        f"INC{n:06d},2026-{1 + n % 10:02d}-{1 + n % 28:02d} 09:00:00,"
        f"2026-{1 + n % 10:02d}-{1 + n % 28:02d} 1{n % 10}:00:00,{state},P{1 + n % 4}\n"
        for n in range(rows)
    ]
    path.write_text("number,opened_at,resolved_at,state,priority\n" + "".join(lines))
    return path


def run_load(path: Path, folder: Path, largest_file_bytes: int | None = None) -> None:
    """What the killed process does; with a bound of its files it meets a full disk."""
    if largest_file_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, largest_file_bytes))
    policy = read_policy(None, TICKETS.names)
    try:
        load_files([path], Warehouse(folder), policy, OPTIONS)
    except Refused as refused:
        (folder / "refused.txt").write_text(str(refused), encoding="utf-8")


def started(*arguments: object) -> BaseProcess:
    process = SPAWN.Process(target=run_load, args=arguments)
    process.start()
    return process


def digests(folder: Path) -> dict[str, str]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return {
            table: digest
            for table, digest in table_digests(connection).items()
            if table not in ("loads", "build_info", "rejected_rows")
        }


def served(folder: Path) -> str:
    """The bytes that readers are given."""
    return hashlib.sha256(Warehouse(folder).current_path().read_bytes()).hexdigest()


def kill_often(kills: int, folder: Path) -> None:
    """Kill loads at random moments: the build is the old one or the whole new one, always."""
    chance = Random(kills)
    new_file = write_tickets(folder / "new.csv", ROWS + 1_000)
    before, warehouse = folder / "before", folder / "warehouse"
    run_load(write_tickets(folder / "old.csv", ROWS, state="in_progress"), before)
    old = served(before)
    shutil.copytree(before, warehouse)
    began = time.monotonic()
    started(new_file, warehouse).join()
    duration = time.monotonic() - began
    new = digests(warehouse)
    assert new != digests(before)
    kept_the_old = 0
    for _ in range(kills):
        if served(warehouse) != old:
            shutil.rmtree(warehouse)
            shutil.copytree(before, warehouse)
        process = started(new_file, warehouse)
        time.sleep(duration * chance.uniform(0.02, 1.05))
        process.kill()
        process.join()
        if served(warehouse) == old:
            kept_the_old += 1
        else:
            assert digests(warehouse) == new
    assert kept_the_old > 0, "every kill came too late to say anything"
    run_load(new_file, warehouse)
    assert digests(warehouse) == new
    assert not (warehouse / "work").exists()


@pytest.mark.slow
def test_loads_killed_at_random_moments_lose_nothing_and_leave_nothing_half(tmp_path: Path) -> None:
    kill_often(20, tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(0)
def test_hundreds_of_kills(tmp_path: Path) -> None:
    kill_often(200, tmp_path)


def killed_in_the_middle(folder: Path) -> None:
    """A loader that dies for sure before it is done."""
    path = write_tickets(folder.parent / "large.csv", 60_000)
    process = started(path, folder)
    while not (folder / "work" / "next.duckdb").exists():
        time.sleep(0.01)
    process.kill()
    process.join()


def test_the_ledger_tells_of_a_load_that_was_killed_until_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    first = write_tickets(tmp_path / "first.csv", 5)
    run_load(first, folder)
    killed_in_the_middle(folder)
    told = meantime("loads", "--warehouse", folder)
    assert told.status == 0
    assert "the load of large.csv" in told.err
    assert "was interrupted and nothing of it was kept" in told.err
    report = load(folder, write_tickets(tmp_path / "next.csv", 9), "--timezone", "UTC")
    assert report["files"][0]["tickets_new"] == 4
    assert meantime("loads", "--warehouse", folder).err == ""


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_the_old_build_serves_on(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    run_load(write_tickets(tmp_path / "first.csv", 5), folder)
    before = digests(folder)
    large = write_tickets(tmp_path / "large.csv", 10_000)
    for largest_kilobytes in (50, 300, 900):
        process = started(large, folder, largest_kilobytes * 1024)
        process.join()
        assert process.exitcode == 0
        told = folder / "refused.txt"
        assert "no room left" in told.read_text(encoding="utf-8")
        told.unlink()
        assert digests(folder) == before
    run_load(large, folder)
    assert digests(folder) != before


@pytest.mark.parametrize("change", ["shrinks", "grows", "goes"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: str) -> None:
    path = write_tickets(tmp_path / "export.csv", 300)
    content = path.read_bytes()
    changes: dict[str, Callable[[], object]] = {
        "shrinks": lambda: path.write_bytes(content[: len(content) // 2]),
        "grows": lambda: path.write_bytes(content + content.splitlines(keepends=True)[1]),
        "goes": path.unlink,
    }

    def meanwhile(step: Step) -> None:
        if step.what.endswith("reading"):
            changes[change]()

    warehouse = Warehouse(tmp_path / "warehouse")
    policy = read_policy(None, TICKETS.names)
    with pytest.raises(Refused, match=r"export\.csv changed while it was read"):
        load_files([path], warehouse, policy, OPTIONS, progress=meanwhile)
    assert warehouse.current() is None
    path.write_bytes(content)
    (file,) = load_files([path], warehouse, policy, OPTIONS).files
    assert file.rows_accepted == 300
