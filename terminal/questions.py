"""From flags to a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from policies.refusal import Refused
from queries.question import Override, Question


def question_of(
    from_on: str | None,
    to_on: str | None,
    by: Sequence[str],
    where: Sequence[str],
    aggregate: Override | None,
) -> Question:
    """The question of `--from --to --by --where --aggregate`; Refused where they make none."""
    return Question(
        from_on=_day("--from", from_on),
        to_on=_day("--to", to_on),
        by=tuple(by),
        where=_conditions(where),
        aggregate=aggregate,
    )


def _day(flag: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{flag} {text} is no date: write it as 2026-10-01.") from None


def _conditions(where: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """`COLUMN=VALUE` flags: the same column again is or, another column is and."""
    found: dict[str, tuple[str, ...]] = {}
    for text in where:
        column, sign, value = text.partition("=")
        if not sign or not column:
            raise Refused(f"--where {text} is no condition: write it as service=Mail.")
        found[column] = (*found.get(column, ()), value)
    return found
