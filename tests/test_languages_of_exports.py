"""Exports in other languages and encodings, with few words in them: nothing is read by half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import meantime, refused
from tests.test_encodings import decoded
from tests.ticket_rows import loaded

LOGS = (
    ("cp1250", "Numer zgłoszenia,Data i godzina,Status", ("Nowe", "W trakcie", "Rozwiązane")),
    ("iso8859-2", "Numer zgłoszenia,Data i godzina,Status", ("Nowe", "W trakcie", "Rozwiązane")),
    ("cp852", "Numer zgłoszenia,Data i godzina,Status", ("Nowe", "W trakcie", "Zamknięte")),
    ("cp1250", "Číslo tiketu,Datum a čas,Stav", ("Nový", "V řešení", "Vyřešeno")),
    ("cp1251", "Номер заявки,Дата и время,Статус", ("Новая", "В работе", "Решена")),
    ("big5", "工單號,日期,狀態", ("待處理", "處理中", "已解決")),
    ("cp850", "Numéro,Horodatage,Nouveau statut", ("Nouveau", "En cours", "Résolu")),
)


@pytest.mark.parametrize(("encoding", "header", "states"), LOGS)
def test_a_log_with_few_words_tells_its_encoding(
    tmp_path: Path, encoding: str, header: str, states: tuple[str, ...]
) -> None:
    rows = "".join(
        f"T-{ticket},2026-01-{10 + 3 * ticket + place} 09:00,{state}\n"
        for ticket in range(5)
        for place, state in enumerate(states)
    )
    text = f"{header}\n{rows}"
    assert decoded(tmp_path, text.encode(encoding))[1] == text


def test_the_words_of_a_log_become_its_resolutions(tmp_path: Path) -> None:
    encoding, header, states = LOGS[3]
    rows = "".join(
        f"T-{ticket},2026-01-{10 + 2 * ticket + place} 09:00,{state}\n"
        for ticket in range(5)
        for place, state in enumerate(states)
    )
    export, mapping = tmp_path / "log.csv", tmp_path / "log.toml"
    export.write_bytes(f"{header}\n{rows}".encode(encoding))
    assert meantime("map", export, "--out", mapping).status == 0
    flags = ("--map", str(mapping), "--timezone", "UTC")
    found = loaded(tmp_path, f"{header}\n{rows}", *flags, name="log.csv", encoding=encoding)
    assert found.column("state") == ["resolved"] * 5
    assert found.column("resolved_at")[0] == "2026-01-12 09:00:00"


def test_a_length_of_time_with_a_comma_is_proposed_as_one(tmp_path: Path) -> None:
    rows = "".join(f"{n};2026-01-{n + 10} 09:00;Closed;1.{n}00,5\n" for n in range(1, 10))
    export, mapping = tmp_path / "list.csv", tmp_path / "list.toml"
    text = f"Ref;Opened on;State;Resolution time (minutes)\n{rows}"
    export.write_text(text)
    assert meantime("map", export, "--out", mapping).status == 0
    found = loaded(tmp_path, text, "--map", str(mapping), "--timezone", "UTC", name="list.csv")
    # 1,100.5 minutes are 18 hours, 20 minutes and 30 seconds
    assert found.column("resolved_at")[0] == "2026-01-12 03:20:30"


def test_service_levels_of_tasks_in_german(tmp_path: Path) -> None:
    text = (
        "Aufgabe,SLA-Definition,Ziel,Phase,Hat verletzt,Startzeit,Endzeit,Geplante Endzeit\n"
        "INC1,P1,Lösung,Abgeschlossen,Wahr,13.01.2026 08:00:00,13.01.2026 09:00:00,\n"
    )
    found = loaded(tmp_path, text, "--timezone", "UTC", encoding="cp1252")
    assert found.rows("select number, clock, has_breached, ended_at::varchar from tool_slas") == [
        ("INC1", "resolution", True, "2026-01-13 09:00:00")
    ]


def test_service_levels_of_tasks_as_an_answer_of_the_api(tmp_path: Path) -> None:
    record = {
        "task": ("INC1", "9d38"), "sla": ("P1", "77aa"), "sla.target": ("Resolution", "resolution"),
        "has_breached": ("false", "false"), "stage": ("Completed", "completed"),
        "start_time": ("05/01/2026 10:00:00", "2026-01-05 09:00:00"),
        "end_time": ("06/01/2026 10:00:00", "2026-01-06 09:00:00"),
    }  # fmt: skip
    both = {name: {"display_value": shown, "value": raw} for name, (shown, raw) in record.items()}
    found = loaded(tmp_path, json.dumps({"result": [both]}), name="task_sla.json")
    assert found.rows("select number, clock, has_breached, ended_at::varchar from tool_slas") == [
        ("INC1", "resolution", False, "2026-01-06 09:00:00")
    ]


def test_tickets_of_the_api_of_glpi_count_their_scale_upwards(tmp_path: Path) -> None:
    ticket = {
        "id": 52267, "name": "Mail", "date": "2026-01-05 09:00:00", "status": 5, "priority": 5,
        "solvedate": "2026-01-05 11:30:00", "closedate": None, "date_mod": "2026-01-05 11:30:00",
        "type": 1, "itilcategories_id": 4, "urgency": 3, "impact": 3,
    }  # fmt: skip
    tickets = [ticket, ticket | {"id": 52268, "priority": 2, "status": 4, "solvedate": None}]
    found = loaded(tmp_path, json.dumps(tickets), "--timezone", "UTC", name="tickets.json")
    assert found.column("ticket_id") == ["glpi:52267", "glpi:52268"]
    assert found.column("priority") == ["P1", "P4"]
    assert found.column("state") == ["resolved", "on_hold"]
    assert found.column("resolved_at") == ["2026-01-05 11:30:00", None]


def test_custom_fields_are_named_in_the_language_of_the_site(tmp_path: Path) -> None:
    text = (
        "Résumé,Clé de ticket,Type de ticket,État,Création,Résolue,Catégorie d'état,"
        "Champs personnalisés (Time to resolution)\n"
        "Mail,IT-1,Incident,Réparé,05/janv./26 09:00,06/janv./26 09:00,Terminé,-1:10\n"
        "Mail,IT-2,Incident,En attente du client,05/janv./26 09:00,,En cours,1:10\n"
    )
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.column("state") == ["closed", "on_hold"]
    assert found.column("tool_sla_met") == [False, True]


@pytest.mark.parametrize(
    ("name", "content", "way_out"),
    [
        ("incident.pdf", "%PDF-1.4\n", "export the list as CSV, Excel or JSON"),
        (
            "metrics.json",
            json.dumps({"ticket_metrics": [
                {"id": 1, "ticket_id": 7, "created_at": "2026-01-05T09:00:00Z", "reopens": 0,
                 "group_stations": 1, "replies": 2, "solved_at": None}]}),
            "include=metric_sets",
        ),
        (
            "bulk.json",
            json.dumps({"issueChangeLogs": [{"issueId": "1", "changeHistories": [{"id": "2"}]}]}),
            "expand=changelog",
        ),
        (
            "sla.json",
            json.dumps({"values": [{"name": "Time to resolution", "completedCycles": [{}]}]}),
            "expand=changelog",
        ),
    ],
)  # fmt: skip
def test_what_is_known_and_of_no_use_tells_what_is(
    tmp_path: Path, name: str, content: str, way_out: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert way_out in refused("load", path, "--warehouse", tmp_path / "w")
