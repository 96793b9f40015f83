"""Lengths of time and numbers, as people and tools write them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from pipelines import sources
from pipelines.binding import Bindings
from pipelines.numbers_sql import integer_sql, joined_digits_sql, number_sql
from pipelines.sources import Elapsed, Form
from pipelines.times.durations import Unit, seconds_sql
from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load

MINUTE, HOUR, DAY = 60, 3600, 86_400


def asked(expression: str, values: dict[str, object]) -> object:
    with connect(None) as connection:
        row = connection.execute(f"select {expression}", values).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("1:30", None, HOUR + 30 * MINUTE),
        ("-0:30", None, -30 * MINUTE),
        ("12:30:05", None, 12 * HOUR + 30 * MINUTE + 5),
        ("100:00", None, 100 * HOUR),
        ("1h 30m", None, HOUR + 30 * MINUTE),
        ("-1h 30m", None, -HOUR - 30 * MINUTE),
        ("5m30s", None, 5 * MINUTE + 30),
        ("2 d 4 h", None, 2 * DAY + 4 * HOUR),
        ("1w 2d", None, 9 * DAY),
        ("2 days, 3:04:05", None, 2 * DAY + 3 * HOUR + 4 * MINUTE + 5),
        ("1 day, 2 hours, and 5 minutes", None, DAY + 2 * HOUR + 5 * MINUTE),
        ("1 dias 18 horas 47 minutos", None, DAY + 18 * HOUR + 47 * MINUTE),
        ("2 semanas y 1 hora", None, 14 * DAY + HOUR),
        ("1 día", None, DAY),
        ("3 jours 2 heures", None, 3 * DAY + 2 * HOUR),
        ("1 giorno 2 ore 5 minuti 3 secondi", None, DAY + 2 * HOUR + 5 * MINUTE + 3),
        ("2 dagen 1 uur 5 minuten", None, 2 * DAY + HOUR + 5 * MINUTE),
        ("1 дн. 3 ч. 5 мин. 2 сек.", None, DAY + 3 * HOUR + 5 * MINUTE + 2),
        ("2 dni 3 godz. 5 min", None, 2 * DAY + 3 * HOUR + 5 * MINUTE),
        ("1 dag 2 timmar", None, DAY + 2 * HOUR),
        ("1 Tag 3 Stunden und 5 Min.", None, DAY + 3 * HOUR + 5 * MINUTE),
        ("PT1H30M", None, HOUR + 30 * MINUTE),
        ("P1DT2H", None, DAY + 2 * HOUR),
        ("1,5", "hours", HOUR + 30 * MINUTE),
        ("1.234,5", "minutes", 1234.5 * MINUTE),
        ("1,234.50", "minutes", 1234.5 * MINUTE),
        ("1 234,5", "minutes", 1234.5 * MINUTE),
        ("-1.234,5", "minutes", -1234.5 * MINUTE),
        ("12.30.45", "minutes", None),
        ("90", "seconds", 90),
        ("0 sec", None, 0),
        ("90", None, None),  # ninety of what?
        ("1:75", None, None),
        ("soon", "hours", None),
        ("P", None, None),
        ("", "hours", None),
    ],
)
def test_lengths_of_time(text: str, unit: Unit | None, seconds: float | None) -> None:
    bind = Bindings()
    assert asked(seconds_sql(f"{bind(text)}::varchar", bind, unit), bind.values) == seconds


@pytest.mark.parametrize(
    ("text", "whole", "number"),
    [
        ("52 267", 52267, 52267),
        ("52\u202f267", 52267, 52267),
        ("3,87,16,91,111", 3871691111, None),
        ("1.234.567", 1234567, None),
        ("1.0", 1, 1),
        ("1.5", None, 1.5),  # a count with a fraction is none: not rounded in silence
        ("4,5", None, 4.5),
        ("1.234,5", None, 1234.5),
        ("1,234.5", None, 1234.5),
        ("-4", -4, -4),
        ("many", None, None),
    ],
)
def test_numbers(text: str, whole: int | None, number: float | None) -> None:
    assert asked(integer_sql("$text::varchar"), {"text": text}) == whole
    assert asked(number_sql("$text::varchar"), {"text": text}) == number


@pytest.mark.parametrize(
    ("text", "id_"), [("52 267", "52267"), ("1 052 267", "1052267"), ("INC 12 345", "INC 12 345")]
)
def test_ids_with_blanks_between_thousands(text: str, id_: str) -> None:
    assert asked(joined_digits_sql("$text::varchar"), {"text": text}) == id_


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """A tool that tells the first response by the hours it took."""
    form = Form(
        source="desk",
        name="list",
        title="a list",
        table="tickets",
        columns={"number": ("Ref",), "opened_at": ("Created",), "first_response_at": ("Answered",)},
        recognised_by=(("Ref",), ("Created",)),
        elapsed={"first_response_at": Elapsed("opened_at", ("Answered after (hrs)",), "hours")},
        joined_digits=("number",),
    )
    monkeypatch.setattr(sources, "forms", lambda: (form,))
    return (yield)


@pytest.mark.usefixtures("desk")
def test_an_instant_told_by_the_time_until_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        "Ref;Created;Answered after (hrs);Answered\n"
        "1 001;2026-03-28 09:00:00;26:30:00;\n"  # over a change of the clocks: 26.5 real hours
        "1 002;2026-01-05 09:00:00;0,25;\n"
        "1 003;2026-01-05 09:00:00;;\n"
        "1 004;2026-01-05 09:00:00;1:00;2026-01-05 09:30:00\n"  # what is shown beats what is told
        "1 005;2026-01-05 09:00:00;soon;\n"
        "1 006;2026-01-05 09:00:00;-1:00;\n"
    )
    (file,) = load(tmp_path / "w", path, "--timezone", "Europe/Madrid")["files"]
    assert (file["rows_accepted"], file["rows_rejected"]) == (4, 2)
    query = """
    select number, first_response_at::varchar, precision_seconds, extra
    from tickets
    order by number
    """
    with connect(Warehouse(tmp_path / "w").current_path(), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [
            ("1001", "2026-03-29 10:30:00", 1, None),
            ("1002", "2026-01-05 08:15:00", 60, None),
            ("1003", None, 1, None),
            ("1004", "2026-01-05 08:30:00", 1, None),
        ]
        rejected = connection.execute("select line, value from rejected_rows order by line")
        assert rejected.fetchall() == [(6, "soon"), (7, "-1:00")]
