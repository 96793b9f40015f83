"""Records of ServiceNow's REST tables as rows with the field names of the CSV.

Three forms, by `sysparm_display_value`:

- `all`: each field is `{"display_value", "value"}`. People and choices are taken as displayed,
  times as stored, which is UTC.
- `false`: stored values; references are `{"link", "value"}`, choices are numbers, times are UTC.
- `true`: displayed values; times are in the zone of whoever exported, so a file needs `--timezone`.

Stored times get the `Z` that they lack; a record that could be of either form is left as it is, and
a load asks for the zone.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.reading.unfolding import Document, Row, SideLoads, Unfolded, text

RECORDS = "records"
STORED_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
CHOICES = ("state", "incident_state", "priority", "impact", "urgency", "problem_state", "risk")


def unfold_record(record: dict[str, Any], _: SideLoads) -> Unfolded:
    """One record as a row."""
    is_stored = _is_stored(record)
    row: Row = {name: _cell(value, is_stored=is_stored) for name, value in record.items()}
    yield RECORDS, row


def _is_stored(record: dict[str, Any]) -> bool:
    """Whether plain values are stored ones: references are bare ids, choices bare numbers."""
    references = [value for value in record.values() if isinstance(value, dict)]
    if references:  # those of XML are shown beside their ids, and all else is stored
        return not any("display_value" in each and "value" not in each for each in references)
    choices = [value for name in CHOICES if (value := text(record.get(name))) is not None]
    return bool(choices) and all(value.lstrip("-").isdigit() for value in choices)


def _cell(value: object, *, is_stored: bool) -> str | None:
    if not isinstance(value, dict):
        shown = text(value)
        return _utc(shown) if is_stored else shown
    stored, displayed = text(value.get("value")), text(value.get("display_value"))
    if stored is not None and STORED_TIME.fullmatch(stored):
        return _utc(stored)
    if "value" in value or "display_value" in value:
        return displayed or stored
    return text(value)


def _utc(shown: str | None) -> str | None:
    return f"{shown}Z" if shown is not None and STORED_TIME.fullmatch(shown) else shown


RECORD_DOCUMENT = Document(
    main=RECORDS,
    lists=("result", "records"),
    told_by=(
        ("number", "inc_number", "task", "task.number"),
        (
            "sys_id",
            "sys_updated_on",
            "sys_created_on",
            "sys_class_name",
            "sys_mod_count",
            "assignment_group",
            "short_description",
            "caller_id",
            "incident_state",
            "has_breached",
        ),
    ),
    unfold=unfold_record,
)
