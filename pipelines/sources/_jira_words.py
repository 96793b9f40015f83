"""Jira's words for states, kinds and levels, in lower case, shared by its forms."""

from __future__ import annotations

from pipelines.words import KINDS, LEVELS, PRIORITIES, STATES

STATE_WORDS = STATES | {
    "to do": "new",
    "backlog": "new",
    "reopened": "in_progress",
    "waiting for support": "new",
    "escalated": "in_progress",
    "in review": "in_progress",
    "under review": "in_progress",
    "under investigation": "in_progress",
    "investigating": "in_progress",
    "planning": "in_progress",
    "implementing": "in_progress",
    "waiting for customer": "on_hold",
    "waiting for approval": "on_hold",
    "waiting for vendor": "on_hold",
    "waiting for third party": "on_hold",
    "awaiting approval": "on_hold",
    "awaiting cab approval": "on_hold",
    "blocked": "on_hold",
    "completed": "closed",
    "declined": "cancelled",
    "rejected": "cancelled",
    "withdrawn": "cancelled",
    "won't do": "cancelled",
}

# What a status means where its name says nothing: its category, as the CSV and REST write it.
CATEGORY_STATES = {
    "to do": "new",
    "new": "new",
    "in progress": "in_progress",
    "indeterminate": "in_progress",
    "done": "closed",
}

HOLD_REASONS = {
    "waiting for customer": "Awaiting Caller",
    "waiting for approval": "Awaiting Approval",
    "awaiting approval": "Awaiting Approval",
    "awaiting cab approval": "Awaiting Approval",
    "waiting for vendor": "Awaiting Vendor",
    "waiting for third party": "Awaiting Vendor",
}

ISSUE_KINDS = KINDS | {
    "[system] incident": "incident",
    "[system] service request": "service_request",
    "[system] service request with approvals": "service_request",
    "service request with approvals": "service_request",
    "[system] problem": "problem",
    "[system] change": "change",
    "normal change": "change",
    "standard change": "change",
    "emergency change": "change",
}

IMPACTS = LEVELS | {
    "extensive / widespread": "high",
    "significant / large": "high",
    "moderate / limited": "medium",
    "minor / localized": "low",
}

URGENCIES = LEVELS | {"critical": "high"}

# Jira has no groups of its own: the custom fields that organisations keep them in.
RESOLVER_GROUP_FIELDS = (
    "Assignment group",
    "Assigned group",
    "Support group",
    "Resolver group",
    "Support team",
    "Team",
)

# Jira's two standard schemes; "critical" is the word of service desks, so the most urgent.
PRIORITY_WORDS = PRIORITIES | {
    "highest": "P1",
    "blocker": "P1",
    "major": "P3",
    "minor": "P4",
    "lowest": "P5",
    "trivial": "P5",
}
