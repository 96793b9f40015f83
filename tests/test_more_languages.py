"""An export in another language is proposed whole: its columns, and what its words mean."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.mappings.likeness import MORE_LANGUAGES
from tests.command import load, meantime

COLUMNS = (
    "number",
    "title",
    "kind",
    "state",
    "priority",
    "service",
    "resolver_group",
    "opened_at",
    "resolved_at",
    "closed_at",
)
# language, encoding, format of dates, names of `COLUMNS`, and the words of an incident, a request,
# a closed and a resolved ticket, one being worked on, and of priorities 1 to 4
LANGUAGES = (
    ("dutch", "cp1252", "%d-%m-%Y %H:%M",
     "Meldingnummer;Korte omschrijving;Soort melding;Status;Prioriteit;Applicatie;"
     "Behandelaarsgroep;Aanmelddatum;Datum gereed;Datum afgemeld",
     "Storing;Aanvraag;Gesloten;Opgelost;In behandeling;Kritiek;Hoog;Gemiddeld;Laag"),
    ("italian", "cp1252", "%d/%m/%Y %H.%M",
     "Numero ticket;Oggetto;Tipologia;Stato;Priorità;Servizio;Gruppo assegnatario;Data apertura;"
     "Data risoluzione;Data chiusura",
     "Incidente;Richiesta di servizio;Chiuso;Risolto;In lavorazione;Critica;Alta;Media;Bassa"),
    ("polish", "cp1250", "%Y-%m-%d %H:%M",
     "Nr zgłoszenia;Temat;Rodzaj;Status;Priorytet;Usługa;Grupa;Data utworzenia;Data rozwiązania;"
     "Data zamknięcia",
     "Awaria;Wniosek;Zamknięte;Rozwiązane;W toku;Krytyczny;Wysoki;Średni;Niski"),
    ("czech", "cp1250", "%d.%m.%Y %H:%M",
     "Číslo požadavku;Předmět;Typ požadavku;Stav;Priorita;Služba;Řešitelská skupina;Vytvořeno;"
     "Vyřešeno;Uzavřeno",
     "Porucha;Žádost;Uzavřeno;Vyřešeno;V řešení;Kritická;Vysoká;Střední;Nízká"),
    ("russian", "cp1251", "%d.%m.%Y %H:%M",
     "Номер;Тема;Тип;Статус;Приоритет;Услуга;Группа;Дата создания;Дата решения;Дата закрытия",
     "Инцидент;Запрос на обслуживание;Закрыт;Решён;В работе;Критический;Высокий;Средний;Низкий"),
    ("scandinavian", "latin-1", "%Y-%m-%d %H:%M",
     "Ärendenummer;Rubrik;Ärendetyp;Status;Prioritet;Tjänst;Tilldelad grupp;Skapad;Löst;Stängd",
     "Felanmälan;Beställning;Stängd;Åtgärdad;Pågående;Kritisk;Hög;Medel;Låg"),
    ("scandinavian", "utf-8-sig", "%d-%m-%Y %H:%M",
     "Sagsnummer;Emne;Sagstype;Status;Prioritet;Tjeneste;Tildelt gruppe;Oprettet;Løst;Lukket",
     "Hændelse;Anmodning;Lukket;Løst;I gang;Kritisk;Høj;Mellem;Lav"),
    ("japanese", "cp932", "%Y/%m/%d %H:%M",
     "管理番号;件名;種別;ステータス;優先度;サービス;担当グループ;受付日時;解決日時;完了日時",
     "インシデント;サービス要求;完了;解決済み;対応中;緊急;高;中;低"),
    ("turkish", "cp1254", "%d.%m.%Y %H:%M",
     "Talep No;Konu;Talep türü;Durum;Öncelik;Hizmet;Destek Grubu;Açılış Tarihi;Çözüm Tarihi;"
     "Kapanış Tarihi",
     "Arıza;Talep;Kapalı;Çözüldü;İşlemde;Kritik;Yüksek;Orta;Düşük"),
    ("korean", "cp949", "%Y-%m-%d %H:%M",
     "접수번호;제목;유형;진행상태;우선순위;시스템;담당그룹;등록일시;해결일시;종료일시",
     "장애;요청;완료;처리완료;처리중;긴급;높음;보통;낮음"),
    ("chinese", "gb18030", "%Y年%m月%d日 %H:%M",
     "工单编号;标题;工单类型;状态;优先级;业务系统;处理组;创建时间;解决时间;关闭时间",
     "事件;服务请求;已关闭;已解决;处理中;紧急;高;中;低"),
)  # fmt: skip
# names of Jira's columns in languages that its own form does not know, and a word for an open issue
JIRA = (
    ("Podsumowanie,Klucz zgłoszenia,Id. zgłoszenia,Typ zgłoszenia,Status,Osoba przypisana,"
     "Osoba zgłaszająca,Utworzono,Rozwiązano,Pole niestandardowe (Time to first response),"
     "Kategoria statusu", "Incydent", "Do zrobienia"),
    ("Тема,Ключ проблемы,Идентификатор проблемы,Тип задачи,Статус,Исполнитель,Автор,Создано,"
     "Дата решения,Пользовательское поле (Time to first response),Категория", "Инцидент",
     "К выполнению"),
    ("要約,課題キー,課題 ID,課題タイプ,ステータス,担当者,報告者,作成日,解決日,"
     "カスタムフィールド (Time to first response),ラベル", "インシデント", "未対応"),
    ("Samenvatting,Sleutel,Issue-id,Type issue,Status,Toegewezen persoon,Melder,Aangemaakt,"
     "Opgelost op,Aangepast veld (Time to first response),Labels", "Storing", "Te doen"),
)  # fmt: skip
TICKETS = 60
FIRST = datetime(2026, 1, 20, 8, 30)


def test_every_language_is_shown() -> None:
    assert {path.stem for path in MORE_LANGUAGES.glob("*.toml")} == {each[0] for each in LANGUAGES}


@pytest.mark.parametrize(("language", "encoding", "dates", "names", "words"), LANGUAGES)
def test_an_export_in_this_language_is_read_as_proposed(
    tmp_path: Path, language: str, encoding: str, dates: str, names: str, words: str
) -> None:
    incident, request, closed, resolved, worked_on, *priorities = words.split(";")
    lines = [names]
    for number in range(TICKETS):
        opened = FIRST + timedelta(days=number, minutes=7 * number)
        state = (closed, resolved, worked_on)[number % 3]
        ends = [opened + timedelta(hours=2), opened + timedelta(days=3)]
        filled = {closed: 2, resolved: 1, worked_on: 0}[state]
        lines.append(
            ";".join(
                [
                    f"T-{number:04}",
                    f"{('VPN', 'SAP', 'Mail')[number % 3]} {language} {number % 7}",
                    incident if number % 4 else request,
                    state,
                    priorities[number % 4],
                    ("VPN", "SAP", "Mail")[number % 3],
                    ("A", "B")[number % 2],
                    opened.strftime(dates),
                    *(each.strftime(dates) if place < filled else ""
                      for place, each in enumerate(ends)),
                ]
            )
        )  # fmt: skip
    export, proposed = tmp_path / f"{language}.csv", tmp_path / "proposed.toml"
    export.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    assert meantime("map", export, "--out", proposed).status == 0
    columns = tomllib.loads(proposed.read_text(encoding="utf-8"))["columns"]
    assert columns == dict(zip(COLUMNS, names.split(";"), strict=True))
    load(tmp_path / "warehouse", export, "--map", proposed, "--timezone", "UTC")
    found = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert len(found) == TICKETS
    by_number = {int(row["number"][2:]): row for row in found}
    for number, row in by_number.items():
        assert row["kind"] == ("incident" if number % 4 else "service_request")
        assert row["state"] == ("closed", "resolved", "in_progress")[number % 3]
        assert row["priority"] == f"P{number % 4 + 1}"
        opened = FIRST + timedelta(days=number, minutes=7 * number)
        assert row["opened_at"] == f"{opened:%Y-%m-%dT%H:%M:%SZ}"
        resolved_at = f"{opened + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
        assert row["resolved_at"] == (None if number % 3 == 2 else resolved_at)


def test_an_answer_in_words_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "view.csv"
    rows = "".join(
        f"{n},Open,2026-01-{n % 28 + 1:02} 09:00,{('Offered', 'Good')[n % 2]}\n" for n in range(40)
    )
    path.write_text("Id,Status,Created,Satisfaction\n" + rows, encoding="utf-8")
    columns = tomllib.loads(meantime("map", path).out)["columns"]
    assert columns == {"number": "Id", "state": "Status", "opened_at": "Created"}


@pytest.mark.parametrize(("names", "incident", "open_state"), JIRA)
def test_what_is_left_of_a_service_level_is_no_time_passed(
    names: str, incident: str, open_state: str, tmp_path: Path
) -> None:
    """Jira writes `1:30` where ninety minutes of a target are left."""
    path, out = tmp_path / "jira.csv", tmp_path / "jira.toml"
    rows = "".join(
        f"VPN,HD-{n},{10_000 + n},{incident},{open_state},A,B,2026-01-05 09:{n:02},,1:30,{n % 2}\n"
        for n in range(30)
    )
    path.write_text(f"{names}\n{rows}", encoding="utf-8")
    assert meantime("map", path, "--out", out).status == 0
    proposed = tomllib.loads(out.read_text(encoding="utf-8"))
    header = names.split(",")
    shown = ("title", "number", "kind", "state", "assignee", "caller", "opened_at")
    places = (0, 1, 3, 4, 5, 6, 7)
    assert {name: proposed["columns"].get(name) for name in shown} == {
        name: header[place] for name, place in zip(shown, places, strict=True)
    }
    assert "durations" not in proposed
    assert proposed.get("values", {}).get("state", {open_state: "new"}) == {open_state: "new"}
