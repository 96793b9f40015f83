"""What people decided about candidates: a name, a merge, a split, a dismissal, a problem number.

Kept beside the builds in `kept/candidates.ndjson`, one line per decision, only ever appended to:
when, who, which candidate, what. A load never touches it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from policies.refusal import Refused

Action = Literal["name", "merge", "split", "dismiss", "restore", "link"]

FILE = "candidates.ndjson"
SPLIT_BY = ("service", "category", "resolver_group", "configuration_item", "resolution_code")


@dataclass(frozen=True)
class Decision:
    """`value` is the name, the candidate that it is merged into, the column that it is split by,
    the reason of a dismissal, or the problem's number; empty takes a name or a link back."""

    at: str
    who: str
    candidate: str
    action: Action
    value: str = ""


@dataclass(frozen=True)
class Standing:
    """Where all decisions together leave the candidates."""

    names: dict[str, str] = field(default_factory=dict)
    merged_into: dict[str, str] = field(default_factory=dict)
    split_by: dict[str, str] = field(default_factory=dict)
    dismissed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def whole(self, candidate: str) -> str:
        """The candidate that this one is part of after all merges."""
        while candidate in self.merged_into:
            candidate = self.merged_into[candidate]
        return candidate


def decisions(kept: Path) -> list[Decision]:
    """All decisions, oldest first; Refused where the file was damaged."""
    path = kept / FILE
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Decision(**json.loads(line)))
        except (ValueError, TypeError):
            raise Refused(
                f"{path}, line {number}: this is no decision about a candidate: "
                "correct the line, or take it out."
            ) from None
    return found


def decide(kept: Path, who: str, candidate: str, action: Action, value: str = "") -> Decision:
    """Append one decision; Refused where it contradicts the ones before."""
    value = " ".join(value.split())
    _check(standing(decisions(kept)), candidate, action, value)
    if not who.strip():
        raise Refused("Say who decides: the decision is kept with a name.")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = Decision(now, who.strip(), candidate, action, value)
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
    return made


def _check(now: Standing, candidate: str, action: Action, value: str) -> None:
    if action not in get_args(Action):
        raise Refused(f"{action} is no decision: choose {', '.join(get_args(Action))}.")
    if action == "merge" and now.whole(value) == now.whole(candidate):
        raise Refused(f"{candidate} and {value} are one candidate already: name another one.")
    if action == "merge" and "/" in candidate:
        raise Refused(
            f"{candidate} is a part of a split candidate and is merged with nothing: "
            f"merge {candidate.split('/', maxsplit=1)[0]}, or split it by another column."
        )
    if action == "split" and value and value not in SPLIT_BY:
        raise Refused(f"A candidate is split by {', '.join(SPLIT_BY)}, not by {value}.")


def standing(made: Sequence[Decision]) -> Standing:
    """All decisions applied in order: the last one about a thing counts."""
    now = Standing()
    for decision in made:
        name, value = decision.candidate, decision.value
        match decision.action:
            case "name":
                _put(now.names, name, value)
            case "merge":
                now.merged_into[now.whole(name)] = now.whole(value)
            case "split" if name in now.merged_into.values() and not value:
                for part in [part for part, into in now.merged_into.items() if into == name]:
                    del now.merged_into[part]
            case "split":
                _put(now.split_by, name, value)
            case "dismiss":
                now.dismissed[name] = value
            case "restore":
                now.dismissed.pop(name, None)
            case "link":
                _put(now.problems, name, value)
    return now


def _put(where: dict[str, str], name: str, value: str) -> None:
    """The value under the name; an empty one takes it away."""
    if value:
        where[name] = value
    else:
        where.pop(name, None)
