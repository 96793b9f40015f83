"""Lengths of time as people and tools write them: SQL from text to seconds.

`H:MM`, `HH:MM:SS`, `-0:30`, `2 days, 3:04:05`, `1h 30m`, `2 d 4 h`, `1 dias 18 horas 47 minutos`,
`3 jours 2 heures`, `PT1H30M`; a bare number counts in the unit that the form names. A day has 24
hours: who means working days must not read them here.
"""

from __future__ import annotations

from typing import Literal

from pipelines.binding import Bindings
from pipelines.numbers_sql import number_sql

Unit = Literal["seconds", "minutes", "hours", "days"]

SECONDS: dict[Unit, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
# English, Spanish, Portuguese, French, German; Italian, Dutch, Polish, Czech, Russian and the
# languages of Scandinavia: whole words and their short forms.
WORDS = {
    604_800: "w|wk|wks|week|weeks|semanas?|semaines?|sem|wochen?|wo|settiman[ae]|weken|tyg",
    86_400: "d|day|days|d[ií]as?|jours?|j|tage?|tagen?|t|giorn[oi]|gg|dag|dagen|dagar|dage|dager"
    "|dni|dzień|dny|дн|дня|дней|день",
    3_600: "h|hr|hrs|hour|hours|horas?|heures?|stunden?|std|or[ae]|uur|uren|timer|timmar|tim|godz"
    "|godziny?|hodiny?|hod|ч|час|часа|часов",
    60: "m|mn|min|mins|minutes?|minutos?|minuten?|minut[ioy]?|minuter|minutter|мин|минуты?|минут",
    1: "s|sec|secs|seconds?|seg|segs|segundos?|secondes?|sek|sekunden?|second[oi]|seconden|sekundy?"
    "|sekunder|сек|секунды?|секунд",
}
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_ANY = "|".join(WORDS.values())
_JOINED = r"(?:\s|,|\.|and|y|e|et|und)*"
_ENDS = r"(?:[^a-zà-ÿа-яё]|$)"
IN_WORDS = rf"^-?\s*(?:(?:{_NUMBER})\s*(?:{_ANY}){_JOINED})+$"
CLOCK = r"^-?\s*[0-9]+:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?$"
DAYS_AND_CLOCK = (
    rf"^-?\s*[0-9]+\s*(?:{WORDS[86_400]})\b[\s,]*[0-9]+:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?$"
)
ISO = (
    r"^-?p(?:[0-9]+w)?(?:[0-9]+d)?"
    r"(?:t(?:[0-9]+(?:[.,][0-9]+)?h)?(?:[0-9]+(?:[.,][0-9]+)?m)?(?:[0-9]+(?:[.,][0-9]+)?s)?)?$"
)
BARE = r"^-?\s*[0-9]+(?:[.,' \x{a0}\x{202f}][0-9]+)*$"


def seconds_sql(text: str, bind: Bindings, unit: Unit | None = None) -> str:
    """SQL for the seconds (double, negative where a minus leads) that `text` names; else null.

    `unit` is what a bare number counts; without it a bare number is no length of time.
    """
    low = f"lower(trim({text}))"
    sign = f"case when starts_with({low}, '-') then -1 else 1 end"
    bare = ""
    if unit is not None:
        bare = (
            f"when regexp_matches({low}, {bind(BARE)}) "
            f"then {SECONDS[unit]} * abs({number_sql(low)})"
        )
    return f"""{sign} * case
        when regexp_matches({low}, {bind(CLOCK)}) then {_clock(low, bind)}
        {bare}
        when regexp_matches({low}, {bind(IN_WORDS)}) then {_in_words(low, bind)}
        when regexp_matches({low}, {bind(DAYS_AND_CLOCK)})
            then 86400 * {_found(low, "([0-9]+)", bind)} + {_clock(low, bind)}
        when {low} not in ('p', '-p') and regexp_matches({low}, {bind(ISO)}) then {_iso(low, bind)}
    end"""


def _found(text: str, pattern: str, bind: Bindings) -> str:
    """SQL of the number that the first group of a pattern finds, 0 where it finds none."""
    found = f"regexp_extract({text}, {bind(pattern)}, 1)"
    return f"coalesce(try_cast(replace({found}, ',', '.') as double), 0)"


def _clock(text: str, bind: Bindings) -> str:
    hours = _found(text, "([0-9]+):[0-5][0-9]", bind)
    minutes = _found(text, "[0-9]+:([0-5][0-9])", bind)
    seconds = _found(text, "[0-9]+:[0-5][0-9]:([0-9.,]+)", bind)
    return f"(3600 * {hours} + 60 * {minutes} + {seconds})"


def _in_words(text: str, bind: Bindings) -> str:
    patterns = {seconds: rf"({_NUMBER})\s*(?:{words}){_ENDS}" for seconds, words in WORDS.items()}
    parts = [f"{seconds} * {_found(text, each, bind)}" for seconds, each in patterns.items()]
    return f"({' + '.join(parts)})"


def _iso(text: str, bind: Bindings) -> str:
    date, time = f"split_part({text}, 't', 1)", f"split_part({text}, 't', 2)"
    parts = (
        (604_800, date, "w"),
        (86_400, date, "d"),
        (3_600, time, "h"),
        (60, time, "m"),
        (1, time, "s"),
    )
    found = [
        f"{seconds} * {_found(where, f'([0-9.,]+){mark}', bind)}" for seconds, where, mark in parts
    ]
    return f"({' + '.join(found)})"
