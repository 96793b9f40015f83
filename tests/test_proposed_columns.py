"""What a proposed mapping makes of names and words: which column is what, and which is none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.command import load, meantime


def test_a_kind_is_told_by_words_that_are_kinds_and_by_no_other(tmp_path: Path) -> None:
    export = tmp_path / "kinds.csv"
    rows = "".join(
        f"T{n},{('incident', 'request')[n % 3 == 0]},web application,{1 + n % 28}/10/2026 09:00\n"
        for n in range(40)
    )
    export.write_text("Ticket,Category,Ticket type,Opened\n" + rows)
    proposed = tmp_path / "kinds.toml"
    assert meantime("map", export, "--out", proposed).status == 0
    columns = tomllib.loads(proposed.read_text(encoding="utf-8"))["columns"]
    assert columns["kind"] == "Category"
    assert "Ticket type" not in columns.values()


def test_names_that_say_more_than_a_column_are_told_apart(tmp_path: Path) -> None:
    path, out = tmp_path / "alerts.csv", tmp_path / "alerts.toml"
    rows = "\n".join(
        f"{n},{n % 7},Mail,Ops,{n % 9 + 20},2026-01-05T09:00Z,{600 * (n % 9 + 1)},{n % 5},Fault,Web"
        for n in range(20)
    )
    path.write_text(
        "Ticket#,service_id,service_name,team_name,Customer Age,Created,Seconds to resolve,"
        f"First reply (min),Ticket Type,Source\n{rows}",
        encoding="utf-8",
    )
    assert meantime("map", path, "--out", out).status == 0
    written = tomllib.loads(out.read_text(encoding="utf-8"))
    assert written["columns"] == {
        "number": "Ticket#",
        "kind": "Ticket Type",
        "service": "service_name",
        "resolver_group": "team_name",
        "channel": "Source",
        "opened_at": "Created",
    }
    assert written["durations"] == {
        "first_response_at": {
            "column": "First reply (min)",
            "unit": "minutes",
            "since": "opened_at",
        },
        "resolved_at": {"column": "Seconds to resolve", "unit": "seconds", "since": "opened_at"},
    }
    load(tmp_path / "warehouse", path, "--map", out)
    found = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    by_number = {row["number"]: row for row in found}
    assert by_number["3"]["resolved_at"] == "2026-01-05T09:40:00Z"


def test_a_date_that_is_no_opening_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "Ticket ID,Date of Purchase,Ticket Status\n1,2024-01-13,Open\n2,2024-01-14,Open\n",
        encoding="utf-8",
    )
    text = meantime("map", path).out
    assert "# To be settled: which column says when a ticket was opened" in text
    assert "opened_at" not in tomllib.loads(text)["columns"]


def test_a_number_in_many_rows_is_said_to_be_no_list(tmp_path: Path) -> None:
    path = tmp_path / "activity.csv"
    lines = "".join(f"T{n // 4},2026-01-{n + 1:02d} 09:00,Opened\n" for n in range(20))
    path.write_text(f"Ticket,Moment,What happened\n{lines}", encoding="utf-8")
    assert "# Consider: 'Ticket' has 5 values in 20 rows" in meantime("map", path).out


def test_the_word_of_a_priority_counts_more_than_its_number(tmp_path: Path) -> None:
    path = tmp_path / "otrs.csv"
    words = ("5 sehr hoch", "4 hoch", "3 normal", "2 niedrig")
    lines = "".join(f"{n};2026-01-05 09:00:00;{words[n % 4]}\n" for n in range(8))
    path.write_text(f"Ticket#;Erstellt;Priorität\n{lines}", encoding="utf-8")
    written = tomllib.loads(meantime("map", path).out)
    assert written["values"]["priority"] == dict(zip(words, ("P1", "P2", "P3", "P4"), strict=True))


@pytest.mark.parametrize(
    ("opened", "updated", "closed"),
    [
        ("Created", "Updated", "Closed"),
        ("Créé", "Mis-à-jour", "Fermé"),
        ("Creado", "Actualizado", "Cerrado"),
        ("Criado em", "Atualizado", "Fechado"),
        ("Angelegt", "Aktualisiert", "Geschlossen"),
        ("Aangemaakt", "Gewijzigd", "Gesloten"),
        ("Creato", "Ultimo aggiornamento", "Chiuso"),
    ],
)
def test_moments_are_known_by_short_names_too(
    tmp_path: Path, opened: str, updated: str, closed: str
) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        f"#;{updated};{opened};{closed}\n"
        "1;2026-01-07 09:00:00;2026-01-05 09:00:00;2026-01-06 09:00:00\n"
        "2;2026-01-08 09:00:00;2026-01-06 09:00:00;2026-01-07 09:00:00\n",
        encoding="utf-8",
    )
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert columns == {
        "number": "#",
        "opened_at": opened,
        "closed_at": closed,
        "updated_at": updated,
    }


def test_the_update_of_a_resolution_is_no_resolution(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "Unique Key,Created Date,Resolution Action Updated Date,Complaint Type\n"
        "1,2026-01-05 09:00:00,2026-01-06 09:00:00,Noise\n"
        "2,2026-01-06 09:00:00,2026-01-07 09:00:00,Heat\n",
        encoding="utf-8",
    )
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert columns["updated_at"] == "Resolution Action Updated Date"
    assert columns["category"] == "Complaint Type"
    assert "resolved_at" not in columns


def test_an_empty_column_gives_way_to_one_that_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        "Ticket Number,Date Created,SLA Due Date,Due Date,Priority\n"
        "1,2026-01-05 09:00:00,2026-01-06 09:00:00,,High\n"
        "2,2026-01-06 09:00:00,2026-01-07 09:00:00,,Low\n",
        encoding="utf-8",
    )
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert columns["tool_due_at"] == "SLA Due Date"


def test_sums_below_the_tickets_leave_the_number_a_number(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    rows = "".join(f"{n},Mail {n},Open,2026-01-{n % 28 + 1:02} 09:00\n" for n in range(60))
    path.write_text(f"Ticket ID,Subject,Status,Created\n{rows},,,\nTotal: 60,,,\n")
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert (columns["number"], columns["opened_at"]) == ("Ticket ID", "Created")


def test_what_went_wrong_in_words_is_no_number_of_a_problem(tmp_path: Path) -> None:
    path, out = tmp_path / "chamados.csv", tmp_path / "chamados.toml"
    faults = ("VAZAMENTO NA PONTEIRA", "SEM ENERGIA", "DISPLAY APAGADO")
    rows = "".join(
        f"{8000 + n};Ana;{faults[n % 3]};PRB{n % 4:04};BOMBA PARADA {n};{1 + n}/02/2026 09:00\n"
        for n in range(20)
    )
    path.write_text(f"Chamado;Proprietário;Problema;Related problem;Sumário;Aberto em\n{rows}")
    assert meantime("map", path, "--out", out).status == 0
    assert tomllib.loads(out.read_text(encoding="utf-8"))["columns"] == {
        "number": "Chamado",
        "title": "Sumário",
        "assignee": "Proprietário",
        "problem_id": "Related problem",
        "opened_at": "Aberto em",
    }


def test_a_target_in_words_is_no_verdict_and_a_datetime_is_a_date(tmp_path: Path) -> None:
    path, out = tmp_path / "incidents.csv", tmp_path / "incidents.toml"
    rows = "".join(
        f"{n},24x7 {(4, 6)[n % 2]}Hrs Response Time,2026-09-{n + 1:02} 08:17:00,"
        f"2026-09-{n + 1:02} 17:00:00,2026-09-{n + 1:02} 09:00:00\n"
        for n in range(20)
    )
    path.write_text(f"id,sla,open_datetime,close_datetime,response_datetime\n{rows}")
    assert meantime("map", path, "--out", out).status == 0
    assert tomllib.loads(out.read_text(encoding="utf-8"))["columns"] == {
        "number": "id",
        "opened_at": "open_datetime",
        "closed_at": "close_datetime",
        "first_response_at": "response_datetime",
    }
