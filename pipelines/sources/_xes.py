"""Event logs of process mining (XES) as rows of a log, with the names that they have in CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.reading.unfolding import Document, Row, SideLoads, Unfolded, text

EVENTS = "events"
KINDS = ("string", "date", "int", "float", "boolean", "id")
# The standard's steps of an activity; tools also put the state of a ticket in their place.
STEP = "lifecycle:transition"
STEPS = (
    "schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "withdraw",
    "manualskip", "autoskip", "ate_abort", "pi_abort", "unknown",
)  # fmt: skip


def unfold_trace(record: dict[str, Any], _: SideLoads) -> Unfolded:
    """One case: a row for each of its events, with what is said of the case."""
    case: Row = {f"case:{name}": value for name, value in _attributes(record)}
    for event in _all(record.get("event")):
        if isinstance(event, dict):
            yield EVENTS, case | dict(_attributes(event))


def _attributes(record: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for kind in KINDS:
        for each in _all(record.get(kind)):
            if isinstance(each, dict) and (name := text(each.get("@key"))):
                value = text(each.get("@value"))
                is_state = name == STEP and value is not None and value.casefold() not in STEPS
                yield "sub status" if is_state else name, value


def _all(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


TRACE_DOCUMENT = Document(
    main=EVENTS,
    lists=(),
    told_by=(("event",), ("string",)),
    unfold=unfold_trace,
)
