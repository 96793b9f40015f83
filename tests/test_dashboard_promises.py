"""The SLA page and a ticket's page, run without a browser: they show what the clocks say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard import wording
from dashboard.promises import FIGURES
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from policies.zones import day_start
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.promises import breaches, open_promises
from queries.question import Question
from queries.session import open_build
from tests.test_dashboard_pages import said, visit

FROM, TO = date(2026, 10, 1), date(2026, 11, 1)


@pytest.mark.parametrize("clock", ["Resolution", "Response"])
def test_the_four_figures_are_those_of_the_clock(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, clock: str
) -> None:
    app = visit(monkeypatch, small_warehouse, "sla", clock=clock)
    assert app.title[0].value == "Did we keep our promises?"
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    question = Question(FROM, TO, where={"clock": (clock.lower(),)})
    shown = {metric.label: metric.value for metric in app.metric}
    for name in FIGURES:
        metric = read_metrics()[name]
        value = measure(connection, metric, question, policy).rows["value"][0]
        expected = wording.DASH if value is None else wording.figure(metric, value)
        assert shown[metric.label] == expected, name


def test_broken_promises_are_all_listed_with_how_late(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "sla", priority=["P1", "P2"])
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    period = (day_start(FROM, policy.timezone), day_start(TO, policy.timezone))
    where = {"priority": ("P1", "P2")}
    rows = breaches(connection, "resolution", period, where)
    assert rows.height > 0
    assert rows["late_seconds"].min() > 0
    assert f"{rows.height:,} broken resolution promises" in said(app)
    question = Question(FROM, TO, where={**where, "clock": ("resolution",)})
    due = measure(connection, read_metrics()["sla_compliance"], question, policy).rows.row(
        0, named=True
    )
    assert rows.height == round(due["n"] * (1 - due["value"]))
    assert rows["found"].unique().to_list() == [rows.height]


def test_open_promises_are_listed_in_their_tab_alone(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    waiting = open_promises(connection, "resolution", {"priority": ("P3",)})
    assert waiting.height > 0
    app = visit(monkeypatch, small_warehouse, "sla", priority="P3", list="Open promises")
    assert f"{waiting.height:,} open resolution promises" in said(app)
    assert "broken resolution promises" not in said(app)
    assert app.dataframe[0].value.shape[0] == waiting.height


def test_a_cut_list_knows_how_many_there_are_and_the_latest_of_each_priority(
    small_warehouse: Path,
) -> None:
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    period = (day_start(FROM, policy.timezone), day_start(TO, policy.timezone))
    rows = breaches(connection, "resolution", period, {})
    cut = breaches(connection, "resolution", period, {}, limit=2)
    latest = rows.group_by("priority", maintain_order=True).first()["number"].to_list()
    wanted = dict.fromkeys([*rows["number"][:2], *latest])
    assert set(cut["number"]) == set(wanted)
    assert cut["found"][0] == rows.height > cut.height
    waiting = open_promises(connection, "resolution", {})
    assert waiting["left_seconds"].is_sorted()
    first = open_promises(connection, "resolution", {}, limit=1)
    assert first.drop("title").row(0) == waiting.drop("title").row(0)
    assert waiting["found"].unique().to_list() == [waiting.height]


def test_a_ticket_shows_each_of_its_clocks(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    policy = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(small_warehouse).current_path(), policy)
    period = (day_start(FROM, policy.timezone), day_start(TO, policy.timezone))
    number = breaches(connection, "resolution", period, {})["number"][0]
    app = visit(monkeypatch, small_warehouse, "ticket", ticket=number)
    assert number in app.title[0].value
    assert ":red[**breached**]" in said(app)
    assert "counted of" in said(app)


def test_a_ticket_that_is_not_there_says_so(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "ticket", ticket="INC-nowhere")
    assert "There is no ticket" in said(app)


def test_without_a_ticket_the_page_asks_for_one(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "ticket")
    assert "Give its number above" in said(app)
