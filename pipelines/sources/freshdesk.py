"""Freshdesk: ticket export as CSV or XLSX.

Header: `Ticket ID, Subject, Status, Priority, Source, Type, Agent, Group, Created time, Due by
Time, Resolved time, Closed time, Last update time, Initial response time, ...`, in the order in
which the fields were ticked; custom fields follow. UTF-8. A ticket is exported once per request;
what was merged or deleted is not told.
"""

from __future__ import annotations

from pipelines.languages import KINDS_IN_LANGUAGES
from pipelines.sources import Form, _freshworks

NAME = "freshdesk"
TITLE = "Freshdesk"
HOW_TO_EXPORT = """
Tickets > filter by *Created* for the whole period > *Export* > CSV, and tick all ticket fields:
Ticket ID, Status, Priority, Type, Agent, Group, Created time, Due by Time, Resolved time, Closed
time, Last update time, Initial response time, Resolution status at least. The link comes by
e-mail. Times are in the zone of your profile: give it with `--timezone`.

The list of the API is read too, as JSON: `GET /api/v2/tickets?include=stats,requester`, page by
page; without `include=stats` it has no times of resolution.
"""

# A question or a wish is no failure; what Freshdesk calls a problem is what a customer suffers.
KINDS = {
    word: "incident" if kind == "problem" else kind for word, kind in KINDS_IN_LANGUAGES.items()
} | {
    "issue": "incident",
    "bug": "incident",
    "complaint": "incident",
    "question": "service_request",
    "feature request": "service_request",
    "service request": "service_request",
    "request": "service_request",
    "task": "service_request",
    "refund": "service_request",
    "change": "change",
    "other": "other",
}

TICKETS = Form(
    source=NAME,
    name="ticket export",
    title="ticket export, CSV or XLSX",
    table="tickets",
    columns=_freshworks.COLUMNS
    | {
        "service": ("Product",),
        "caller": ("Full name", "Contact name", "Requester", "Email", "Contact ID"),
        "customer": ("Company name", "Company"),
    },
    recognised_by=(
        ("Ticket ID",),
        ("Created time",),
        (
            "Due by Time",
            "Resolved time",
            "Closed time",
            "Contact ID",
            "Last update time",
            "Last updated time",
            "Initial response time",
            "First response status",
            "Resolution status",
            "Agent interactions",
        ),
    ),
    values={
        "kind": KINDS,
        "state": _freshworks.STATES,
        "priority": _freshworks.PRIORITIES,
        "tool_sla_met": _freshworks.WITHIN,
    },
    derived={"detection": _freshworks.DETECTION},
    also=(
        "Survey results",
        "Every response status",
        "Association type",
        "Customer interactions",
        "Time tracked",
        "First response status",
        "First response time (in hrs)",
        "Resolution time (in hrs)",
        "Tags",
    ),
    null_markers=_freshworks.EMPTY,
    own_types=True,
    cannot_give=_freshworks.CANNOT_GIVE,
)

API_TICKETS = Form(
    source=NAME,
    name="tickets of the API",
    title="tickets of the API, as JSON",
    table="tickets",
    columns=_freshworks.API_COLUMNS,
    recognised_by=_freshworks.API_TOLD_BY,
    values={
        "kind": KINDS,
        "state": _freshworks.STATES,
        "priority": _freshworks.PRIORITIES,
        "channel": _freshworks.API_CHANNELS,
    },
    derived={"detection": _freshworks.DETECTION},
    also=("spam", "fr_due_by", "fr_escalated", "is_escalated", "email_config_id", "custom_fields"),
    null_markers=_freshworks.EMPTY,
    own_types=True,
    cannot_give=_freshworks.CANNOT_GIVE,
)

FORMS = (TICKETS, API_TICKETS)
