"""PagerDuty's incidents as its REST API answers them, as rows with the names of the CSV."""

from __future__ import annotations

from typing import Any

from pipelines.reading.unfolding import (
    Document,
    Row,
    SideLoads,
    Unfolded,
    member,
    members,
    plain,
)

INCIDENTS = "incidents"
AS_THEY_ARE = (
    "id", "incident_number", "title", "status", "urgency", "created_at", "updated_at",
    "last_status_change_at", "resolved_at", "incident_key", "html_url",
)  # fmt: skip


def unfold_incident(record: dict[str, Any], _: SideLoads) -> Unfolded:
    """One incident as a row; older answers tell the resolution by the last change of status."""
    row: Row = {name: plain(record, name) for name in AS_THEY_ARE}
    if row["resolved_at"] is None and row["status"] == "resolved":
        row["resolved_at"] = row["last_status_change_at"]
    row["service_name"] = plain(record, "service", "summary")
    row["escalation_policy_name"] = plain(record, "escalation_policy", "summary")
    row["priority_name"] = plain(record, "priority", "summary")
    row["team_name"] = next(_summaries(members(record, "teams")), None)
    assigned = [member(each, "assignee") for each in members(record, "assignments")]
    row["assigned_user_names"] = next(_summaries(assigned), None)
    acknowledged = [plain(each, "at") for each in members(record, "acknowledgements")]
    row["first_acknowledged_at"] = min(filter(None, acknowledged), default=None)
    yield INCIDENTS, row


def _summaries(references: list[Any]) -> Any:
    return (shown for each in references if (shown := plain(each, "summary")) is not None)


INCIDENT_DOCUMENT = Document(
    main=INCIDENTS,
    lists=("incidents",),
    told_by=(
        ("incident_number",),
        ("created_at",),
        ("service",),
        ("escalation_policy", "assignments", "urgency"),
    ),
    never=("service_name",),
    unfold=unfold_incident,
)
