"""Pages as Zendesk's incremental API gives them, written by hand for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse
from queries.model.connection import connect


def table(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


def ticket(number: int = 7, **changes: object) -> dict[str, Any]:
    """An incident: opened 9:00:22, solved 11:30:00, closed five days later."""
    return {
        "id": number,
        "created_at": "2026-03-02T09:00:22Z",
        "updated_at": "2026-03-07T12:00:00Z",
        "status": "closed",
        "type": "incident",
        "priority": "urgent",
        "subject": "No mail",
        "description": "Since nine",
        "group_id": 31,
        "assignee_id": 11,
        "requester_id": 12,
        "submitter_id": 12,
        "organization_id": 41,
        "tags": ["mail", "vip"],
        "via": {"channel": "email", "source": {"rel": None}},
        "custom_fields": [{"id": 501, "value": "outage"}, {"id": 502, "value": None}],
        "satisfaction_rating": {"score": "good", "comment": "quick"},
        "problem_id": 90,
    } | changes


def metrics(number: int = 7, **changes: object) -> dict[str, Any]:
    return {
        "ticket_id": number,
        "group_stations": 3,
        "assignee_stations": 2,
        "reopens": 1,
        "replies": 2,
        "solved_at": "2026-03-02T11:30:00Z",
        "status_updated_at": "2026-03-07T12:00:00Z",
        "reply_time_in_minutes": {"calendar": 17, "business": 9},
        "full_resolution_time_in_minutes": {"calendar": 150, "business": 90},
    } | changes


SIDES = {
    "users": [
        {"id": 11, "name": "Ana", "role": "agent"},
        {"id": 12, "name": "Ben", "role": "end-user"},
    ],
    "groups": [{"id": 31, "name": "Mail team"}, {"id": 30, "name": "Desk"}],
    "organizations": [{"id": 41, "name": "North"}],
}


def page(folder: Path, name: str = "page.json", **lists: object) -> Path:
    """One page; the side-loads come after the tickets, as in the API."""
    path = folder / name
    path.write_text(json.dumps({**lists, "count": 1, "next_page": None, "end_time": 1}))
    return path
