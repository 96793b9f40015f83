"""Statuspage: incidents of a status page as its API gives them, JSON.

`{"page": {...}, "incidents": [{"id", "name", "status", "created_at", "resolved_at", "impact",
"started_at", "incident_updates": [...], "components": [...]}]}`. Times carry offsets that follow
the season. An incident there is what was told to the public, so it begins when it was published;
when the impact began stands beside it. Planned maintenance is no incident.
"""

from __future__ import annotations

from pipelines.sources import Derived, Form

NAME = "statuspage"
TITLE = "Statuspage"
HOW_TO_EXPORT = """
Save the answer of `https://<page>/api/v2/incidents.json`, or of `GET /v1/pages/<page>/incidents`
page by page, as JSON. No zone is needed.
"""

STATES = {
    "investigating": "in_progress",
    "identified": "in_progress",
    "monitoring": "in_progress",
    "resolved": "resolved",
    "postmortem": "closed",
    "scheduled": "new",
    "in_progress": "in_progress",
    "verifying": "in_progress",
    "completed": "closed",
}
MAINTENANCE = dict.fromkeys(("scheduled", "in_progress", "verifying", "completed"), "change")

INCIDENTS = Form(
    source=NAME,
    name="incidents",
    title="incidents of a status page, as JSON",
    table="tickets",
    columns={
        "number": ("id",),
        "title": ("name",),
        "state": ("status",),
        "source_state": ("status",),
        "severity": ("impact",),
        "opened_at": ("created_at",),
        "impact_started_at": ("started_at",),
        "resolved_at": ("resolved_at",),
        "updated_at": ("updated_at",),
    },
    recognised_by=(("id",), ("name",), ("status",), ("impact",), ("created_at",), ("shortlink",)),
    values={"state": STATES},
    derived={"kind": Derived("source_state", MAINTENANCE)},
    also=("page_id", "monitoring_at", "incident_updates", "components", "scheduled_for"),
    cannot_give=(
        "groups, people, priorities (the impact is kept as the severity) and hand-overs; closing; "
        "services, which stand in `extra` as the components of each incident"
    ),
)

FORMS = (INCIDENTS,)
