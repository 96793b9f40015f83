"""The Service report: what it says, and the comments that are kept beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.comments import FILE, add_comment, comments
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from policies.refusal import Refused
from queries.catalogue import read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build
from queries.wording import share
from tests.small_warehouse import load_small
from tests.test_dashboard_pages import said, visit


def test_the_report_says_what_is_measured(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path
) -> None:
    app = visit(monkeypatch, small_warehouse, "service_report")
    rules = read_policy(None, TICKETS.names)
    build = open_build(Warehouse(small_warehouse).current_path(), rules)
    asked = Question(date(2026, 10, 1), date(2026, 11, 1))
    row = measure(build, read_metrics()["sla_compliance"], asked, rules).rows.row(0, named=True)
    told = said(app).replace("\\", "")
    assert f"{share(row['value'])} of {row['n']:,} promises were kept in Oct 2026" in told
    cut = Question(date(2026, 10, 1), date(2026, 11, 1), ("priority",))
    rows = measure(build, read_metrics()["sla_compliance"], cut, rules).rows.sort("value")
    assert f"{rows['bucket'][0]} is furthest away" in told


def test_comments_are_added_to_and_never_changed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "wh")
    assert comments(warehouse, "2026-10") == []
    add_comment(warehouse, "2026-10", "A calm month.\nSecond line.", "Ann")
    add_comment(warehouse, "2026-09", "Another month.", "Ann")
    add_comment(warehouse, "2026-10", "Not so calm: **see** <b>P1</b>.", "Ben")
    found = comments(warehouse, "2026-10")
    assert [(each.who, each.text) for each in found] == [
        ("Ann", "A calm month.\nSecond line."),
        ("Ben", "Not so calm: **see** <b>P1</b>."),
    ]
    lines = (warehouse.kept / FILE).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert json.loads(lines[0])["written_at"].endswith("Z")


def test_a_comment_needs_words_and_a_name(tmp_path: Path) -> None:
    for text, who in (("", "Ann"), ("words", "  "), ("x" * 4_001, "Ann")):
        with pytest.raises(Refused):
            add_comment(Warehouse(tmp_path), "2026-10", text, who)
    assert comments(Warehouse(tmp_path), "2026-10") == []


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    add_comment(warehouse, "2026-10", "words", "Ann")
    with (warehouse.kept / FILE).open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    with pytest.raises(Refused, match=r"Line 2 of kept/comments\.ndjson"):
        comments(warehouse, "2026-10")


def test_a_comment_is_kept_with_its_name_and_is_never_markup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = load_small(tmp_path / "wh", tmp_path)
    app = visit(monkeypatch, folder, "service_report")
    app.text_area("comment_text").set_value("# Calm :red[month]")
    app.text_input("comment_who").set_value("Ann")
    next(each for each in app.button if each.label == "Keep it").click().run()
    assert not app.exception
    assert [each.value for each in app.text] == ["# Calm :red[month]"]
    assert "Ann, 20" in said(app).replace("\\", "")
    assert [each.who for each in comments(Warehouse(folder), "2026-10")] == ["Ann"]
