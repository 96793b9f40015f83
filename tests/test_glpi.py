"""GLPI lists in four languages, with the traps of real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ticket_rows import Loaded, loaded

HEADERS = {
    "English": "ID;Title;Type;Status;Opening date;Priority;Requester - Requester;"
    "Assigned to - Technician;Assigned to - Technician group;Category;Resolution date;"
    "Closing date;Last update;Time to resolve;Time to resolve exceeded",
    "French": "ID;Titre;Type;Statut;Date d'ouverture;Priorité;Demandeur - Demandeur;"
    "Attribué à - Technicien;Attribué à - Groupe de techniciens;Catégorie;Date de résolution;"
    "Date de clôture;Dernière modification;Temps de résolution;Temps de résolution dépassé",
    "Spanish": "ID;Título;Tipo;Estado;Fecha de Apertura;Prioridad;Solicitante - Solicitante;"
    "Asignado a: - Técnico;Asignado a: - Grupo de Tecnicos;Categoría;Fecha de solución;"
    "Fecha de cierre;Última actualización;Tiempo de solución;Se superó el tiempo de resolución",
    "Portuguese": "ID;Título;Tipo;Status;Data de abertura;Prioridade;Requerente - Requerente;"
    "Atribuído - Técnico;Atribuído - Grupo técnico;Categoria;Data da solução;"
    "Data de fechamento;Última atualização;Tempo para solução;Tempo para solução excedido",
}
# state of each of the rows below, two priorities and kinds, yes and no
WORDS = {
    "English": "Closed|Pending|Processing (assigned)|Very high|Major|Request|Yes|No",
    "French": "Clos|En attente|En cours (Attribué)|Très haute|Majeure|Demande|Oui|Non",
    "Spanish": "Cerrado|En espera|En curso (asignada)|Muy urgente|Mayor|Requerimiento|Si|No",
    "Portuguese": "Fechado|Pendente|Em atendimento (atribuído)|Muito alta|Critica|Requisição|"
    "Sim|Não",
}


def export(language: str, end: str = ";\r\n") -> str:
    closed, pending, assigned, very_high, major, request, yes, no = WORDS[language].split("|")
    rows = [
        # deadline on the 15th at 10:00, resolved on the 16th at 09:00: exceeded
        f'52 267;Mail;Incident;{closed};13-01-2026 16:24;{major};Eva;"Luc\nPaul";"Desk\nMail";'
        f"Mail > Outlook;16-01-2026 09:00;18-01-2026 09:00;18-01-2026 09:00;15-01-2026 10:00;{yes}",
        f"52 268;VPN;{request};{pending};13-01-2026 16:24;{very_high};Eva;Luc;Desk;"
        f"Network;;;14-01-2026 09:00;20-01-2026 10:00;{no}",
        # no deadline: what "exceeded" says means nothing
        f"52 269;VPN;Incident;{assigned};13-01-2026 16:24;3;Eva;;Desk;Network;;;"
        f"14-01-2026 09:00;;{no}",
    ]
    return "".join(line + end for line in [HEADERS[language], *rows])


def glpi(folder: Path, text: str, encoding: str = "utf-8-sig") -> Loaded:
    return loaded(folder, text, "--timezone", "Europe/Paris", encoding=encoding)


@pytest.mark.parametrize("language", HEADERS)
def test_a_list_is_read_in_its_language(language: str, tmp_path: Path) -> None:
    found = glpi(tmp_path, export(language))
    assert (found.file["source"], found.file["form"]) == ("glpi", f"ticket list, {language}")
    assert (found.file["rows"], found.file["rows_rejected"]) == (3, 0)
    assert found.finding_codes.count("unknown_word") == 0
    assert found.column("state") == ["closed", "on_hold", "in_progress"]
    assert found.column("kind") == ["incident", "service_request", "incident"]
    assert found.column("priority") == ["P1", "P1", "P3"]
    assert found.column("is_major") == [True, False, False]
    assert found.column("resolved_at") == ["2026-01-16 08:00:00", None, None]
    assert found.column("tool_due_at")[:2] == ["2026-01-15 09:00:00", "2026-01-20 09:00:00"]
    assert found.column("tool_sla_met") == [False, True, None]
    assert found.column("caller") == ["Eva"] * 3
    assert found.column("ticket_id") == ["glpi:52267", "glpi:52268", "glpi:52269"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_of_the_accents(encoding: str, tmp_path: Path) -> None:
    found = glpi(tmp_path, export("French"), encoding=encoding)
    assert found.file["form"] == "ticket list, French"
    assert found.column("tool_sla_met") == [False, True, None]


def test_of_several_values_the_first_counts_and_all_are_kept(tmp_path: Path) -> None:
    found = glpi(tmp_path, export("French"))
    assert found.column("assignee") == ["Luc", "Luc", None]
    assert found.column("resolver_group") == ["Desk"] * 3
    kept, *rest = found.column("extra")
    assert json.loads(kept) == {
        "Attribué à - Technicien": "Luc\nPaul",
        "Attribué à - Groupe de techniciens": "Desk\nMail",
    }
    assert rest == [None, None]


def test_durations_under_the_name_of_the_deadline_are_kept_and_not_read(tmp_path: Path) -> None:
    text = (
        "ID;Título;Estado;Fecha de apertura;Tiempo de solución\n"
        "1;Mail;Cerrado;13-01-2026 16:24;1 dias 18 horas 47 minutos\n"
        "2;Mail;Cerrado;13-01-2026 16:24;\n"
    )
    found = glpi(tmp_path, text)
    assert (found.file["rows_rejected"], found.column("tool_due_at")) == (0, [None, None])
    assert json.loads(found.column("extra")[0]) == {
        "Tiempo de solución": "1 dias 18 horas 47 minutos"
    }


def test_labels_without_accents_in_another_case_and_untranslated(tmp_path: Path) -> None:
    text = (
        "ID;TITULO;Status;FECHA DE  APERTURA;Category;Fecha de resolucion\n"
        "1;Mail;Resueltas;13-01-2026 16:24;Mail;14-01-2026 16:24\n"
    )
    found = glpi(tmp_path, text)
    assert found.file["form"] == "ticket list, Spanish"
    assert found.column("state") == ["resolved"]
    assert found.column("category") == ["Mail"]
    assert found.column("resolved_at") == ["2026-01-14 15:24:00"]


def test_a_deadline_with_a_bar_of_progress_and_why_a_ticket_waits(tmp_path: Path) -> None:
    header = (
        "ID;Título;Status;Motivo de pendência;Data de abertura;Última atualização;"
        "Tempo para solução;Tempo para solução + Progresso;Tempo para resolver excedido"
    )
    rows = [
        "1;A;Pendente;Aguardando peça;15-09-2025 14:10;25-09-2025 18:02;;;Não",
        "2;B;Em atendimento (atribuído);;15-09-2025 14:20;25-09-2025 17:05;;"
        '"29-09-2025 08:08 \n\n 8%"'
        ";Não",
        "3;C;Solucionado;;13-08-2025 11:53;25-08-2025 11:27;24-08-2025 10:53;24-08-2025 10:53;Sim",
    ]
    found = loaded(tmp_path, "\n".join([header, *rows]) + "\n", "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("glpi", 0)
    assert found.column("hold_reason") == ["Aguardando peça", None, None]
    assert found.column("tool_due_at") == [None, "2025-09-29 08:08:00", "2025-08-24 10:53:00"]
    # a pending ticket has no deadline, so nothing was kept or broken
    assert found.column("tool_sla_met") == [None, True, False]
