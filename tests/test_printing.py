"""Tables for people: whole in a pipe, readable in a terminal of any width."""

from __future__ import annotations

import sys

import polars as pl
import pytest

from terminal.printing import printed_frame

ROWS = pl.DataFrame(
    {
        "number": ["INC0000001", "INC0000002"],
        "title": ["the printer on the second floor prints black lines " * 2, "short"],
        "hours": [1234.5, None],
    }
)


def in_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    return printed_frame(ROWS, "table").splitlines()


def test_a_pipe_gets_one_line_a_row_however_long() -> None:
    head, first, second = printed_frame(ROWS, "table").splitlines()
    assert head.split() == ["number", "title", "hours"]
    assert len(first) > 100
    assert first.endswith("1,234.50")
    assert second.split() == ["INC0000002", "short"]


def test_a_terminal_wraps_sentences_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = in_a_terminal(monkeypatch, 60)
    assert max(len(line) for line in lines) <= 60
    assert lines[1].startswith("INC0000001  the printer")
    assert lines[2].startswith(" " * 12)
    assert sum("INC" in line for line in lines) == 2


def test_a_terminal_too_narrow_for_a_table_gets_row_after_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = in_a_terminal(monkeypatch, 40)
    assert max(len(line) for line in lines) <= 40
    assert lines[0] == "number  INC0000001"
    assert lines[lines.index("") + 1 :] == ["number  INC0000002", "title   short", "hours"]
