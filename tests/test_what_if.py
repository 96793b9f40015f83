"""Another policy beside a build: the numbers of a warehouse rebuilt under it, with less work."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.contract import TICKETS
from pipelines.ledger import LoadOptions
from pipelines.load import load, rebuild
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build
from tests.chance_tickets import chance_tickets
from tests.command import meantime

BUILT_WITH = """
timezone = "Europe/Madrid"
[calendars.office]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
[calendars.early]
mon = ["07:00-12:00"]
wed = ["07:00-12:00"]
[[sla]]
name = "Resolution"
clock = "resolution"
target = "8h"
calendar = "office"
pause = ["on_hold"]
[[sla]]
name = "Response"
clock = "response"
target = "1h"
"""
OTHERS = {
    "a target": BUILT_WITH.replace('"8h"', '"3h"'),
    "another calendar of the promise": BUILT_WITH.replace(
        'calendar = "office"', 'calendar = "early"'
    ),
    "no pauses": BUILT_WITH.replace('pause = ["on_hold"]', ""),
    "hours of the default calendar": BUILT_WITH.replace('fri = ["09:00-17:00"]', ""),
    "definitions": BUILT_WITH + '[definitions]\nmttr_clock = "working"\nrepeat_days = 3\n',
    "zone": BUILT_WITH.replace("Europe/Madrid", "America/New_York"),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Random tickets with histories, built with `BUILT_WITH`."""
    folder = tmp_path_factory.mktemp("what_if")
    rows = chance_tickets(300, seed=11)
    files = [_written(folder / "tickets.csv", rows.tickets)]
    files.append(_written(folder / "ticket_events.csv", rows.events))
    found = Warehouse(folder / "warehouse")
    options = LoadOptions(timezone="UTC", exported_at="2026-07-05T12:00:00Z")
    load(files, found, _policy(folder, BUILT_WITH), options)
    return found


def _written(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _policy(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, TICKETS.names)


def _views(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """What is taken from the build as it stands."""
    return set(
        connection.sql("select view_name from duckdb_views() where sql like '%build.main%'").pl()[
            "view_name"
        ]
    )


@pytest.mark.parametrize("changed", OTHERS)
def test_another_policy_gives_what_a_rebuild_under_it_gives(
    changed: str, warehouse: Warehouse, tmp_path: Path
) -> None:
    other = _policy(tmp_path, OTHERS[changed])
    metrics = list(read_metrics().values())
    question = Question(by=("month",))
    with open_build(warehouse.current_path(), other) as beside:
        clocks = beside.sql("from clocks order by all").pl()
        figures = [measure(beside, metric, question, other).rows for metric in metrics]
    copy = Warehouse(tmp_path / "copy")
    copy.folder.mkdir()
    for name in (warehouse.current_path().name, "CURRENT"):
        (copy.folder / name).write_bytes((warehouse.folder / name).read_bytes())
    rebuild(copy, other)
    with open_build(copy.current_path(), other) as rebuilt:
        assert "counted_tickets" not in _views(rebuilt)
        expected = rebuilt.sql("from clocks order by all").pl()
        assert clocks.cast({pl.Enum: pl.String}).equals(expected.cast({pl.Enum: pl.String}))
        for metric, found in zip(metrics, figures, strict=True):
            answer = measure(rebuilt, metric, question, other)
            assert_frame_equal(found, answer.rows, rel_tol=1e-9)


def test_a_promise_changed_leaves_tickets_and_histories_as_the_build_has_them(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    with open_build(warehouse.current_path(), _policy(tmp_path, OTHERS["a target"])) as connection:
        assert {"counted_tickets", "repeats", "state_timeline"} <= _views(connection)


def test_a_definition_changed_leaves_the_histories_alone(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    other = _policy(tmp_path, OTHERS["definitions"])
    with open_build(warehouse.current_path(), other) as connection:
        views = _views(connection)
        assert "state_timeline" in views
        assert "counted_tickets" not in views


def test_a_build_of_an_older_model_is_built_anew_from_its_exports(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    policy = _policy(tmp_path, BUILT_WITH)
    old = tmp_path / "build-1.duckdb"
    old.write_bytes(warehouse.current_path().read_bytes())
    with duckdb.connect(str(old)) as connection:
        connection.execute("drop table build_info")
        connection.execute(
            "create table build_info as "
            "select 1 as build, 'x' as policy_digest, 'y' as model_version"
        )
        connection.execute("delete from state_timeline")
    with open_build(warehouse.current_path(), policy) as now, open_build(old, policy) as anew:
        assert not {"counted_tickets", "state_timeline", "clocks"} & _views(anew)
        for table in ("clocks", "state_timeline", "counted_tickets"):
            query = f"select count(*), sum(hash({table})::hugeint) from {table}"
            assert now.sql(query).pl().rows() == anew.sql(query).pl().rows(), table


def test_a_build_from_before_a_table_and_a_column_shows_what_it_has(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(BUILT_WITH, encoding="utf-8")
    copy = Warehouse(tmp_path / "older")
    copy.folder.mkdir()
    for name in (warehouse.current_path().name, "CURRENT"):
        (copy.folder / name).write_bytes((warehouse.folder / name).read_bytes())
    with duckdb.connect(str(copy.current_path())) as connection:
        connection.execute("drop view ticket_lives")
        connection.execute("drop view worded_tickets")
        connection.execute("alter table tickets drop column satisfaction")
        connection.execute("alter table counted_tickets drop column satisfaction")
        connection.execute("drop table reviews")
    asked = ("--policy", path, "--format", "json", "--warehouse")
    for metric in ("reviews_on_time", "ticket_volume"):
        then, now = (meantime("kpi", metric, *asked, each.folder) for each in (warehouse, copy))
        assert now.json == then.json
    assert meantime("kpi", "satisfaction", *asked, copy.folder).json[0]["rows"][0]["n"] == 0


def test_a_recomputation_is_labelled(warehouse: Warehouse, tmp_path: Path) -> None:
    told = "recomputed under another policy"
    for name, text in {"same": BUILT_WITH, "other": OTHERS["a target"]}.items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        result = meantime(
            "kpi", "sla_compliance", "--warehouse", warehouse.folder, "--policy", path
        )
        assert result.status == 0
        assert (told in result.err) == (name == "other")
