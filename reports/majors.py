"""Major incidents of the period: what happened when, and whether they were reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policies.zones import to_local
from queries import wording
from reports import cells
from reports.asking import Asked
from reports.cells import Cell, Table
from reports.kpis import Periods
from reports.listed import listed
from reports.sections import Section

MOST_STEPS = 7
_COLUMNS = (
    "ticket_id",
    "number",
    "title",
    "priority",
    "service",
    "impact_started_at",
    "detected_at",
    "opened_at",
    "resolved_at",
    "closed_at",
    "reviewed_at",
    "actions",
    "open_actions",
    "tells_of_reviews",
    "children",
)
_STATES = {
    "new": "new",
    "in_progress": "in progress",
    "on_hold": "on hold",
    "resolved": "resolved",
    "closed": "closed",
    "cancelled": "cancelled",
}


def majors(asked: Asked, periods: Periods) -> Section:
    """The major incidents opened in the period, oldest first."""
    if "is_major" not in asked.shared.filled:
        return Section(
            "Major incidents",
            "Not known: these exports do not say which incidents are major",
        )
    rows = listed(asked, "major_incidents", periods.looked_at, _COLUMNS)
    steps = _steps(asked, periods)
    zone = asked.source.zone
    table = Table(
        "Major incidents",
        "Major incidents opened in the period, oldest first",
        cells.columns(
            ("Ticket", 1.55, "left"),
            ("Title", 2.8, "left"),
            ("Service", 1.5, "left"),
            ("Opened", 1.7, "left"),
            ("To resolve", 1.1, "right"),
            ("What happened", 3.6, "left"),
            ("Review", 1.7, "left"),
        ),
        cells.rows_of(
            [
                [
                    cells.text(row["number"]),
                    cells.text(row["title"]),
                    cells.text(row["service"]),
                    cells.instant(row["opened_at"], zone),
                    _time_to_resolve(row),
                    cells.text(_timeline(row, steps.get(row["ticket_id"], []), asked)),
                    _review(row),
                ]
                for row in rows.to_dicts()
            ]
        ),
        absent="No incident of this selection was declared major.",
    )
    return Section("Major incidents", _headline(rows.to_dicts()), tables=(table,))


def _headline(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "No major incident"
    count, still_open = len(rows), sum(row["resolved_at"] is None for row in rows)
    held = sum(row["reviewed_at"] is not None for row in rows)
    reviews = f"{held:,} reviewed" if rows[0]["tells_of_reviews"] else "reviews not known"
    said = f"{count:,} major incident{'' if count == 1 else 's'}, {reviews}"
    return said + (f", {still_open:,} still open" if still_open else "")


def _steps(asked: Asked, periods: Periods) -> dict[str, list[Mapping[str, Any]]]:
    columns = ("ticket_id", "at", "field", "new")
    found: dict[str, list[Mapping[str, Any]]] = {}
    rows = asked.shared.listed("major_events", periods.looked_at, columns, ())
    for row in rows.to_dicts():
        found.setdefault(row["ticket_id"], []).append(row)
    return found


def _time_to_resolve(row: Mapping[str, Any]) -> Cell:
    if row["resolved_at"] is None:
        return cells.text("open", "bad")
    return cells.duration((row["resolved_at"] - row["opened_at"]).total_seconds())


def _timeline(row: Mapping[str, Any], events: Sequence[Mapping[str, Any]], asked: Asked) -> str:
    """The instants that the ticket carries and the changes of its history, in order."""
    told = [
        (row[column], wording.column(column).lower())
        for column in ("impact_started_at", "detected_at", "opened_at")
        if row[column] is not None
    ]
    seen: set[tuple[str, str]] = set()
    for event in events:
        if event["at"] <= row["opened_at"] and event["field"] != "resolver_group":
            continue  # how it was opened
        step = (event["field"], event["new"])
        if step in seen and event["field"] != "state":
            continue
        seen.add(step)
        told.append((event["at"], _step(event)))
    if not events and row["resolved_at"] is not None:
        told.append((row["resolved_at"], "resolved"))
    told = sorted(told, key=lambda each: each[0])
    left_out = len(told) - MOST_STEPS
    if left_out > 0:
        told = [*told[: MOST_STEPS - 2], *told[-2:]]
    zone = asked.source.zone
    words, today = [], None
    for at, what in told:
        local = to_local(at, zone)
        same = local.date() == today
        words.append(f"{local:%H:%M} {what}" if same else f"{local.day} {local:%b %H:%M} {what}")
        today = local.date()
    if left_out > 0:
        words.insert(MOST_STEPS - 2, f"({left_out} more)")
    children = row["children"]
    if children:
        words.append(f"{children:,} ticket{'' if children == 1 else 's'} under it")
    return "; ".join(words)


def _step(event: Mapping[str, Any]) -> str:
    if event["field"] == "state":
        return _STATES.get(event["new"], str(event["new"]))
    if event["field"] == "resolver_group":
        return f"to {event['new']}"
    return f"priority {event['new']}"


def _review(row: Mapping[str, Any]) -> Cell:
    actions, still_open = row["actions"], row["open_actions"]
    told = f"{still_open:,} of {actions:,} actions open" if actions else "no action recorded"
    if row["reviewed_at"] is not None:
        return cells.text(f"held {wording.day(row['reviewed_at'].date())}; {told}")
    if actions:
        return cells.text(f"planned; {told}", "quiet")
    return cells.text("not reviewed" if row["tells_of_reviews"] else "not known", "quiet")
