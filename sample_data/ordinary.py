"""The ordinary noise: who calls about what, when, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sample_data.chance import Dice, Weighted
from sample_data.lifecycle import TARGETS, Draft, live
from sample_data.organisation import (
    DATA_PLATFORM_SINCE,
    SERVICE_DESK,
    Organisation,
    component,
)
from sample_data.rhythm import (
    EXPORTED_AT,
    FIRST_DAY,
    LAST_DAY,
    arrivals,
    instant,
    local,
)
from sample_data.texts import Issue, Wording
from sample_data.ticket import Channel, Ticket, Update

ESCALATION_RULES_ON = date(2026, 3, 1)
ESCALATION_EFFECT = 0.62
MONITORED_SERVICE = "Customer Portal"
MONITORED_ON = date(2025, 6, 2)
HOLDING_GROUP = "Workplace Support"
WORSE_CUSTOMER = "Portugal"
WORSE_SCALE = 1.55
REQUEST_SHARE = 0.046

_PEOPLE_SHARE = 0.88
_PRIORITIES = {
    "outage": Weighted(((1, 6.2), (2, 21), (3, 60), (4, 13))),
    "normal": Weighted(((1, 0.5), (2, 8), (3, 55), (4, 36))),
    "minor": Weighted(((2, 1.3), (3, 41), (4, 58))),
}
_CHANNELS: Weighted[Channel] = Weighted(
    (("phone", 36), ("email", 24), ("self_service", 27), ("chat", 8), ("walk_in", 5))
)
_URGENT_CHANNELS: Weighted[Channel] = Weighted((("phone", 80), ("chat", 12), ("self_service", 8)))

# Work is slower when many are away. Around the month whose mix of priorities shifts nothing
# else may move, so those months stay at 1.
_SLOW_MONTHS = {
    (2024, 12): 1.1,
    (2025, 1): 1.06,
    (2025, 4): 0.95,
    (2025, 7): 1.05,
    (2025, 8): 1.17,
    (2025, 12): 1.08,
    (2026, 1): 0.96,
    (2026, 3): 1.04,
    (2026, 5): 0.94,
    (2026, 7): 1.04,
    (2026, 8): 1.14,
    (2026, 9): 0.96,
}


@dataclass(slots=True)
class World:
    """What every part of the generator needs."""

    dice: Dice
    rng: np.random.Generator
    organisation: Organisation
    wording: Wording


def escalated(at: int) -> bool:
    """Whether the clarified escalation rules were in force."""
    return at >= instant(ESCALATION_RULES_ON)


def monitored(service: str, at: int) -> bool:
    """Whether the service had its own monitoring: all had, but for one that got it later."""
    return service != MONITORED_SERVICE or at >= instant(MONITORED_ON)


def ordinary_drafts(
    world: World, count: int, between: tuple[date, date] = (FIRST_DAY, LAST_DAY)
) -> list[Draft]:
    """So many drafts (few less at the edges), sorted by their opening."""
    people = round(count * _PEOPLE_SHARE)
    openings = [(at, True) for at in arrivals(world.rng, people, people=True, between=between)]
    openings += [
        (at, False) for at in arrivals(world.rng, count - people, people=False, between=between)
    ]
    said = Weighted((issue, issue.weight) for issue in world.wording.issues)
    seen = Weighted((issue, issue.watch) for issue in world.wording.issues)
    asked = Weighted((issue, issue.weight) for issue in world.wording.requests)
    drafts: list[Draft] = []
    for at, by_people in sorted(openings):
        drafts.append(_draft(world, at, by_people, said, seen, asked, drafts))
    return drafts


def _exists(issue: Issue, at: int) -> bool:
    return issue.service != "Data Platform" or at >= instant(date(*DATA_PLATFORM_SINCE))


def _draft(
    world: World,
    at: int,
    by_people: bool,
    said: Weighted[Issue],
    seen: Weighted[Issue],
    asked: Weighted[Issue],
    earlier: list[Draft],
) -> Draft:
    dice = world.dice
    if not by_people:
        issue = dice.draw(seen)
        while not (_exists(issue, at) and monitored(issue.service, at)):
            issue = dice.draw(seen)
        return new_draft(world, at, issue, "monitoring")
    if dice.chance(0.1) and len(earlier) > 400:
        # What was not really repaired comes back to the same person within weeks.
        again = earlier[-dice.whole(1, 400)]
        if again.caller and not again.marks:
            return new_draft(world, at, again.issue, dice.draw(_CHANNELS), again)
    if dice.chance(REQUEST_SHARE):
        draft = new_draft(world, at, dice.draw(asked), dice.draw(_CHANNELS))
        draft.marks.add("request")
        return draft
    issue = dice.draw(said)
    while not _exists(issue, at):
        issue = dice.draw(said)
    channel = dice.draw(_CHANNELS)
    if issue.service == MONITORED_SERVICE and monitored(issue.service, at) and dice.chance(0.45):
        channel = "monitoring"
    return new_draft(world, at, issue, channel)


def new_draft(
    world: World, at: int, issue: Issue, channel: Channel, again: Draft | None = None
) -> Draft:
    """One ordinary draft; `again` gives it the caller and component of an earlier one."""
    dice = world.dice
    priority = dice.draw(_PRIORITIES[issue.level])
    if priority == 1 and channel not in ("monitoring", "phone"):
        channel = dice.draw(_URGENT_CHANNELS)
    caller = None
    item = component(dice, issue.service, issue.items) if dice.chance(0.9) else ""
    if again:
        caller, item = again.caller, again.item
    elif channel != "monitoring":
        caller = dice.draw(world.organisation.likely_callers)
    elif not item:
        item = component(dice, issue.service, issue.items)
    draft = Draft(at, issue, item, priority, channel, caller, dice.unit())
    opened = local(at)
    if priority >= 3:
        draft.scale = _SLOW_MONTHS.get((opened.year, opened.month), 1.0)
    if priority == 2 and escalated(at):
        draft.scale = ESCALATION_EFFECT
        draft.early_handover = True
    if caller and caller.customer == WORSE_CUSTOMER:
        draft.worse = True
        draft.scale *= WORSE_SCALE
    if issue.group == HOLDING_GROUP and priority >= 3 and dice.chance(0.2) and caller:
        draft.holds_before_deadline = True
        draft.route = (SERVICE_DESK, HOLDING_GROUP)
        draft.duration = 0.6 * TARGETS[priority]
        draft.marks.add("hold")
    return draft


def spread_evenly(dice: Dice, drafts: list[Draft]) -> None:
    """Give some sets of drafts quantiles that cover the distribution of their durations.

    Independent draws would leave the size of an effect to luck. This way the P2s before and
    after the new rules hold the same distribution, and so does every priority in the months
    around the one whose mix shifts; who gets which duration is still by chance.
    """
    sets: dict[tuple[int, bool, int], list[Draft]] = {}
    for draft in drafts:
        opened = local(draft.opened_at)
        month = opened.month if opened.year == 2025 and 8 <= opened.month <= 11 else 0
        if draft.priority == 2 or month:
            key = (draft.priority, escalated(draft.opened_at), month)
            sets.setdefault(key, []).append(draft)
    for chosen in sets.values():
        places = dice.shuffled(range(len(chosen)))
        for draft, place in zip(chosen, places, strict=True):
            draft.quantile = (place + dice.unit()) / len(chosen)


def lived(world: World, drafts: list[Draft]) -> list[Ticket]:
    """The drafts as tickets, with what monitoring and callers knew about the impact."""
    tickets = []
    for draft in drafts:
        ticket = live(world.dice, draft, world.organisation, world.wording)
        note_impact(world.dice, ticket, draft.priority)
        tickets.append(ticket)
    return tickets


def note_impact(dice: Dice, ticket: Ticket, priority: int) -> None:
    """When the impact began and when it was noticed; mostly known for what hurts most."""
    portal = ticket.service == MONITORED_SERVICE
    known = {1: 0.93, 2: 0.85, 3: 0.55 if portal else 0.17, 4: 0.04}[priority]
    if not dice.chance(known):
        return
    at = ticket.opened_at
    if ticket.channel == "monitoring":
        noticed, delay = at - dice.whole(15, 150), dice.lognormal(4 * 60, 0.7)
    else:
        noticed = at - int(dice.lognormal(7 * 60, 0.9))
        delay = dice.lognormal(38 * 60, 0.9)
    if portal:
        delay = (
            dice.lognormal(5 * 60, 0.6) if monitored(ticket.service, at) else _hours_unseen(dice)
        )
    ticket.detected_at = noticed if dice.chance(0.95) else None
    ticket.impact_started_at = noticed - int(delay)


def _hours_unseen(dice: Dice) -> float:
    return dice.lognormal(3.3 * 3600, 0.55)


def insert(ticket: Ticket, update: Update) -> None:
    """Put an update into the ticket's history at its instant, never before the creation."""
    place = len(ticket.updates)
    while place > 1 and ticket.updates[place - 1].at > update.at:
        place -= 1
    update.at = max(update.at, ticket.updates[place - 1].at)
    ticket.updates.insert(place, update)


def note_with(ticket: Ticket, since: int, **fields: object) -> bool:
    """Fill fields with the first update after the creation that is not before `since`."""
    for update in ticket.updates[1:]:
        if since <= update.at < EXPORTED_AT:
            update.fields.update(fields)
            return True
    return False
