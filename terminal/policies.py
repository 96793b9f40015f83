"""The policy in force, as its file says it, and what it leaves to the built-in values."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from policies.model import Policy
from policies.read import DEFAULT_POLICY, read_policy_text

SECTIONS = ("definitions", "outage", "groups", "privacy")


def told_policy(path: Path | None, policy: Policy) -> str:
    """The policy's file with a head that names it, and a foot with the values it does not set."""
    text = read_policy_text(path)
    head = [
        f"# policy   {path or DEFAULT_POLICY}",
        f"# digest   {policy.digest}",
        f"# in force {len(policy.sla)} SLAs, calendars {', '.join(policy.calendars)}",
        "",
        "",
    ]
    unset = _unset(tomllib.loads(text), policy)
    foot = ["", "# Not set above, so the built-in values hold:", *unset] if unset else []
    return "\n".join(head) + text.rstrip() + "\n" + "\n".join([*foot, ""] if foot else [])


def _unset(document: dict[str, Any], policy: Policy) -> list[str]:
    values = policy.model_dump(mode="json", by_alias=True)
    lines = [
        f"#   {key} = {values[key]!r}"
        for key in ("timezone", "default_calendar")
        if key not in document
    ]
    for section in SECTIONS:
        written = document.get(section, {})
        lines += [
            f"#   {section}.{key} = {value!r}"
            for key, value in values[section].items()
            if key not in written
        ]
    return lines
