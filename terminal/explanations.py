"""One ticket's clocks in words: every interval, counted or not, and by which rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from policies.zones import to_local
from queries.explain import Explanation, as_rows
from queries.wording import duration
from terminal.printing import plain, printed_frame


def printed_explanations(explanations: Sequence[Explanation], form: str, zone: ZoneInfo) -> str:
    """Text with times in the reporting zone; JSON with the clock and its intervals; CSV rows."""
    if form == "csv":
        return printed_frame(as_rows(explanations), form)
    if form == "json":
        told = [
            dict(explanation.clock)
            | {
                "counted_seconds": explanation.counted_seconds,
                "intervals": [
                    {
                        "from_at": interval.from_at,
                        "to_at": interval.to_at,
                        "seconds": interval.seconds,
                        "is_counted": interval.is_counted,
                        "rule": interval.rule,
                    }
                    for interval in explanation.intervals
                ],
            }
            for explanation in explanations
        ]
        return json.dumps(told, ensure_ascii=False, indent=2, default=plain) + "\n"
    if not explanations:
        return "No service level of the policy fits this ticket.\n"
    return "\n".join(_told(explanation, zone) for explanation in explanations)


def _told(explanation: Explanation, zone: ZoneInfo) -> str:
    clock = explanation.clock
    head = [f"{clock['ticket_id']}  {clock['sla'] or clock['clock']}, cycle {clock['cycle']}"]
    head.append(f"  {clock['state']}" + (f": {clock['reason']}" if clock["reason"] else ""))
    if clock["due_at"] is not None:
        head.append(f"  due {_at(clock['due_at'], zone)} ({zone.key})")
    lines = [
        f"  {_at(interval.from_at, zone)}  {_at(interval.to_at, zone)}  "
        f"{interval.seconds if interval.is_counted else 0:>10,} s  {interval.rule}"
        for interval in explanation.intervals
    ]
    target = clock["target_seconds"]
    of = f" of {target:,} s ({duration(target)})" if target is not None else ""
    counted = explanation.counted_seconds
    foot = f"  counted {counted:,} s ({duration(counted)}){of}" if lines else ""
    return "\n".join([*head, *lines, *([foot] if foot else [])]) + "\n"


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return f"{to_local(instant, zone):%Y-%m-%d %H:%M:%S}"
