"""The load page: a file of any tool becomes figures, and what cannot be read says so."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.uploads import LONGEST_NAME, safe_name
from pipelines.ledger import LoadOptions
from pipelines.mappings.trial import look, try_out
from tests.command import load, meantime
from tests.test_dashboard_pages import said, visit
from tests.test_mapped_logs import LOG

UNKNOWN = """Ticket;Fecha apertura;Fecha resolución;Estado;Prioridad
1;13/02/2026 09:00;13/02/2026 11:00;Cerrado;Muy urgente
2;14/02/2026 09:00;;Pendiente proveedor;Baja
3;mañana;;En curso;Baja
"""
GENERIC = "number,opened_at\nA,2026-01-05T09:00:00Z\n"


def uploaded(app: AppTest, *files: tuple[str, str]) -> AppTest:
    app.file_uploader[0].set_value(
        [(name, text.encode(), "application/octet-stream") for name, text in files]
    )
    app.run()
    assert not app.exception
    return app


def loaded_now(app: AppTest) -> None:
    """Press the button. After `switch_page` a run begins with the page's own file, as a cold deep
    link does, and the rerun that brings the frame would swallow the click."""
    app.session_state["framed"] = True
    app.button(key="load_now").click().run()
    assert not app.exception


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_an_unknown_file_becomes_tickets_of_a_kept_mapping(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    app = uploaded(visit(monkeypatch, warehouse, "load"), ("incidencias.csv", UNKNOWN))
    assert "No source knows these columns" in said(app)
    assert "carry no zone: choose their zone above" in app.warning[0].value.replace("\\", "")
    assert app.button(key="load_now").disabled
    app.selectbox(key="load_zone").set_value("Europe/Madrid").run()
    assert not app.exception
    assert metrics(app) == {"Rows accepted": "2", "Rows rejected": "1", "Dates": "day first"}
    assert not (warehouse / "CURRENT").exists()
    loaded_now(app)
    assert "Loaded." in said(app)
    rows = meantime("tickets", "--warehouse", warehouse, "--format", "json").json
    found = {row["number"]: (row["state"], row["priority"], row["opened_at"]) for row in rows}
    assert found == {
        "1": ("closed", "P1", "2026-02-13T08:00:00Z"),
        "2": ("on_hold", "P4", "2026-02-14T08:00:00Z"),
    }
    again = UNKNOWN.replace("2;14/02", "4;15/02")
    uploaded(app, ("marzo.csv", again))
    assert "Recognised as **incidencias**" in said(app)


def test_a_log_of_changes_becomes_tickets_with_their_lives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    app = uploaded(visit(monkeypatch, warehouse, "load"), ("akten.csv", LOG))
    (rows_are,) = [each for each in app.button_group if each.label == "Each row is"]
    assert rows_are.value == "changes"
    app.selectbox(key="load_zone").set_value("UTC").run()
    assert metrics(app) == {"Rows accepted": "7", "Rows rejected": "0", "Dates": "day first"}
    rows_are = next(each for each in app.button_group if each.label == "Each row is")
    rows_are.set_value("tickets").run()
    assert "each row is a change of a ticket" in said(app)
    next(each for each in app.button_group if each.label == "Each row is").set_value(
        "changes"
    ).run()
    loaded_now(app)
    tickets = meantime("tickets", "--warehouse", warehouse, "--format", "json").json
    assert {row["number"]: row["resolved_at"] for row in tickets} == {
        "7": "2026-01-05T13:00:00Z",
        "8": "2026-01-06T10:00:00Z",
        "9": None,
    }


def test_a_recognised_file_needs_one_click(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = uploaded(visit(monkeypatch, tmp_path / "warehouse", "load"), ("../../a.csv", GENERIC))
    assert "Recognised as **generic**" in said(app)
    assert app.button(key="load_now").label == "Load the file"
    loaded_now(app)
    assert "Loaded." in said(app)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]
    ledger = meantime("loads", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert [line["file"] for line in ledger] == ["a.csv"]


def test_a_file_that_is_none_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = uploaded(visit(monkeypatch, tmp_path / "warehouse", "load"), ("empty.csv", "  \n"))
    assert "empty.csv is empty" in app.error[0].value.replace("\\", "")
    assert str(tmp_path) not in app.error[0].value
    assert app.button(key="load_now").disabled


def test_the_empty_warehouse_leads_to_the_load_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "load the file here" in said(visit(monkeypatch, tmp_path / "nothing"))


@given(st.text(max_size=300))
def test_a_visitors_file_name_never_becomes_a_path(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert Path(safe).name == safe
    assert len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\\0:*?"<>|\n')


def test_a_trial_tells_what_the_load_then_does(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(
        "number,opened_at,state\nA,2026-01-05T09:00:00Z,parked\nB,soon,new\nC,,new\n",
        encoding="utf-8",
    )
    (table,) = look(path, tmp_path, [], LoadOptions())
    trial = try_out(table.opened, table.options)
    (loaded,) = load(tmp_path / "warehouse", path)["files"]
    assert (trial.accepted, trial.rejected) == (loaded["rows_accepted"], loaded["rows_rejected"])
    assert list(trial.findings) == loaded["findings"]
    assert trial.reasons["rows"].sum() == trial.rejected == 2
    assert table.preview.columns == ["number", "opened_at", "state"]


def test_of_several_unknown_tables_the_one_with_tickets_is_proposed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("about.csv", "Report,Author\nmonthly,somebody\nweekly,else\n")
        archive.writestr("tickets.csv", UNKNOWN)
    app = visit(monkeypatch, tmp_path / "warehouse", "load")
    app.file_uploader[0].set_value([("export.zip", path.read_bytes(), "application/zip")])
    app.run()
    app.selectbox(key="load_zone").set_value("Europe/Madrid").run()
    assert not app.exception
    assert metrics(app)["Rows accepted"] == "2"
    loaded_now(app)
    assert "Loaded." in said(app)
    assert 'source = "export"' in meantime("map", path).out


def test_lengths_of_time_are_taken_where_they_stay_ticked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "Ticket,Created,Minutes to resolve\n1,2026-01-05T09:00Z,30\n2,2026-01-05T10:00Z,90\n"
    app = uploaded(visit(monkeypatch, tmp_path / "warehouse", "load"), ("calls.csv", text))
    (box,) = [each for each in app.checkbox if "Minutes to resolve" in each.label]
    assert "[durations]" in app.code[0].value
    box.uncheck().run()
    assert not app.exception
    assert "[durations]" not in app.code[0].value
