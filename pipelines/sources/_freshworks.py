"""What Freshdesk and Freshservice share: their ticket exports come from one code base.

Times are in the zone of the exporting agent's profile, usually `2026-02-25 16:38:58`. Empty
cells are empty; numbers of the API run the other way round than most tools' (4 is urgent). The
columns "(in hrs)" are durations of the tool's business hours, as `HH:MM:SS` or as a number, and
often empty while the instants beside them are there: nothing is computed from them, they are kept
in `extra`. "Initial response time" is an instant in spite of its name.
"""

from __future__ import annotations

from pipelines.languages import DETECTIONS_IN_LANGUAGES, STATES_IN_LANGUAGES, spelled
from pipelines.sources import NULL_MARKERS, Derived

STATES = STATES_IN_LANGUAGES | {
    "2": "new",
    "3": "on_hold",
    "4": "resolved",
    "5": "closed",
    "6": "on_hold",
    "7": "on_hold",
}
PRIORITIES = {
    "urgent": "P1",
    "high": "P2",
    "medium": "P3",
    "low": "P4",
    "4": "P1",
    "3": "P2",
    "2": "P3",
    "1": "P4",
} | spelled(
    {
        "P1": ("urgente", "dringend"),
        "P2": ("alta", "élevée", "haute", "hoch"),
        "P3": ("media", "média", "moyenne", "mittel"),
        "P4": ("baja", "baixa", "basse", "faible", "niedrig"),
    }
)
LEVELS = {
    "high": "high",
    "medium": "medium",
    "low": "low",
    "3": "high",
    "2": "medium",
    "1": "low",
}
WITHIN = {
    "within sla": "true",
    "met": "true",
    "sla met": "true",
    "sla violated": "false",
    "violated": "false",
    "breached": "false",
    "overdue": "false",
}
EMPTY = (*NULL_MARKERS, "--", "No Agent", "No Group", "Not Applicable")

COLUMNS = {
    "number": ("Ticket ID", "Ticket Number"),
    "kind": ("Type", "Ticket Type"),
    "title": ("Subject", "Ticket Subject"),
    "description": ("Description",),
    "state": ("Status", "Ticket Status"),
    "source_state": ("Status", "Ticket Status"),
    "priority": ("Priority",),
    "resolver_group": ("Group", "Assigned Group"),
    "assignee": ("Agent", "Assigned Agent"),
    "channel": ("Source", "Source Info"),
    "category": ("Category",),
    "subcategory": ("Sub-Category", "Sub Category", "Subcategory"),
    "opened_at": ("Created time", "Created at", "Created date"),
    "first_response_at": ("Initial response time", "First response at", "First responded at"),
    "resolved_at": ("Resolved time", "Resolved at", "Resolved date"),
    "closed_at": ("Closed time", "Closed at", "Closed date"),
    "updated_at": ("Last update time", "Last updated time", "Updated at", "Last modified time"),
    "contact_count": ("Agent interactions",),
    "tool_sla_met": ("Resolution status",),
    "tool_due_at": ("Due by Time", "Due by", "Due date"),
}
# The records of the API, whose numbers and times (UTC) need no words of a locale.
API_COLUMNS = {
    "number": ("id",),
    "kind": ("type",),
    "title": ("subject",),
    "description": ("description_text", "description"),
    "state": ("status",),
    "source_state": ("status",),
    "priority": ("priority",),
    "resolver_group": ("group.name", "group_id"),
    "assignee": ("responder.name", "responder_id"),
    "caller": ("requester.name", "requester_id"),
    "customer": ("company.name", "company_id", "department_id"),
    "channel": ("source",),
    "category": ("category",),
    "subcategory": ("sub_category",),
    "opened_at": ("created_at",),
    "first_response_at": ("stats.first_responded_at",),
    "resolved_at": ("stats.resolved_at",),
    "closed_at": ("stats.closed_at",),
    "updated_at": ("updated_at",),
    "tool_due_at": ("due_by",),
}
API_CHANNELS = {
    "1": "email", "2": "portal", "3": "phone", "4": "chat", "7": "chat", "9": "feedback widget",
    "10": "outbound email",
}  # fmt: skip
API_TOLD_BY = (("id",), ("responder_id",), ("created_at",), ("fr_due_by", "due_by"))
DETECTION = Derived("channel", DETECTIONS_IN_LANGUAGES)

# Durations of the tool's own business hours, which say nothing that can be added to an instant.
CANNOT_GIVE = (
    "the history: pending intervals, hand-overs, priority changes; the names of the service-level "
    "targets; durations in calendar time (those in hours are business hours and only kept)"
)
