"""Durations and targets as people write them: "90s", "15m", "4h", "1d", "2 working days",
"next working day 16:00"."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass

from policies.strict import refuse

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

_PART = re.compile(r"(\d+)\s*([smhd])")
_DURATION = re.compile(r"\d+\s*[smhd](\s*\d+\s*[smhd])*")
_WORKING_DAYS = re.compile(r"(\d+)\s+working\s+days?")
_NEXT_WORKING_DAY = re.compile(r"next\s+working\s+day\s+([01]?\d|2[0-3]):([0-5]\d)")

_FORBID = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, config=_FORBID)
class Target:
    """What a clock may take: exactly one of the three is set, none for a target of zero.

    `seconds` count inside the calendar's windows; `working_days` are as long as an ordinary day
    of the calendar; `next_day_time` is an instant, that local time on the calendar's next
    working day, and never pauses.
    """

    text: str
    seconds: int | None = None
    working_days: int | None = None
    next_day_time: time | None = None

    @property
    def is_relative(self) -> bool:
        return self.next_day_time is not None


def parse_seconds(text: object) -> int:
    """Seconds of "90s", "15m", "4h", "1d" (24 hours) or several of them: "1h 30m"."""
    if isinstance(text, str) and _DURATION.fullmatch(text.strip()):
        return sum(int(n) * UNIT_SECONDS[unit] for n, unit in _PART.findall(text))
    raise refuse(f'is {text!r}, which is no duration; write one like "90s", "15m", "4h" or "1d"')


def parse_target(text: object) -> Target:
    """The target that a policy writes."""
    if isinstance(text, Target):
        return text
    if not isinstance(text, str):
        raise refuse(f'is {text!r}, which is no target; write one like "4h" or "2 working days"')
    words = text.strip().lower()
    if _DURATION.fullmatch(words):
        return Target(text, seconds=parse_seconds(words))
    if found := _WORKING_DAYS.fullmatch(words):
        return Target(text, working_days=int(found[1]))
    if found := _NEXT_WORKING_DAY.fullmatch(words):
        return Target(text, next_day_time=time(int(found[1]), int(found[2])))
    raise refuse(
        f"is {text!r}, which is no target; write one like "
        '"90s", "15m", "4h", "1d", "2 working days" or "next working day 16:00"'
    )


Seconds = Annotated[int, BeforeValidator(parse_seconds)]
TargetText = Annotated[Target, BeforeValidator(parse_target)]
