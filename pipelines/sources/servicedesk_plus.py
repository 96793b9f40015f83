"""ManageEngine ServiceDesk Plus: request reports and list views as CSV or XLSX.

Header: `Request ID, Subject, Created Time, Resolved Time, Completed Time, DueBy Time, Request
Status, Priority, Technician, Group, Overdue Status ...`, by the columns of the view. Times are
local to the user in the format of the installation (`Feb 25, 2026 10:17 PM`, `25/02/2026 22:17`).
Completed is closed; a view without a resolved time is read with completion as the resolution, which
an automatic closing days later makes too long. A report may begin with title lines and end with a
line of totals.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)
from pipelines.sources import NULL_MARKERS, Derived, Form

NAME = "servicedesk_plus"
TITLE = "ManageEngine ServiceDesk Plus"
HOW_TO_EXPORT = """
Requests > *All requests*, choose the columns (Request ID, Subject, Status, Priority, Technician,
Group, Created Time, Responded Date, Resolved Time, Completed Time, DueBy Time, Overdue Status) >
*Export* > CSV; or a tabular report with these columns. Times are in your zone: give it with
`--timezone`.
"""

REQUESTS = Form(
    source=NAME,
    name="requests",
    title="requests, CSV or XLSX",
    table="tickets",
    columns={
        "number": ("Request ID", "RequestID", "Display ID"),
        "kind": ("Request Type", "Is Service Request"),
        "title": ("Subject", "Request Subject"),
        "description": ("Description",),
        "state": ("Request Status", "Status"),
        "source_state": ("Request Status", "Status"),
        "hold_reason": ("On Hold Reason", "Onhold Reason"),
        "priority": ("Priority",),
        "impact": ("Impact",),
        "urgency": ("Urgency",),
        "service": ("Service Category", "Service"),
        "configuration_item": ("Asset", "Asset(s)", "Asset Name"),
        "category": ("Category",),
        "subcategory": ("Subcategory", "Sub Category"),
        "symptom": ("Item",),
        "resolver_group": ("Group", "Support Group", "Group Name"),
        "assignee": ("Technician", "Technician Name"),
        "caller": ("Requester", "Requester Name", "Requester Name "),
        "customer": ("Department", "Account"),
        "location": ("Site", "Site Name"),
        "channel": ("Request Mode", "Mode"),
        "opened_at": ("Created Time", "Created Date", "Created On"),
        "first_response_at": ("Responded Date", "Responded Time", "First Response Time"),
        "resolved_at": ("Resolved Time", "Resolved Date"),
        "closed_at": ("Completed Time", "Completed Date", "Closed Time"),
        "updated_at": ("Last Updated Time", "Last Update Time"),
        "reopen_count": ("Reopen Count", "Reopened Count"),
        "resolution_code": ("Request Closure Code", "Closure Code"),
        "resolution_notes": ("Resolution",),
        "tool_sla_met": ("Overdue Status", "Overdue"),
        "tool_due_at": ("DueBy Time", "Due By Time", "DueBy Date", "Due By Date"),
    },
    recognised_by=(
        ("Request ID", "RequestID", "Display ID"),
        ("Created Time", "Created Date", "Created On"),
        (
            "Technician",
            "Technician Name",
            "Requester",
            "Requester Name",
            "Completed Time",
            "DueBy Time",
            "Overdue Status",
            "Request Status",
        ),
    ),
    values={
        "kind": KINDS_IN_LANGUAGES
        | {"false": "incident", "true": "service_request", "no": "incident"}
        | {"yes": "service_request"},
        "state": STATES_IN_LANGUAGES | {"onhold": "on_hold"},
        "priority": PRIORITIES_IN_LANGUAGES,
        "impact": LEVELS_IN_LANGUAGES,
        "urgency": LEVELS_IN_LANGUAGES,
        "tool_sla_met": {
            "false": "true",
            "true": "false",
            "no": "true",
            "yes": "false",
            "not overdue": "true",
            "overdue": "false",
            "violated": "false",
            "not violated": "true",
        },
    },
    derived={"detection": Derived("channel", DETECTIONS_IN_LANGUAGES)},
    also=(
        "Time Elapsed",
        "Resolution Time",
        "Level",
        "SLA",
        "SLA Name",
        "First Response Overdue Status",
        "Created By",
        "Template",
        "Assigned Time",
    ),
    date_or_none=("first_response_at",),
    null_markers=(*NULL_MARKERS, "Not Assigned", "Unassigned", "NOT ASSIGNED", "--"),
    cannot_give="the history: on-hold intervals, hand-overs; closing apart from completion",
)

COMPLETED = replace(
    REQUESTS,
    name="requests without a resolved time",
    title="requests without a resolved time, where completion stands for resolution",
    columns={**REQUESTS.columns, "resolved_at": REQUESTS.columns["closed_at"]},
    cannot_give=REQUESTS.cannot_give + "; when work ended, if completion came later",
)
RESOLVED = replace(
    REQUESTS, recognised_by=(*REQUESTS.recognised_by, REQUESTS.columns["resolved_at"])
)

# The API nests names and gives instants as milliseconds beside what it displays.
API = replace(
    REQUESTS,
    name="requests of the API",
    title="requests of the API, as JSON",
    columns={
        "number": ("display_id", "id"),
        "kind": ("is_service_request",),
        "title": ("subject",),
        "description": ("description", "short_description"),
        "state": ("status.name",),
        "source_state": ("status.name",),
        "hold_reason": ("onhold_scheduler.comments",),
        "priority": ("priority.name",),
        "impact": ("impact.name",),
        "urgency": ("urgency.name",),
        "service": ("service_category.name",),
        "category": ("category.name",),
        "subcategory": ("subcategory.name",),
        "symptom": ("item.name",),
        "resolver_group": ("group.name",),
        "assignee": ("technician.name",),
        "caller": ("requester.name",),
        "customer": ("department.name", "account.name"),
        "location": ("site.name",),
        "channel": ("mode.name",),
        "opened_at": ("created_time.value",),
        "first_response_at": ("responded_time.value",),
        "resolved_at": ("resolved_time.value",),
        "closed_at": ("completed_time.value",),
        "updated_at": ("last_updated_time.value",),
        "tool_due_at": ("due_by_time.value",),
        "tool_sla_met": ("is_overdue",),
    },
    recognised_by=(("id", "display_id"), ("created_time.value",), ("status.name",)),
    also=("created_time.display_value", "status.id", "requester.id", "technician.id"),
)

FORMS = (RESOLVED, COMPLETED, API)
