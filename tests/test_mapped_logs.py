"""Mappings of logs: each row is a change, and a ticket's life is read from all of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.command import load, meantime, refused

# Names that no source knows. Ticket 7: opened Monday 09:00, worked on 09:10, resolved 13:00.
LOG = """Akte;Wann war es;Stand;War vorher;Wer
7;05.01.2026 09:00:00;Neu;;ana
7;05.01.2026 09:10:00;In Bearbeitung;Neu;ben
8;05.01.2026 10:00:00;Neu;;ana
7;05.01.2026 13:00:00;Gelöst;In Bearbeitung;ben
8;06.01.2026 10:00:00;Gelöst;Neu;ben
9;16.01.2026 08:00:00;Neu;;ana
9;16.01.2026 08:30:00;In Bearbeitung;Neu;ben
"""
LIST = """Akte,Thema,Angelegt,Erledigt
7,Drucker,2026-01-05 09:00:00,2026-01-05 13:00:00
8,Netz,2026-01-05 10:00:00,2026-01-06 10:00:00
"""
LIST_MAPPING = """name = "list"
source = "desk"
timezone = "UTC"
[columns]
number = "Akte"
title = "Thema"
opened_at = "Angelegt"
resolved_at = "Erledigt"
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "akten.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def _mapping(log: Path, *options: object) -> Path:
    out = log.with_name(f"map{len(options)}.toml")
    meantime("map", log, "--out", out, "--timezone", "UTC", *options)
    return out


def _mttr(warehouse: Path) -> tuple[int, float]:
    (told,) = meantime("kpi", "mttr", "--format", "json", "--warehouse", warehouse).json
    return told["rows"][0]["n"], told["rows"][0]["value"]


def test_a_log_is_proposed_by_what_its_columns_hold(log: Path, tmp_path: Path) -> None:
    path = _mapping(log)
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written["rows"] == "changes"
    assert written["columns"] == {"number": "Akte", "updated_at": "Wann war es", "state": "Stand"}
    (file,) = load(tmp_path / "wh", log, "--map", path)["files"]
    assert (file["rows_accepted"], file["tickets_new"]) == (7, 3)
    # 4 h and 24 h; ticket 9 is in work
    assert _mttr(tmp_path / "wh") == (2, 14 * 3600)


def test_a_log_of_activities_in_codes_opens_its_tickets_at_their_first_row(tmp_path: Path) -> None:
    path, out = tmp_path / "coded.csv", tmp_path / "coded.toml"
    path.write_text(
        "CaseID,ActivityID,CompleteTimestamp\n"
        + "".join(
            f"{case},{code},2026-01-{day:02} 0{case}:00:00\n"
            for case in range(1, 7)
            for day, code in ((2, 1), (5, 8), (9, 6))
        ),
        encoding="utf-8",
    )
    assert meantime("map", path, "--out", out, "--timezone", "UTC").status == 0
    written = tomllib.loads(out.read_text(encoding="utf-8"))
    assert written["rows"] == "changes"
    assert written["columns"] == {
        "number": "CaseID",
        "state": "ActivityID",
        "updated_at": "CompleteTimestamp",
    }
    (file,) = load(tmp_path / "wh", path, "--map", out)["files"]
    # nobody knows what a code means, so nothing says that histories begin late either
    assert [each["code"] for each in file["findings"]] == ["unknown_word"]
    listed = meantime("tickets", "--warehouse", tmp_path / "wh", "--format", "json").json
    first = next(row for row in listed if row["number"] == "3")
    assert (first["opened_at"], first["state"]) == ("2026-01-02T03:00:00Z", "unknown")
    # with their meaning the codes tell the whole life
    text = out.read_text(encoding="utf-8")
    for code, state in (("1", "new"), ("8", "in_progress"), ("6", "resolved")):
        text = text.replace(f'# "{code}" = ""', f'"{code}" = "{state}"')
    out.write_text(text, encoding="utf-8")
    load(tmp_path / "known", path, "--map", out)
    assert _mttr(tmp_path / "known") == (6, 7 * 86400)


def test_a_list_of_the_same_tickets_at_several_times_is_no_log(tmp_path: Path) -> None:
    path = tmp_path / "snapshots.csv"
    path.write_text(
        "Number,Opened,Exported,Status\n"
        + "".join(
            f"{n},2026-01-{n:02} 09:00:00,2026-02-0{day} 06:00:00,{state}\n"
            for day, state in ((1, "New"), (2, "In progress"), (3, "Resolved"))
            for n in range(1, 10)
        ),
        encoding="utf-8",
    )
    written = meantime("map", path).out
    assert "rows" not in tomllib.loads(written)
    assert 'in a log each row is a change of a ticket (rows = "changes"' in written


def test_customers_who_come_again_make_no_log(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Ticket ID,Customer ID,Created,Status\n"
        + "".join(
            f"{n},{n % 4},2026-01-{n:02} 09:00:00,{'Open' if n % 3 else 'Resolved'}\n"
            for n in range(1, 25)
        ),
        encoding="utf-8",
    )
    assert "rows" not in tomllib.loads(meantime("map", path).out)


def test_a_history_is_given_to_the_tickets_of_a_list(log: Path, tmp_path: Path) -> None:
    tickets, mapping = tmp_path / "list.csv", tmp_path / "list.toml"
    tickets.write_text(LIST, encoding="utf-8")
    mapping.write_text(LIST_MAPPING, encoding="utf-8")
    load(tmp_path / "wh", tickets, "--map", mapping)
    changes = _mapping(log, "--source", "desk")
    said = refused("load", log, "--map", changes, "--warehouse", tmp_path / "wh")
    assert "2 tickets of desk come from a list" in said
    text = changes.read_text(encoding="utf-8")
    changes.write_text(text.replace('rows = "changes"', 'rows = "history"'), encoding="utf-8")
    (file,) = load(tmp_path / "wh", log, "--map", changes)["files"]
    assert (file["tickets_new"], file["rows_accepted"]) == (0, 7)
    assert _mttr(tmp_path / "wh") == (2, 14 * 3600)


def test_a_list_does_not_overwrite_the_tickets_of_a_log(log: Path, tmp_path: Path) -> None:
    load(tmp_path / "wh", log, "--map", _mapping(log, "--source", "desk"))
    tickets, mapping = tmp_path / "list.csv", tmp_path / "list.toml"
    tickets.write_text(LIST, encoding="utf-8")
    mapping.write_text(LIST_MAPPING, encoding="utf-8")
    said = refused("load", tickets, "--map", mapping, "--warehouse", tmp_path / "wh")
    assert "3 tickets of desk come from a log of changes" in said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('resolved_at = "Wer"', "resolved_at is read from the changes"),
        ('state = "Stand"', "map no column to updated_at; changes need it"),
    ],
)
def test_a_mapping_of_changes_says_what_it_lacks(log: Path, line: str, told: str) -> None:
    path = log.with_name("own.toml")
    when = 'updated_at = "Wann war es"\n' if "resolved" in line else ""
    path.write_text(
        'name = "x"\nsource = "desk"\nrows = "changes"\n[columns]\nnumber = "Akte"\n'
        f"{when}{line}\n",
        encoding="utf-8",
    )
    assert told in refused("load", log, "--map", path, "--warehouse", log.with_name("wh"))
