"""Instants that a file tells by the time since its opening, proposed for a mapping.

"Seconds to resolve", "Resolution time (hours)", "First reply (min)": told by the name, with the
unit in it, or by lengths of time in the cells. Time that is not counted around the clock is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.mappings.content import Content
from pipelines.mappings.likeness import names, plain_words
from pipelines.times.durations import Unit

SINCE = "opened_at"
# Jira's service levels, in whatever language a custom field is called so: what is left of them.
TIME_LEFT = re.compile(r".+ \(time to [^)]+\)$", re.IGNORECASE)
UNITS: tuple[Unit, ...] = ("seconds", "minutes", "hours", "days")


@dataclass(frozen=True)
class ProposedDuration:
    """The file's column, what a bare number in it counts, and why."""

    column: str
    unit: Unit | None
    reason: str
    since: str = SINCE


def durations_of(
    mapped: Mapping[str | None, Content], found: Sequence[Content]
) -> dict[str, ProposedDuration]:
    """Contract column -> the length of time that tells it, where no date does."""
    proposed: dict[str, ProposedDuration] = {}
    if SINCE not in mapped:
        return proposed
    used = {content.place for column, content in mapped.items() if column is not None}
    for content in found:
        if content.place in used or content.kind not in ("numbers", "durations"):
            continue
        target, unit = _told(content)
        if target is None or target in mapped or target in proposed:
            continue
        if content.kind == "numbers" and unit is None:
            continue
        counted = f"a number counts {unit}" if unit else "lengths of time"
        proposed[target] = ProposedDuration(
            content.name, unit, f"{counted}, taken as around the clock; {content.told}"
        )
    return proposed


def counts_time(content: Content) -> bool:
    """Whether the name of a column of numbers speaks of the time until something: with its unit,
    or as a time."""
    said, parts = set(plain_words(content.name).split()), names()["durations"]
    untils = [word for name, words in parts.items() if name.endswith("_at") for word in words]
    units = [word for unit in (*UNITS, "times") for word in parts[unit]]
    return content.kind == "numbers" and bool(
        said.intersection(untils) and said.intersection(units)
    )


def _told(content: Content) -> tuple[str | None, Unit | None]:
    """Which instant a name speaks of, and the unit in it."""
    words = plain_words(content.name).split()
    said, parts = set(words), names()["durations"]
    if said & set(parts["not_around_the_clock"]) or TIME_LEFT.match(content.name.strip()):
        return None, None
    unit = next((each for each in UNITS if said & set(parts[each])), None)
    for target in ("first_response_at", "resolved_at", "closed_at"):
        if said & set(parts[target]):
            return target, unit
    return None, unit
