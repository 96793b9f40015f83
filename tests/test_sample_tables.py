"""The sample exports of tables: recognised for what they are, and counted as their stories tell."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.reading.files import open_parts
from pipelines.sources import detect
from sample_data.generate import make_history
from sample_data.tables import is_kept, write_tables
from sample_data.telling import Story
from tests.command import load, meantime

ZONE = "Europe/Madrid"
FORMS = {
    "freshdesk_tickets.csv": ("freshdesk", "ticket export"),
    "freshservice_tickets.csv": ("freshservice", "ticket export"),
    "glpi_english.csv": ("glpi", "ticket list, English"),
    "glpi_french.csv": ("glpi", "ticket list, French"),
    "glpi_spanish.csv": ("glpi", "ticket list, Spanish"),
    "glpi_portuguese.csv": ("glpi", "ticket list, Portuguese"),
    "servicenow_incidents.xlsx": ("servicenow", "incident list by labels"),
    "task_sla.csv": ("servicenow", "service levels of tasks"),
    "status_log.csv": ("log", "status changes"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def stories(folder: Path) -> Sequence[Story]:
    return write_tables(folder, make_history(ordinary=300).tickets)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_seed_means_the_same_bytes(
    folder: Path, stories: Sequence[Story], tmp_path: Path
) -> None:
    write_tables(tmp_path, make_history(ordinary=300).tickets)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FORMS)
    assert {name: digest(folder / name) for name in FORMS} == {
        name: digest(tmp_path / name) for name in FORMS
    }


def test_every_sample_is_recognised(folder: Path, stories: Sequence[Story], tmp_path: Path) -> None:
    for name, expected in FORMS.items():
        (part,) = open_parts(folder / name, tmp_path)
        found = [(form.source, form.name) for form in detect(part.header, name, None)]
        assert found == [expected], name


def seen(at: int, step: int) -> int:
    """An instant as its local time tells it: of a repeated hour the first, cut to the step."""
    wall = datetime.fromtimestamp(at // step * step, ZoneInfo(ZONE))
    return int(wall.replace(fold=0).timestamp())


def mean_seconds(stories: Sequence[Story], step: int) -> float:
    spent = [
        seen(story.resolved_at, step) - seen(story.opened_at, step)
        for story in stories
        if story.resolved_at is not None and story.state in ("resolved", "closed")
    ]
    return sum(spent) / len(spent)


def figures(warehouse: Path, metric: str) -> dict[str, Any]:
    told = meantime("kpi", metric, "--format", "json", "--warehouse", warehouse)
    return told.json[0]["rows"][0]


@pytest.mark.parametrize("name", [name for name in FORMS if name != "task_sla.csv"])
def test_figures_are_those_of_the_stories(
    name: str, folder: Path, stories: Sequence[Story], tmp_path: Path
) -> None:
    report = load(tmp_path / "warehouse", folder / name, "--timezone", ZONE)
    (file,) = report["files"]
    assert (file["source"], file["form"]) == FORMS[name]
    assert (file["rows_rejected"], file["tickets_new"]) == (0, len(stories))
    assert [each for each in file["findings"] if each["code"] == "unknown_word"] == []
    step = 60 if name.startswith("glpi") else 1
    mttr = figures(tmp_path / "warehouse", "mttr")
    assert mttr["value"] == pytest.approx(mean_seconds(stories, step), abs=0.5)
    if name == "status_log.csv":
        return
    # only ServiceNow tells the cancelled from the closed
    ends = ("resolved", "closed") if "servicenow" in name else ("resolved", "closed", "cancelled")
    verdicts = [bool(is_kept(story)) for story in stories if story.state in ends]
    kept = figures(tmp_path / "warehouse", "tool_sla_compliance")
    assert kept["n"] == len(verdicts)
    assert kept["value"] == pytest.approx(sum(verdicts) / len(verdicts))
