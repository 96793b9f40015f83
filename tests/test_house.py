"""The house: arrows point one way, rooms keep to what they are for, no step is forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipelines.sources import forms, source_names, sources

ROOT = Path(__file__).parents[1]
ROOMS = (
    "dashboard",
    "insights",
    "pages",
    "pipelines",
    "policies",
    "queries",
    "reports",
    "terminal",
)
LONGEST_FILE = 400


def tracked(*patterns: str) -> list[Path]:
    """The files that belong to the project, by pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def test_arrows_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("policies.read", ("duckdb", "polars", "streamlit", "pipelines", "queries")),
        ("pipelines.load", ("streamlit", "plotly", "queries.measure", "dashboard")),
        ("queries.measure", ("streamlit", "plotly", "pipelines", "dashboard")),
        ("cli", ("streamlit", "plotly", "duckdb", "polars", "scipy")),
    ],
)
def test_importing_a_room_brings_only_what_it_may_know(
    room: str, forbidden: tuple[str, ...]
) -> None:
    script = f"import sys, {room}; print(*[name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_files_stay_readable() -> None:
    long = {
        path.name: count
        for path in tracked("*.py", "*.sql")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_pages_and_dashboard_hold_no_sql() -> None:
    query = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE)
    found = [
        f"{path.name}: {line.strip()}"
        for path in tracked("pages/*.py", "dashboard/*.py", "app.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if query.search(line) and "import" not in line and '"""' not in line
    ]
    assert found == []


def test_no_room_is_a_lumber_room() -> None:
    names = {part for path in tracked() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & {"utils", "helpers", "common", "misc"}


def test_every_metric_has_a_golden_case() -> None:
    metrics = {path.stem for path in (ROOT / "queries/metrics").glob("*.sql")}
    golden = {path.name for path in (ROOT / "tests/golden").iterdir() if path.is_dir()}
    assert metrics == golden


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "dashboard/navigation.py").read_text(encoding="utf-8")
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert {page for page in pages if page not in navigation} == set()


def test_every_source_has_a_name_a_title_and_forms_of_its_own() -> None:
    files = {
        path.stem
        for path in (ROOT / "pipelines/sources").glob("*.py")
        if not path.stem.startswith("_")
    }
    names = set(source_names())
    # a tool with exports of several makes may have a file for each: servicenow, servicenow_labels
    assert names <= files
    rest = {file for file in files - names if not file.startswith(tuple(f"{n}_" for n in names))}
    assert rest == set()
    assert len({(form.source, form.name) for form in forms()}) == len(forms())
    assert all(form.cannot_give and form.title for form in forms())
    assert all(source.title and source.how_to_export for source in sources())


def test_the_rooms_are_listed_for_the_installation() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    rooms = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for room in ROOMS
        for path in tracked(f"{room}/*.py", f"{room}/**/*.py")
        if path.name == "__init__.py"
    }
    assert rooms - listed == set()


def test_pins_are_exact_and_name_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert all("==" in pin for pin in direct)
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "//" not in locked
    names = {line.split("==")[0] for line in locked.splitlines()}
    assert {pin.split("==")[0] for pin in direct} <= names


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
