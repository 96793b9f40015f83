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


def proposed(tmp_path: Path, text: str) -> dict[str, dict[str, object]]:
    path, out = tmp_path / "list.csv", tmp_path / "list.toml"
    path.write_text(text, encoding="utf-8")
    out.unlink(missing_ok=True)
    assert meantime("map", path, "--out", out).status == 0
    return tomllib.loads(out.read_text(encoding="utf-8"))


def test_a_column_that_counts_the_rows_is_no_number_of_a_ticket(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026{n:04},Mail,2026-01-0{n} 09:00\n" for n in range(1, 6))
    columns = proposed(tmp_path, f"Number,Case,Subject,Created\n{rows}")
    assert columns["columns"]["number"] == "Case"
    alone = proposed(tmp_path, f"Number,Volume,Subject,Created\n{rows}")
    assert alone["columns"]["number"] == "Number"


def test_names_of_people_are_no_numbers(tmp_path: Path) -> None:
    rows = "".join(
        f"{name},2026-01-0{n} 09:00\n" for n, name in enumerate(("Eva", "Ana", "Luz"), 1)
    )
    written = proposed(tmp_path, f"Responsável pelo chamado,Criado em\n{rows}")
    assert "number" not in written["columns"]


def test_yes_and_no_name_nobody(tmp_path: Path) -> None:
    rows = "".join(
        f"T-{n},{n % 2 == 0},2968{n % 3},2026-01-0{n} 09:00,{('no', 'yes')[n % 2]}\n"
        for n in range(1, 7)
    )
    header = "Ticket,isAssignedToComanaged,assignedResourceID,createDate,Solution accepted"
    columns = proposed(tmp_path, f"{header}\n{rows}")["columns"]
    assert columns["assignee"] == "assignedResourceID"
    assert "resolution_notes" not in columns


def test_nobody_is_nobody_but_a_state_is_a_state(tmp_path: Path) -> None:
    rows = "".join(
        f"T-{n},2026-01-0{n} 09:00,{('Ana', 'Não atribuído')[n % 2]},{('Open', 'Closed')[n % 2]}\n"
        for n in range(1, 7)
    )
    written = proposed(tmp_path, f"Ticket,Created,Assignee,Status\n{rows}")
    assert "Não atribuído" in written["null_markers"]
    states = rows.replace("Open", "Unassigned").replace("Não atribuído", "Unassigned")
    assert "null_markers" not in proposed(tmp_path, f"Ticket,Created,Assignee,Status\n{states}")


def test_no_time_until_the_resolution_of_an_open_ticket_is_none(tmp_path: Path) -> None:
    text = (
        "Ticket,Status,Created,Minutes to resolve\n"
        "T-1,Closed,2026-01-05 09:00,90\nT-2,Open,2026-01-05 09:00,0\n"
        "T-3,Closed,2026-01-05 09:00,0\n"
    )
    written = proposed(tmp_path, text)
    assert written["durations"]["resolved_at"]["column"] == "Minutes to resolve"
    load(tmp_path / "warehouse", tmp_path / "list.csv", "--map", tmp_path / "list.toml",
         "--timezone", "UTC")  # fmt: skip
    found = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert {row["number"]: row["resolved_at"] for row in found} == {
        "T-1": "2026-01-05T10:30:00Z",
        "T-2": None,
        "T-3": "2026-01-05T09:00:00Z",
    }


def test_whose_turn_it_is_tells_whether_a_ticket_waits(tmp_path: Path) -> None:
    states = ("Waiting on us", "Waiting on contact", "Waiting for support", "Waiting for customer")
    rows = "".join(f"T-{n},2026-01-0{n} 09:00,{word}\n" for n, word in enumerate(states, 1))
    proposed(tmp_path, f"Ticket,Created,Status\n{rows}")
    load(tmp_path / "warehouse", tmp_path / "list.csv", "--map", tmp_path / "list.toml",
         "--timezone", "UTC")  # fmt: skip
    found = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    read = {row["number"]: row["state"] for row in found}
    assert [read[f"T-{n}"] for n in range(1, 5)] == ["in_progress", "on_hold"] * 2


def test_of_two_columns_of_states_the_one_with_states_counts(tmp_path: Path) -> None:
    text = (
        "ticket;titulo;estado_detalle;estado_actual;fecha_emision;autor;solicitante\n"
        "7001;IMPRESORA NO IMPRIME;cerrado;atendidos;16/01/2026 9:40;mesa;abc\n"
        "7002;SIN RED;asignado;por atender;17/01/2026 9:40;mesa;abd\n"
    )
    assert proposed(tmp_path, text)["columns"] == {
        "number": "ticket",
        "title": "titulo",
        "state": "estado_detalle",
        "caller": "solicitante",
        "opened_at": "fecha_emision",
    }


def test_a_column_that_counts_tickets_is_no_tickets_number(tmp_path: Path) -> None:
    text = "Serviço,Data,Chamados\nRede,2026-01-01,12\nRede,2026-01-02,4\nRede,2026-01-03,9\n"
    assert "number" not in proposed(tmp_path, text)["columns"]


def test_a_dash_that_a_spreadsheet_wrote_as_text_is_nothing(tmp_path: Path) -> None:
    text = (
        "ID,Asunto,Solicitado,Agente,Resuelto\n"
        "1,No imprime,2026-01-05 09:39,Luis Paz,2026-01-05 11:02\n"
        "2,Alta,2026-01-05 10:39,'-,'-\n3,Sin red,2026-01-05 10:49,'-,'-\n"
    )
    written = proposed(tmp_path, text)
    assert written["columns"]["opened_at"] == "Solicitado"
    read = load(tmp_path / "warehouse", tmp_path / "list.csv", "--map", tmp_path / "list.toml",
                "--timezone", "UTC")  # fmt: skip
    (file,) = read["files"]
    assert (file["rows"], file["rows_rejected"]) == (3, 0)


def test_short_spanish_names_of_dates_are_told(tmp_path: Path) -> None:
    text = (
        "Número,Título,F.Inicio,F.Fin,Clave Cierre\n"
        "T1,Sin servicio,30/12/2025 03:00:00 p. m.,09/01/2026 10:11:38 a. m.,SW\n"
        "T2,Sin red,31/12/2025 05:00:00 p. m.,01/01/2026 10:00:00 a. m.,AC\n"
    )
    assert proposed(tmp_path, text)["columns"] == {
        "number": "Número",
        "title": "Título",
        "opened_at": "F.Inicio",
        "resolved_at": "F.Fin",
        "resolution_code": "Clave Cierre",
    }


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


def test_a_first_line_that_is_a_ticket_is_said(tmp_path: Path) -> None:
    rows = "81,REDE,2026-01-05 10:20:58,FECHADO\n82,VPN,2026-01-06 10:20:58,FECHADO\n"
    path, out = tmp_path / "list.csv", tmp_path / "list.toml"
    path.write_text(f"80,MOUSE,2026-01-04 10:20:58,ABERTO\n{rows}", encoding="utf-8")
    assert meantime("map", path, "--out", out).status == 0
    assert "the first line has '2026-01-04 10:20:58'" in out.read_text(encoding="utf-8")
    named = f"id,title,2026-01-04,status\n{rows.replace('2026-01-05 10:20:58', '7')}"
    path.write_text(named.replace("2026-01-06 10:20:58", "9"), encoding="utf-8")
    out.unlink()
    assert meantime("map", path, "--out", out).status == 0
    assert "first line" not in out.read_text(encoding="utf-8")


def test_a_class_of_service_is_no_service(tmp_path: Path) -> None:
    text = "Ticket ID,Service Class,Open Time\nIM1,2,2026-01-05 10:00\nIM2,2,2026-01-06 10:00\n"
    assert "service" not in proposed(tmp_path, text)["columns"]


def test_numbers_of_times_counts_and_codes_are_nothing_else(tmp_path: Path) -> None:
    rows = "TK-1,2026-03-26 16:38,51,WAY-7\nTK-2,2026-03-27 16:38,3,WAY-9\n"
    text = f"TicketID,Created,Resolution_Time,Cod_Problema\n{rows}"
    assert set(proposed(tmp_path, text)["columns"]) == {"number", "opened_at"}
    sums = "2026-01-31,29,28,4.46\n2026-02-28,27,21,3.89\n"
    text = f"date,tickets_opened,tickets_closed,avg_resolution_time_hours\n{sums}"
    assert "number" not in proposed(tmp_path, text)["columns"]
    text = "CHAMADO,VALIDADE\n417077,22/09/2026\n427574,07/10/2026\n"
    assert "opened_at" not in proposed(tmp_path, text)["columns"]


def test_an_impact_on_customers_is_no_customer_and_who_asked_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "asked.csv"
    path.write_text(
        "id,requester_id,u_customer_impact,created_at,status\n"
        "1,41,High,2026-01-05 09:00:00,open\n"
        "2,57,Low,2026-01-06 09:00:00,solved\n"
        "3,63,None,2026-01-07 09:00:00,open\n",
        encoding="utf-8",
    )
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert (columns["number"], columns["caller"]) == ("id", "requester_id")
    assert "customer" not in columns


def test_a_tracker_in_spanish_is_told_by_key_person_and_states(tmp_path: Path) -> None:
    path = tmp_path / "tareas.csv"
    path.write_text(
        "ID de la incidencia,Clave de incidencia,Persona asignada,Estado,Creada\n"
        "5041,WEB-1,Ana Ruiz,Tareas por hacer,2026-01-05 09:00:00\n"
        "5042,WEB-2,Luis Gil,Stand by,2026-01-06 09:00:00\n"
        "5043,WEB-3,Ana Ruiz,Listo,2026-01-07 09:00:00\n",
        encoding="utf-8",
    )
    written = tomllib.loads(meantime("map", path).out)
    assert written["columns"]["number"] == "Clave de incidencia"
    assert written["columns"]["assignee"] == "Persona asignada"
    assert written["values"]["state"] == {
        "Tareas por hacer": "new",
        "Stand by": "on_hold",
        "Listo": "resolved",
    }
