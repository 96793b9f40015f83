"""From a draft - what, when, who, how bad - to a ticket with every update of its life.

A total duration is drawn first, and everything else is placed within it, so that a story about
durations is exactly as large as it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sample_data.chance import Dice, Weighted, normal_at
from sample_data.organisation import SERVICE_DESK, Organisation
from sample_data.rhythm import OFFICE, STAFF, local
from sample_data.texts import Issue, Scene, Wording, compose, resolution_notes
from sample_data.ticket import SYSTEM, Channel, Level, Person, Ticket, Update

HOUR = 3600
DAY = 24 * HOUR
CLOSED_AFTER = 5 * DAY

# Priority: median and spread of opened to resolved. P1 and P2 are worked around the clock,
# the others in the hours of the staff.
DURATIONS = {
    1: (2.0 * HOUR, 0.7),
    2: (8.3 * HOUR, 0.75),
    3: (6.5 * HOUR, 1.0),
    4: (19 * HOUR, 1.0),
}
RESPONSES = {
    1: (6 * 60, 0.7),
    2: (18 * 60, 0.8),
    3: (1.1 * HOUR, 1.0),
    4: (2.6 * HOUR, 1.0),
}
QUICK = (18 * 60, 0.8)

# Resolution targets in office hours, as in policy.toml; P1 and P2 around the clock.
TARGETS = {1: 4 * HOUR, 2: 12 * HOUR, 3: 16 * HOUR, 4: 40 * HOUR}

_MATRIX: dict[int, tuple[tuple[Level, Level], ...]] = {
    1: (("high", "high"),),
    2: (("high", "medium"), ("medium", "high")),
    3: (("medium", "medium"), ("medium", "medium"), ("low", "high"), ("high", "low")),
    4: (("low", "low"), ("low", "low"), ("low", "medium"), ("medium", "low")),
}
_LEVELS: tuple[Level, ...] = ("high", "medium", "low")
_HOLD_REASONS = Weighted((("caller", 62), ("vendor", 20), ("change", 11), ("problem", 7)))
_CODES = Weighted(
    (
        ("Solved (Permanently)", 52),
        ("Solved (Work Around)", 19),
        ("User Guidance", 14),
        ("Solved Remotely", 8),
        ("Not Reproducible", 4),
        ("Restart", 3),
    )
)


@dataclass(slots=True)
class Draft:
    """What is decided about a ticket before it lives.

    `quantile` places its duration within the distribution of its priority, `scale` stretches
    it, `calm` spares it the accidents of ordinary life (cancelled, reopened, forgotten).
    """

    opened_at: int
    issue: Issue
    item: str
    priority: int
    channel: Channel
    caller: Person | None
    quantile: float
    scale: float = 1.0
    calm: bool = False
    early_handover: bool = False
    holds_before_deadline: bool = False
    worse: bool = False
    texts: tuple[str, str] | None = None
    resolution: tuple[str, str] | None = None
    route: tuple[str, ...] | None = None
    duration: float | None = None
    marks: set[str] = field(default_factory=set)


class _Life:
    """The updates of one ticket in order; later ones never lie before earlier ones."""

    def __init__(self, dice: Dice, draft: Draft) -> None:
        self.dice = dice
        self.around_the_clock = draft.priority <= 2
        self.opened_at = draft.opened_at
        self.updates: list[Update] = []

    def after(self, seconds: float) -> int:
        """The instant so much of this ticket's own kind of time after its opening."""
        if self.around_the_clock:
            return self.opened_at + int(seconds)
        return STAFF.add(self.opened_at, seconds)

    def add(self, at: int, by: str, **fields: object) -> int:
        """Save an update not before the last one, and return its instant."""
        if self.updates and at <= self.updates[-1].at:
            at = self.updates[-1].at + self.dice.whole(0, 40)
        self.updates.append(Update(at, by, fields))
        return at


def _route(dice: Dice, draft: Draft, quick: bool) -> list[str]:
    """The groups that a ticket goes through."""
    if draft.route:
        return list(draft.route)
    home = draft.issue.group
    start = home if draft.channel == "monitoring" and dice.chance(0.85) else SERVICE_DESK
    if quick or start == home:
        return [start] if not dice.chance(0.05) else [start, home, start]
    if dice.chance(0.2):
        return [start]
    route = [start, home]
    fate = dice.unit()
    others = ("Server & Cloud Platform", "Business Applications", "Network Operations")
    if fate < (0.22 if draft.worse else 0.11):
        route.insert(1, dice.pick(others))
    elif fate < 0.2:
        other = dice.pick(others)
        route += [other, home] if other != home else [SERVICE_DESK, home]
    elif fate < 0.24:
        route += [SERVICE_DESK, home]
    return [group for place, group in enumerate(route) if place == 0 or group != route[place - 1]]


def _duration(dice: Dice, draft: Draft, quick: bool) -> float:
    if draft.duration is not None:
        return draft.duration
    median, sigma = QUICK if quick else DURATIONS[draft.priority]
    seconds = median * math.exp(sigma * normal_at(draft.quantile)) * draft.scale
    return max(seconds, 90.0 + 120 * dice.unit())


