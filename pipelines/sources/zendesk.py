"""Zendesk: tickets of the incremental API as JSON or NDJSON, with side-loads, metrics and audits.

Times are ISO 8601 in UTC. Pages repeat tickets (the newest `updated_at` counts). People, groups and
organisations are ids; their names stand in side-loads of the same file. `_zendesk_json.py` writes
the records as the rows that the forms here map.

Pending and on-hold both wait: for the requester, and for somebody else. `solved_at` and the counts
come from a metric set; durations of Zendesk are used for one thing alone, the first reply, which
is stated in whole minutes after creation. A deleted ticket, or one closed by merging it into
another, was withdrawn: it is cancelled, so it stands in the volume and in no duration.
"""

from __future__ import annotations

from pipelines.sources import Derived, Form, Unread
from pipelines.sources._zendesk_json import DOCUMENTS as ZENDESK_DOCUMENTS
from pipelines.sources._zendesk_json import HOLD_REASONS, PRIORITY_WORDS, STATE_WORDS
from pipelines.words import ACTOR_ROLES

NAME = "zendesk"
TITLE = "Zendesk"
HOW_TO_EXPORT = """
    Save each page of the incremental export as one file of a folder (a script does it with a
    token). All begin with `GET /api/v2/incremental/`:

    - `tickets/cursor.json?start_time=0&include=users,groups,organizations,metric_sets` gives
      tickets with names, resolutions and counts.
    - `ticket_metric_events.json?start_time=0` tells when a ticket waited, was answered and solved.
    - `ticket_events.json?start_time=0&include=comment_events`, or the audits of tickets, tells the
      whole history; then the metric events are not needed.

    The NDJSON of the account's own export holds tickets alone. Times are UTC: no `--timezone` is
    needed.
    """

USER_CHANNELS = (
    "email",
    "voice",
    "phone",
    "chat",
    "native_messaging",
    "sms",
    "help_center",
    "mobile",
    "mobile_sdk",
    "whatsapp",
    "facebook",
    "twitter",
)

TICKETS = Form(
    source=NAME,
    name="tickets",
    title="tickets of the incremental export, as JSON or NDJSON",
    table="tickets",
    columns={
        "number": ("id",),
        "kind": ("type",),
        "title": ("subject", "raw_subject"),
        "description": ("description",),
        "state": ("status",),
        "source_state": ("status",),
        "priority": ("priority",),
        "resolver_group": ("group", "group_id"),
        "assignee": ("assignee", "assignee_id"),
        "caller": ("requester", "requester_id"),
        "customer": ("organization", "organization_id"),
        "channel": ("via.channel",),
        "opened_at": ("created_at",),
        "first_response_at": ("first_reply_at", "first_reply_in_minutes"),
        "resolved_at": ("metric_set.solved_at",),
        "closed_at": ("closed_at",),
        "updated_at": ("updated_at",),
        "reassignment_count": ("regrouped",),
        "reopen_count": ("metric_set.reopens",),
        "contact_count": ("metric_set.replies",),
        "satisfaction": ("satisfaction_rating.score",),
        "problem_id": ("problem_id",),
        "tool_sla_met": ("sla_met",),
        "tool_due_at": ("sla_due_at",),
    },
    recognised_by=(("id",), ("created_at",), ("status",), ("requester_id",)),
    values={
        "kind": {
            "incident": "incident",
            "problem": "problem",
            "question": "service_request",
            "task": "other",
        },
        "state": STATE_WORDS,
        "priority": PRIORITY_WORDS,
    },
    derived={
        "hold_reason": Derived("source_state", HOLD_REASONS),
        "detection": Derived("channel", dict.fromkeys(USER_CHANNELS, "user")),
    },
    minutes=("first_reply_in_minutes",),
    cannot_give=(
        "service, configuration item, category, impact and urgency: organisations keep them in "
        "custom fields, which stay in `extra` by their ids; resolution times and counts where the "
        "export has no metric sets; whether Zendesk's own promise was kept, unless the metric "
        "events stand in the same file; the history where it has neither metric events nor audits; "
        "which ticket a merged one went into"
    ),
)

HISTORY = Form(
    source=NAME,
    name="history",
    title="metric events, ticket events and audits, as JSON",
    table="ticket_events",
    columns={
        "ticket_id": ("ticket_id",),
        "at": ("event_time",),
        "field": ("event_field",),
        "old": ("event_old",),
        "new": ("event_new",),
        "actor": ("event_actor",),
        "actor_role": ("event_role",),
    },
    recognised_by=(("ticket_id",), ("event_time",), ("event_field",)),
    values={"actor_role": ACTOR_ROLES},
    cannot_give=(
        "from metric events alone: hand-overs, priorities, and who did it; the names of people and "
        "groups where the file has no side-loads; whether an answer came from an agent where the "
        "audit stands in a file without users"
    ),
)

UNREAD = (
    Unread(
        ("ticket_id", "group_stations", "reopens", "replies"),
        "it holds metrics without their tickets; export the tickets with include=metric_sets, so "
        "that one file has both",
    ),
)

FORMS = (TICKETS, HISTORY)
DOCUMENTS = ZENDESK_DOCUMENTS
