"""Encodings are decided over all bytes of a file, and no byte is lost."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.reading.encodings import as_utf8, scan, text_encoding
from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load

WORDS = {
    "Spanish": "La impresora de la planta 3ª no imprime, ¿otra vez? Reunión cancelada, contraseña "
    "caducada según política, avería técnica en el almacén, año nuevo, petición atendida REVISIÓN",
    "French": "Imprimante du 2° étage bloquée depuis hier à midi, problème réseau, accès refusé à "
    "la boîte, demande clôturée après vérification, ça marche où être ÉCHEC",
    "Portuguese": "A impressora não funciona, senha expirada, manutenção da conexão é necessária "
    "às três horas, ação concluída pelo usuário João, relatórios, opções À NOITE",
    "German": "Drucker im Büro läuft nicht, Größe überschritten, Passwort zurückgesetzt für "
    "Müller, Störung behoben, Straße, Schließung, möglich ÜBERPRÜFUNG Änderung",
    "Italian": "La stampante è guasta perché la rete è caduta, può attività città così lunedì",
}


def decoded(folder: Path, content: bytes) -> tuple[str, str]:
    """The encoding that is found, and the text as it is read."""
    path = folder / "export.csv"
    path.write_bytes(content)
    scanned = scan(path)
    encoding = text_encoding(path, path, scanned)
    readable = path if scanned.is_utf8 else as_utf8(path, path, folder, encoding)
    return encoding, readable.read_bytes().decode("utf-8-sig")


def rows_of(language: str, count: int) -> str:
    """A list of tickets, with some accented words in each title."""
    chance = Random(count)
    words = WORDS[language].split()
    lines = (f"INC{n},{' '.join(chance.sample(words, 5))}\r\n" for n in range(count))
    return "number,title\r\n" + "".join(lines)


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    ("written", "found"),
    [("cp1252", "windows-1252"), ("latin-1", "windows-1252"), ("cp850", "cp850")],
)
def test_windows_and_dos_are_told_apart(
    tmp_path: Path, written: str, found: str, language: str, count: int
) -> None:
    text = rows_of(language, count)
    assert decoded(tmp_path, text.encode(written)) == (found, text)


@pytest.mark.parametrize("written", ["cp1252", "cp850"])
@pytest.mark.parametrize("text", ["Solicitação", "Ações", "Störung Größe"])
def test_accents_beside_accents_are_western(tmp_path: Path, written: str, text: str) -> None:
    lines = f"number,title\nINC1,{text}\n" * 30
    encoding, read = decoded(tmp_path, lines.encode(written))
    assert read == lines, encoding


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("cp1250", "Drukarka nie działa, proszę o pomoc, błąd logowania, użytkownik zgłosił"),
        ("cp1251", "Принтер не работает, ошибка входа, пользователь сообщил о проблеме"),
        ("cp932", "プリンターが動かない、ログインできないと利用者から連絡がありました"),
        ("gb18030", "打印机无法使用，用户报告登录失败，请尽快处理"),
    ],
)
def test_other_alphabets(tmp_path: Path, written: str, text: str) -> None:
    lines = f"number,title\nINC1,{text}\n" * 30
    assert decoded(tmp_path, lines.encode(written)) == (written, lines)


@pytest.mark.parametrize(
    ("written", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_unicode_with_and_without_a_mark(
    tmp_path: Path, written: str, mark: bytes, found: str
) -> None:
    text = rows_of("Spanish", 20)
    assert decoded(tmp_path, mark + text.encode(written)) == (found, text)


def test_utf8_with_a_few_bytes_of_something_else_stays_utf8(tmp_path: Path) -> None:
    text = rows_of("French", 50)
    content = text.encode() + b"INC51,a \x96 b \x81\r\n"
    found = decoded(tmp_path, content)
    assert found == ("utf-8 with windows-1252 bytes", text + "INC51,a – b \x81\r\n")


def test_bytes_that_windows_leaves_undefined_fail_nothing(tmp_path: Path) -> None:
    text = rows_of("Spanish", 50)
    found, read = decoded(tmp_path, text.encode("cp1252") + b"INC51,\x81\x8d\x8f\x90\x9d\r\n")
    assert found == "windows-1252"
    assert read == text + "INC51,\x81\x8d\x8f\x90\x9d\r\n"


def titles(tmp_path: Path, content: bytes) -> tuple[dict[str, Any], list[str]]:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    (file,) = load(tmp_path / "warehouse", path)["files"]
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        found = connection.execute("select title from tickets order by number").fetchall()
    return file, [title for (title,) in found]


def test_the_ledger_names_the_encoding(tmp_path: Path) -> None:
    text = "number;opened_at;title\n" + "".join(
        f"INC{n};2026-01-05T09:00:00Z;avería en la reunión {n}\n" for n in range(1, 4)
    )
    file, found = titles(tmp_path, text.encode("cp850"))
    assert file["detected"]["encoding"] == "cp850"
    assert found == [f"avería en la reunión {n}" for n in range(1, 4)]


def test_one_zero_byte_fails_nothing(tmp_path: Path) -> None:
    rows = "".join(f"INC{n:03d},2026-01-05T09:00:00Z,title {n}\n" for n in range(100))
    content = ("number,opened_at,title\n" + rows).encode().replace(b"title 7\n", b"ti\0le 7\n")
    file, found = titles(tmp_path, content)
    assert (file["rows"], file["rows_rejected"]) == (100, 0)
    assert "ti\0le 7" in found
