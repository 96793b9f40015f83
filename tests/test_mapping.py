"""Files of any tool: a mapping says which column is what; nothing after knows the difference."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mappings.mapping import parse_mapping
from pipelines.mappings.proposal import propose
from pipelines.mappings.proposal_text import proposal_text, source_name
from pipelines.reading.files import open_parts
from policies.refusal import Refused
from queries.model.connection import connect
from tests.command import load, meantime, refused

OLD = """Ticket #;Created;Prio;Status;Summary;Closed on;Colour
1;03/02/2026 09:00;Muy urgente;Cerrado;Printer;03/02/2026 11:00;red
2;13/02/2026 09:00;2;Abierto;Mail;;blue
"""
MAPPING = """
name = "Our old help desk"   # as we call it
source = "helpdesk"
timezone = "Europe/Madrid"
date_order = "dmy"
[columns]
number = "Ticket #"
opened_at = ["Opened", "Created"]
priority = "Prio"
state = "Status"
title = "Summary"
resolved_at = "Closed on"
[values.priority]
"Muy urgente" = "P1"
[values.state]
Cerrado = "closed"
Abierto = "new"
"""
SHOWN = ("ticket_id", "state", "source_state", "priority", "opened_at", "resolved_at", "extra")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.csv"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "helpdesk.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def shown(warehouse: Path) -> list[dict[str, object]]:
    rows = meantime("tickets", "--warehouse", warehouse, "--format", "json").json
    return sorted(
        ({name: row[name] for name in SHOWN} for row in rows), key=lambda row: row["ticket_id"]
    )


def test_a_mapped_file_becomes_tickets_of_its_source(
    tmp_path: Path, old: Path, mapping: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    (file,) = load(warehouse, old, "--map", mapping)["files"]
    assert (file["source"], file["form"]) == ("helpdesk", "Our old help desk")
    assert (file["rows"], file["rows_rejected"], file["findings"]) == (2, 0, [])
    # Madrid is an hour ahead of UTC in February
    assert shown(warehouse) == [
        {
            "ticket_id": "helpdesk:1",
            "state": "closed",
            "source_state": "Cerrado",
            "priority": "P1",
            "opened_at": "2026-02-03T08:00:00Z",
            "resolved_at": "2026-02-03T10:00:00Z",
            "extra": '{"Colour":"red"}',
        },
        {
            "ticket_id": "helpdesk:2",
            "state": "new",
            "source_state": "Abierto",
            "priority": "P2",
            "opened_at": "2026-02-13T08:00:00Z",
            "resolved_at": None,
            "extra": '{"Colour":"blue"}',
        },
    ]


def test_the_next_file_with_that_header_is_recognised(
    tmp_path: Path, old: Path, mapping: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, old, "--map", mapping)
    (again,) = load(warehouse, old)["files"]
    assert (again["known"], again["tickets_unchanged"]) == (True, 2)
    march = tmp_path / "march.csv"
    march.write_text(
        "Status;Ticket #;Created;Prio;Summary;Closed on;Colour\n"
        "Abierto;3;03/04/2026 09:00;Muy urgente;VPN;;red\n",
        encoding="utf-8",
    )
    (file,) = load(warehouse, march)["files"]
    assert (file["source"], file["tickets_new"]) == ("helpdesk", 1)
    sources = meantime("sources", "--warehouse", warehouse, "--format", "json").json
    assert [row["form"] for row in sources if row["source"] == "helpdesk"] == ["Our old help desk"]


def test_a_changed_mapping_is_kept_beside_the_old_one_and_reads_the_file_anew(
    tmp_path: Path, old: Path, mapping: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    load(warehouse, old, "--map", mapping)
    first = (warehouse / "kept/mappings/0001-helpdesk.toml").read_text(encoding="utf-8")
    assert "# as we call it" in first
    mapping.write_text(MAPPING.replace('Abierto = "new"', 'Abierto = "in_progress"'))
    (file,) = load(warehouse, old, "--map", mapping)["files"]
    assert (file["known"], file["tickets_updated"], file["tickets_unchanged"]) == (False, 1, 1)
    assert shown(warehouse)[1]["state"] == "in_progress"
    kept = sorted(path.name for path in (warehouse / "kept/mappings").iterdir())
    assert kept == ["0001-helpdesk.toml", "0002-helpdesk.toml"]
    assert (warehouse / "kept/mappings/0001-helpdesk.toml").read_text(encoding="utf-8") == first
    assert load(warehouse, old)["files"][0]["known"]


def test_a_refused_load_keeps_no_mapping(tmp_path: Path, old: Path, mapping: Path) -> None:
    old.write_text(OLD.replace("13/02/2026", "13/02/26 ?"), encoding="utf-8")
    mapping.write_text(MAPPING.replace('"Ticket #"', '"Ticket no"'), encoding="utf-8")
    warehouse = tmp_path / "warehouse"
    sentence = refused("load", old, "--map", mapping, "--warehouse", warehouse)
    assert "no column 'Ticket no'" in sentence
    assert "did you mean 'Ticket #'?" in sentence
    assert not (warehouse / "kept").exists()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("source =", "sauce =", "sauce is no key of this table; did you mean 'source'?"),
        ("state =", "sate =", "columns.sate is no column of tickets that a file can give"),
        ('"closed"', '"closd"', "values.state.Cerrado is 'closd', which is no state; did you mean"),
        ("Europe/Madrid", "Madrid", "timezone is 'Madrid', which is no zone; did you mean"),
        ('"dmy"', '"dym"', "date_order is 'dym'; did you mean"),
        ('number = "Ticket #"', "", "columns map no column to number or ticket_id"),
        ('"helpdesk"', '"help:desk"', "source is 'help:desk'"),
        ("[values.priority]", "[values.opened_at]", "values.opened_at maps words"),
        ("[columns]", "[columns", "not valid TOML"),
    ],
)
def test_a_faulty_mapping_is_refused_with_file_key_and_way_out(
    tmp_path: Path, old: Path, mapping: Path, was: str, becomes: str, said: str
) -> None:
    mapping.write_text(MAPPING.replace(was, becomes, 1), encoding="utf-8")
    sentence = refused("load", old, "--map", mapping, "--warehouse", tmp_path / "warehouse")
    assert f"{mapping}: " in sentence
    assert said in sentence


def test_a_source_and_a_mapping_contradict_each_other(
    tmp_path: Path, old: Path, mapping: Path
) -> None:
    flags = ("--map", mapping, "--source", "generic", "--warehouse", tmp_path / "warehouse")
    assert "contradict" in refused("load", old, *flags)


def test_a_mapped_column_that_a_file_lacks_is_a_finding(
    tmp_path: Path, old: Path, mapping: Path
) -> None:
    mapping.write_text(MAPPING.replace('"Closed on"', '"Solved on"'), encoding="utf-8")
    (file,) = load(tmp_path / "warehouse", old, "--map", mapping)["files"]
    (finding,) = file["findings"]
    assert finding["code"] == "mapped_column_missing"
    assert "Solved on" in finding["message"]


def test_an_instant_may_be_told_by_the_time_since_another(tmp_path: Path) -> None:
    path, mapping = tmp_path / "file.csv", tmp_path / "map.toml"
    path.write_text("Id,Created,Hours\n1,2026-01-05T09:00:00Z,1.5\n2,2026-01-05T09:00:00Z,\n")
    mapping.write_text(
        """
        name = "x"
        source = "desk"
        [columns]
        number = "Id"
        opened_at = "Created"
        [durations]
        resolved_at = { column = "Hours", unit = "hours" }
        """
    )
    load(tmp_path / "warehouse", path, "--map", mapping)
    rows = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert {row["number"]: row["resolved_at"] for row in rows} == {
        "1": "2026-01-05T10:30:00Z",
        "2": None,
    }
    mapping.write_text(mapping.read_text().replace("resolved_at =", "priority ="))
    flags = ("--map", mapping, "--warehouse", tmp_path / "warehouse")
    assert "durations.priority is no instant" in refused("load", path, *flags)


FRENCH = """N° ticket,Date d'ouverture,Priorité,Statut,Titre,Technicien,Date de clôture,Couleur
A-1,2026-01-05 09:00:00,Très haute,Clos,Imprimante,Marie Dupont,2026-01-06 10:00:00,x
A-2,2026-01-06 09:00:00,Basse,En attente,Réseau,Jean Petit,,y
A-3,2026-01-07 09:00:00,Inouïe,Ouvert,Réseau,Jean Petit,,y
"""


def test_a_proposal_reads_the_file_it_was_made_for(tmp_path: Path) -> None:
    path, out = tmp_path / "tickets-2026.csv", tmp_path / "proposed.toml"
    path.write_text(FRENCH, encoding="utf-8")
    proposal = meantime("map", path, "--timezone", "Europe/Paris", "--out", out)
    assert proposal.status == 0, proposal.err
    text = out.read_text(encoding="utf-8")
    written = tomllib.loads(text)
    assert written["source"] == "tickets"
    assert written["columns"] == {
        "number": "N° ticket",
        "title": "Titre",
        "state": "Statut",
        "priority": "Priorité",
        "assignee": "Technicien",
        "opened_at": "Date d'ouverture",
        "closed_at": "Date de clôture",
    }
    assert '# "Inouïe" = "" # 1 rows; which of P1, P2, P3, P4, P5?' in text
    assert "named like 'titre'" in text
    assert "kept in extra: 'Couleur'" in text
    (file,) = load(tmp_path / "warehouse", path, "--map", out)["files"]
    assert (file["tickets_new"], file["rows_rejected"]) == (3, 0)
    flags = ("--warehouse", tmp_path / "warehouse", "--format", "json")
    assert {
        row["number"]: (row["state"], row["priority"]) for row in meantime("tickets", *flags).json
    } == {
        "A-1": ("closed", "P1"),
        "A-2": ("on_hold", "P4"),
        "A-3": ("new", None),
    }
    assert [finding["example"] for finding in file["findings"]] == ["Inouïe"]
    assert "is there already" in refused("map", path, "--out", out)


def test_an_order_of_dates_that_nothing_proves_is_left_open(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("Id,Created\n1,03/02/2026 09:00\n", encoding="utf-8")
    text = meantime("map", path).out
    assert "# To be settled: every date of 'Created' fits day first and month first" in text
    assert "date_order" not in tomllib.loads(text)
    assert tomllib.loads(meantime("map", path, "--date-order", "mdy").out)["date_order"] == "mdy"


def test_what_has_no_telling_name_is_told_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "A,B,C,D\nx,2026-01-05 09:00:00,11,\nx,2026-01-06 09:00:00,12,n/a\n", encoding="utf-8"
    )
    written = tomllib.loads(meantime("map", path).out)
    assert written["columns"] == {"number": "C", "opened_at": "B"}
    assert "n/a" in written["null_markers"]


def test_a_word_that_fills_a_column_of_dates_alone_stands_for_nothing(tmp_path: Path) -> None:
    """As request trackers write it; "open" is a state too, so it stays a word."""
    path = tmp_path / "queue.tsv"
    lines = [
        f"{n}\tMon Jan {5 + n:02} 09:00:00 2026\t"
        f"{f'Tue Jan {6 + n:02} 09:00:00 2026' if n < 4 else 'Not set'}\t"
        f"{'resolved' if n < 4 else 'open'}\t{'Wed Jan 07 09:00:00 2026' if n < 6 else 'open'}\n"
        for n in range(1, 13)
    ]
    path.write_text("id\tCreated\tResolved\tStatus\tTold\n" + "".join(lines), encoding="utf-8")
    out = tmp_path / "queue.toml"
    meantime("map", path, "--out", out, "--timezone", "UTC")
    written = tomllib.loads(out.read_text(encoding="utf-8"))
    assert written["columns"]["resolved_at"] == "Resolved"
    assert "Not set" in written["null_markers"]
    assert "open" not in written["null_markers"]
    (file,) = load(tmp_path / "wh", path, "--map", out, "--timezone", "UTC")["files"]
    assert (file["rows_accepted"], file["rows_rejected"]) == (12, 0)
    (kpi,) = meantime("kpi", "mttr", "--format", "json", "--warehouse", tmp_path / "wh").json
    assert (kpi["rows"][0]["n"], kpi["rows"][0]["value"]) == (3, 86_400.0)


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters=',;|\t"\r\n\0', exclude_categories=("Cs",)),
    max_size=12,
)


@settings(max_examples=25)
@given(
    names=st.lists(CELLS, min_size=1, max_size=4),
    words=st.lists(
        st.sampled_from(["Alta", 'a"b', "x\\y", "a.b", "[t]", "#", "=", "ü ñ"]), min_size=3
    ),
)
def test_whatever_a_file_says_its_proposal_is_a_valid_mapping(
    names: list[str], words: list[str]
) -> None:
    header = ["Ticket ID", "Created", "Status", *names]
    lines = [
        f'{n},2026-01-05 09:00:00,"{word.replace(chr(34), chr(34) * 2)}"' + "," * len(names)
        for n, word in enumerate(words)
    ]
    with tempfile.TemporaryDirectory() as folder, connect(None) as connection:
        path = Path(folder) / "file.csv"
        path.write_text("\n".join([",".join(header), *lines, ""]), encoding="utf-8")
        try:
            opened = open_parts(path, Path(folder))[0]
        except Refused:
            return
        found = propose(connection, opened)
    text = proposal_text(found, path.name, source_name(path.name), None, None)
    mapping = parse_mapping(text, path)
    assert mapping.header == opened.header
    assert {name for names in mapping.columns.values() for name in names} <= set(opened.header)


def test_data_without_incidents_says_so_instead_of_blaming_a_column(tmp_path: Path) -> None:
    export = tmp_path / "tickets.csv"
    export.write_text(
        "number,kind,opened_at,resolved_at\n1,change,2026-10-01T09:00:00Z,2026-10-01T10:00:00Z\n"
    )
    warehouse = tmp_path / "warehouse"
    assert meantime("load", export, "--warehouse", warehouse).status == 0
    (answer,) = meantime("kpi", "mttr", "--warehouse", warehouse, "--format", "json").json
    assert answer["rows"][0]["n"] == 0
    assert "none of the 1 tickets is an incident" in answer["reason"]


@pytest.mark.parametrize(
    ("name", "missed", "kept"), [("sla_breached", 1, 0), ("SLA Breach", "Yes", "No")]
)
def test_a_promise_said_to_be_broken_is_a_verdict_turned_round(
    name: str, missed: object, kept: object, tmp_path: Path
) -> None:
    export, out = tmp_path / "promises.csv", tmp_path / "promises.toml"
    header = f"Ticket ID,Created,Status,{name}\n"
    rows = [f"T{n},2026-01-0{n} 09:00:00,open," for n in range(1, 5)]
    export.write_text(header + f"{rows[0]}{missed}\n{rows[1]}{kept}\n{rows[2]}{kept}\n")
    assert meantime("map", export, "--out", out, "--timezone", "UTC").status == 0
    assert tomllib.loads(out.read_text(encoding="utf-8"))["columns"]["tool_sla_met"] == name
    load(tmp_path / "wh", export, "--map", out)
    listed = meantime("tickets", "--warehouse", tmp_path / "wh", "--format", "json").json
    told = {row["number"]: row["tool_sla_met"] for row in listed}
    assert told == {"T1": False, "T2": True, "T3": True}
    # one answer alone would leave the other to be read as it stands
    export.write_text(header + "".join(f"{row}{kept}\n" for row in rows))
    assert "tool_sla_met" not in tomllib.loads(meantime("map", export).out)["columns"]
