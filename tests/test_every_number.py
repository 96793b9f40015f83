"""Every number on every page equals what `meantime kpi` tells for the same filters."""

from __future__ import annotations

from collections.abc import Iterable
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from dashboard.shown import RECORD, Shown, figures
from queries.question import Question
from tests.command import meantime
from tests.test_dashboard_pages import visit

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
# These show what was loaded, what is meant, or single tickets: no figure of a metric.
WITHOUT_FIGURES = {"data", "definitions", "ticket", "tickets", "load"}
PAGES = sorted({path.stem for path in (ROOT / "pages").glob("[!_]*.py")} - WITHOUT_FIGURES)
Told = dict[str, dict[tuple[str, ...], float | None]]

VISITS: dict[str, dict[str, str | list[str]]] = {
    "as it opens": {},
    "filtered": {"priority": ["P1", "P2"], "customer": ["North", "not recorded"]},
    "a quarter beside last year": {"period": "Q3 2026", "compare": "vs last year"},
    "days of one's own": {"period": "2026-08-10 to 2026-09-15", "service": ["Mail"]},
    "another figure, cut by service": {"kpi": "Reopened", "by": "Service"},
}


def flags(question: Question) -> list[str]:
    """A question as the terminal is asked it."""
    asked = [f"--by={name}" for name in question.by]
    asked += [f"--where={name}={kept}" for name, all_ in question.where.items() for kept in all_]
    asked += [f"--from={question.from_on}"] if question.from_on else []
    asked += [f"--to={question.to_on}"] if question.to_on else []
    return asked + ([f"--aggregate={question.aggregate}"] if question.aggregate else [])


def told(warehouse: Path, question: Question, metrics: Iterable[str]) -> Told:
    """What the terminal tells, by metric and the buckets of each row."""
    asked = [*metrics, *flags(question), "--format", "json", "--warehouse", warehouse]
    return {
        answer["metric"]: {_buckets(row["bucket"]): row["value"] for row in answer["rows"]}
        for answer in meantime("kpi", *asked).json
    }


def _buckets(bucket: Any) -> tuple[str, ...]:
    if bucket is None:
        return ()
    return tuple(bucket) if isinstance(bucket, list) else (bucket,)


def different(warehouse: Path, found_on_page: Iterable[Shown]) -> list[str]:
    """The figures that the terminal tells otherwise."""
    by_question: dict[str, list[Shown]] = {}
    for each in found_on_page:
        by_question.setdefault(" ".join(flags(each.question)), []).append(each)
    found = []
    for asked, figures_of in by_question.items():
        metrics = sorted({each.metric for each in figures_of})
        answers = told(warehouse, figures_of[0].question, metrics)
        for each in figures_of:
            value = answers[each.metric].get(each.buckets, "no row")
            if not _same(each.value, value):
                found.append(
                    f"{each.metric} {asked} {each.buckets}: shown {each.value}, told {value}"
                )
    return found


def _same(shown: float | None, told: float | str | None) -> bool:
    if isinstance(shown, float | int) and isinstance(told, float | int):
        return isclose(shown, told, rel_tol=1e-12, abs_tol=1e-12)
    return shown == told


@pytest.mark.parametrize("how", VISITS)
@pytest.mark.parametrize("page", PAGES)
def test_every_figure_is_what_the_terminal_tells(
    monkeypatch: pytest.MonkeyPatch, small_warehouse: Path, page: str, how: str
) -> None:
    app = visit(monkeypatch, small_warehouse, page, **VISITS[how])
    found = list(figures(app.session_state[RECORD]))
    assert different(small_warehouse, found) == []
    if how == "filtered" and found:
        assert all(each.question.where["priority"] == ("P1", "P2") for each in found)
    if how == "as it opens":
        # A page that shows tiles has noted them.
        noted = {each.metric for each in found}
        assert len(noted) >= len({each.label for each in app.metric if each.value != "\N{EN DASH}"})


def test_a_wrong_figure_is_found(small_warehouse: Path) -> None:
    wrong = Shown("ticket_volume", Question(), (), 1.0)
    assert different(small_warehouse, [wrong])
