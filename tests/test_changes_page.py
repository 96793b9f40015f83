"""The page Changes on a warehouse where a change of the VPN was followed by a wave."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import waves
from tests.command import load, meantime, refused
from tests.test_recurrence_pages import page, said
from tests.test_waves import CHANGED, _with_wave

CHANGES = """number,short_description,type,state,cmdb_ci,business_service,work_start,work_end
CHG1,Renew VPN certificate,Normal,Closed,vpn-1,VPN,2026-03-10 05:00:00,2026-03-10 06:00:00
CHG2,New mail relay,Standard,Closed,mail-1,Mail,2026-02-18 05:00:00,2026-02-18 06:00:00
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return load_changed(tmp_path_factory.mktemp("changed"))


def load_changed(folder: Path) -> Path:
    """The warehouse in a folder, loaded from an export of incidents and one of changes."""
    lines = [
        f"{row['number']},{row['title']},3 - Moderate,{row['service']},{row['opened_at']},"
        f"{row['opened_at']},{'CHG1' if row.get('caused_by_change') else ''}\n"
        for row in _with_wave()
    ]
    (folder / "incident.csv").write_text(
        "number,short_description,priority,business_service,opened_at,resolved_at,caused_by\n"
        + "".join(lines)
    )
    (folder / "change_request.csv").write_text(CHANGES)
    load(folder / "wh", folder / "incident.csv", folder / "change_request.csv", "--timezone", "UTC")
    return folder / "wh"


def _frame(app: AppTest, column: str) -> list[object]:
    """The first table that has this column."""
    return next(each.value[column] for each in app.dataframe if column in each.value).to_list()


def test_a_wave_opens_its_tickets(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (wave,) = meantime("waves", "--format", "json", "--warehouse", warehouse).json
    told = meantime("waves", wave["wave_id"], "--format", "json", "--warehouse", warehouse).json
    # the first came five minutes after the change, then one every other minute
    assert [row["minutes_after"] for row in told] == list(range(0, 24, 2))
    app = page(warehouse, "changes", monkeypatch, wave=wave["wave_id"])
    assert "**12 tickets** within 22 m" in said(app)
    assert "Change before it: **CHG1**, ended 5 m before the first ticket" in said(app)
    assert "a **candidate** for one" in said(app)
    assert _frame(app, "number") == [row["number"] for row in told]


def test_a_wave_that_is_not_there_is_told(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no wave v0" in refused("waves", "v0", "--warehouse", warehouse)
    app = page(warehouse, "changes", monkeypatch, wave="v0")
    assert "not in this build" in said(app)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (5, ", ended 5 m before the first ticket"),
        (-5, ", ended 5 m after the first ticket"),
        (None, ""),
    ],
)
def test_a_wave_says_when_its_change_ended(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, minutes: int | None, told: str
) -> None:
    """One that ran on while people called, and one whose dates no export tells, too."""
    found = waves.found_waves.waves
    ended = pl.lit(minutes, pl.Int64).alias("minutes_after_change")
    monkeypatch.setattr(waves.found_waves, "waves", lambda c: found(c).with_columns(ended))
    (wave,) = meantime("waves", "--format", "json", "--warehouse", warehouse).json
    app = page(warehouse, "changes", monkeypatch, wave=wave["wave_id"])
    assert f"Change before it: **CHG1**{told}, linked by its tickets" in said(app)


def test_a_change_opens_its_incidents(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = meantime("changes", "CHG1", "--format", "json", "--warehouse", warehouse).json
    app = page(warehouse, "changes", monkeypatch, change="servicenow:CHG1")
    assert f"**{len(told)} incidents** after it: 2 linked to it" in said(app)
    assert _frame(app, "number") == [row["number"] for row in told]
    assert "not in this build" in said(page(warehouse, "changes", monkeypatch, change="CHG9"))


def test_a_part_of_the_changes_is_listed(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _frame(page(warehouse, "changes", monkeypatch), "ended_at")
    assert whole == [CHANGED, CHANGED - timedelta(days=20)]
    app = page(warehouse, "changes", monkeypatch, part="Standard")
    assert _frame(app, "ended_at") == whole[1:]
    app.button(key="all_changes").click().run()
    assert "part" not in app.query_params
    assert _frame(app, "ended_at") == whole
    assert "is of this part" in said(page(warehouse, "changes", monkeypatch, part="Emergency"))
