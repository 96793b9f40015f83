"""Golden cases: rows in, rows out, worked by hand in the comment of each `case.toml`.

A case is a folder below `tests/golden/<metric>/` with `case.toml` (the question), `tickets.csv`,
perhaps `ticket_events.csv`, perhaps a `policy.toml` of its own, and `expected.csv`, whose columns
are the ones compared.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from tests.conftest import EXPORTED_AT, build_warehouse

GOLDEN = Path(__file__).parent / "golden"
METRICS = read_metrics()
CASES = sorted(path.parent for path in GOLDEN.rglob("case.toml"))


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def metric_of(case: Path) -> str:
    return case.relative_to(GOLDEN).parts[0]


def test_every_metric_has_a_golden_case() -> None:
    assert {metric_of(case) for case in CASES} == set(METRICS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(GOLDEN)))
def test_golden_case(case: Path) -> None:
    asked = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    own_policy = case / "policy.toml"
    policy = read_policy(
        own_policy if own_policy.exists() else GOLDEN / "policy.toml", TICKETS.names
    )
    connection = build_warehouse(
        policy,
        rows_of(case / "tickets.csv"),
        rows_of(case / "ticket_events.csv"),
        asked.get("exported_at", EXPORTED_AT),
    )
    question = Question(
        from_on=asked.get("from"),
        to_on=asked.get("to"),
        by=tuple(asked.get("by", [])),
        where={name: tuple(values) for name, values in asked.get("where", {}).items()},
        aggregate=asked.get("aggregate"),
    )
    answer = measure(connection, METRICS[metric_of(case)], question, policy)
    expected = rows_of(case / "expected.csv")
    assert answer.reason == asked.get("reason")
    assert len(answer.rows) == len(expected)
    for found, wanted in zip(answer.rows.iter_rows(named=True), expected, strict=True):
        for column, text in wanted.items():
            assert_equal(found[column], text, f"{column} of {wanted}")


def assert_equal(found: object, text: str, where: str) -> None:
    if text == "":
        assert found is None, where
    elif isinstance(found, str):
        assert found == text, where
    else:
        assert found == pytest.approx(float(text), rel=1e-5), where
