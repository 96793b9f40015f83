"""ServiceNow: list exports as CSV by field names, the incident event form, and REST as JSON.

Headers are field names (`opened_at`); dates are in the exporting user's zone and format, or UTC
where the instance exports raw values, so a file needs `--timezone`. CSV is Windows-1252 by default.
REST records go through the same forms (`_servicenow_rest.py`); their stored times are UTC.
"""

from __future__ import annotations

from pipelines.languages import STATES_IN_LANGUAGES
from pipelines.sources import Derived, Form
from pipelines.sources._servicenow_rest import RECORD_DOCUMENT
from pipelines.words import DETECTIONS, KINDS, LEVELS, PRIORITIES

NAME = "servicenow"
TITLE = "ServiceNow"
HOW_TO_EXPORT = """
    - *List*: open the list (All > Incident > All), add the columns of the tables below to the
      view, filter by *Updated* and not by *Closed* (else open tickets are missing), right-click
      the head of a column and choose *Export*. An export of exactly 10,000 rows was cut: export
      month by month.
    - *REST*: `GET /api/now/table/incident?sysparm_display_value=all&sysparm_query=...`, each page
      saved as one file of a folder. With `all` names are readable and times are UTC; with `false`
      times are UTC, but people and groups are ids; with `true` times are those of your profile.
    - *XML* (*Export > XML* in the head of a list) tells all fields; times are UTC.
    - *Zone*: displayed times are in the zone of your profile: say it with `--timezone`.
    """

STATE_WORDS = STATES_IN_LANGUAGES | {
    "1": "new",
    "2": "in_progress",
    "3": "on_hold",
    "6": "resolved",
    "7": "closed",
    "8": "cancelled",
    "awaiting user info": "on_hold",
    "awaiting caller": "on_hold",
    "awaiting vendor": "on_hold",
    "awaiting problem": "on_hold",
    "awaiting change": "on_hold",
    "awaiting evidence": "on_hold",
    "closed complete": "closed",
    "closed incomplete": "closed",
    "closed skipped": "closed",
}

# Older instances name the hold in the state itself, newer ones in `hold_reason`.
HOLD_STATES = {
    word: word.capitalize()
    for word, ours in STATE_WORDS.items()
    if ours == "on_hold" and word.startswith("awaiting ")
}
HOLD_CODES = {
    "1": "Awaiting Caller",
    "3": "Awaiting Problem",
    "4": "Awaiting Change",
    "5": "Awaiting Vendor",
}

CLASS_WORDS = KINDS | {
    "sc_request": "service_request",
    "sc_req_item": "service_request",
    "sc_task": "service_request",
    "catalog task": "service_request",
    "change_request": "change",
}

NUMBER_PREFIXES = {
    "inc": "incident",
    "req": "service_request",
    "ritm": "service_request",
    "sctask": "service_request",
    "prb": "problem",
    "chg": "change",
}

INCIDENT_COLUMNS = {
    "number": ("number",),
    "kind": ("sys_class_name", "task_type"),
    "title": ("short_description",),
    "description": ("description",),
    "state": ("state", "incident_state"),
    "source_state": ("state", "incident_state"),
    "hold_reason": ("hold_reason",),
    "priority": ("priority",),
    "impact": ("impact",),
    "urgency": ("urgency",),
    "severity": ("severity",),
    "service": ("business_service", "service_offering", "u_service"),
    "configuration_item": ("cmdb_ci",),
    "category": ("category", "cat_item"),
    "subcategory": ("subcategory",),
    "symptom": ("u_symptom", "symptom"),
    "resolver_group": ("assignment_group",),
    "assignee": ("assigned_to",),
    "caller": ("caller_id", "opened_for", "requested_for", "request.requested_for"),
    "customer": ("company", "caller_id.company", "account"),
    "location": ("location", "caller_id.location"),
    "channel": ("contact_type",),
    "detection": ("u_detection",),
    "impact_started_at": ("u_impact_started_at", "u_impact_start", "u_outage_start"),
    "detected_at": ("u_detected_at", "u_detection_time"),
    "opened_at": ("opened_at", "sys_created_on", "sys_created_at"),
    "logged_at": ("sys_created_on", "sys_created_at"),
    "first_response_at": ("u_first_response_at", "u_responded_at"),
    "resolved_at": ("resolved_at",),
    "closed_at": ("closed_at",),
    "updated_at": ("sys_updated_on", "sys_updated_at"),
    "reassignment_count": ("reassignment_count",),
    "reopen_count": ("reopen_count",),
    "contact_count": ("u_contact_count",),
    "satisfaction": ("u_satisfaction",),
    "parent_id": ("parent_incident",),
    "is_major": ("u_major_incident", "major_incident_state"),
    "merged_into": ("u_merged_into", "u_duplicate_of"),
    "problem_id": ("problem_id",),
    "change_id": ("rfc",),
    "caused_by_change": ("caused_by",),
    "knowledge_used": ("knowledge",),
    "resolution_code": ("close_code", "closed_code"),
    "resolution_notes": ("close_notes",),
    "tool_sla_met": ("made_sla",),
    "tool_due_at": ("sla_due",),
}

