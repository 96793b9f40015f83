"""What a file has beside the contract: kept with each row as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipelines.binding import Bindings
from pipelines.sources import Form, folded


def unmapped(
    header: tuple[str, ...], places_of: Mapping[str, list[int]], form: Form, bind: Bindings
) -> str:
    """SQL of the cells that no contract column takes, as a JSON object; null where all are empty.

    Names that occur more than once have their values as a list, in order, so that nothing is lost.
    """
    used = {place for places in places_of.values() for place in places}
    ignored = {folded(name) for name in form.ignored}
    whole = {place for name in form.first_of for place in places_of.get(name, ())}
    used -= _further(header)
    sometimes = {folded(name) for name in form.counts_where}
    used -= {place for place, name in enumerate(header) if folded(name) in sometimes}
    rest = [
        place
        for place, name in enumerate(header)
        if place in whole or (place not in used and folded(name) not in ignored)
    ]
    if not rest or "extra" in places_of:
        return "t_extra" if "extra" in places_of else "null::varchar"
    repeated: dict[str, list[int]] = {}
    for place in rest:
        name = header[place] or f"column {place + 1}"
        repeated.setdefault(name, []).append(place)
    members = [_member(name, each, whole, bind) for name, each in repeated.items()]
    return f"nullif('{{' || concat_ws(',', {', '.join(members)}) || '}}', '{{}}')"


def _further(header: tuple[str, ...]) -> set[int]:
    """Further cells of a name that occurs more than once: the column takes the first alone."""
    seen: set[str] = set()
    found: set[int] = set()
    for place, name in enumerate(header):
        if folded(name) in seen:
            found.add(place)
        seen.add(folded(name))
    return found


def _member(name: str, places: list[int], whole: set[int], bind: Bindings) -> str:
    """One member of the object: a text, or the list of the texts of a repeated name."""
    key = bind(json.dumps(name, ensure_ascii=False) + ":")
    if len(places) == 1:
        cell = f"c{places[0]}"
        member = f"{key} || cast(to_json({cell}) as varchar)"
        return f"case when {_has_lines(cell)} then {member} end" if places[0] in whole else member
    cells = ", ".join(f"c{place}" for place in places)
    values = f"list_filter([{cells}], lambda each: each is not null)"
    return f"case when len({values}) > 0 then {key} || cast(to_json({values}) as varchar) end"


def _has_lines(cell: str) -> str:
    return f"(contains({cell}, chr(10)) or contains({cell}, '<br>'))"
