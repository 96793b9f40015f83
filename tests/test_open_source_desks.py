"""OTRS (Znuny, OTOBO) and osTicket: told apart, and their traps."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ticket_rows import loaded

# A report: the language of the interface, then names of the tool's own.
OTRS_REPORT = """\
"Número";"Ticket#";"Idade";"Titulo";"Criado";"Última Alteração";"Hora de Fechamento";"Fila";\
"Estado";"Prioridade";"Usuário Cliente";"ID do Cliente";"Serviço";"SLA";"Atendente/Proprietário";\
"Responsável";"Primeira Resposta";"Tempo de solução em minutos";"First Lock";"StateType"
"1";"2026011510000222";"27 d 19 h";"Toner";"2026-01-15 15:50:04";"2026-01-16 16:23:12";\
"2026-01-16 15:50:04";"Campo";"Fechado com êxito";"3 Normal";"mte";"MTE";"Campo::Toner";"8 horas";\
"Ana";"Admin";"2026-01-15 16:00:04";"480";"2026-01-15 15:51:25";"closed"
"2";"2026011510000213";"27 d 21 h";"Erro";"2026-01-15 14:05:57";"2026-01-15 14:05:57";"";"Campo";\
"open";"4 Alta";"mte";"MTE";;;"Ana";"Admin";"";"0";"2026-01-15 14:05:58";"open"
"3";"2026011510000204";"27 d 21 h";"Erro";"2026-01-15 13:05:57";"2026-01-15 14:05:57";"";"Campo";\
"Aguardando peça";"5 Muito Alta";"mte";"MTE";;;"Ana";"Admin";"";"0";"";"pending reminder"
"""
# The result of a search.
OTRS_SEARCH = """\
"Ticket#";"Age";"Created";"Closed";"FirstLock";"FirstResponse";"State";"Priority";"Queue";"Owner";\
"CustomerID";"CustomerName";"Subject";"SolutionInMin"
"2026011210000011";"3 d 2 h";"2026-01-12 08:15:00";"2026-01-12 10:15:00";"2026-01-12 08:20:00";\
"2026-01-12 08:45:00";"closed successful";"4 high";"L1";"ana";"ACME";"Eva";"Mail";"90"
"2026011210000012";"3 d 1 h";"2026-01-12 09:15:00";"";"";"";"pending auto close+";"3 normal";"L1";\
"ana";"ACME";"Eva";"VPN";"0"
"2026011210000013";"3 d 1 h";"2026-01-12 09:50:00";"";"";"";"merged";"1 very low";"L1";"ana";\
"ACME";"Eva";"VPN";"0"
"""
OSTICKET = """\
Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,\
Current Status,Last Updated,SLA Due Date,Due Date,Closed Date,Overdue,Answered,Agent Assigned,\
Team Assigned,Thread Count,Reopen Count
100001,3/12/26 9:57,Mail,Eva,eva@example.org,Emergency,Support,Report a Problem,Web,Closed,\
3/24/26 17:19,3/14/26 9:57,,3/13/26 9:57,0,1,Ana,Level 1,16,1
100002,3/13/26 16:21,VPN,Eva,eva@example.org,Normal,Support,Access,Email,Open,\
3/18/26 17:16,3/15/26 16:21,3/16/26 16:21,,1,1,,,2,0
"""


def test_otrs_reports_count_rows_and_number_tickets(tmp_path: Path) -> None:
    found = loaded(tmp_path, OTRS_REPORT, "--timezone", "America/Sao_Paulo")
    assert (found.file["source"], found.file["rows_rejected"]) == ("otrs", 0)
    # the rows are counted anew by every report
    assert found.column("number") == ["2026011510000204", "2026011510000213", "2026011510000222"]
    assert found.column("state") == ["on_hold", "in_progress", "closed"]
    assert found.column("priority") == ["P1", "P2", "P3"]
    assert found.column("opened_at")[2] == "2026-01-15 18:50:04"
    assert found.column("first_response_at") == [None, None, "2026-01-15 19:00:04"]
    # a day around the clock, whatever the tool's calendar counts; an open ticket has none
    assert found.column("resolved_at") == [None, None, "2026-01-16 18:50:04"]
    assert found.column("assignee") == ["Ana"] * 3
    assert found.column("caller") == ["mte"] * 3
    assert "unknown_word" not in found.finding_codes


def test_otrs_searches(tmp_path: Path) -> None:
    found = loaded(tmp_path, OTRS_SEARCH, "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("otrs", 0)
    assert found.column("state") == ["closed", "on_hold", "cancelled"]
    assert found.column("priority") == ["P2", "P3", "P5"]
    assert found.column("resolved_at") == ["2026-01-12 10:15:00", None, None]
    assert found.column("caller") == ["Eva"] * 3


def test_osticket_departments_work_and_closing_resolves(tmp_path: Path) -> None:
    found = loaded(tmp_path, OSTICKET, "--timezone", "UTC", "--date-order", "mdy")
    assert (found.file["source"], found.file["rows_rejected"]) == ("osticket", 0)
    assert found.column("resolver_group") == ["Level 1", "Support"]
    assert found.column("category") == ["Report a Problem", "Access"]
    assert found.column("caller") == ["Eva", "Eva"]
    assert found.column("priority") == ["P1", "P3"]
    assert found.column("resolved_at") == ["2026-03-13 09:57:00", None]
    assert found.column("closed_at") == ["2026-03-13 09:57:00", None]
    assert found.column("tool_due_at") == ["2026-03-14 09:57:00", "2026-03-16 16:21:00"]
    assert found.column("reopen_count") == [1, 0]
    # taken back at the closing, so no verdict
    assert found.column("tool_sla_met") == [None, None]
    assert json.loads(found.column("extra")[1])["Overdue"] == "1"
