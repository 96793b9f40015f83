"""HP (Micro Focus, OpenText) Service Manager: incident and change records as CSV or XLSX.

Header: `Incident ID, Status, Impact, Urgency, Priority, Category, # Reassignments, Open Time,
Reopen Time, Resolved Time, Close Time, Handle Time (Hours), Closure Code, CI Name (aff), Service
Component WBS (aff), Alert Status, KM number, Related Change ...`, also with underscores for blanks.
`;` or `,`; day-first local times, `05/02/2012 13:32:57`. Handle times are the tool's own and only
kept; the alert status is closed for all that is closed, whatever was promised.
"""

from __future__ import annotations

from pipelines.sources import NULL_MARKERS, Derived, Form
from pipelines.words import KINDS, PRIORITIES, STATES

NAME = "service_manager"
TITLE = "HP / Micro Focus Service Manager"
HOW_TO_EXPORT = """
Incident Management > *Search incidents*, by *Open Time* for the whole period > *Export to text
file* (CSV) or *Excel*, with Incident ID, Status, Priority, Impact, Urgency, Category, Open Time,
Resolved Time, Close Time, # Reassignments, Closure Code and the affected CI and service. Times are
in the zone of the operator: give it with `--timezone`. The activities of the same incidents
(Incident ID, DateStamp, IncidentActivity_Type, Assignment Group) give hand-overs and reopenings;
the change records (Change ID, Planned Start, Actual Start, Actual End) what came after a change.
"""


def _spelled(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark.join(name.split(" ")) for name in names for mark in (" ", "_")))


LEVELS = {"1": "high", "2": "high", "3": "medium", "4": "low", "5": "low"}

INCIDENTS = Form(
    source=NAME,
    name="incident records",
    title="incident records, CSV or XLSX",
    table="tickets",
    columns={
        "number": _spelled("Incident ID", "Incident Number"),
        "kind": _spelled("Category"),
        "title": _spelled("Title", "Brief Description"),
        "state": _spelled("Status"),
        "source_state": _spelled("Status"),
        "priority": _spelled("Priority"),
        "impact": _spelled("Impact"),
        "urgency": _spelled("Urgency"),
        "service": _spelled(
            "Service Component WBS (aff)", "WBS", "Affected Service", "Service Component WBS"
        ),
        "configuration_item": _spelled("CI Name (aff)", "CI Name", "Affected CI"),
        "category": _spelled("CI Type (aff)", "CI Cat", "CI Type", "Area"),
        "subcategory": _spelled("CI Subtype (aff)", "CI Subcat", "CI Subtype", "Subarea"),
        "resolver_group": _spelled("Assignment Group", "Primary Assignment Group"),
        "assignee": _spelled("Assignee", "Assignee Name"),
        "caller": _spelled("Contact", "Contact Name"),
        "opened_at": _spelled("Open Time"),
        "resolved_at": _spelled("Resolved Time"),
        "closed_at": _spelled("Close Time", "Closed Time"),
        "updated_at": _spelled("Update Time", "Updated Time"),
        "reassignment_count": _spelled("# Reassignments", "No of Reassignments"),
        "change_id": _spelled("Related Change"),
        "resolution_code": _spelled("Closure Code"),
        "tool_due_at": _spelled("Next Breach", "SLA Target Date"),
    },
    recognised_by=(
        _spelled("Incident ID", "Incident Number"),
        _spelled("Open Time"),
        _spelled("Close Time", "Resolved Time", "Closure Code", "Alert Status"),
    ),
    values={
        "kind": KINDS
        | {
            "request for information": "service_request",
            "complaint": "incident",
            "request for change": "change",
        },
        "state": STATES | {"accepted": "in_progress", "rejected": "cancelled"},
        "priority": PRIORITIES,
        "impact": LEVELS,
        "urgency": LEVELS,
    },
    derived={
        "kind": Derived("number", {"im": "incident", "sd": "service_request"}, by_prefix=True)
    },
    also=_spelled(
        "Alert Status",
        "KM number",
        "KB number",
        "Reopen Time",
        "Handle Time (Hours)",
        "Handle Time hrs",
        "# Related Interactions",
        "Related Interaction",
        "No of Related Interactions",
        "# Related Incidents",
        "No of Related Incidents",
        "# Related Changes",
        "No of Related Changes",
        "CI Name (CBy)",
        "CI Type (CBy)",
        "CI Subtype (CBy)",
        "ServiceComp WBS (CBy)",
    ),
    null_markers=(*NULL_MARKERS, "NS", "#N/B", "#MULTIVALUE"),
    date_or_none=("tool_due_at",),
    cannot_give="the history: reopenings but the last, hand-overs, pending intervals",
)

