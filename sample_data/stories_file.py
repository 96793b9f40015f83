"""stories.toml: where the planted stories are, in the words of the written files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sample_data import ordinary, stories
from sample_data.servicenow import number_of
from sample_data.ticket import Ticket

_HEAD = """\
# Where the stories are that the generator planted. Only tests read this file.
# Written by `python -m sample_data.generate --stories sample_data/stories.toml`.
"""


def _numbers(tickets: Iterable[Ticket]) -> list[str]:
    return sorted(number_of(ticket) for ticket in tickets)


def _value(value: object) -> str:
    if isinstance(value, list):
        if len(value) <= 4:
            return "[" + ", ".join(_value(one) for one in value) + "]"
        lines = [
            "    " + ", ".join(_value(one) for one in value[start : start + 6]) + ",\n"
            for start in range(0, len(value), 6)
        ]
        return "[\n" + "".join(lines) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def stories_toml(tickets: Sequence[Ticket], planted: stories.Planted) -> str:
    """The text of stories.toml for one generated history."""

    def marked(mark: str) -> list[str]:
        return _numbers(ticket for ticket in tickets if mark in ticket.marks)

    change = planted.wave_change
    assert change is not None
    year, month = stories.MIX_MONTH
    sections: dict[str, dict[str, object]] = {
        "database_timeouts": {
            "service": stories.TIMEOUT_SERVICE,
            "resolution_code": "Restart",
            "gap_days": [21, 28],
            "tickets": _numbers(planted.timeouts),
        },
        "p2_escalation": {
            "on": ordinary.ESCALATION_RULES_ON,
            "priority": "P2",
            "ratio": ordinary.ESCALATION_EFFECT,
        },
        "change_wave": {
            "service": stories.WAVE_SERVICE,
            "on": stories.WAVE_ON,
            "change": number_of(change),
            "parent": number_of(planted.wave[0]),
            "tickets": _numbers(planted.wave),
        },
        "monitoring": {
            "service": ordinary.MONITORED_SERVICE,
            "on": ordinary.MONITORED_ON,
            "before_at_least_seconds": 3600,
            "after_at_most_seconds": 900,
        },
        "holds_before_deadline": {
            "group": ordinary.HOLDING_GROUP,
            "last_share_of_target": 0.1,
            "tickets": marked("hold"),
        },
        "requests_as_incidents": {"share": [0.03, 0.045], "tickets": marked("request")},
        "mix_month": {"month": f"{year}-{month:02}", "rises_at_least": 1.15},
        "missing_reviews": {"priority": "P1", "tickets": marked("no_review")},
        "worse_customer": {
            "customer": ordinary.WORSE_CUSTOMER,
            "duration_ratio": ordinary.WORSE_SCALE,
        },
    }
    parts = [_HEAD]
    for name, entries in sections.items():
        lines = [f"{key} = {_value(value)}\n" for key, value in entries.items()]
        parts.append(f"[{name}]\n" + "".join(lines))
    return "\n".join(parts)
