"""What report files promise whoever gets them: whole, safe, searchable, the same every time."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pypdf
import pytest

from queries.catalogue import read_metrics
from queries.measure import Answer
from queries.question import Question
from reports.asking import steady
from tests.command import load, meantime, refused

METRIC = read_metrics()["mttr"]
OWN_METRIC = """/*
label       = "{label}"
title       = "Tickets of our own"
unit        = "count"
aggregate   = "count"
better      = "neither"
explanation = "Tickets opened in the period."
*/
select
    *,
    opened_at as counted_at,
    1 as value
from counted_tickets
"""
LONG = "Überlang " + "x" * 200
TITLES = (
    "=HYPERLINK(1)",
    "+1",
    "-1+1",
    "@sum",
    "<script>alert(1)</script>",
    "#strong[typst] $x$ *bold*",
    LONG,
)


def write_tickets(path: Path) -> None:
    """Two months of tickets of three customers, one of them with none in October."""
    opened = datetime(2026, 9, 1, 9)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["number", "kind", "title", "state", "priority", "service", "customer", "opened_at",
             "resolved_at"]
        )  # fmt: skip
        for number in range(120):
            at = opened + timedelta(hours=12 * number)
            customer = "Quiet" if number == 3 else ("North", LONG)[number % 2]
            writer.writerow(
                [f"INC{number:04}", "incident", TITLES[number % len(TITLES)], "closed",
                 f"P{1 + number % 4}", LONG if number % 3 else "=Mail", customer,
                 f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at + timedelta(hours=30):%Y-%m-%dT%H:%M:%SZ}"]
            )  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_tickets(folder / "tickets.csv")
    load(folder / "wh", folder / "tickets.csv", "--exported-at", "2026-11-02T00:00:00Z")
    return folder / "wh"


def reported(warehouse: Path, folder: Path, *arguments: object) -> dict[str, Path]:
    """The files of a report of October by suffix."""
    done = meantime(
        "report", "--month", "2026-10", "--out", folder, "--format", "pdf,xlsx,html",
        "--date", "2026-11-03", "--warehouse", warehouse, *arguments,
    )  # fmt: skip
    assert done.status == 0, done.err
    return {path.suffix[1:]: path for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def files(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return reported(warehouse, tmp_path_factory.mktemp("out"))


def words_of(path: Path) -> str:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return re.sub(r"[\s\u200b\u00a0\u202f]", "", text)


def test_the_same_date_gives_the_same_bytes(
    warehouse: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    again = reported(warehouse, tmp_path / "again")
    for form in ("pdf", "xlsx", "html"):
        assert again[form].read_bytes() == files[form].read_bytes(), form


def test_the_pdf_is_tagged_titled_and_carries_its_own_font(files: dict[str, Path]) -> None:
    reader = pypdf.PdfReader(files["pdf"])
    assert reader.metadata is not None
    assert reader.metadata.title == "Service report Oct 2026: all tickets"
    assert reader.metadata.author == "Meantime"
    catalogue = reader.trailer["/Root"].get_object()
    assert catalogue["/MarkInfo"]["/Marked"] is not None
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en"
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(str(inner["/BaseFont"]).split("+")[-1].split("-")[0])
    assert fonts == {"Inter"}
    assert "page1of" in words_of(files["pdf"])
    width, height = reader.pages[0].mediabox.upper_right
    assert (round(float(width)), round(float(height))) == (595, 842)


def test_letter_is_another_paper(warehouse: Path, tmp_path: Path) -> None:
    done = meantime(
        "report", "--month", "2026-10", "--out", tmp_path, "--paper", "letter", "--warehouse",
        warehouse,
    )  # fmt: skip
    assert done.status == 0, done.err
    page = pypdf.PdfReader(next(tmp_path.glob("*.pdf"))).pages[0]
    assert [float(side) for side in page.mediabox.upper_right] == [612, 792]


def test_texts_of_tickets_are_text_in_every_format(files: dict[str, Path]) -> None:
    text = words_of(files["pdf"])
    assert "#strong[typst]$x$*bold*" in text
    assert re.sub(r"\s", "", LONG) in text
    page = files["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    book = openpyxl.load_workbook(files["xlsx"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert {"=HYPERLINK(1)", "+1", "@sum", LONG} <= {cell.value for cell in cells}


def test_the_workbook_has_numbers_heads_and_filters(files: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    assert {
        "Summary",
        "Key figures",
        "Promises",
        "Evidence",
        "Tickets",
        "Definitions",
        "Filters",
    } <= (set(book.sheetnames))
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref or sheet.max_row == 2, sheet.title
    figures = {row[0].value: row[1] for row in book["Key figures"].iter_rows(min_row=2)}
    assert figures["MTTR"].number_format == "[h]:mm"
    assert figures["MTTR"].value == timedelta(hours=30)
    assert figures["SLA compliance"].number_format == "0.0%"
    opened = next(book["Tickets"].iter_rows(min_row=2))[7]
    assert isinstance(opened.value, datetime)
    archive = zipfile.ZipFile(io.BytesIO(files["xlsx"].read_bytes()))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_page_asks_no_host(files: dict[str, Path]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", page))
    assert addresses <= {"http://www.w3.org"}
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", page)


def test_an_unloaded_month_and_a_customer_without_tickets_say_so(
    warehouse: Path, tmp_path: Path
) -> None:
    done = meantime(
        "report", "--month", "2026-11", "--out", tmp_path / "now", "--warehouse", warehouse
    )
    assert done.status == 0, done.err
    assert "not fully loaded" in done.out
    assert "Nov2026isnotfullyloaded" in words_of(next((tmp_path / "now").glob("*.pdf")))
    quiet = reported(warehouse, tmp_path / "quiet", "--where", "customer=Quiet")
    assert "NoticketofthisselectionwasopenedinOct2026" in words_of(quiet["pdf"]) or (
        "Thereisnoticketofthisselection" in words_of(quiet["pdf"])
    )


def test_one_pack_for_each_customer_is_the_report_of_its_filter(
    warehouse: Path, tmp_path: Path
) -> None:
    done = meantime(
        "report", "--month", "2026-10", "--each", "customer", "--out", tmp_path / "each",
        "--format", "xlsx", "--date", "2026-11-03", "--warehouse", warehouse,
    )  # fmt: skip
    assert done.status == 0, done.err
    assert done.out.startswith("Oct 2026: 3 reports, 3 files in ")
    alone = reported(warehouse, tmp_path / "alone", "--where", "customer=North")
    pack = tmp_path / "each" / alone["xlsx"].name
    for name in ("Key figures", "Promises", "What moved", "Months", "Below target", "Tickets"):
        found, wanted = (
            list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))
            for path in (pack, alone["xlsx"])
        )
        assert len(found) == len(wanted), name
        for row, other in zip(found, wanted, strict=True):
            assert [str(cell)[:12] for cell in row] == [str(cell)[:12] for cell in other], name


def test_published_figures_stand_beside_those_of_now(tmp_path: Path) -> None:
    write_tickets(tmp_path / "tickets.csv")
    place = tmp_path / "wh"
    load(place, tmp_path / "tickets.csv", "--exported-at", "2026-11-02T00:00:00Z")
    reported(place, tmp_path / "first", "--freeze")
    kept = list((place / "kept" / "published").iterdir())
    before = kept[0].read_bytes()
    assert len(kept) == 1
    second = reported(place, tmp_path / "second", "--freeze")
    rows = list(openpyxl.load_workbook(second["xlsx"])["As published"].iter_rows(values_only=True))
    assert {row[5] for row in rows[1:]} == {"the same"}
    assert len(list((place / "kept" / "published").iterdir())) == 2
    assert kept[0].read_bytes() == before

    (tmp_path / "late.csv").write_text(
        "number,kind,state,priority,opened_at,resolved_at\n"
        "INC9000,incident,closed,P1,2026-10-05T09:00:00Z,2026-10-25T09:00:00Z\n"
    )
    load(place, tmp_path / "late.csv", "--exported-at", "2026-11-04T00:00:00Z")
    third = reported(place, tmp_path / "third")
    rows = list(openpyxl.load_workbook(third["xlsx"])["As published"].iter_rows(values_only=True))
    volume = next(row for row in rows if row[0] == "Volume")
    assert volume[3] - volume[1] == 1
    assert volume[5] == "+1"
    assert "figuresdifferfromthosepublishedon3Nov2026" in words_of(third["pdf"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--month", "2026-13"), "write it like 2026-10"),
        (("--quarter", "2026-3"), "write it like 2026-Q"),
        (("--month", "2026-10", "--quarter", "2026-Q4"), "Name one period"),
        (("--from", "2026-10-01"), "A report has both ends"),
        (("--month", "2019-01"), "they cover 2026-09-01 to"),
        (("--month", "2026-10", "--format", "docx"), "choose from pdf, xlsx, html"),
        (("--month", "2026-10", "--each", "custmer"), "did you mean customer?"),
        (("--month", "2026-10", "--where", "custmer=North"), "did you mean customer?"),
        (("--month", "2026-10", "--date", "soon"), "write it as 2026-11-02"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_a_sentence(
    warehouse: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    out = tmp_path / "out"
    assert told in refused("report", *arguments, "--out", out, "--warehouse", warehouse)
    assert not out.exists() or not list(out.iterdir())


def test_figures_of_one_label_keep_their_columns(warehouse: Path, tmp_path: Path) -> None:
    """A metric of one's own may be called as another is, or as a column of the evidence."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, label in (("own_volume", "Volume"), ("own_service", "Service")):
        (folder / f"{name}.sql").write_text(OWN_METRIC.format(label=label))
    policy = tmp_path / "policy.toml"
    policy.write_text('metrics_folder = "own"\n')
    files = reported(warehouse, tmp_path / "out", "--format", "xlsx", "--policy", policy)
    sheet = openpyxl.load_workbook(files["xlsx"])["Evidence"]
    heads = [cell.value for cell in sheet[1]]
    wanted = {"Volume (own_volume)", "Service", "Service (own_service)"}
    assert wanted <= set(heads)
    assert len(heads) == len(set(heads))
    services = {row[heads.index("Service")] for row in sheet.iter_rows(2, values_only=True)}
    assert services - {None} == {LONG, "=Mail"}


def test_the_order_of_rows_is_seen_in_no_figure() -> None:
    """0.1 + 0.2 is not 0.3, and it was no promise of the report to say so."""
    figures = (0.1 + 0.2, 123_456_789_012.0, None, 1 / 3), (0.3, 123_456_789_012.0, None, 1 / 3)
    one, other = (
        steady(Answer(METRIC, Question(), "mean", "", pl.DataFrame({"value": values}))).rows
        for values in figures
    )
    assert one.rows() == other.rows()
    assert one["value"].to_list() == [0.3, 123_456_789_012.0, None, 0.333333333333]
