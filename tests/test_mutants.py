"""Damaged files: never a traceback, never half a warehouse, every row accounted for.

Each mutant is read, merged and told by the ledger in a transaction of its own, as a load of it
alone would be; those that were accepted share a build, because the model costs more than they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.contract import TICKETS
from pipelines.folders import Found
from pipelines.ledger import LoadedFile, LoadOptions
from pipelines.load import finish, load_file, loading_of
from pipelines.merge import carry_events_to_exports
from pipelines.progress import in_silence
from pipelines.reading.uneven import UnevenLines
from pipelines.warehouse import NextBuild, Warehouse
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.model.connection import connect
from tests.mutants import mutant

OPTIONS = LoadOptions(timezone="UTC", date_order="dmy")
A_BUILD = 75
COUNTS = """
    select
        (select count(*) from tickets),
        (select count(*) from ticket_events),
        (select count(*) from rejected_rows),
        (select count(*) from loads),
        (select count(*) from rejected_rows where line is null or reason is null)
"""


def counted(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    row = connection.execute(COUNTS).fetchone()
    assert row is not None
    return row


def loaded_alone(
    build: NextBuild, path: Path, policy: Policy, uneven: str | None = None
) -> list[LoadedFile]:
    """What a load of this file alone would keep; Refused, with nothing kept, where it would be."""
    build.connection.execute("begin")
    try:
        loading = replace(loading_of(build, policy, OPTIONS), uneven=uneven)
        files = load_file(loading, Found(path), in_silence)
    except UnevenLines as lines:
        build.connection.execute("rollback")
        return loaded_alone(build, path, policy, lines.label)
    except Refused:
        build.connection.execute("rollback")
        raise
    build.connection.execute("commit")
    return files


def check_mutant(number: int, build: NextBuild, policy: Policy) -> bool:
    """Load one mutant; whether it was accepted."""
    done, content = mutant(number)
    told = f"mutant {number}: {done}"
    path = build.warehouse.folder / f"mutant {number}.csv"
    path.write_bytes(content)
    before = counted(build.connection)
    try:
        files = loaded_alone(build, path, policy)
    except Refused as refused:
        assert path.name in str(refused), told
        assert "\n" not in str(refused).strip(), told
        assert counted(build.connection) == before, told
        return False
    except Exception as error:
        error.add_note(told)
        raise
    finally:
        path.unlink()
    tickets, events, rejected, lines, untold = (
        now - then for now, then in zip(counted(build.connection), before, strict=True)
    )
    assert all(file.rows == file.rows_accepted + file.rows_rejected for file in files), told
    new = [file for file in files if not file.known]
    assert tickets == sum(file.tickets_new for file in new), told
    assert tickets <= sum(file.rows_accepted for file in new), told
    assert events == sum(file.events_new for file in new) or "log" in told, told
    assert (rejected, untold) == (sum(file.rows_rejected for file in new), 0), told
    assert lines == len(new), told
    return True


def check_mutants(numbers: Sequence[int], folder: Path, policy: Policy) -> int:
    """Load mutants into one build, and publish it; how many were accepted."""
    warehouse = Warehouse(folder / f"from {numbers[0]}")
    with warehouse.next_build() as build:
        build.connection.execute("set threads = 1")  # so few rows keep no second one busy
        accepted = sum(check_mutant(number, build, policy) for number in numbers)
        assert warehouse.current() is None
        before = counted(build.connection)
        build.connection.execute("begin")
        carry_events_to_exports(build.connection)
        try:
            finish(build, policy)
        except Exception as error:
            error.add_note(f"mutants {numbers[0]} to {numbers[-1]}")
            raise
    with connect(warehouse.current_path(), read_only=True) as connection:
        assert counted(connection) == before
    assert not warehouse.work.exists()
    return accepted


def check_all(numbers: range, folder: Path) -> None:
    policy = read_policy(None, TICKETS.names)
    groups = [numbers[at : at + A_BUILD] for at in range(0, len(numbers), A_BUILD)]
    accepted = sum(check_mutants(group, folder, policy) for group in groups)
    assert 0.2 < accepted / len(numbers) < 0.95


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 150])
def test_a_sample_of_mutants(first: int, tmp_path: Path) -> None:
    check_all(range(first, first + 150), tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(0)
@pytest.mark.parametrize("first", range(0, 10_000, 500))
def test_thousands_of_mutants(first: int, tmp_path: Path) -> None:
    check_all(range(first, first + 500), tmp_path)
