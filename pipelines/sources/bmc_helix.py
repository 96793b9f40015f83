"""BMC Helix ITSM (Remedy): the incident console and its reports as CSV or XLSX.

Header: `Incident Number (or Incident ID), Summary, Status, Status Reason, Priority, Impact,
Urgency, Assigned Group, Assignee, Categorization Tier 1-3, Reported Date, Submit Date, Responded
Date, Last Resolved Date, Closed Date, Last Modified Date, SLM Status, Service ...`. Times and their
format depend on the site. "Status Reason" says why a ticket is pending.
"""

from __future__ import annotations

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)
from pipelines.sources import NULL_MARKERS, Derived, Form

NAME = "bmc_helix"
TITLE = "BMC Helix ITSM (Remedy)"
HOW_TO_EXPORT = """
Incident Management console > search by *Reported Date* for the whole period > *Report* (or Smart
Reporting) with Incident Number, Summary, Status, Status Reason, Priority, Impact, Urgency, Assigned
Group, Assignee, Categorization Tier 1 to 3, Reported Date, Responded Date, Last Resolved Date,
Closed Date, Last Modified Date, SLM Status > CSV. Give the zone of your times with `--timezone`.
"""

# Four steps each: `1-Extensive/Widespread` ... `4-Minor/Localized`.
LEVELS = LEVELS_IN_LANGUAGES | {
    word: level
    for level, steps in {
        "high": (
            "1", "2", "1-extensive/widespread", "2-significant/large", "1-critical", "2-high"
        ),
        "medium": ("3", "3-moderate/limited", "3-medium"),
        "low": ("4", "4-minor/localized", "4-low"),
    }.items()
    for word in steps
}  # fmt: skip

INCIDENTS = Form(
    source=NAME,
    name="incidents",
    title="incidents, CSV or XLSX",
    table="tickets",
    columns={
        "number": ("Incident Number", "Incident ID", "Incident ID*+"),
        "kind": ("Incident Type", "Service Type", "Incident Type*"),
        "title": ("Summary", "Summary*", "Description"),
        "description": ("Notes", "Detailed Description", "Detailed Decription"),
        "state": ("Status", "Status*"),
        "source_state": ("Status", "Status*"),
        "hold_reason": ("Status Reason",),
        "priority": ("Priority", "Priority*"),
        "impact": ("Impact", "Impact*"),
        "urgency": ("Urgency", "Urgency*"),
        "service": ("Service", "Service*+", "Service CI", "Affected Service"),
        "configuration_item": ("CI", "CI+", "CI Name", "HPD_CI"),
        "category": (
            "Categorization Tier 1",
            "Operational Categorization Tier 1",
            "Product Categorization Tier 1",
        ),
        "subcategory": (
            "Categorization Tier 2",
            "Operational Categorization Tier 2",
            "Product Categorization Tier 2",
        ),
        "symptom": ("Categorization Tier 3", "Operational Categorization Tier 3"),
        "resolver_group": ("Assigned Group", "Assigned Group*+", "Assigned Support Group"),
        "assignee": ("Assignee", "Assignee+", "Assignee Name"),
        "caller": ("Customer", "Customer*+", "Customer Full Name", "Contact"),
        "customer": ("Company", "Customer Company", "Contact Company", "Organization"),
        "location": ("Site", "Site+", "Customer Site"),
        "channel": ("Reported Source",),
        "opened_at": ("Reported Date", "Reported Date+", "Submit Date", "Submitted Date"),
        "logged_at": ("Submit Date", "Submitted Date"),
        "first_response_at": ("Responded Date", "Responded Date+"),
        "resolved_at": ("Last Resolved Date", "Resolved Date"),
        "closed_at": ("Closed Date", "Last Closed Date"),
        "updated_at": ("Last Modified Date",),
        "reassignment_count": ("Group Transfers", "Total Transfers"),
        "reopen_count": ("Reopen Count", "Re-Opened Count"),
        "resolution_code": ("Resolution Category Tier 1", "Closure Code"),
        "resolution_notes": ("Resolution",),
        "tool_sla_met": ("SLM Status", "SLM Real Time Status"),
        "tool_due_at": ("Target Date", "Estimated Resolution Date", "SLM Target Date"),
    },
    recognised_by=(
        ("Incident Number", "Incident ID", "Incident ID*+"),
        ("Reported Date", "Reported Date+", "Submit Date", "Submitted Date"),
        (
            "Assigned Group",
            "Assigned Group*+",
            "Assigned Support Group",
            "Last Resolved Date",
            "SLM Status",
            "SLM Real Time Status",
            "Categorization Tier 1",
            "Operational Categorization Tier 1",
            "Status Reason",
        ),
    ),
    values={
        "kind": KINDS_IN_LANGUAGES
        | {
            "user service restoration": "incident",
            "user service request": "service_request",
            "infrastructure restoration": "incident",
            "infrastructure event": "incident",
        },
        "state": STATES_IN_LANGUAGES | {"assigned": "in_progress"},
        "priority": PRIORITIES_IN_LANGUAGES,
        "impact": LEVELS,
        "urgency": LEVELS,
        "tool_sla_met": {
            "within time limit": "true",
            "within the time limit": "true",
            "within the service target": "true",
            "service targets met": "true",
            "met": "true",
            "all service targets met": "true",
            "service target warning": "true",
            "service targets warning": "true",
            "service target breached": "false",
            "service targets breached": "false",
            "all service targets breached": "false",
            "breached": "false",
            "missed": "false",
        },
    },
    derived={"detection": Derived("channel", DETECTIONS_IN_LANGUAGES)},
    null_markers=(*NULL_MARKERS, "No service target assigned", "Not Attached"),
    cannot_give="the history: pending intervals, hand-overs by group, changes of priority",
)

FORMS = (INCIDENTS,)
