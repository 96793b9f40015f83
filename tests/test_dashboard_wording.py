"""How numbers, durations and dates read."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard import wording
from queries.catalogue import read_metrics

METRICS = read_metrics()
THIN = wording.NARROW


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 m"),
        (29, "< 1 m"),
        (60, "1 m"),
        (43 * 60, "43 m"),
        (59.6 * 60, "1 h"),
        (5 * 3600 + 600, "5 h 10 m"),
        (24 * 3600 - 1, "1 d"),
        (52 * 3600, "2 d 4 h"),
        (7 * 86400 + 1790, "7 d"),
        (120.2 * 86400, "120 d"),
        (-3 * 3600 - 300, f"{wording.MINUS}3 h 5 m"),
    ],
)
def test_durations_have_two_units(seconds: float, words: str) -> None:
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.934, "93.4"),
        (0.9952, "99.52"),
        (0.98499, "98.5"),
        (1.0, "100"),
        (0.99999, "100"),
        (0.0, "0"),
        (0.002, "0.2"),
        (0.00034, "< 0.1"),
    ],
)
def test_shares_have_one_decimal_and_two_near_the_top(value: float, words: str) -> None:
    assert wording.share(value) == f"{words}{THIN}%"


def test_counts_are_separated_and_averages_are_not_exact() -> None:
    assert wording.count(1204) == "1,204"
    assert wording.count(0.587) == "0.59"
    assert wording.count(12.34) == "12.3"


def test_a_change_has_a_sign_and_the_unit_of_its_metric() -> None:
    assert wording.signed(METRICS["mttr"], -3900) == f"{wording.MINUS}1 h 5 m"
    assert wording.signed(METRICS["reopen_rate"], 0.012) == "+1.2 pts"
    assert wording.signed(METRICS["ticket_volume"], 20.6) == "+21"


def test_the_ends_of_an_interval_are_rough() -> None:
    assert wording.interval(METRICS["mttr"], 15.4 * 3600, 59.3 * 86400) == "15 h – 59 d"
    assert wording.interval(METRICS["reopen_rate"], 0.019, 0.041) == f"1.9 – 4.1{THIN}%"
    assert wording.interval(METRICS["major_incidents"], 3.45, 15.8) == "3 – 16"
    changed = wording.change_interval(METRICS["mttr"], -15.4 * 3600, 54 * 60)
    assert changed == f"{wording.MINUS}15 h to +54 m"
    changed = wording.change_interval(METRICS["reopen_rate"], -0.01, 0.02)
    assert changed == f"{wording.MINUS}1.0 to +2.0 pts"


def test_days_and_instants_read_in_the_reporting_zone() -> None:
    assert wording.day(date(2026, 10, 3)) == "3 Oct 2026"
    assert wording.month("2026-10") == "Oct 2026"
    madrid = ZoneInfo("Europe/Madrid")
    assert wording.instant(datetime(2026, 10, 31, 22, 40), madrid) == "31 Oct 2026 23:40"


def test_names_of_the_data_are_no_markup() -> None:
    assert wording.plain("**a** [b](c) :red[d]") == r"\*\*a\*\* \[b\]\(c\) \:red\[d\]"
    assert wording.chart_text("<b>R&D</b>") == "&lt;b&gt;R&amp;D&lt;/b&gt;"
    assert len(wording.chart_text("x" * 90)) == 28
