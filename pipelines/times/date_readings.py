"""How one column's dates are read: SQL from the text of a cell to a local time or an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.binding import Bindings
from pipelines.numbers_sql import number_sql
from pipelines.times.months import number_of

ISO_PATTERN = "____-__-__%"
PLAIN_PATTERN = "____-__-__ __:__:__"
# Begins as ISO and goes on in another way: 2026-06-14 22.57, 22:57:01,123, 10:57 PM, 22:57 CEST
UNTIDY_PATTERN = r"^.{10} [0-9]{1,2}\.[0-9]|^.{11}.*(,|[A-BD-SV-Ya-bd-sv-y])"
Counting = Literal["days", "seconds", "milliseconds"]

_LETTER = "[a-zа-яіє]"  # accents are gone, and "й" is "и"
_WEEKDAY = (
    rf"^{_LETTER}{{2,}}\.?,? +"
    rf"([0-9]{{1,2}}(?:st|nd|rd|th|\.)?[ ./-]+(?:de )?(?:{_LETTER}{{3,}}|[0-9]{{1,2}}[./-]))"
)
_WEEKDAY_BEFORE_MONTH = rf"^{_LETTER}{{2,}}\.?,? +({_LETTER}{{3,}}\.? [0-9])"
_MERIDIEM = r" ?([ap])\. ?m\.?$"
_BETWEEN = r",| de | del | of | at | a las | a | as | um | klo | - |\buhr\b|,? г\.,?| р\.,?| в | о "
_ORDINAL = r"([0-9])(?:st|nd|rd|th)\b"
_FRENCH_HOUR = r"\b([0-9]{1,2}) ?h ?([0-9]{2})\b"
# 14/06/2026 22.57 and 2026-06-14 22.57: elsewhere points divide days and months
_YEAR_OR_ISO = "(?:[0-9]{4}|^[0-9]{4}-[0-9]{2}-[0-9]{2})"
_POINTED_HOUR = rf"({_YEAR_OR_ISO}) ([0-9]{{1,2}})\.([0-5][0-9])\b"
_POINTED_SECOND = rf"({_YEAR_OR_ISO} [0-9]{{1,2}}:[0-5][0-9])\.([0-5][0-9])( ?[ap]m)?$"
# as Oracle and SAS write it: 05-jan-24 10.15.30.000000 am, 05jan2024:10:15:00
_POINTED_AFTER_NAME = (
    rf"^([0-9]{{1,2}}[ /-]{_LETTER}{{3,}}[ /-][0-9]{{2}}) "
    r"([0-9]{1,2})\.([0-5][0-9])\.([0-5][0-9])(\.[0-9]{1,3})?[0-9]*"
)
_COLON_BEFORE_TIME = rf"^([0-9]{{1,2}}{_LETTER}{{3}}[0-9]{{2,4}}):([0-9]{{1,2}}:[0-5][0-9])"
_COMMA_FRACTION = r"(:[0-9]{2}),([0-9]{1,9})\b"
# what JavaScript writes behind an offset: "GMT+0100 (Central European Standard Time)"
_ZONE_IN_WORDS = r"([+-][0-9]{2}:?[0-9]{2}) \([^)]*\)$"
_ZONE_IN_BRACKETS = r" \(([a-z]{3,4}|(?:gmt|utc)? ?[+-][0-9:]+)\)$"
_HOUR_OFFSET = r"(?:gmt|utc) ?([+-])([0-9])$"
_HOURS_OFFSET = r"(?:gmt|utc) ?([+-][0-9]{2})$"
_WHOLE_OFFSET = r"(?:gmt|utc) ?([+-][0-9]{2}):?([0-9]{2})$"
_ZONE = r":[0-9]{2}.* ([a-z]{3,4})$"
_DIGITS_DAY = r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])"
_DIGITS_SECOND = rf"{_DIGITS_DAY}t?([0-2][0-9])([0-5][0-9])([0-5][0-9])([^0-9]|$)"
_DIGITS_MINUTE = rf"{_DIGITS_DAY}t?([0-2][0-9])([0-5][0-9])([^0-9]|$)"
_EASTERN_DATE = r"([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일] ?"
_EASTERN_SECOND = r"([0-9]{1,2}) ?[時时시] ?([0-9]{1,2}) ?[分분] ?([0-9]{1,2}) ?[秒초]"
_EASTERN_MINUTE = r"([0-9]{1,2}) ?[時时시] ?([0-9]{1,2}) ?[分분]"
_EASTERN_MORNING = r"(?:上午|午前|오전) ?([0-9:]+)"
_EASTERN_AFTERNOON = r"(?:下午|午後|오후) ?([0-9:]+)"
# as C and Git write it, the year behind the time: jan 06 21:58:16 2025
_YEAR_LAST = (
    rf"^({_LETTER}{{3,}}\.? [0-9]{{1,2}}) ([0-9]{{1,2}}:[0-9:]+)"
    r"( utc| gmt| [+-][0-9]{4})? ([0-9]{4})( [+-][0-9]{4})?$"
)
# Names of offsets that mean one thing everywhere: BST, CST and IST do not.
ZONE_OFFSETS = {
    "wet": "+00:00", "west": "+01:00", "cet": "+01:00", "mez": "+01:00", "cest": "+02:00",
    "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "est": "-05:00",
    "edt": "-04:00", "cdt": "-05:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
    "jst": "+09:00", "kst": "+09:00", "aest": "+10:00", "aedt": "+11:00",
}  # fmt: skip
_FRENCH_SUMMER = r"\bjui([ln])"
# June and July begin alike: "cervna", "cervenec"
_CZECH_JUNE = r"\bcerv(?:en|na)\b"
_CZECH_JULY = r"\bcerven(?:ec|ce)\b"
_FINNISH_NOVEMBER = r"\bmarras[a-z]*"  # and no March
_MONTH = rf"{_LETTER}{{3,}}"
_POINT = r"\.?"
# An offset stands behind a time: "31-10-2026" ends in none.
_TIME_BEFORE = r":[0-9]{2}[^ +-]*(?: [ap]m)?"
_OFFSETS = r"z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}"
OFFSET = rf"{_TIME_BEFORE} ?({_OFFSETS})$"
TIME_AND_OFFSET = rf"({_TIME_BEFORE}) ?(?:{_OFFSETS})$"


@dataclass(frozen=True)
class DateReading:
    """How one column's dates are read; where several apply they are tried in turn.

    iso       ISO 8601; `plain` is `2026-10-31 09:00:00` in every row: no offset, no fraction
    formats   strptime formats
    tidy      the formats are those of the text that `tidy_sql` makes, so that is the cell to give
    language  of the names of months, where one word is two of them: `months.DISPUTED`
    order     day-first or month-first, where the formats leave it open
    counting  numbers: days since 1900 as spreadsheets count, seconds or milliseconds since 1970
    """

    iso: bool
    formats: tuple[str, ...] = ()
    order: str | None = None
    plain: bool = False
    tidy: bool = False
    language: str = ""
    counting: Counting | None = None

    def wall_sql(self, cell: str, bind: Bindings) -> str:
        """SQL for the local time that `cell` shows; null where it shows none, or has an offset."""
        if self.plain:
            return f"case when {cell} like '{PLAIN_PATTERN}' then try_cast({cell} as timestamp) end"
        found: list[str] = []
        if self.iso:
            shown = f"upper({cell})" if self.tidy else cell  # a tidy T is small
            found.append(
                f"case when {cell} like '{ISO_PATTERN}' and not {has_offset(cell)} "
                f"then try_cast({shown} as timestamp) end"
            )
        if self.formats and not self.tidy:
            found.append(f"try_strptime({cell}, [{bind.all(self.formats)}])")
        if self.formats and self.tidy:
            found.append(
                f"case when not regexp_matches({cell}, {bind(OFFSET)}) "
                f"then try_strptime({cell}, [{bind.all(self.formats)}]) end"
            )
        if self.counting == "days":
            found.append(
                f"timestamp '1899-12-30' "
                f"+ to_seconds(try_cast(round({number_sql(cell)} * 86400) as bigint))"
            )
        return f"coalesce({', '.join(found)})" if found else "null::timestamp"

    def instant_sql(self, cell: str, bind: Bindings) -> str:
        """SQL for the UTC time of a `cell` with an offset of its own; null where it has none."""
        if self.plain:
            return "null::timestamp"
        found: list[str] = []
        if self.iso:
            found.append(_iso_instant(cell))
        if self.formats and self.tidy:
            found.append(self._tidy_instant(cell, bind))
        if self.counting in ("seconds", "milliseconds"):
            unit = 1_000_000 if self.counting == "seconds" else 1_000
            found.append(f"make_timestamp(try_cast(round({number_sql(cell)} * {unit}) as bigint))")
        return f"coalesce({', '.join(found)})" if found else "null::timestamp"

    def _tidy_instant(self, cell: str, bind: Bindings) -> str:
        mark = f"regexp_extract({cell}, {bind(OFFSET)}, 1)"
        wall = f"trim(left({cell}, length({cell}) - length({mark})))"
        hours, minutes = f"left({mark}, 3)", f"left({mark}, 1) || right({mark}, 2)"
        seconds = (
            f"coalesce(3600 * try_cast({hours} as integer) "
            f"+ 60 * try_cast({minutes} as integer), 0)"
        )
        return (
            f"case when regexp_matches({cell}, {bind(OFFSET)}) "
            f"then try_strptime({wall}, [{bind.all(self.formats)}]) - to_seconds({seconds}) end"
        )


PLAIN = DateReading(iso=True, plain=True)


def has_offset(cell: str) -> str:
    return f"regexp_matches(substr({cell}, 12), '[Zz+-]|UTC')"


def _iso_instant(cell: str) -> str:
    spelled = f"regexp_replace(upper({cell}), ' ?UTC$', 'Z')"
    # DuckDB wants seconds before an offset, no blank, and a colon within.
    spelled = f"regexp_replace({spelled}, '^(.{{16}}) ?([Z+-])', '\\1:00\\2')"
    spelled = f"regexp_replace({spelled}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\\1:\\2')"
    return (
        f"case when {cell} like '{ISO_PATTERN}' and {has_offset(cell)} "
        f"then timezone('UTC', try_cast({spelled} as timestamptz)) end"
    )


def tidy_sql(cell: str, bind: Bindings, language: str = "") -> str:
    """SQL of a date in words made tidy: `Mon, 31 octobre 2026 à 9h05` -> `31 m10 2026 9:05`."""
    low = _low(cell)
    for pattern, by in ((_ZONE_IN_WORDS, r"\1"), (_ZONE_IN_BRACKETS, r" \1")):
        low = f"regexp_replace({low}, {bind(pattern)}, {bind(by)})"
    low = _with_offset(low, bind)
    for pattern, by in (
        (_HOUR_OFFSET, r"\10\2:00"),
        (_HOURS_OFFSET, r"\1:00"),
        (_WHOLE_OFFSET, r"\1:\2"),
        (_DIGITS_SECOND, r"\1-\2-\3 \4:\5:\6\7"),
        (_DIGITS_MINUTE, r"\1-\2-\3 \4:\5\6"),
        (rf"{_DIGITS_DAY}$", r"\1-\2-\3"),
        (_COMMA_FRACTION, r"\1.\2"),
        (_WEEKDAY, r"\1"),
        (_WEEKDAY_BEFORE_MONTH, r"\1"),
        (_YEAR_LAST, r"\1 \4 \2\3\5"),
        (_MERIDIEM, r" \1m"),
        (_BETWEEN, " "),
        (_ORDINAL, r"\1"),
        (_FRENCH_HOUR, r"\1:\2"),
        (_FRENCH_SUMMER, r"ju\1"),
        (_CZECH_JUNE, "cvn"),
        (_CZECH_JULY, "cvc"),
        (_FINNISH_NOVEMBER, "nov"),
        (_POINTED_AFTER_NAME, r"\1 \2:\3:\4\5"),
        (_COLON_BEFORE_TIME, r"\1 \2"),
        (_POINTED_HOUR, r"\1 \2:\3"),
        (_POINTED_SECOND, r"\1:\2\3"),
        (_EASTERN_DATE, r"\1/\2/\3 "),
        (_EASTERN_SECOND, r"\1:\2:\3"),
        (_EASTERN_MINUTE, r"\1:\2"),
        (_EASTERN_MORNING, r"\1 am"),
        (_EASTERN_AFTERNOON, r"\1 pm"),
    ):
        low = f"regexp_replace({low}, {bind(pattern)}, {bind(by)}, 'g')"
    word = f"regexp_extract({low}, {bind(_MONTH)})"
    months = number_of(language)
    keys, numbers = bind.all(months), bind.all(months.values())
    month = f"coalesce(map([{keys}], [{numbers}])[left({word}, 3)], {word})"
    named = f"regexp_replace({low}, {bind(_MONTH + _POINT)}, {month})"
    return f"trim(regexp_replace({named}, ' +', ' ', 'g'))"


def _with_offset(low: str, bind: Bindings) -> str:
    """SQL of a text whose zone, where it ends in the name of one, is told as an offset."""
    names, offsets = bind.all(ZONE_OFFSETS), bind.all(ZONE_OFFSETS.values())
    zone = f"regexp_extract({low}, {bind(_ZONE)}, 1)"
    offset = f"map([{names}], [{offsets}])[{zone}]"
    return f"coalesce(left({low}, length({low}) - length({zone})) || {offset}, {low})"


def words_sql(cell: str, bind: Bindings) -> str:
    """SQL of the first letters of all words of a cell: a list."""
    words = f"regexp_extract_all({_low(cell)}, {bind(_MONTH)})"
    return f"list_transform({words}, lambda word: left(word, 3))"


def _low(cell: str) -> str:
    """In small letters, without accents, every kind of blank as one: some programs write a narrow
    one before AM."""
    return f"trim(regexp_replace(strip_accents(lower({cell})), '[\\s\\p{{Z}}]+', ' ', 'g'))"
