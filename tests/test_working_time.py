"""Working seconds and deadlines, against the reference cases and an independent counter."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.second_counter import WEEKDAYS, SecondCounter
from tests.working_time_database import Question, ask

CASES_FILE = Path(__file__).parent / "sla_cases.toml"
CASES = tomllib.loads(CASES_FILE.read_text())

# Without daylight saving, changing by 30 minutes, on a Friday, at midnight, with it abolished,
# with a winter that is the exception, and far from UTC on either side.
ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Mexico_City",
    "Europe/Dublin",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Havana",
)


def naive_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def toml_of(calendars: dict[str, dict[str, Any]]) -> str:
    lines: list[str] = []
    for name, calendar in calendars.items():
        lines.append(f"[calendars.{name}]")
        lines += [f"{key} = {value!r}" for key, value in calendar.items() if key != "dates"]
        lines.append(f"[calendars.{name}.dates]")
        lines += [f'"{day}" = {windows!r}' for day, windows in calendar.get("dates", {}).items()]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, datetime | None]]:
    """All reference cases in one database; holds are subtracted as the module says."""
    policy = tmp_path_factory.mktemp("cases") / "policy.toml"
    policy.write_text(toml_of(CASES["calendars"]))
    questions: list[Question] = []
    for case in CASES["case"]:
        start = naive_utc(case["start"])
        end = naive_utc(case.get("end", case["start"]))
        questions.append((case["calendar"], start, end, case.get("target_seconds", 1)))
    found = ask(policy, questions)
    return {case["id"]: answer for case, answer in zip(CASES["case"], found, strict=True)}


WITHOUT_HOLDS = [case for case in CASES["case"] if "pauses" not in case]


@pytest.mark.parametrize("case", WITHOUT_HOLDS, ids=[case["id"] for case in WITHOUT_HOLDS])
def test_reference_case(case: dict[str, Any], answers: dict[str, tuple[int, datetime]]) -> None:
    elapsed, due = answers[case["id"]]
    if "working_seconds" in case:
        assert elapsed == case["working_seconds"]
    if "due" in case:
        assert due == naive_utc(case["due"])


@pytest.mark.parametrize("case", CASES["case"], ids=[case["id"] for case in CASES["case"]])
def test_the_counter_of_the_tests_agrees_with_the_reference(case: dict[str, Any]) -> None:
    first = case["start"].date() - timedelta(days=5)
    last = case.get("end", case["start"]).date() + timedelta(days=30)
    counter = SecondCounter(CASES["calendars"][case["calendar"]], first, last)
    holds = case.get("pauses", [])
    if "working_seconds" in case:
        assert counter.elapsed(case["start"], case["end"], holds) == case["working_seconds"]
    if "due" in case:
        due = counter.due(case["start"], case["target_seconds"], holds)
        assert due == naive_utc(case["due"])


def clock_times(minutes: list[int]) -> list[str]:
    """Windows between pairs of minutes of the day."""
    edges = [f"{minute // 60:02}:{minute % 60:02}" for minute in sorted(set(minutes))]
    return [f"{a}-{b}" for a, b in zip(edges[::2], edges[1::2], strict=False)]


windows = st.lists(st.integers(0, 96).map(lambda q: q * 15), max_size=6).map(clock_times)


@st.composite
def calendars(draw: st.DrawFn, around: date) -> dict[str, Any]:
    days = {day: draw(windows) for day in WEEKDAYS}
    offsets = draw(st.lists(st.integers(-20, 20), max_size=4, unique=True))
    dates = {(around + timedelta(days=n)).isoformat(): draw(windows) for n in offsets}
    return {"timezone": draw(st.sampled_from(ZONES)), **days, "dates": dates}


AROUND = (
    date(2025, 3, 28),
    date(2025, 10, 24),
    date(2025, 4, 24),
    date(2022, 10, 29),
    date(2024, 2, 27),
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[str, Any], date, list[tuple[int, int, int]]]:
    around = draw(st.sampled_from(AROUND))
    seconds = st.integers(-10 * 86_400, 10 * 86_400)
    asked = draw(
        st.lists(st.tuples(seconds, seconds, st.integers(1, 3 * 86_400)), min_size=1, max_size=30)
    )
    return draw(calendars(around)), around, asked


@settings(max_examples=25)
@given(asked=questions())
def test_elapsed_and_due_agree_with_the_counter(
    asked: tuple[dict[str, Any], date, list[tuple[int, int, int]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    calendar, around, pairs = asked
    policy = tmp_path_factory.mktemp("drawn") / "policy.toml"
    policy.write_text(toml_of({"drawn": calendar}))
    noon = datetime(around.year, around.month, around.day, 12)
    rows: list[Question] = []
    for a, b, target in pairs:
        start, end = noon + timedelta(seconds=min(a, b)), noon + timedelta(seconds=max(a, b))
        rows.append(("drawn", start, end, target))
    counter = SecondCounter(calendar, around - timedelta(days=15), around + timedelta(days=60))
    for (_, start, end, target), (elapsed, due) in zip(rows, ask(policy, rows), strict=True):
        assert elapsed == counter.elapsed(start, end)
        if counter.running(start).sum() >= target:
            assert due == counter.due(start, target)


@settings(max_examples=15)
@given(asked=questions())
def test_additive_monotone_and_inverse(
    asked: tuple[dict[str, Any], date, list[tuple[int, int, int]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    calendar, around, pairs = asked
    policy = tmp_path_factory.mktemp("drawn") / "policy.toml"
    policy.write_text(toml_of({"drawn": calendar}))
    noon = datetime(around.year, around.month, around.day, 12)
    instants = sorted({noon + timedelta(seconds=s) for pair in pairs for s in pair})
    parts: list[Question] = [("drawn", a, b, 1) for a, b in pairwise(instants)]
    whole: Question = ("drawn", instants[0], instants[-1], 1)
    *of_parts, of_whole = [elapsed for elapsed, _ in ask(policy, [*parts, whole])]
    assert all(elapsed >= 0 for elapsed in of_parts)
    assert sum(of_parts) == of_whole
    targets: list[Question] = [
        ("drawn", at, at, pair[2]) for at, pair in zip(instants, pairs, strict=False)
    ]
    dues = [due for _, due in ask(policy, targets)]
    back: list[Question] = [
        ("drawn", start, due, target)
        for (_, start, _, target), due in zip(targets, dues, strict=True)
        if due is not None
    ]
    for (_, _, _, target), (elapsed, _) in zip(back, ask(policy, back), strict=True):
        assert elapsed == target


def test_around_the_clock_is_the_difference_of_the_instants(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("")
    start = datetime(2024, 2, 28, 3, 4, 5)
    ends = [start + timedelta(seconds=seconds) for seconds in (0, 1, 86_399, 86_401, 60_000_000)]
    found = ask(tmp_path / "policy.toml", [("always", start, end, 60_000_000) for end in ends])
    assert [elapsed for elapsed, _ in found] == [0, 1, 86_399, 86_401, 60_000_000]
    assert {due for _, due in found} == {ends[-1]}


def test_several_calendars_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(toml_of(CASES["calendars"]))
    start, end = datetime(2025, 3, 7, 21), datetime(2025, 3, 10, 14)
    names = [*CASES["calendars"], "always"]
    found = ask(tmp_path / "policy.toml", [(name, start, end, 3600) for name in names])
    tables = {
        **CASES["calendars"],
        "always": {"timezone": "UTC", **{day: ["00:00-24:00"] for day in WEEKDAYS}},
    }
    for name, (elapsed, due) in zip(names, found, strict=True):
        counter = SecondCounter(tables[name], date(2025, 3, 1), date(2025, 4, 1))
        assert (elapsed, due) == (counter.elapsed(start, end), counter.due(start, 3600))


def test_deadline_years_after_the_data(tmp_path: Path) -> None:
    text = '[calendars.rare]\ntimezone = "UTC"\nmon = ["09:00-09:01"]'
    text += '\n[[sla]]\nname = "x"\nclock = "resolution"\ntarget = "8h"'
    (tmp_path / "policy.toml").write_text(text)
    monday = datetime(2025, 6, 2)
    ((_, due),) = ask(tmp_path / "policy.toml", [("rare", monday, monday, 8 * 3600)])
    assert due == monday + timedelta(weeks=8 * 60 - 1, hours=9, minutes=1)


def test_a_calendar_that_is_never_open_has_no_deadline(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[calendars.shut]\ntimezone = "UTC"')
    monday = datetime(2025, 6, 2)
    assert ask(tmp_path / "policy.toml", [("shut", monday, datetime(2025, 7, 1), 60)]) == [
        (0, None)
    ]


def test_fractions_of_a_second_are_cut(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("")
    start = datetime(2025, 6, 2, 9, 0, 0, 900_000)
    end = datetime(2025, 6, 2, 9, 0, 2, 100_000)
    assert ask(tmp_path / "policy.toml", [("always", start, end, 5)])[0] == (
        2,
        datetime(2025, 6, 2, 9, 0, 5),
    )
