"""The sample's stories as ServiceNow, Jira and Zendesk export them: the same figures from each."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from sample_data.generate import make_history, write_tools
from sample_data.servicenow import write_incidents
from sample_data.ticket import Ticket
from tests.command import load, meantime

FLAGS = ("--timezone", "Europe/Madrid", "--exported-at", "2026-10-31T22:40:00Z")
SAME = (
    "mttr",
    "reopen_rate",
    "reassignments_per_ticket",
    "resolved_without_reassignment",
    "same_day_resolution",
)


@pytest.fixture(scope="module")
def tickets() -> list[Ticket]:
    return make_history(ordinary=40).tickets


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory, tickets: list[Ticket]) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    write_tools(folder, tickets)
    (folder / "servicenow").mkdir()
    write_incidents(folder / "servicenow", tickets, frozenset())
    return folder


@pytest.fixture(scope="module")
def warehouse(exports: Path) -> Path:
    """ServiceNow, Jira and Zendesk side by side."""
    folder = exports / "warehouse"
    load(folder, *(exports / name for name in ("servicenow", "jira_rest", "zendesk")), *FLAGS)
    return folder


@pytest.fixture(scope="module")
def lists(exports: Path) -> Path:
    """Jira's CSV and Zendesk's NDJSON: what they tell without a history."""
    folder = exports / "lists"
    load(folder, exports / "jira_csv", exports / "zendesk_ndjson", *FLAGS)
    return folder


def by_source(warehouse: Path, metric: str, *flags: str) -> dict[str, Any]:
    (kpi,) = meantime(
        "kpi", metric, "--by", "source", *flags, "--format", "json", "--warehouse", warehouse
    ).json
    return {row["bucket"]: row for row in kpi["rows"]}


def rows(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_same_seed_writes_the_same_bytes(
    tmp_path: Path, exports: Path, tickets: list[Ticket]
) -> None:
    write_tools(tmp_path, make_history(ordinary=40).tickets)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(written) == 5
    for name in written:
        first, again = (
            hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for folder in (exports, tmp_path)
        )
        assert first == again, name


def test_every_ticket_is_there_once_in_the_same_state(
    warehouse: Path, tickets: list[Ticket]
) -> None:
    serials = {ticket.serial for ticket in tickets}
    found = rows(
        warehouse,
        """
        select source, count(*), count(distinct regexp_extract(number, '[0-9]+$')::int)
        from tickets group by source order by source
        """,
    )
    assert found == [
        (name, len(serials), len(serials)) for name in ("jira", "servicenow", "zendesk")
    ]
    other = rows(
        warehouse,
        """
        with told as (
            select regexp_extract(number, '[0-9]+$')::int as serial, source, state, merged_into
            from tickets
        )

        select count(*)
        from told as a
        join told as b using (serial)
        where a.source = 'servicenow' and a.merged_into is null and a.state <> b.state
        """,
    )
    assert other == [(0,)]


@pytest.mark.parametrize("metric", SAME)
def test_three_tools_give_the_same_figure(warehouse: Path, metric: str) -> None:
    found = by_source(warehouse, metric)
    assert found["servicenow"]["n"] > 100
    for name in ("jira", "zendesk"):
        assert found[name]["n"] == found["servicenow"]["n"]
        assert found[name]["value"] == pytest.approx(found["servicenow"]["value"])


def test_holds_are_the_same_intervals_in_all_three(warehouse: Path) -> None:
    found = rows(
        warehouse,
        """
        select split_part(ticket_id, ':', 1) as source, count(*),
            sum(epoch(coalesce(to_at, timestamp '2026-11-01')) - epoch(from_at))::bigint
        from holds
        group by source order by source
        """,
    )
    assert len(found) == 3
    assert found[0][1] > 20
    assert {each[1:] for each in found} == {found[0][1:]}


def test_lists_give_the_mean_to_the_minute_and_claim_nothing_more(
    warehouse: Path, lists: Path
) -> None:
    true = by_source(warehouse, "mttr")["servicenow"]
    found = by_source(lists, "mttr")
    assert [row["n"] for row in found.values()] == [true["n"], true["n"]]
    assert found["zendesk"]["value"] == pytest.approx(true["value"])
    assert abs(found["jira"]["value"] - true["value"]) < 60
    (kpi,) = meantime(
        "kpi", "reopen_rate", "--where", "source=jira", "--format", "json", "--warehouse", lists
    ).json
    assert kpi["rows"][0]["value"] is None


def test_a_figure_of_one_tool_among_several(warehouse: Path) -> None:
    (kpi,) = meantime(
        "kpi", "mttr", "--where", "source=zendesk", "--format", "json", "--warehouse", warehouse
    ).json
    alone = by_source(warehouse, "mttr")["zendesk"]
    assert (kpi["rows"][0]["n"], kpi["rows"][0]["value"]) == (alone["n"], alone["value"])
