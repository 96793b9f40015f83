"""The months that the data can tell of."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from queries.months import last_complete, months_before, months_between

MADRID = ZoneInfo("Europe/Madrid")
UTC = ZoneInfo("UTC")


def test_months_run_from_the_first_ticket_to_the_moment_of_the_data() -> None:
    months = months_between(datetime(2025, 11, 30, 23, 30), datetime(2026, 2, 10), MADRID)
    assert [month.name for month in months] == ["2025-12", "2026-01", "2026-02"]
    assert [month.is_complete for month in months] == [True, True, False]
    assert last_complete(months).name == "2026-01"
    assert [month.days for month in months] == [31, 31, 10]


def test_a_month_whose_last_day_is_reached_is_complete() -> None:
    months = months_between(datetime(2026, 10, 1), datetime(2026, 10, 31, 22, 39), UTC)
    assert last_complete(months).name == "2026-10"


def test_a_first_month_that_began_before_the_data_is_not_complete() -> None:
    months = months_between(datetime(2026, 2, 27), datetime(2026, 3, 31), UTC)
    assert [(month.days, month.is_complete) for month in months] == [(2, False), (31, True)]


def test_without_a_complete_month_the_newest_counts() -> None:
    months = months_between(datetime(2026, 10, 1), datetime(2026, 10, 5), UTC)
    assert last_complete(months).name == "2026-10"


def test_a_month_without_a_ticket_is_not_the_one_that_is_shown_first() -> None:
    """Tickets in June and in August, of which the data know twenty days."""
    june, july, august = datetime(2025, 6, 3), datetime(2025, 7, 1), datetime(2025, 8, 20)
    months = months_between(june, august, UTC, [june, august])
    assert [month.is_silent for month in months] == [False, True, False]
    for openings, shown in (
        ([june, august], "2025-08"),
        ([june, july, august], "2025-07"),
        ([june], "2025-06"),
        ([], "2025-07"),
    ):
        assert last_complete(months_between(june, august, UTC, openings)).name == shown
    # half past ten in the evening of June is July in Madrid
    late = [datetime(2025, 6, 30, 22, 30)]
    assert last_complete(months_between(june, august, MADRID, late)).name == "2025-07"


def test_months_before_pass_the_turn_of_the_year() -> None:
    assert months_before("2026-10", 12) == date(2025, 10, 1)
    assert months_before("2026-01", 1) == date(2025, 12, 1)
