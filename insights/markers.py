"""Markers: what was changed on which day, for which tickets. In the policy, or set on a page and
kept in `kept/markers.ndjson`, one line each with who and when, only ever appended to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from policies.model import Policy
from policies.refusal import Refused

FILE = "markers.ndjson"


@dataclass(frozen=True)
class Marker:
    """A change of the way of working; `where` are ticket columns and the values it was for."""

    on: date
    title: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    who: str = ""


def markers(policy: Policy, kept: Path) -> list[Marker]:
    """Those of the policy and those that were set, oldest first; Refused for a damaged file."""
    found = [
        Marker(each.on, each.title, {k: tuple(map(str, v)) for k, v in each.where.items()})
        for each in policy.marker
    ]
    path = kept / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            told = json.loads(line)
            where = {str(k): tuple(map(str, v)) for k, v in told["where"].items()}
            found.append(Marker(date.fromisoformat(told["on"]), told["title"], where, told["who"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(
                f"{path}, line {number}: this is no marker: correct the line, or take it out."
            ) from None
    return sorted(found, key=lambda marker: (marker.on, marker.title))


def set_marker(kept: Path, marker: Marker) -> None:
    """Keep a marker; Refused without a title or a name of who sets it."""
    if not marker.title.strip() or not marker.who.strip():
        raise Refused("A marker needs a title, and the name of who sets it.")
    told = asdict(marker) | {
        "on": marker.on.isoformat(),
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
