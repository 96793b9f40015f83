"""The workload page: cells, channels and groups are what is measured, and open their tickets."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import wording
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.bands import HOURS, WEEKDAYS
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build
from tests.test_dashboard_pages import OCTOBER, said, visit

POLICY = read_policy(None, TICKETS.names)
METRICS = read_metrics()


def found(folder: Path, name: str, *by: str, question: Question = OCTOBER):
    connection = open_build(Warehouse(folder).current_path(), POLICY)
    return measure(connection, METRICS[name], replace(question, by=by), POLICY).rows


def test_the_week_holds_every_ticket_in_its_cell(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "workload")
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    cells = next(s for s in specs if "Sunday" in json.dumps(s) and "Monday" in json.dumps(s))
    trace = cells["data"][0]
    drawn = {
        (day, hour): int(text.replace(",", ""))
        for (day, hour), text in zip(trace["customdata"], trace["text"], strict=True)
        if text
    }
    colours = dict(zip(map(tuple, trace["customdata"]), trace["marker"]["color"], strict=True))
    rows = found(small_warehouse, "ticket_volume", "weekday", "hour")
    expected = {
        (row["bucket"], row["bucket_2"]): row["value"] for row in rows.iter_rows(named=True)
    }
    assert drawn == expected
    assert len(trace["customdata"]) == len(WEEKDAYS) * len(HOURS)
    empty = {colour for cell, colour in colours.items() if cell not in drawn}
    assert len(empty) == 1 and empty.isdisjoint(colours[cell] for cell in drawn)
    volume = found(small_warehouse, "ticket_volume")["value"][0]
    assert sum(drawn.values()) == volume
    assert f"**{wording.tickets(int(volume))}** opened in Oct 2026" in said(app)


def test_a_cell_opens_the_tickets_of_its_hour(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    rows = found(small_warehouse, "ticket_volume", "weekday", "hour")
    day, hour, value = (
        rows.sort("value", descending=True).select("bucket", "bucket_2", "value").row(0)
    )
    link = f"ticket_volume/weekday/{day}/hour/{hour}"
    app = visit(monkeypatch, small_warehouse, "workload", tickets=link)
    assert app.dataframe[0].value.shape[0] == value
    assert f"Weekday {day}" in app.title[0].value


def test_groups_have_what_is_measured(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "workload")
    table = next(t.value for t in app.dataframe if "Finished" in t.value.columns)
    for title, name in (("Opened", "ticket_volume"), ("Finished", "tickets_finished")):
        expected = dict(
            found(small_warehouse, name, "resolver_group").select("bucket", "value").rows()
        )
        assert dict(zip(table["Group"], table[title], strict=True)) == expected


def test_what_the_export_does_not_carry_is_said(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "workload")
    assert "this export carries no site" in said(app)
