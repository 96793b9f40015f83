"""The table of a web page is read, as tools hand it out under the name of a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import load, meantime, refused

JIRA = """<html xmlns="http://www.w3.org/TR/REC-html40"><head><title>Jira</title>
<style>td { vertical-align: top; }</style>
<!--[if gte mso 9]><xml><x:ExcelWorkbook/></xml><![endif]--></head><body>
<table border="1"><tr><td colspan="9"><a href="https://jira.example">Jira</a></td></tr>
<tr><td colspan="9"><strong>2</strong> Vorgänge werden unter 20/Jan/26 2:43 PM angezeigt.</td></tr>
</table>
<table id="issuetable"><thead><tr><th>
    Schlüssel
</th><th>Zusammenfassung</th><th>Vorgangstyp</th><th>Status</th><th>Priorität</th>
<th>Zugewiesene Person</th><th>Erstellt</th><th>Erledigt</th><th>Statuskategorie</th></tr></thead>
<tbody><tr><td><a href="https://jira.example/browse/HD-1">HD-1</a></td>
<td><p>Mail &amp; more<table><tr><td>inner</td></tr></table></p></td><td> Incident
</td><td><span data-tooltip="&lt;b&gt;Fertig&lt;/b&gt;">Fertig</span></td><td>Highest</td>
<td>Ada</td><td> 13/Jan/26 11:26 AM </td><td> 17/Jan/26 3:49 PM </td><td>Fertig</td></tr>
<tr><td>HD-2<td>VPN<td>Incident<td>Zu erledigen<td>Low<td>Nicht zugewiesen
<td>13/Jan/26 12:26 PM<td>&nbsp;<td>Zu erledigen</table></body></html>
"""

HOME_GROWN = (
    "<table><tr><td colspan=4>Incidencias de enero</td></tr>"
    "<tr><td>Nº ticket</td><td>Asunto</td><td>Estado</td><td>Fecha de apertura</td></tr>"
    + "".join(
        f"<tr><td>{n}</td><td>Impresión {n}</td><td>Cerrado</td>"
        f"<td>{13 + n}/01/2026 09:00</td></tr>"
        for n in range(9)
    )
    + "</table>"
)


def test_the_page_that_jira_calls_excel_is_read_like_its_csv(tmp_path: Path) -> None:
    path, folder = tmp_path / "jira.xls", tmp_path / "warehouse"
    path.write_text(JIRA, encoding="utf-8")
    report = load(folder, path, "--timezone", "Europe/Berlin")
    assert (report["files"][0]["source"], report["files"][0]["rows_rejected"]) == ("jira", 0)
    first, second = sorted(
        meantime("tickets", "--warehouse", folder, "--format", "json").json,
        key=lambda row: row["number"],
    )
    assert (first["opened_at"], first["resolved_at"]) == (
        "2026-01-13T10:26:00Z",
        "2026-01-17T14:49:00Z",
    )
    assert (first["title"], first["state"], first["priority"]) == (
        "Mail & more\ninner",
        "closed",
        "P1",
    )
    assert (second["number"], second["state"], second["assignee"]) == ("HD-2", "new", None)
    assert second["resolved_at"] is None


def test_any_table_of_a_page_is_proposed(tmp_path: Path) -> None:
    path, out = tmp_path / "incidencias.xls", tmp_path / "incidencias.toml"
    path.write_bytes(HOME_GROWN.encode("cp1252"))
    flags = ("--timezone", "Europe/Madrid")
    assert meantime("map", path, "--out", out, *flags).status == 0
    report = load(tmp_path / "warehouse", path, "--map", out)
    assert (report["files"][0]["tickets_new"], report["files"][0]["rows_rejected"]) == (9, 0)


@pytest.mark.parametrize("body", ["<p>Please log in</p>", "<table><tr><td>1</td></tr></table>"])
def test_a_page_without_a_table_is_refused(body: str, tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text(f"<!DOCTYPE html>\n<html><body>{body}</body></html>")
    assert "without a table" in refused("load", path, "--warehouse", tmp_path / "warehouse")


def test_frames_by_the_thousand_odd_widths_and_a_page_without_an_end_are_read(
    tmp_path: Path,
) -> None:
    frames = "<table><tr><td>-</td></tr></table>" * 3_000
    odd = HOME_GROWN.replace("colspan=4", f"colspan={'9' * 5_000}").replace(
        "<td>3<", "<td colspan=²>3<"
    )
    path = tmp_path / "incidencias.xls"
    path.write_text(frames + odd.removesuffix("</td></tr></table>"), encoding="utf-8")
    proposed = tmp_path / "incidencias.toml"
    assert meantime("map", path, "--out", proposed, "--timezone", "UTC").status == 0
    report = load(tmp_path / "warehouse", path, "--map", proposed)
    assert (report["files"][0]["rows"], report["files"][0]["rows_rejected"]) == (9, 0)
