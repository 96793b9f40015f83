"""PagerDuty: incidents as the analytics export and the raw-incidents API write them, CSV.

Header: `id, incident_number, service_name, team_name, created_at, resolved_at,
seconds_to_first_ack, seconds_to_engage, seconds_to_resolve, snoozed_seconds, escalation_count,
reassignment_count, auto_resolved, urgency, priority_name ...`. Times are ISO with a zone, or local
to the account. Seconds count around the clock from creation, so the first acknowledgement can be
told as an instant. Every incident comes from an alert unless somebody opened it by hand, which the
export does not tell.
"""

from __future__ import annotations

from pipelines.sources import Elapsed, Form
from pipelines.sources._pagerduty_rest import INCIDENT_DOCUMENT
from pipelines.words import PRIORITIES, STATES

NAME = "pagerduty"
TITLE = "PagerDuty"
HOW_TO_EXPORT = """
Analytics > Insights (or *Incident activity report*) > *Incidents*, choose the period, then
*Download CSV*; or write the answer of the raw incidents API as CSV. Times of the web export are in
the zone of the account: give it with `--timezone` where they carry none. The answers of
`GET /incidents` are read as JSON, page by page.
"""

INCIDENTS = Form(
    source=NAME,
    name="incidents",
    title="incidents of the analytics export as CSV, or of REST as JSON",
    table="tickets",
    columns={
        "number": ("incident_number", "id", "incident_id"),
        "title": ("title", "description", "incident_description"),
        "state": ("status", "incident_status"),
        "source_state": ("status", "incident_status"),
        "priority": ("priority_name", "priority"),
        "urgency": ("urgency",),
        "service": ("service_name",),
        "resolver_group": ("team_name", "escalation_policy_name"),
        "assignee": ("resolved_by_user_name", "assigned_user_names"),
        "opened_at": ("created_at", "created_on"),
        "first_response_at": ("first_acknowledged_at", "acknowledged_at"),
        "resolved_at": ("resolved_at", "resolved_on"),
        "updated_at": ("updated_at",),
        "reassignment_count": ("reassignment_count",),
        "is_major": ("major",),
    },
    elapsed={"first_response_at": Elapsed("opened_at", ("seconds_to_first_ack",), "seconds")},
    recognised_by=(
        ("incident_number", "id", "incident_id"),
        ("created_at", "created_on"),
        ("service_name",),
        (
            "seconds_to_first_ack",
            "seconds_to_resolve",
            "auto_resolved",
            "escalation_count",
            "last_status_change_at",
        ),
    ),
    values={
        "state": STATES | {"triggered": "new", "acknowledged": "in_progress"},
        "priority": PRIORITIES | {"sev1": "P1", "sev2": "P2", "sev3": "P3", "sev4": "P4"},
        "urgency": {"high": "high", "low": "low"},
    },
    also=(
        "id",
        "service_id",
        "team_id",
        "seconds_to_engage",
        "seconds_to_mobilize",
        "seconds_to_resolve",
        "snoozed_seconds",
        "engaged_seconds",
        "engaged_user_count",
        "escalation_count",
        "timeout_escalation_count",
        "manual_escalation_count",
        "assignment_count",
        "business_hour_interruptions",
        "sleep_hour_interruptions",
        "off_hour_interruptions",
        "auto_resolved",
        "escalation_policy_id",
    ),
    cannot_give="the history; who noticed first; closing, which PagerDuty does not know",
)

FORMS = (INCIDENTS,)
DOCUMENTS = (INCIDENT_DOCUMENT,)
