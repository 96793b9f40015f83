"""Damaged files: never a traceback, never half a warehouse, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.model.connection import connect
from tests.mutants import mutant


def check_mutant(number: int, folder: Path, policy: Policy) -> bool:
    """Load one mutant into a warehouse of its own; whether it was accepted."""
    done, content = mutant(number)
    path = folder / f"mutant {number}.csv"
    path.write_bytes(content)
    warehouse = Warehouse(folder / f"warehouse {number}")
    options = LoadOptions(timezone="UTC", date_order="dmy")
    try:
        files = load([path], warehouse, policy, options).files
    except Refused as refused:
        assert "\n" not in str(refused).strip(), done
        assert warehouse.current() is None, done
        assert warehouse.builds() == [], done
        return False
    assert all(file.rows == file.rows_accepted + file.rows_rejected for file in files), done
    with connect(warehouse.current_path(), read_only=True) as connection:
        row = connection.execute(
            """
            select
                (select count(*) from tickets),
                (select count(*) from rejected_rows),
                (select count(*) from rejected_rows where line is null or reason is null)
            """
        ).fetchone()
    assert row is not None
    tickets, rejected, untold = row
    assert all(file.tickets_new <= file.rows_accepted for file in files), done
    assert tickets == sum(file.tickets_new for file in files), done
    assert (rejected, untold) == (sum(file.rows_rejected for file in files), 0), done
    return True


def check_mutants(numbers: range, folder: Path) -> None:
    policy = read_policy(None, TICKETS.names)
    accepted = sum(check_mutant(number, folder, policy) for number in numbers)
    assert 0.2 < accepted / len(numbers) < 0.95


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, 15))
def test_a_sample_of_mutants(first: int, tmp_path: Path) -> None:
    check_mutants(range(first, first + 15), tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(0)
@pytest.mark.parametrize("first", range(0, 10_000, 500))
def test_thousands_of_mutants(first: int, tmp_path: Path) -> None:
    check_mutants(range(first, first + 500), tmp_path)
