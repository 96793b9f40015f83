"""The backlog page: what it shows is what is measured, and every mark opens its tickets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard import drilldown, wording
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.measure import evidence, measure
from queries.question import Question
from queries.session import open_build
from tests.test_dashboard_pages import OCTOBER, said, visit

POLICY = read_policy(None, TICKETS.names)
METRICS = read_metrics()


def value(folder: Path, name: str, question: Question = OCTOBER) -> float | None:
    connection = open_build(Warehouse(folder).current_path(), POLICY)
    return measure(connection, METRICS[name], question, POLICY).rows["value"][0]


def rows(folder: Path, name: str, question: Question = OCTOBER) -> pl.DataFrame:
    connection = open_build(Warehouse(folder).current_path(), POLICY)
    return evidence(connection, METRICS[name], question, POLICY)


def test_the_page_answers_what_waits_and_since_when(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "backlog")
    assert app.title[0].value == "What waits, and since when?"
    waiting = rows(small_warehouse, "backlog_age").sort("value", descending=True)
    words = said(app).replace("\\", "")
    assert f"**{waiting.height} tickets** waiting at the end of Oct 2026" in words
    assert waiting["number"][0] in words
    assert wording.duration(waiting["value"][0]) in words
    shown = {metric.label: metric.value for metric in app.metric}
    for name in ("backlog", "backlog_age", "ticket_volume", "tickets_finished"):
        expected = value(small_warehouse, name)
        assert expected is not None
        assert shown[METRICS[name].label] == wording.figure(METRICS[name], expected)


def test_the_oldest_stand_first_and_are_the_backlog(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "backlog", priority=["P2"])
    shown = app.dataframe[0].value
    asked = Question(OCTOBER.from_on, OCTOBER.to_on, where={"priority": ("P2",)})
    expected = rows(small_warehouse, "backlog_age", asked).sort("opened_at")
    assert expected.height > 0
    assert shown["number"].to_list() == expected["number"].to_list()
    assert set(shown["priority"]) == {"P2"}


def test_the_bars_of_the_month_carry_the_measured_figures(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "backlog")
    chart = next(c for c in app.get("plotly_chart") if '"Opening"' in c.proto.spec)
    opening = value(small_warehouse, "backlog", Question(None, date(2026, 10, 1)))
    for figure in (opening, *(value(small_warehouse, n) for n in ("backlog", "ticket_volume"))):
        assert figure is not None
        assert wording.count(figure) in chart.proto.spec
    # the small warehouse has no histories
    assert "Without histories nobody can tell what came back" in said(app)


def test_a_cell_opens_the_tickets_of_its_priority_and_age(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    link = "backlog_by_age/priority/P3/age_band/over 90 days"
    opened = visit(monkeypatch, small_warehouse, "backlog", **{drilldown.PARAMETER: link})
    where = {"priority": ("P3",), "age_band": ("over 90 days",)}
    asked = Question(OCTOBER.from_on, OCTOBER.to_on, where=where)
    expected = rows(small_warehouse, "backlog_by_age", asked)
    assert expected.height > 0
    assert opened.dataframe[0].value.shape[0] == expected.height
    assert "Age band over 90 days" in opened.title[0].value


def test_nothing_in_the_filter_says_so(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(
        monkeypatch,
        small_warehouse,
        "backlog",
        kind=["service_request"],
        priority=["P1"],
        service=["Wiki"],
        customer=["North"],
        category=["Software"],
    )
    assert "Nothing waited or moved in this selection" in said(app)


def test_an_empty_warehouse_says_how_to_load(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = visit(monkeypatch, tmp_path / "nowhere", "backlog")
    assert app.title[0].value.startswith("No tickets yet")