def _severity(dice: Dice, priority: int) -> int:
    return min(3, max(1, priority + (0 if dice.chance(0.8) else 1)))


def live(dice: Dice, draft: Draft, organisation: Organisation, wording: Wording) -> Ticket:
    """The whole life of one ticket, as if it were never cut off by an export."""
    quick = draft.priority >= 3 and not draft.holds_before_deadline and draft.duration is None
    quick = quick and draft.channel != "monitoring" and dice.chance(0.3)
    total = _duration(dice, draft, quick)
    caller = draft.caller
    site = caller.location if caller and caller.location != "Remote" else "Madrid HQ"
    hour = f"{local(draft.opened_at):%H:%M}"
    scene = Scene(draft.item, site, caller.login if caller else "svc_monitor", hour)
    spanish = caller is not None and caller.spanish
    title, description = draft.texts or compose(
        dice, wording, draft.issue, scene, draft.channel, spanish
    )
    desk = dice.pick(organisation.agents[SERVICE_DESK])
    opened_by = desk if draft.channel in ("phone", "walk_in", "chat") else caller
    life = _Life(dice, draft)
    route = _route(dice, draft, quick)
    _open(life, draft, opened_by, route[0])
    _work(life, draft, organisation, route, total, quick)
    notes = draft.resolution or (
        dice.draw(_CODES),
        resolution_notes(dice, draft.issue, scene),
    )
    _finish(life, draft, total, notes)
    return Ticket(
        opened_at=draft.opened_at,
        opened_by=opened_by,
        caller=caller,
        channel=draft.channel,
        service=draft.issue.service,
        item=draft.item,
        category=draft.issue.category,
        subcategory=draft.issue.subcategory,
        symptom=draft.issue.symptom if dice.chance(0.93) else "",
        severity=_severity(dice, draft.priority),
        title=title,
        description=description,
        issue=draft.issue.key,
        updates=life.updates,
        marks=draft.marks,
    )


def _open(life: _Life, draft: Draft, opened_by: Person | None, group: str) -> None:
    """The creation of the record: when it was logged, how bad it looked, who got it."""
    dice = life.dice
    delay = dice.whole(30, 420) if draft.channel in ("phone", "walk_in") else dice.whole(0, 20)
    if draft.channel == "walk_in" and dice.chance(0.12) and draft.priority > 2:
        delay = dice.whole(2 * HOUR, 26 * HOUR)
    impact, urgency = dice.pick(_MATRIX[draft.priority])
    if dice.chance(0.07):
        impact, urgency = dice.pick(_LEVELS), dice.pick(_LEVELS)
    first = draft.priority
    if not draft.calm and dice.chance(0.04):
        first = max(min(draft.priority + dice.pick((1, 1, -1)), 4), 2)
    login = opened_by.login if opened_by else "evt.integration"
    fields: dict[str, object] = {
        "state": "new",
        "priority": first,
        "impact": impact,
        "urgency": urgency,
        "group": group,
        "knowledge": dice.chance(0.16),
    }
    life.add(draft.opened_at + delay, login, **fields)


def _work(
    life: _Life,
    draft: Draft,
    organisation: Organisation,
    route: list[str],
    total: float,
    quick: bool,
) -> None:
    """Acknowledgement, hand-overs, holds and notes between opening and resolution."""
    dice = life.dice
    person = dice.pick(organisation.agents[route[0]])
    median, sigma = RESPONSES[draft.priority]
    share = dice.between(0.05, 0.3) if quick else 0.5
    pace = 1.5 if draft.worse else 1.0
    response = min(dice.lognormal(median * pace, sigma), share * total)
    moments: list[tuple[float, str, dict[str, object]]] = []
    start = life.updates[0].fields
    taken: dict[str, object] = {"state": "in_progress", "assignee": person.name}
    if start["priority"] != draft.priority:
        taken["priority"] = draft.priority
        taken["urgency"] = dice.pick(_MATRIX[draft.priority])[1]
    moments.append((response, person.login, taken))
    last = response
    for group in route[1:]:
        reach = dice.between(0.02, 0.3)
        place = last + reach * (total * 0.8 - last)
        if draft.early_handover:
            place = min(place, last + dice.lognormal(6 * 60, 0.5))
        moments.append((place, person.login, {"group": group, "assignee": ""}))
        person = dice.pick(organisation.agents[group])
        delay = min(dice.lognormal(10 * 60, 1.2), 0.3 * (total - place))
        moments.append((place + delay, person.login, {"assignee": person.name}))
        last = place + delay
    if draft.priority == 1:
        moments += _updates_every_quarter(dice, last, total, person)
    elif dice.chance(0.3):
        moments.append((dice.between(last, total), person.login, {}))
    if draft.holds_before_deadline:
        for seconds, login, fields in moments:
            life.add(life.after(seconds), login, **fields)
        _hold_before_deadline(life, draft, person)
        return
    if not quick and draft.priority > 1 and dice.chance(0.1 if draft.priority == 2 else 0.27):
        begins = dice.between(last + 0.1 * (total - last), last + 0.7 * (total - last))
        ends = begins + dice.between(0.3, 0.9) * (total - begins)
        reason = dice.draw(_HOLD_REASONS)
        moments.append((begins, person.login, {"state": "on_hold", "hold_reason": reason}))
        moments.append((ends, person.login, {"state": "in_progress", "hold_reason": ""}))
    for seconds, login, fields in sorted(moments, key=lambda moment: moment[0]):
        life.add(life.after(seconds), login, **fields)


