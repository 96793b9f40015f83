"""Every figure of a report, read back from PDF, XLSX and HTML, is the one that `kpi` prints."""

from __future__ import annotations

import html as pages
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from queries import wording
from queries.catalogue import read_metrics
from terminal.opening import policy_of
from tests.command import meantime

MONTH = ("--from", "2026-10-01", "--to", "2026-11-01")
METRICS = read_metrics()
SELECTIONS = {"all": (), "one service": ("--where", "service=Mail", "--where", "service=Portal")}


@dataclass(frozen=True)
class HandedOver:
    """What `kpi` says of the month under a selection, and the files of its report by suffix."""

    where: tuple[str, ...]
    warehouse: Path
    figures: Mapping[str, Any]
    files: Mapping[str, Path]

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """The rows of a sheet by the heads of its columns; of two alike the first counts."""
        head, *rows = openpyxl.load_workbook(self.files["xlsx"])[sheet].iter_rows()
        names = [cell.value for cell in head]
        return [dict(reversed(list(zip(names, map(value_of, row), strict=True)))) for row in rows]

    def kpi(self, *arguments: object) -> dict[tuple[str, Any], dict[str, Any]]:
        """What `kpi` says under the same selection, by the label of the metric and the bucket."""
        place = ("--format", "json", "--warehouse", self.warehouse)
        told = meantime("kpi", *arguments, *self.where, *place).json
        return {
            (METRICS[each["metric"]].label, row.get("bucket")): row
            for each in told
            for row in each["rows"]
        }


def value_of(cell: Any) -> Any:
    """What a cell holds, in seconds where it is a negative duration, which is kept in hours."""
    return cell.value * 3600 if cell.number_format.endswith('" h"') else cell.value


