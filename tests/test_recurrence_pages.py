"""The pages Recurrence and Changes on a warehouse with time-outs that keep coming back."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from streamlit.testing.v1 import AppTest

from dashboard import wording
from dashboard.candidates import candidates, openings
from dashboard.event_strip import event_strip
from dashboard.palette import LIGHT
from dashboard.session import open_data
from insights import standing
from insights.decisions import decide, decisions
from tests.command import load, meantime
from tests.test_candidates import COLUMNS, _tickets

APP = Path(__file__).parents[1] / "app.py"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returning")
    with (folder / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, (*COLUMNS, "subcategory"))
        writer.writeheader()
        writer.writerows({**row, "subcategory": row["symptom"]} for row in _tickets())
    load(folder / "wh", folder / "tickets.csv", "--timezone", "UTC")
    return folder / "wh"


def page(warehouse: Path, name: str, monkeypatch: pytest.MonkeyPatch, **parameters: str) -> AppTest:
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(warehouse))
    monkeypatch.delenv("MEANTIME_POLICY", raising=False)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run()
    app.switch_page(f"pages/{name}.py")
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.title, *app.markdown, *app.caption, *app.info))


def test_both_lists_are_shown(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(warehouse, "recurrence", monkeypatch)
    assert "**1** comes back in a rhythm, without a problem record" in said(app)
    assert app.dataframe[0].value["tickets"].to_list() == [30, 7]
    app = page(warehouse, "recurrence", monkeypatch, list="By rhythm")
    assert app.dataframe[0].value["tickets"].to_list() == [7]
    assert "10%" in said(app)


def test_a_candidate_asked_for_before_is_drawn_beside_others(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(warehouse))
    monkeypatch.delenv("MEANTIME_POLICY", raising=False)
    data = open_data()
    rows = candidates(data, "cost")
    names = rows["candidate_id"].to_list()
    alone = openings(data, names[1:])
    together = openings(data, names)
    expected = standing.openings(data.connection, warehouse / "kept", names)
    assert_frame_equal(together, expected)
    assert_frame_equal(together.filter(pl.col("candidate_id") == names[1]), alone)
    span = (expected["opened_at"][0], expected["opened_at"][-1])
    strip = event_strip(rows.to_dicts(), together, span, data.zone, LIGHT)
    # one stroke a ticket: from above, to below, and a gap
    strokes, single, whole = strip.data
    assert len(strokes.x) == 3 * expected.height
    assert strokes.x[2] is None
    # and over each something that opens it
    opens = expected.select("candidate_id", "ticket_id").rows()
    assert [tuple(mark) for mark in single.customdata] == opens
    assert list(whole.y) == []
    # a crowded line opens its candidate, and so does one of marks for many tickets
    monkeypatch.setattr("dashboard.event_strip.MOST_SINGLE", 29)
    _, single, whole = event_strip(rows.to_dicts(), together, span, data.zone, LIGHT).data
    assert {name for name, _ in single.customdata} == {names[1]}
    assert [list(each) for each in whole.customdata] == [[names[0]]]
    weekly = alone.with_columns(tickets=pl.lit(2))
    _, single, whole = event_strip(rows.to_dicts(), weekly, span, data.zone, LIGHT).data
    assert list(single.x) == []
    assert [list(each) for each in whole.customdata] == [[names[1]]]


def test_what_is_dismissed_is_found_again(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = copytree(warehouse, tmp_path / "wh")
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    name = rows[0]["candidate_id"]
    decide(warehouse / "kept", "ana", name, "dismiss", "known batch of toner")
    app = page(warehouse, "recurrence", monkeypatch)
    assert app.dataframe[0].value["tickets"].to_list() == [7]
    (toggle,) = app.toggle
    assert toggle.label == "With the 1 dismissed"
    toggle.set_value(True).run()
    assert app.dataframe[0].value["tickets"].to_list() == [30, 7]
    assert app.dataframe[0].value["dismissed"][0] == "known batch of toner"
    app = page(warehouse, "recurrence", monkeypatch, candidate=name)
    assert "**Dismissed**: known batch of toner" in said(app)
    decide(warehouse / "kept", "ana", name, "restore", "")
    assert not page(warehouse, "recurrence", monkeypatch).toggle


def test_a_candidate_is_shown_and_decided(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    name = rows[1]["candidate_id"]
    app = page(warehouse, "recurrence", monkeypatch, candidate=name)
    assert "Every 24" in said(app)
    assert "Restart 7 of 7" in said(app)
    value = next(each for each in app.text_input if each.label.startswith("Name, number"))
    value.input("Time-outs")
    app.text_input(key="who_decides").input("ana")
    next(each for each in app.button if each.label == "Keep this decision").click()
    app.run()
    (made,) = decisions(warehouse / "kept")
    assert (made.who, made.action, made.value) == ("ana", "name", "Time-outs")
    assert "Time\\-outs" in said(page(warehouse, "recurrence", monkeypatch, candidate=name))


def test_a_candidate_is_merged_into_none_that_there_is_not(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    before = decisions(warehouse / "kept")
    app = page(warehouse, "recurrence", monkeypatch, candidate=rows[1]["candidate_id"])
    app.selectbox(key="decision").select("merge")
    app.text_input(key="decision_value").input("c0ffee")
    app.text_input(key="who_decides").input("ana")
    next(each for each in app.button if each.label == "Keep this decision").click()
    app.run()
    assert "no candidate c0ffee" in app.error[0].value
    assert decisions(warehouse / "kept") == before


def test_a_candidate_that_is_not_there_is_told(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(warehouse, "recurrence", monkeypatch, candidate="c000")
    assert "no candidate c000" in said(app)


def test_changes_say_that_there_are_none(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(warehouse, "changes", monkeypatch)
    assert "load an export of changes" in said(app)


def test_repeats_and_reviews_are_listed(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(warehouse, "recurrence", monkeypatch, list="Repeats")
    by_caller, chains = (each.value for each in app.dataframe)
    told = meantime("repeats", "--format", "json", "--warehouse", warehouse).json
    assert chains["incidents"].to_list() == [row["incidents"] for row in told]
    assert by_caller["repeats"].sum() == chains["incidents"].sum() - len(told)
    (figure,) = meantime(
        "kpi", "repeat_incident_rate", "--format", "json", "--warehouse", warehouse
    ).json
    rows = meantime("repeats", "--by", "caller", "--format", "json", "--warehouse", warehouse).json
    rate = sum(row["repeats"] for row in rows) / figure["rows"][0]["n"]
    assert rate == pytest.approx(figure["rows"][0]["value"])
    app = page(warehouse, "recurrence", monkeypatch, list="Reviews")
    assert "this export carries no post" in said(app)


def test_the_incidents_behind_a_row_of_repeats_are_those_of_its_rate(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = meantime("repeats", "--by", "caller", "--format", "json", "--warehouse", warehouse).json
    row = told[0]
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(warehouse))
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["period"] = "2020-01-01 to 2030-12-31"
    app.run().switch_page("pages/recurrence.py")
    app.query_params["tickets"] = f"repeat_incident_rate/caller/{row['value']}"
    app.run()
    assert "← Recurrence" in [each.label for each in app.button]
    rate = wording.share(row["repeats"] / row["incidents"])
    assert f"**{rate}** over {wording.tickets(row['incidents'])}" in said(app)


def test_a_marker_is_set_for_any_filter(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(warehouse, "changes", monkeypatch)
    app.date_input(key="marker_on").set_value(date(2026, 4, 1))
    app.text_input(key="marker_title").input("A second shift")
    app.text_input(key="marker_who").input("ana")
    app.selectbox(key="marker_scope").select("resolver_group").run()
    app.multiselect(key="marker_values_resolver_group").select("Servers")
    app.button(key="set_marker").click().run()
    assert not app.exception
    assert not app.error, app.error[0].value
    (line,) = (warehouse / "kept" / "markers.ndjson").read_text().splitlines()
    assert json.loads(line)["where"] == {"resolver_group": ["Servers"]}
