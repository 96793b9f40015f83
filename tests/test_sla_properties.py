"""What must hold for any holds and any zone, through the files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.second_counter import SecondCounter
from tests.sla_files import OFFICE, Promise, Row, clocks_of

OPENED = datetime(2025, 6, 2, 6)
RESOLVED = OPENED + timedelta(days=3)
CALENDAR = {
    "timezone": "Europe/Madrid",
    **{day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
}
POLICY = OFFICE + str(Promise("1d", more='pause = ["on_hold", "Awaiting Vendor"]'))

Hold = tuple[datetime, datetime]


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    start = draw(st.integers(0, 70 * 3600))
    length = draw(st.integers(1, 40 * 3600))
    begins = OPENED + timedelta(seconds=start)
    return begins, begins + timedelta(seconds=length)


def events_of(by_state: Hold, by_reason: Hold) -> list[Row]:
    """One hold told as a state, the other as a hold reason; the resolution is in the row."""
    moves = [
        (by_state[0], "state", "in_progress", "on_hold"),
        (by_state[1], "state", "on_hold", "in_progress"),
        (by_reason[0], "hold_reason", "", "Awaiting Vendor"),
        (by_reason[1], "hold_reason", "Awaiting Vendor", ""),
    ]
    return [
        {"number": "T1", "at": f"{at.isoformat()}Z", "field": field, "old": old, "new": new}
        for at, field, old, new in moves
    ]


@settings(max_examples=4)
@given(first=holds(), second=holds())
def test_the_union_of_holds_commutes(
    first: Hold, second: Hold, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row = {
        "number": "T1",
        "opened_at": f"{OPENED.isoformat()}Z",
        "resolved_at": f"{RESOLVED.isoformat()}Z",
        "state": "resolved",
    }
    counter = SecondCounter(CALENDAR, OPENED.date(), RESOLVED.date() + timedelta(days=30))
    expected = counter.elapsed(OPENED, RESOLVED, [first, second])
    for events in (events_of(first, second), events_of(second, first)):
        (clock,) = clocks_of(tmp_path_factory.mktemp("holds"), POLICY, [row], events)
        assert clock["elapsed_seconds"] == expected
        assert clock["stopped_at"] == RESOLVED


@settings(max_examples=3)
@given(hours=st.tuples(st.integers(-12, 14), st.integers(-12, 14)), quarters=st.integers(0, 3))
def test_one_instant_written_in_two_zones_is_one_instant(
    hours: tuple[int, int], quarters: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = []
    for hour in hours:
        zone = timezone(timedelta(hours=hour, minutes=15 * quarters))
        opened, resolved = (
            at.replace(tzinfo=UTC).astimezone(zone).isoformat() for at in (OPENED, RESOLVED)
        )
        row = {"number": "T1", "opened_at": opened, "resolved_at": resolved, "state": "resolved"}
        found.append(clocks_of(tmp_path_factory.mktemp("zones"), POLICY, [row]))
    assert found[0] == found[1]