@pytest.fixture(scope="module", params=list(SELECTIONS))
def handed_over(
    request: pytest.FixtureRequest, small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> HandedOver:
    """The report of a month under a selection."""
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
    files = {path.suffix[1:]: path for path in folder.iterdir()}
    return HandedOver(where, small_warehouse, figures, files)


def squeezed(text: str) -> str:
    """Without blanks and breaks, which a page may put anywhere."""
    return re.sub(r"[\s\u200b\u00a0\u202f]", "", text)


def shown(figures: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """For each metric with a figure of its own its label and how the screen words it."""
    return {
        name: (METRICS[name].label, wording.figure(METRICS[name], row["value"]))
        for name, row in figures.items()
        if row["value"] is not None and METRICS[name].cut_only_by is None
    }


def test_the_pdf_says_what_kpi_says(handed_over: HandedOver) -> None:
    figures, files = handed_over.figures, handed_over.files
    reader = pypdf.PdfReader(files["pdf"])
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    words = shown(figures)
    assert len(words) > 15
    missing = [
        name for name, (label, value) in words.items() if squeezed(label + value) not in text
    ]
    assert missing == []


def test_the_workbook_holds_the_values_of_kpi(handed_over: HandedOver) -> None:
    figures, files = handed_over.figures, handed_over.files
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


def test_the_page_says_what_kpi_says(handed_over: HandedOver) -> None:
    figures, files = handed_over.figures, handed_over.files
    found = {row[0]: row[1] for row in tables_of(files["html"])["key-figures"]}
    assert found == dict(shown(figures).values())


def tables_of(page: Path) -> dict[str, list[list[str]]]:
    """The words in the cells of each table of a page."""
    text = page.read_text(encoding="utf-8")
    tables = re.findall(r'id="table-([^"]+)".*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    return {
        name: [
            [pages.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", body)
        ]
        for name, body in tables
    }


def test_every_row_of_the_page_is_in_the_document(handed_over: HandedOver) -> None:
    reader = pypdf.PdfReader(handed_over.files["pdf"])
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    tables = tables_of(handed_over.files["html"])
    assert {"key-figures", "promises", "what-moved", "definitions"} <= set(tables)
    missing = [
        row for rows in tables.values() for row in rows if squeezed("".join(row)) not in text
    ]
    assert missing == []


def test_every_month_of_the_workbook_is_the_one_of_kpi(handed_over: HandedOver) -> None:
    rows = handed_over.rows("Months")
    months = sorted({row["Month"] for row in rows})
    assert months[-1] == "2026-10"
    told = handed_over.kpi("--from", f"{months[0]}-01", "--to", "2026-11-01", "--by", "month")
    for row in rows:
        said = told[row["Figure"], row["Month"]]
        assert row["n"] == said["n"]
        for column, name in (("Value", "value"), ("Low", "low"), ("High", "high")):
            assert_same(row[column], said[name])


def test_earlier_periods_and_targets_are_those_of_kpi(handed_over: HandedOver) -> None:
    earlier = {"Sep 2026": ("2026-09-01", "2026-10-01"), "Oct 2025": ("2025-10-01", "2025-11-01")}
    rows = handed_over.rows("Key figures")
    compared = [head for head in earlier if head in rows[0]]
    assert compared
    for head in compared:
        told = handed_over.kpi("--from", earlier[head][0], "--to", earlier[head][1])
        for row in rows:
            assert_same(row[head], told[row["Figure"], None]["value"])
    targets = {
        METRICS[name].label: target for name, target in policy_of(None).targets.items()
    }  # fmt: skip
    for row in rows:
        assert_same(row["Target"], targets.get(row["Figure"]))


def test_promises_of_the_workbook_are_those_of_kpi(handed_over: HandedOver) -> None:
    rows = handed_over.rows("Promises")
    assert "Resolution" in {row["Clock"] for row in rows}
    for clock in ("Response", "Resolution"):
        mine = ("sla_compliance", "--by", "priority", "--where", f"clock={clock.lower()}")
        now = handed_over.kpi(*mine, *MONTH)
        before = handed_over.kpi(*mine, "--from", "2026-09-01", "--to", "2026-10-01")
        told = {bucket: row for (_, bucket), row in now.items() if row["value"] is not None}
        found = {row["Priority"]: row for row in rows if row["Clock"] == clock}
        assert set(found) == set(told)
        for priority, row in found.items():
            assert row["n"] == told[priority]["n"]
            assert_same(row["Kept"], told[priority]["value"])
            assert_same(row["Sep 2026"], before.get(("SLA compliance", priority), {}).get("value"))


def test_what_moved_stands_on_figures_of_kpi_and_adds_up(handed_over: HandedOver) -> None:
    rows = handed_over.rows("What moved")
    (dimension,) = {"Service", "Group", "Category", "Priority"} & set(rows[0])
    by = {"Group": "resolver_group"}.get(dimension, dimension.lower())
    names = ("mttr", "sla_compliance", "ticket_volume", "first_contact_resolution")
    now = handed_over.kpi(*names, *MONTH, "--by", by)
    before = handed_over.kpi(*names, "--from", "2026-09-01", "--to", "2026-10-01", "--by", by)
    changes: dict[str, float] = {}
    for row in rows:
        key = row["Figure"], row[dimension]
        for told, value, n in ((before, "Before", "n before"), (now, "Now", "n now")):
            if row[value] is not None:
                assert_same(row[value], told[key]["value"])
                assert row[n] == told[key]["n"]
        changes[key[0]] = changes.get(key[0], 0.0) + seconds(row["Contribution"])
    whole, earlier = (
        handed_over.kpi(*names, *MONTH),
        handed_over.kpi(*names, "--from", "2026-09-01", "--to", "2026-10-01"),
    )
    assert changes
    for label, change in changes.items():
        scale = 31 / 30 if label == "Volume" else 1.0
        expected = whole[label, None]["value"] - scale * earlier[label, None]["value"]
        assert change == pytest.approx(expected, abs=0.05), label


def test_what_is_below_target_has_the_value_of_kpi(handed_over: HandedOver) -> None:
    rows = [row for row in handed_over.rows("Below target") if row.get("n") is not None]
    for of in {row["Of"] for row in rows}:
        told = handed_over.kpi(*MONTH, "--by", of.lower())
        for row in rows:
            if row["Of"] == of:
                said = told[row["Figure"], row["Name"]]
                assert row["n"] == said["n"]
                assert_same(row["Value"], said["value"])


def assert_same(cell: Any, value: float | None) -> None:
    """A cell of a workbook holds a figure; a duration as it keeps one, to the millisecond."""
    if value is None:
        assert cell is None
    else:
        assert seconds(cell) == pytest.approx(value, rel=1e-9, abs=0.6e-3)


def test_what_is_not_available_is_said_with_its_reason(handed_over: HandedOver) -> None:
    figures, files = handed_over.figures, handed_over.files
    rows = list(openpyxl.load_workbook(files["xlsx"])["Not told"].iter_rows(values_only=True))
    absent = {row[0] for row in rows if row[1] == "not available"}
    assert absent == {METRICS[name].label for name, row in figures.items() if row["value"] is None}
    assert all(row[2] for row in rows)


def test_the_evidence_of_a_figure_gives_it_again(handed_over: HandedOver) -> None:
    figures, files = handed_over.figures, handed_over.files
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].read_bytes()))
    heads, *rows = book["Evidence"].iter_rows(values_only=True)
    evidence = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    told = [cell for cell in evidence["MTTR"] if cell is not None]
    values = [seconds(cell) for cell in told if cell != "not told"]
    assert len(values) == figures["mttr"]["n"]
    assert len(values) / len(told) == pytest.approx(figures["mttr"]["coverage"])
    assert sum(values) / len(values) == pytest.approx(figures["mttr"]["value"], rel=1e-6)
    kept = [cell for cell in evidence["SLA compliance"] if cell is not None]
    assert sum(kept) / len(kept) == pytest.approx(figures["sla_compliance"]["value"])
    between = sum(cell for cell in evidence["MTBF, numerator"] if cell is not None)
    failures = sum(cell for cell in evidence["MTBF, denominator"] if cell is not None)
    assert between / failures == pytest.approx(figures["mtbf"]["value"])
