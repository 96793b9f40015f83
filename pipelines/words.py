"""Words that tools share for states, priorities, levels and roles, in lower case.

A source adds its own; a word that none knows becomes `unknown` (or empty) with a finding.
"""

from __future__ import annotations

STATES = {
    "new": "new",
    "open": "new",
    "in_progress": "in_progress",
    "in progress": "in_progress",
    "work in progress": "in_progress",
    "active": "in_progress",
    "assigned": "in_progress",
    "on_hold": "on_hold",
    "on hold": "on_hold",
    "pending": "on_hold",
    "waiting": "on_hold",
    "suspended": "on_hold",
    "resolved": "resolved",
    "solved": "resolved",
    "closed": "closed",
    "done": "closed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "unknown": "unknown",
}

PRIORITIES = {
    "p1": "P1",
    "p2": "P2",
    "p3": "P3",
    "p4": "P4",
    "p5": "P5",
    "1": "P1",
    "2": "P2",
    "3": "P3",
    "4": "P4",
    "5": "P5",
    "critical": "P1",
    "high": "P2",
    "moderate": "P3",
    "medium": "P3",
    "low": "P4",
    "planning": "P5",
}

LEVELS = {
    "1": "high",
    "2": "medium",
    "3": "low",
    "high": "high",
    "medium": "medium",
    "low": "low",
}

KINDS = {
    "incident": "incident",
    "service_request": "service_request",
    "service request": "service_request",
    "request": "service_request",
    "requested item": "service_request",
    "problem": "problem",
    "change": "change",
    "change request": "change",
    "other": "other",
}

DETECTIONS = {
    "monitoring": "monitoring",
    "event": "monitoring",
    "event management": "monitoring",
    "alert": "monitoring",
    "user": "user",
    "caller": "user",
    "phone": "user",
    "email": "user",
    "e-mail": "user",
    "self-service": "user",
    "self service": "user",
    "chat": "user",
    "virtual agent": "user",
    "walk-in": "user",
    "ivr": "user",
    "staff": "staff",
    "agent": "staff",
    "direct opening": "staff",
}

ACTOR_ROLES = {"caller": "caller", "agent": "agent", "system": "system", "user": "caller"}
