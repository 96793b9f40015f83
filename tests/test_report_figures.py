"""Every figure of a report, read back from PDF, XLSX and HTML, is the one that `kpi` prints."""

from __future__ import annotations

import html as pages
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from queries import wording
from queries.catalogue import read_metrics
from tests.command import meantime

MONTH = ("--from", "2026-10-01", "--to", "2026-11-01")
METRICS = read_metrics()
SELECTIONS = {"all": (), "one service": ("--where", "service=Mail", "--where", "service=Portal")}


@pytest.fixture(scope="module", params=list(SELECTIONS))
def handed_over(
    request: pytest.FixtureRequest, small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Path]]:
    """What `kpi` says of a month and a selection, and the files of its report by suffix."""
    where = SELECTIONS[request.param]
    folder = tmp_path_factory.mktemp("report")
    place = ("--warehouse", small_warehouse)
    told = meantime("kpi", *MONTH, *where, "--format", "json", *place)
    done = meantime(
        "report", "--month", "2026-10", *where, "--out", folder, "--format", "pdf,xlsx,html",
        "--date", "2026-11-06", *place,
    )  # fmt: skip
    assert done.status == 0, done.err
    assert done.out.startswith("Oct 2026: 1 report, 3 files in ")
    figures = {each["metric"]: each["rows"][0] for each in told.json}
    return figures, {path.suffix[1:]: path for path in folder.iterdir()}


def squeezed(text: str) -> str:
    """Without blanks and breaks, which a page may put anywhere."""
    return re.sub(r"[\s\u200b\u00a0\u202f]", "", text)


def shown(figures: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """For each metric with a figure of its own its label and how the screen words it."""
    return {
        name: (METRICS[name].label, wording.figure(METRICS[name], row["value"]))
        for name, row in figures.items()
        if row["value"] is not None and METRICS[name].cut_only_by is None
    }


def test_the_pdf_says_what_kpi_says(
    handed_over: tuple[dict[str, Any], dict[str, Path]],
) -> None:
    figures, files = handed_over
    reader = pypdf.PdfReader(files["pdf"])
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    words = shown(figures)
    assert len(words) > 15
    missing = [
        name for name, (label, value) in words.items() if squeezed(label + value) not in text
    ]
    assert missing == []


def test_the_workbook_holds_the_values_of_kpi(
    handed_over: tuple[dict[str, Any], dict[str, Path]],
) -> None:
    figures, files = handed_over
    book = openpyxl.load_workbook(files["xlsx"])
    rows = list(book["Key figures"].iter_rows(min_row=2, values_only=True))
    found = {row[0]: (row[1], row[3]) for row in rows}
    assert len(found) == len(shown(figures))
    for name, (label, _) in shown(figures).items():
        value, n = found[label]
        assert n == figures[name]["n"]
        assert seconds(value) == pytest.approx(figures[name]["value"], abs=0.5e-3), name


def seconds(value: Any) -> float:
    """A duration as a workbook keeps it, in seconds again; other numbers as they are."""
    return value.total_seconds() if hasattr(value, "total_seconds") else float(value)


def test_the_page_says_what_kpi_says(
    handed_over: tuple[dict[str, Any], dict[str, Path]],
) -> None:
    figures, files = handed_over
    text = files["html"].read_text(encoding="utf-8")
    table = text[text.index('id="table-key-figures"') :]
    rows = re.findall(r"<tr>(.*?)</tr>", table[: table.index("</table>")])
    cells = [
        [pages.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows
    ]
    found = {row[0]: row[1] for row in cells if row}
    assert found == dict(shown(figures).values())


def test_what_is_not_available_is_said_with_its_reason(
    handed_over: tuple[dict[str, Any], dict[str, Path]],
) -> None:
    figures, files = handed_over
    rows = list(openpyxl.load_workbook(files["xlsx"])["Not told"].iter_rows(values_only=True))
    absent = {row[0] for row in rows if row[1] == "not available"}
    assert absent == {METRICS[name].label for name, row in figures.items() if row["value"] is None}
    assert all(row[2] for row in rows)


def test_the_evidence_of_a_figure_gives_it_again(
    handed_over: tuple[dict[str, Any], dict[str, Path]],
) -> None:
    figures, files = handed_over
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].read_bytes()))
    rows = list(book["Evidence"].iter_rows(min_row=2, values_only=True))
    values = [seconds(row[6]) for row in rows if row[0] == "MTTR" and row[6] is not None]
    assert len(values) == figures["mttr"]["n"]
    assert sum(values) / len(values) == pytest.approx(figures["mttr"]["value"], rel=1e-6)
    kept = [row[6] for row in rows if row[0] == "SLA compliance"]
    assert sum(kept) / len(kept) == pytest.approx(figures["sla_compliance"]["value"])
