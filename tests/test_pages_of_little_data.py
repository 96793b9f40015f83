"""Pages of exports that carry little: what cannot be told is not told as none, and a first view of
few tickets has figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import meantime
from tests.test_dashboard_pages import said, visit
from tests.ticket_rows import loaded

# One old ticket, and some of this month, which is not over.
TICKETS = """\
number,title,state,priority,opened_at,resolved_at
1,Old,closed,P3,2026-05-04 09:00,2026-05-04 10:00
2,Mail is slow,closed,P3,2026-08-03 09:00,2026-08-03 09:30
3,Mail is gone,closed,P2,2026-08-10 09:00,2026-08-10 12:00
4,Printer,in_progress,P4,2026-08-11 09:00,
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return loaded(tmp_path, TICKETS, "--timezone", "UTC", name="tickets.csv").folder


def test_the_first_view_is_of_a_month_with_tickets(
    monkeypatch: pytest.MonkeyPatch, warehouse: Path
) -> None:
    app = visit(monkeypatch, warehouse)
    assert "Aug 2026 (not complete)" in said(app).replace("\\", "")
    assert {tile.label: tile.value for tile in app.metric}["MTTR"] == "1 h 45 m"


def test_what_an_export_never_says_is_not_told_as_none(
    monkeypatch: pytest.MonkeyPatch, warehouse: Path
) -> None:
    words = said(visit(monkeypatch, warehouse, "service_report")).replace("\\", "")
    assert "this export names neither customers nor services" in words
    assert "Not available: this export does not say which incidents are major" in words
    words = said(visit(monkeypatch, warehouse, "recurrence", list=["Repeats"])).replace("\\", "")
    assert "Not available: no incident carries every part of the repeat key" in words
    words = said(visit(monkeypatch, warehouse, "recurrence", list=["Reviews"])).replace("\\", "")
    assert "Not available: this export carries no post-incident reviews" in words
    words = said(visit(monkeypatch, warehouse, "reliability")).replace("\\", "")
    assert "No outage touches these months" not in words
    assert "Not available: no ticket of this export names a service" in words


def test_a_report_says_so_too(tmp_path: Path, warehouse: Path) -> None:
    out = tmp_path / "reports"
    meantime("report", "--warehouse", warehouse, "--out", out, "--format", "html")
    (page,) = out.glob("*.html")
    assert page.name == "service-report-2026-08.html"
    words = page.read_text(encoding="utf-8")
    assert "Not known: these exports name neither services nor customers" in words
    assert "No service" not in words


def test_a_report_does_not_call_unreviewed_what_nobody_tells_of(tmp_path: Path) -> None:
    """A major incident, of an export without reviews, and of one that has another's."""
    header, *rows = TICKETS.splitlines()
    majors = [f"{header},is_major,reviewed_at", *(f"{row},{n == 2}," for n, row in enumerate(rows))]
    for reviewed, told in (("", "reviews not known"), ("2026-05-05 09:00", "0 reviewed")):
        text = "\n".join([majors[0], majors[1] + reviewed, *majors[2:]]) + "\n"
        folder = tmp_path / told.replace(" ", "-")
        folder.mkdir()
        found = loaded(folder, text, "--timezone", "UTC", name="tickets.csv").folder
        meantime("report", "--warehouse", found, "--out", folder, "--format", "html")
        (page,) = folder.glob("*.html")
        assert f"1 major incident, {told}" in page.read_text(encoding="utf-8")


def test_short_times_are_listed_in_a_unit_that_fits(
    monkeypatch: pytest.MonkeyPatch, warehouse: Path
) -> None:
    app = visit(monkeypatch, warehouse, "flow")
    listed = next(each.value for each in app.dataframe if "resolve_seconds" in each.value.columns)
    assert listed["resolve_seconds"].to_list() == [3.0, 0.5]  # hours
