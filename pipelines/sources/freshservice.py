"""Freshservice: ticket export as CSV or XLSX, incidents and service requests together.

Header: `Ticket Id, Subject, Type, Status, Urgency, Impact, Priority, Group, Agent, Requester Name,
Category, Sub-Category, Item, Created Time, Due by Time, Resolved Time, Closed Time, Last Updated
Time, Initial Response Time, Resolution Status, ...`, in the order in which the fields were ticked;
custom fields follow, and may repeat a name. UTF-8. Numbers may begin with INC- or SR-.
"""

from __future__ import annotations

from pipelines.languages import KINDS_IN_LANGUAGES
from pipelines.sources import Derived, Form, _freshworks

NAME = "freshservice"
TITLE = "Freshservice"
HOW_TO_EXPORT = """
Tickets > filter by *Created* for the whole period > *Export* > CSV, and tick the fields of the
ticket and of the requester: Ticket Id, Type, Status, Priority, Urgency, Impact, Group, Agent,
Requester Name, Category, Sub-Category, Item, Created Time, Due by Time, Resolved Time, Closed
Time, Last Updated Time, Initial Response Time, Resolution Status at least. Times are in the zone
of your profile: give it with `--timezone`.

The list of the API is read too, as JSON: `GET /api/v2/tickets?include=stats,requester`, page by
page; without `include=stats` it has no times of resolution.
"""

TICKETS = Form(
    source=NAME,
    name="ticket export",
    title="ticket export, CSV or XLSX",
    table="tickets",
    columns=_freshworks.COLUMNS
    | {
        "impact": ("Impact",),
        "urgency": ("Urgency",),
        "symptom": ("Item", "Item Category"),
        "caller": ("Requester Name", "Requester", "Requester Email"),
        "customer": ("Company", "Department", "Department Name", "Requester Department"),
        "location": ("Requester Location", "Location"),
        "configuration_item": ("Affected CI", "Asset", "Configuration Item"),
        "parent_id": ("Parent Ticket ID",),
        "resolution_notes": ("Resolution Note", "Resolution Notes"),
    },
    recognised_by=(
        ("Ticket ID",),
        ("Created time",),
        (
            "Requester Name",
            "Requester Email",
            "Requester Location",
            "Requester VIP",
            "Item",
            "Urgency",
            "Impact",
            "Department",
            "Department Name",
            "Workspace",
            "Approval Status",
            "Resolution Note",
            "Planned Start Date",
        ),
    ),
    values={
        "kind": KINDS_IN_LANGUAGES,
        "state": _freshworks.STATES,
        "priority": _freshworks.PRIORITIES,
        "impact": _freshworks.LEVELS,
        "urgency": _freshworks.LEVELS,
        "tool_sla_met": _freshworks.WITHIN,
    },
    derived={
        "kind": Derived("number", {"inc": "incident", "sr": "service_request"}, by_prefix=True),
        "detection": _freshworks.DETECTION,
    },
    also=(
        "Survey Result",
        "Approval Status",
        "Association type",
        "Customer interactions",
        "Time tracked",
        "First response status",
        "First response time (in hrs)",
        "Resolution time (in hrs)",
        "Requester VIP",
        "Workspace",
        "Tags",
    ),
    null_markers=_freshworks.EMPTY,
    cannot_give=_freshworks.CANNOT_GIVE,
)

API_TICKETS = Form(
    source=NAME,
    name="tickets of the API",
    title="tickets of the API, as JSON",
    table="tickets",
    columns=_freshworks.API_COLUMNS
    | {
        "impact": ("impact",),
        "urgency": ("urgency",),
        "symptom": ("item_category",),
        "resolution_notes": ("resolution_notes",),
    },
    recognised_by=(
        *_freshworks.API_TOLD_BY,
        ("department_id", "workspace_id", "sub_category", "item_category", "urgency"),
    ),
    values={
        "kind": KINDS_IN_LANGUAGES,
        "state": _freshworks.STATES,
        "priority": _freshworks.PRIORITIES,
        "impact": _freshworks.LEVELS,
        "urgency": _freshworks.LEVELS,
        "channel": _freshworks.API_CHANNELS,
    },
    derived={"detection": _freshworks.DETECTION},
    also=("spam", "fr_due_by", "fr_escalated", "is_escalated", "email_config_id", "custom_fields"),
    null_markers=_freshworks.EMPTY,
    cannot_give=_freshworks.CANNOT_GIVE,
)

FORMS = (TICKETS, API_TICKETS)