def _updates_every_quarter(
    dice: Dice, start: float, end: float, person: Person
) -> list[tuple[float, str, dict[str, object]]]:
    """The regular word during a P1: about every fifteen minutes, sometimes missed."""
    notes: list[tuple[float, str, dict[str, object]]] = []
    at = start + dice.between(8 * 60, 16 * 60)
    while at < end and len(notes) < 40:
        if not dice.chance(0.18):
            notes.append((at, person.login, {}))
        at += dice.between(11 * 60, 17 * 60)
    return notes


def _hold_before_deadline(life: _Life, draft: Draft, person: Person) -> None:
    """Work goes on until the deadline is near; then the clock is stopped by a hold."""
    dice = life.dice
    target = TARGETS[draft.priority]
    begins = OFFICE.add(draft.opened_at, target * dice.between(0.905, 0.99))
    life.add(begins, person.login, state="on_hold", hold_reason="caller")
    ends = STAFF.add(begins, dice.lognormal(9 * HOUR, 0.5))
    life.add(ends, person.login, state="in_progress", hold_reason="")
    # From here on the ticket's remaining time counts from the end of the hold.
    life.opened_at = STAFF.add(ends, dice.lognormal(0.8 * HOUR, 0.6))


def _finish(life: _Life, draft: Draft, total: float, notes: tuple[str, str]) -> None:
    """Resolved, perhaps reopened, closed; or cancelled, closed unresolved, forgotten."""
    dice = life.dice
    by = life.updates[-1].by
    person = next(u.fields["assignee"] for u in reversed(life.updates) if u.fields.get("assignee"))
    end = life.opened_at if draft.holds_before_deadline else life.after(total)
    fate = 1.0 if draft.calm else dice.unit()
    if fate < 0.018:
        life.add(end, by, state="cancelled")
        return
    if fate < 0.023:
        life.add(end, by, state="closed", resolution_code="Closed by Caller")
        return
    if fate < 0.0255 and draft.priority >= 3:
        if dice.chance(0.6):
            life.add(end, by, state="on_hold", hold_reason=dice.pick(("caller", "vendor")))
        return
    resolution: dict[str, object] = {
        "state": "resolved",
        "resolution_code": notes[0],
        "resolution_notes": notes[1],
        "resolved_by": person,
        "hold_reason": "",
    }
    reopened = 0.05 if draft.worse else 0.024
    if not draft.calm and not draft.holds_before_deadline and dice.chance(reopened):
        _resolve_twice(life, draft, total, resolution, by)
    else:
        if not life.around_the_clock and dice.chance(0.05):
            end += int(dice.between(0, 3 * HOUR))
        life.add(end, by, **resolution)
    resolved_at = life.updates[-1].at
    satisfied = 0.21 if draft.channel != "monitoring" else 0.0
    if dice.chance(satisfied):
        mood = dice.unit() * (0.62 if draft.worse else 1.0)
        score = 1 + sum(mood > limit for limit in (0.06, 0.13, 0.28, 0.6))
        at = resolved_at + int(dice.lognormal(5 * HOUR, 1.1))
        if at < resolved_at + 4 * DAY:
            life.add(at, draft.caller.login if draft.caller else SYSTEM, satisfaction=score)
    if dice.chance(0.07) and draft.caller:
        at = max(resolved_at + int(dice.lognormal(7 * HOUR, 1.0)), life.updates[-1].at + 20)
        if at < resolved_at + CLOSED_AFTER:
            life.add(at, draft.caller.login, state="closed")
            return
    nightly = (resolved_at + CLOSED_AFTER) // HOUR * HOUR + HOUR
    life.add(nightly + dice.whole(0, 50), SYSTEM, state="closed")


def _resolve_twice(
    life: _Life, draft: Draft, total: float, resolution: dict[str, object], by: str
) -> None:
    """Resolved too early, reopened by the caller, resolved again at the end."""
    dice = life.dice
    done = life.updates[-1].at
    end = max(life.after(total), done + 600)
    first = done + int((end - done) * dice.between(0.1, 0.4))
    first = life.add(first, by, **resolution)
    back = first + int((end - first) * dice.between(0.2, 0.7))
    caller = draft.caller.login if draft.caller else by
    life.add(back, caller, state="in_progress")
    life.add(end, by, **resolution)
