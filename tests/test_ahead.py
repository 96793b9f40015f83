"""What the first page asks is there before its first visitor, and asked once."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from dashboard import ahead, session
from dashboard.answers import Kept
from dashboard.filters import View
from queries import months as periods
from queries.groups import of_their_own


def test_the_tiles_of_the_first_page_are_there(
    small_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(small_warehouse))
    monkeypatch.delenv("MEANTIME_POLICY", raising=False)
    ahead.ask_what_the_first_page_asks()
    data = session.open_data()
    known = session.months(data)
    period = periods.last_complete(known)
    before, year_before = periods.one_before(known, period), periods.year_before(known, period)
    view = View(period, before, year_before, "previous", known, {})
    for metric in of_their_own(data.metrics).values():
        assert all(session.is_kept(data, metric, question) for question in view.asked())


def test_an_empty_warehouse_is_told_by_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEANTIME_WAREHOUSE", str(tmp_path))
    ahead.ask_what_the_first_page_asks()


def test_what_is_being_computed_is_waited_for() -> None:
    kept: Kept[str] = Kept()
    both_ask, asked = Barrier(2), list[int]()

    def compute() -> list[str]:
        asked.append(1)
        return ["answer"]

    def ask() -> None:
        both_ask.wait()
        kept.keep(["question"], compute)

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [1]
    assert "question" in kept
