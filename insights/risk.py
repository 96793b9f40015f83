"""Which services endanger what was promised: the error budget they spend, times how badly.

Risk = share of the error budget that downtime used up x (1 + major incidents). 1 is a service that
used up exactly what its objective allows, without a major incident. A service without an objective
has no budget, so no risk can be told; it stands at the end, those with most outages first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFINITION = (
    "Risk = share of the error budget that downtime used up × (1 + major incidents). 1: exactly "
    "what the objective allows, without a major incident. Without an objective there is no budget, "
    "and no risk can be told."
)


@dataclass(frozen=True)
class Risk:
    """One service: the share of its budget that is spent (over 1: the objective is missed), its
    major incidents, and the risk; both shares None without an objective."""

    service: str
    spent: float | None
    majors: int
    outages: int
    risk: float | None


def spent(left: float | None) -> float | None:
    """What was used of a budget of which this share is left."""
    return None if left is None else 1.0 - left


def ranked(
    left: Mapping[str, float | None],
    majors: Mapping[str, float | None],
    outages: Mapping[str, int],
) -> list[Risk]:
    """The services of any of the three, the most endangering first."""
    found = []
    for service in {*left, *majors, *outages}:
        used, major = spent(left.get(service)), int(majors.get(service) or 0)
        risk = None if used is None else used * (1 + major)
        found.append(Risk(service, used, major, outages.get(service, 0), risk))
    return sorted(
        found,
        key=lambda each: (
            each.risk is None,
            -(each.risk or 0.0),
            -each.outages,
            -each.majors,
            each.service,
        ),
    )
