"""ServiceNow lists whose headers are field labels, in five languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import refused
from tests.ticket_rows import loaded

LISTS = {
    "English": (
        "Number,Opened,Short description,Caller,Priority,State,Assignment group,Assigned to,"
        "Updated,Resolved,Made SLA,Resolve time",
        ("1 - Critical", "On Hold", "Resolved", "true", "false"),
    ),
    "German": (
        "Nummer,Geöffnet,Kurzbeschreibung,Anrufer,Priorität,Status,Zuweisungsgruppe,Zugewiesen an,"
        "Aktualisiert,Gelöst,Made SLA,Resolve time",
        ("1 - Kritisch", "Wartend", "Gelöst", "Wahr", "Falsch"),
    ),
    "French": (
        "Numéro,Ouvert,Brève description,Appelant,Priorité,État,Groupe d’affectation,Affecté à,"
        "Mis à jour,Résolu,Made SLA,Resolve time",
        ("1 - Critique", "En attente", "Résolu", "vrai", "faux"),
    ),
    "Spanish": (
        "Número,Abierto,Breve descripción,Solicitante,Prioridad,Estado,Grupo de asignación,"
        "Asignado a,Actualizado,Resuelto,Made SLA,Resolve time",
        ("1 - Crítica", "En espera", "Resuelto", "Verdadero", "Falso"),
    ),
    "Portuguese": (
        "Número,Aberto,Descrição resumida,Chamador,Prioridade,Estado,Grupo de atribuição,"
        "Atribuído a,Atualizado,Resolvido,Made SLA,Resolve time",
        ("1 - Crítica", "Em espera", "Resolvido", "Verdadeiro", "Falso"),
    ),
    "Portuguese of Brazil": (
        "Número,Aberto(a),Descrição resumida,Solicitante,Prioridade,Estado,Grupo de atribuição,"
        "Atribuição a,Atualizado em,Resolvido(a),Made SLA,Resolve time",
        ("1 - Crítico", "Em espera", "Resolvido", "Verdadeiro", "Falso"),
    ),
}


def export(language: str) -> str:
    header, (critical, on_hold, resolved, yes, no) = LISTS[language]
    return (
        f"{header}\n"
        f"INC0010001,13/01/2026 16:24:00,Printer,Eva,{critical},{on_hold},Desk,Luc,"
        f"13/01/2026 18:24:00,,{yes},\n"
        f"REQ0010002,13/01/2026 16:24:00,Printer,Eva,{critical},{resolved},Desk,Luc,"
        f"13/01/2026 18:24:00,13/01/2026 18:24:00,{no},7200\n"
    )


@pytest.mark.parametrize("language", LISTS)
def test_labels_are_read_in_their_language(language: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, export(language), "--timezone", "Europe/Berlin", encoding="utf-8")
    assert (found.file["source"], found.file["form"]) == ("servicenow", "incident list by labels")
    assert (found.file["rows_rejected"], found.finding_codes) == (0, [])
    assert found.column("ticket_id") == ["servicenow:INC0010001", "servicenow:REQ0010002"]
    assert found.column("kind") == ["incident", "service_request"]
    assert found.column("state") == ["on_hold", "resolved"]
    assert found.column("priority") == ["P1", "P1"]
    assert found.column("opened_at") == ["2026-01-13 15:24:00"] * 2
    assert found.column("resolved_at") == [None, "2026-01-13 17:24:00"]
    assert found.column("tool_sla_met") == [True, False]
    assert found.column("caller") == ["Eva", "Eva"]
    assert found.column("resolver_group") == ["Desk", "Desk"]


def test_changes_and_problems_by_labels_have_tables_of_their_own(tmp_path: Path) -> None:
    changes = (
        "Number,Short description,Type,Planned start date,Planned end date,State\n"
        "CHG1,Patch,Normal,2026-01-05 20:00:00,2026-01-05 22:00:00,Closed\n"
    )
    problems = "Number,Problem statement,Known error,Opened\nPRB1,Time-outs,true,2026-01-05 20:00\n"
    found = loaded(tmp_path, changes, "--timezone", "UTC", name="change_request.csv")
    assert found.file["form"] == "change list by labels"
    found = loaded(tmp_path, problems, "--timezone", "UTC", name="problem.csv")
    assert found.file["form"] == "problem list by labels"
    assert found.rows("select count(*) from tickets") == [(0,)]
    assert found.rows("select problem_id, is_known_error from problems") == [
        ("servicenow:PRB1", True)
    ]


def test_a_list_without_its_opening_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Number,Short description,State\nINC1,Printer,New\n")
    assert "meantime sources" in refused("load", path, "--warehouse", tmp_path / "warehouse")


def test_a_list_by_labels_without_its_opening_begins_where_the_record_was_made(
    tmp_path: Path,
) -> None:
    text = (
        "Number,Priority,State,Assignment group,Short description,Created,Updated\n"
        "INC1,4 - Low,Resolved,Desk,Mail,2026-01-05 09:00:00,2026-01-05 10:00:00\n"
    )
    found = loaded(tmp_path, text, "--timezone", "UTC", encoding="utf-8")
    assert (found.file["source"], found.file["form"]) == ("servicenow", "incident list by labels")
    assert found.file["rows_rejected"] == 0
