"""The report behind the buttons of the Service report page is the one that the terminal writes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.filters import View
from dashboard.report_buttons import report_file
from dashboard.session import months, open_data
from pipelines.comments import add_comment
from pipelines.warehouse import Warehouse
from queries.months import one_before, year_before
from tests.command import meantime
from tests.small_warehouse import load_small

APP = Path(__file__).parent.parent / "app.py"


def test_the_page_makes_every_format_and_keeps_what_was_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = load_small(tmp_path / "wh", tmp_path)
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(folder))
    app = AppTest.from_file(str(APP), default_timeout=90).run()
    app.switch_page("pages/service_report.py")
    app.run()
    assert not app.get("download_button")
    app.toggle(key="report_frozen").set_value(True)
    app.button(key="make_report").click().run()
    assert not app.exception
    assert [each.label for each in app.get("download_button")] == ["PDF", "XLSX", "HTML"]
    assert len(list((folder / "kept" / "published").glob("*.json"))) == 1
    app.run()
    assert len(app.get("download_button")) == 3
    assert len(list((folder / "kept" / "published").glob("*.json"))) == 1


def test_a_button_gives_the_file_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = load_small(tmp_path / "wh", tmp_path)
    add_comment(Warehouse(folder), "2026-10", "A calm month.", "M. Manager")
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(folder))
    data = open_data()
    known = months(data)
    october = next(month for month in known if month.name == "2026-10")
    before, last_year = one_before(known, october), year_before(known, october)
    view = View(october, before, last_year, "previous", known, {"priority": ("P1", "P2")})
    made = tmp_path / "made.xlsx"
    made.write_bytes(report_file(data, view, "xlsx"))
    done = meantime(
        "report", "--month", "2026-10", "--where", "priority=P1", "--where", "priority=P2",
        "--format", "xlsx", "--out", tmp_path / "out", "--warehouse", folder,
    )  # fmt: skip
    assert done.status == 0, done.err
    written = next((tmp_path / "out").glob("*.xlsx"))
    for name in ("Summary", "Key figures", "Broken promises", "Evidence"):
        found, wanted = (
            list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))
            for path in (made, written)
        )
        assert found == wanted, name
    summary = dict(openpyxl.load_workbook(made)["Summary"].iter_rows(values_only=True))
    assert summary["Comment, M. Manager"] == "A calm month."