INCIDENT_VALUES = {
    "kind": CLASS_WORDS,
    "state": STATE_WORDS,
    "hold_reason": HOLD_CODES,
    "priority": PRIORITIES,
    "impact": LEVELS,
    "urgency": LEVELS,
    "detection": DETECTIONS,
    "is_major": {"accepted": "true", "proposed": "false", "rejected": "false"},
}

INCIDENT_DERIVED = {
    "kind": Derived("number", NUMBER_PREFIXES, by_prefix=True),
    "detection": Derived("channel", DETECTIONS),
    "hold_reason": Derived("source_state", HOLD_STATES),
}

# The calculated durations run to closure and are recomputed; the rest is bookkeeping.
IGNORED = (
    "calendar_stc",
    "business_stc",
    "calendar_duration",
    "business_duration",
    "sys_mod_count",
    "sys_updated_by",
)

INCIDENT_CANNOT_GIVE = (
    "public answers to the caller (the response is seen as the first assignment), "
    "impact start and detection unless the instance keeps them in fields of its own"
)

OPENINGS = ("opened_at", "sys_created_on", "sys_created_at")
# Many tables have a number and a creation: without an opening, what else a list of tickets has.
MARKS_OF_A_TICKET = ("opened_at", "caller_id", "incident_state", "assignment_group")
RECORD_MARKS = (
    "sys_created_on",
    "sys_created_at",
    "sys_updated_on",
    "sys_updated_at",
    "assignment_group",
    "incident_state",
    "caller_id",
    "short_description",
)

INCIDENTS = Form(
    source=NAME,
    name="incident list",
    title="incident list, CSV by field names, XML, or REST as JSON",
    table="tickets",
    columns=INCIDENT_COLUMNS,
    recognised_by=(("number",), OPENINGS, MARKS_OF_A_TICKET, RECORD_MARKS),
    values=INCIDENT_VALUES,
    derived=INCIDENT_DERIVED,
    blank_is_no=("is_major",),
    ignored=IGNORED,
    cannot_give="the history: hold intervals, hand-overs; " + INCIDENT_CANNOT_GIVE,
)

INCIDENT_EVENTS = Form(
    source=NAME,
    name="incident event form",
    title="incident event form: one row per update, giving tickets and their history",
    table="tickets",
    columns=INCIDENT_COLUMNS,
    recognised_by=(
        ("number",),
        ("opened_at",),
        ("sys_updated_on", "sys_updated_at"),
        ("sys_mod_count",),
    ),
    values=INCIDENT_VALUES,
    derived=INCIDENT_DERIVED,
    blank_is_no=("is_major",),
    history="sys_mod_count",
    actor=("sys_updated_by",),
    ignored=IGNORED,
    cannot_give=INCIDENT_CANNOT_GIVE,
)

CHANGES = Form(
    source=NAME,
    name="change_request list",
    title="change_request list, CSV by field names or REST as JSON",
    table="changes",
    columns={
        "number": ("number",),
        "title": ("short_description",),
        "type": ("type", "chg_model"),
        "state": ("state", "change_state"),
        "risk": ("risk",),
        "service": ("business_service", "service_offering"),
        "configuration_item": ("cmdb_ci",),
        "category": ("category",),
        "resolver_group": ("assignment_group",),
        "opened_at": ("opened_at", "sys_created_on"),
        "planned_start_at": ("start_date", "planned_start_date"),
        "planned_end_at": ("end_date", "planned_end_date"),
        "started_at": ("work_start", "actual_start"),
        "ended_at": ("work_end", "actual_end"),
        "closed_at": ("closed_at",),
        "outcome": ("close_code",),
        "updated_at": ("sys_updated_on", "sys_updated_at"),
    },
    recognised_by=(
        ("number",),
        ("start_date", "work_start", "planned_start_date", "end_date", "work_end"),
    ),
    ignored=IGNORED,
    cannot_give="which incidents a change caused, unless incidents carry `caused_by`",
)

PROBLEMS = Form(
    source=NAME,
    name="problem list",
    title="problem list, CSV by field names or REST as JSON",
    table="problems",
    columns={
        "number": ("number",),
        "title": ("short_description",),
        "state": ("problem_state", "state"),
        "priority": ("priority",),
        "service": ("business_service",),
        "configuration_item": ("cmdb_ci",),
        "category": ("category",),
        "resolver_group": ("assignment_group",),
        "is_known_error": ("known_error",),
        "workaround": ("workaround", "work_around"),
        "cause": ("cause_notes", "u_root_cause"),
        "change_id": ("rfc",),
        "opened_at": ("opened_at", "sys_created_on"),
        "resolved_at": ("resolved_at", "fix_at"),
        "closed_at": ("closed_at",),
        "updated_at": ("sys_updated_on", "sys_updated_at"),
    },
    recognised_by=(("number",), ("problem_state", "known_error", "workaround", "cause_notes")),
    values={"priority": PRIORITIES},
    ignored=IGNORED,
    cannot_give="the incidents behind it, unless incidents carry `problem_id`",
)

FORMS = (INCIDENTS, INCIDENT_EVENTS, CHANGES, PROBLEMS)
DOCUMENTS = (RECORD_DOCUMENT,)
