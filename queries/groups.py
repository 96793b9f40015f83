"""Which figures stand together, the primary ones first: on the review and in the reports."""

from __future__ import annotations

from collections.abc import Mapping

from queries.catalogue import Metric

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Headlines": (
        "mttr",
        "sla_compliance",
        "backlog",
        "ticket_volume",
        "first_contact_resolution",
        "repeat_incident_rate",
        "reopen_rate",
        "satisfaction",
    ),
    "Promises": (
        "sla_completed",
        "sla_overdue_open",
        "breach_delay",
        "tool_sla_compliance",
        "escalation_on_time",
        "update_cadence",
        "holds_before_deadline",
        "sla_coverage",
    ),
    "Speed": ("mtta", "mttd", "same_day_resolution", "backlog_age"),
    "Reliability": ("mtbf", "availability", "major_incidents", "monitoring_detection_rate"),
    "Handling": (
        "resolved_without_reassignment",
        "first_level_resolution",
        "reassignments_per_ticket",
        "priority_conformity",
        "hold_share",
    ),
}
OTHERS = "More figures"


def grouped(metrics: Mapping[str, Metric]) -> dict[str, list[Metric]]:
    """All metrics of the catalogue, the primary ones first; unknown ones have a group as well."""
    groups = {
        title: [metrics[name] for name in names if name in metrics]
        for title, names in GROUPS.items()
    }
    placed = {name for names in GROUPS.values() for name in names}
    groups[OTHERS] = [metric for name, metric in metrics.items() if name not in placed]
    return {title: found for title, found in groups.items() if found}


def of_their_own(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """The metrics that say something uncut, and something that no other one says."""
    return {name: metric for name, metric in metrics.items() if metric.cut_only_by is None}


def is_met(metric: Metric, value: float, target: float | None) -> bool | None:
    """Whether a figure keeps its target; None without one, or where no direction is better."""
    if target is None or metric.better == "neither":
        return None
    return value <= target if metric.better == "lower" else value >= target
