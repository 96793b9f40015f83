"""Numbered scales: most count the worst as 1, some count upwards; the file's words tell which."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import TICKETS
from pipelines.scales import counts_upwards
from pipelines.words import PRIORITIES
from tests.command import meantime
from tests.ticket_rows import loaded

PRIORITY = TICKETS["priority"]
LIST = "number,opened_at,priority,impact,short_description\n"


@pytest.mark.parametrize(
    ("texts", "upwards"),
    [
        (["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"], False),
        (["1 - Low", "2 - Medium", "3 - High", "4 - Critical", "0 - Unassigned"], True),
        (["3 medium", "5 critical"], True),
        (["P1: High", "P2: Medium", "P3: Low"], False),
        (["(3) High", "(1) Low"], True),
        (["4 - Critical"], True),  # alone, and three places from its number
        (["3 - High"], False),  # alone, and one place off: some scales have three steps
        (["1 - High", "2 - High"], False),
        (["1 - Kritiek", "2 - Laag"], False),  # words of which none is known
        (["1", "2", "high"], False),
        ([], False),
    ],
)
def test_the_words_tell_which_way_a_scale_counts(texts: list[str], upwards: bool) -> None:
    assert counts_upwards(PRIORITY, texts, PRIORITIES.get) is upwards


def priorities(folder: Path, *texts: str) -> tuple[list[str | None], list[str]]:
    """What became of each text in a list of ServiceNow, and the codes of the findings."""
    rows = [f"INC{n},2026-01-05 09:00:00,{text},,x" for n, text in enumerate(texts)]
    found = loaded(folder, LIST + "\n".join(rows) + "\n", "--timezone", "UTC", name="list.csv")
    shown = found.rows("select priority from tickets order by number")
    return [priority for (priority,) in shown], found.finding_codes


def test_a_scale_that_counts_upwards_is_read_by_its_words(tmp_path: Path) -> None:
    texts = ("1 - Low", "2 - Medium", "3 - High", "4 - Critical", "0 - Unassigned")
    read, codes = priorities(tmp_path, *texts)
    assert read == ["P4", "P3", "P2", "P1", None]
    assert {"upward_scale", "unknown_word"} <= set(codes)


def test_a_scale_as_most_write_it_is_read_by_its_numbers(tmp_path: Path) -> None:
    read, codes = priorities(tmp_path, "1 - Critical", "2 - High", "3 - Moderate", "4 - Laag")
    assert read == ["P1", "P2", "P3", "P4"]
    assert "upward_scale" not in codes


def test_a_mapping_is_proposed_by_the_words_of_such_a_scale(tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        "Ticket No;Created;Prio\n"
        "T1;2026-01-05 09:00:00;1 - Low\n"
        "T2;2026-01-06 09:00:00;3 - High\n"
        "T3;2026-01-07 09:00:00;4 - Critical\n",
        encoding="utf-8",
    )
    proposed = meantime("map", path, "--timezone", "UTC").out
    assert "counts upwards" in proposed
    for line in ('"1 - Low" = "P4"', '"3 - High" = "P2"', '"4 - Critical" = "P1"'):
        assert line in proposed
