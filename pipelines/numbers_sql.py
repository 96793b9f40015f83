"""Numbers as people write them: SQL from text to whole numbers and numbers.

Marks between thousands may be blanks, commas, points or apostrophes (`52 267`, `1.234,5`).
"""

from __future__ import annotations

BLANKS = "[ \u00a0\u2009\u202f'’]"
GROUPED = rf"^[+-]?[0-9]{{1,3}}(?:(?:{BLANKS}[0-9]{{3}})+|(?:\.[0-9]{{3}})+|(?:,[0-9]{{2,3}})+)$"
WHOLE = r"^[+-]?[0-9]+(?:[.,]0*)?$"
POINTS_THEN_COMMA = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+$"
COMMAS_THEN_POINT = r"^[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}\.[0-9]+$"


def _literal(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"


def integer_sql(text: str) -> str:
    """SQL of a whole number; null where the text is none, or has a fraction."""
    digits = f"regexp_replace({text}, '[^0-9+-]', '', 'g')"
    return (
        f"coalesce(case when not contains({text}, '.') then try_cast({text} as bigint) end, "
        f"case when regexp_matches({text}, {_literal(GROUPED)}) then try_cast({digits} as bigint) "
        f"when regexp_matches({text}, {_literal(WHOLE)}) "
        f"then try_cast(regexp_replace({text}, '[.,].*$', '') as bigint) end)"
    )


def number_sql(text: str) -> str:
    """SQL of a number; a single comma is a decimal one; null where the text is none."""
    plain = f"regexp_replace({text}, {_literal(BLANKS)}, '', 'g')"
    return (
        f"coalesce(try_cast({text} as double), "
        f"case when regexp_matches({plain}, {_literal(POINTS_THEN_COMMA)}) "
        f"then try_cast(replace(replace({plain}, '.', ''), ',', '.') as double) "
        f"when regexp_matches({plain}, {_literal(COMMAS_THEN_POINT)}) "
        f"then try_cast(replace({plain}, ',', '') as double) "
        f"else try_cast(replace({plain}, ',', '.') as double) end)"
    )


def joined_digits_sql(text: str) -> str:
    """SQL of an id without the blanks that a tool puts between its thousands; others unchanged."""
    return (
        f"case when regexp_matches({text}, {_literal(rf'^[0-9]{{1,3}}(?:{BLANKS}[0-9]{{3}})+$')}) "
        f"then regexp_replace({text}, '[^0-9]', '', 'g') else {text} end"
    )