# The activities that change where a ticket stands; all others leave it as it was.
ACTIVITIES = {
    "open": "new",
    "assignment": "in_progress",
    "reassignment": "in_progress",
    "reopen": "in_progress",
    "re-open": "in_progress",
    "pending": "on_hold",
    "pending vendor": "on_hold",
    "pending customer": "on_hold",
    "resolved": "resolved",
    "closed": "closed",
}
OTHER_ACTIVITIES = (
    "Analysis/Research", "Alert stage 1", "Alert stage 2", "Alert stage 3", "Callback Request",
    "Caused By CI", "Communication with customer", "Communication with vendor", "Contact Change",
    "Description Update", "Dial-in", "External Vendor Assignment", "External Vendor Reassignment",
    "External update", "Impact Change", "Incident reproduction", "Mail to Customer",
    "Notify By Change", "OOResponse", "Operator Update", "Problem Closure", "Problem Workaround",
    "Quality Indicator", "Quality Indicator Fixed", "Quality Indicator Set",
    "Referred", "Status Change", "Update", "Update from customer", "Urgency Change",
    "Vendor Reference", "Vendor Reference Change", "alert stage 1", "alert stage 2",
    "alert stage 3",
)  # fmt: skip

ACTIVITY = Form(
    source=NAME,
    name="activities of incidents",
    title="activities of incidents, one row each: the history of the records",
    table="tickets",
    columns={
        "number": _spelled("Incident ID", "Incident Number"),
        "updated_at": _spelled("DateStamp", "Date Stamp"),
        "state": ("IncidentActivity_Type", "Incident Activity Type", "Activity Type"),
        "resolver_group": _spelled("Assignment Group"),
    },
    recognised_by=(
        _spelled("Incident ID", "Incident Number"),
        _spelled("DateStamp", "Date Stamp"),
        ("IncidentActivity_Type", "Incident Activity Type", "Activity Type"),
    ),
    values={"state": ACTIVITIES},
    history="sequence",
    also=("KM number", "Interaction ID", "IncidentActivity_Number"),
    null_markers=(*INCIDENTS.null_markers, *OTHER_ACTIVITIES),
    is_log=True,
    events_only=True,
    cannot_give="tickets: load the incident records too, before or after it",
)

CHANGES = Form(
    source=NAME,
    name="change records",
    title="change records, CSV or XLSX",
    table="changes",
    columns={
        "number": _spelled("Change ID", "Change Number"),
        "title": _spelled("Title", "Brief Description"),
        "type": _spelled("Change Type"),
        "state": _spelled("Status"),
        "risk": _spelled("Risk Assessment"),
        "service": _spelled("Service Component WBS (aff)", "WBS", "Affected Service"),
        "configuration_item": _spelled("CI Name (aff)", "CI Name", "Affected CI"),
        "category": _spelled("CI Type (aff)", "CI Type"),
        "resolver_group": _spelled("Assignment Group"),
        "opened_at": _spelled("Change record Open Time", "Open Time"),
        "planned_start_at": _spelled("Planned Start"),
        "planned_end_at": _spelled("Planned End"),
        "started_at": _spelled("Actual Start"),
        "ended_at": _spelled("Actual End"),
        "closed_at": _spelled("Change record Close Time", "Close Time"),
    },
    recognised_by=(
        _spelled("Change ID", "Change Number"),
        _spelled("Planned Start", "Actual Start"),
        _spelled("Change Type", "Risk Assessment", "Change record Open Time"),
    ),
    also=_spelled(
        "CI Subtype (aff)",
        "Emergency Change",
        "CAB-approval needed",
        "Scheduled Downtime Start",
        "Scheduled Downtime End",
        "Requested End Date",
        "Originated from",
        "# Related Interactions",
        "# Related Incidents",
    ),
    null_markers=INCIDENTS.null_markers,
    cannot_give="which incidents a change caused: their Related Change may be what solved them",
)

FORMS = (INCIDENTS, ACTIVITY, CHANGES)
