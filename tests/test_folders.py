"""Folders: what is an export is loaded, what is none is told and left."""

from __future__ import annotations

from pathlib import Path

from tests.command import load, meantime, refused

TICKETS = "number,opened_at\nINC1,2026-01-05T09:00:00Z\n"


def test_what_is_no_export_is_told_and_left(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "older").mkdir(parents=True)
    (folder / "a.csv").write_text(TICKETS)
    (folder / "b.csv").write_text(TICKETS.replace("INC1", "INC2"))
    (folder / "none.csv").write_text("number,opened_at\n")
    (folder / "page 3.json").write_text('{"result": []}')
    (folder / "read me.txt").write_text("Dear all,\nplease find the numbers attached.\n")
    (folder / "users.csv").write_text("name,e-mail\nAnn,a@example.org\nBea,b@example.org\n")
    (folder / "logo.zip").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (folder / "letter.docx").write_bytes(b"PK")
    (folder / ".DS_Store").write_bytes(b"\0")
    left = ("none.csv", "page 3.json", "read me.txt", "users.csv", "logo.zip", "letter.docx")
    files = load(tmp_path / "w", folder)["files"]
    assert [Path(file["file"]).name for file in files] == ["a.csv", "b.csv"]
    told = [each["message"] for each in files[-1]["findings"] if each["code"] == "not_read"]
    assert len(told) == 7
    for name in (*left, "older"):
        assert sum(name in sentence for sentence in told) == 1
    ledger = meantime("loads", "--format", "csv", "--warehouse", tmp_path / "w").out
    assert all(name in ledger for name in left)
    (folder / "c.csv").write_text(TICKETS.replace("INC1", "INC3"))
    again = load(tmp_path / "w", folder)["files"]
    assert [file["tickets_new"] for file in again] == [0, 0, 1]
    assert "read me.txt" in meantime("load", folder, "--warehouse", tmp_path / "w").out


def test_a_folder_without_an_export_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "read me.txt").write_text("Dear all,\nplease find the numbers attached.\n")
    assert "read me.txt" in refused("load", folder, "--warehouse", tmp_path / "w")
    assert not list((tmp_path / "w").glob("build-*"))


def test_a_file_that_was_named_is_never_left(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TICKETS)
    (tmp_path / "none.csv").write_text("number,opened_at\n")
    paths = (tmp_path / "a.csv", tmp_path / "none.csv")
    assert "none.csv has a header" in refused("load", *paths, "--warehouse", tmp_path / "w")
