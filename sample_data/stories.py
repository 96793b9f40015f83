"""The stories planted into the ordinary noise, and where each of them is.

Some are habits that the ordinary tickets already follow (see `ordinary`): the new escalation
rules, the new monitoring, the group that holds before deadlines, requests logged as incidents,
and the customer served worse. The others are added here.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta

from sample_data.lifecycle import Draft
from sample_data.ordinary import World, insert, lived, ordinary_drafts
from sample_data.records import new_change
from sample_data.rhythm import HOLIDAYS, instant, local
from sample_data.texts import Issue
from sample_data.ticket import Change, Ticket, Update

HOUR = 3600

TIMEOUT_SERVICE = "Order Management"
TIMEOUT_FIRST = date(2026, 2, 10)
TIMEOUT_COUNT = 11
WAVE_SERVICE = "Remote Access"
WAVE_ON = date(2026, 6, 16)
MIX_MONTH = (2025, 10)
# How many tickets of each priority that month has, as a share of what is usual.
MIX_SHARES = {2: 0.65, 3: 0.5, 4: 1.9}


@dataclass(slots=True)
class Planted:
    """The tickets and records of the stories, for stories.toml."""

    timeouts: list[Ticket] = field(default_factory=list)
    wave: list[Ticket] = field(default_factory=list)
    wave_change: Change | None = None


def _agreeable(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def timeouts(world: World) -> list[Ticket]:
    """Eleven time-outs of one database, every three to four weeks, each ended by a restart.

    Different groups restart, under different categories, and nobody opens a problem record.
    """
    dice = world.dice
    story = world.wording.story
    day = TIMEOUT_FIRST
    drafts = []
    sorting = (
        ("Database", "Connection", "Database Administration"),
        ("Application", "Orders", "Business Applications"),
        ("Application", "Orders", "Database Administration"),
    )
    for number in range(TIMEOUT_COUNT):
        category, subcategory, group = sorting[0 if number % 3 == 0 else dice.whole(1, 2)]
        issue = Issue(
            "db-timeout", TIMEOUT_SERVICE, group, category, subcategory, "Timeout",
            1, 0, "normal", ("",), ("",), ("",), ("",), ("",),
        )  # fmt: skip
        opened = instant(day, dice.whole(8, 12), dice.whole(0, 59), dice.whole(0, 59))
        item = "ORDPRD" if dice.chance(0.7) else "ORD-APP-01"
        caller = dice.draw(world.organisation.likely_callers)
        draft = Draft(opened, issue, item, 3, "phone", caller, 0.5, calm=True)
        draft.texts = (
            story["timeout_titles"][number],
            story["timeout_details"][number],
        )
        draft.resolution = ("Restart", story["timeout_notes"][number])
        draft.duration = dice.between(0.9, 2.6) * HOUR
        draft.route = ("Service Desk", group) if dice.chance(0.8) else (group,)
        draft.marks = {"timeout"}
        drafts.append(draft)
        gaps = [gap for gap in range(22, 28) if _agreeable(day + timedelta(days=gap))]
        day += timedelta(days=dice.pick(gaps))
    return lived(world, drafts)


def wave(world: World) -> tuple[Change, list[Ticket]]:
    """A certificate change of the remote access, and within the hour a wave of calls."""
    dice = world.dice
    story = world.wording.story
    planned_at = instant(WAVE_ON, 6, 30)
    title = "Replace certificate on {item}"
    change = new_change(world, WAVE_SERVICE, planned_at, 1, title, "vpn-gw-mad-01")
    change.kind, change.risk = "Normal", "Moderate"
    change.state, change.group = "Closed", "Network Operations"
    change.started_at = instant(WAVE_ON, 6, 34)
    change.ended_at = instant(WAVE_ON, 7, 41)
    change.closed_at = instant(WAVE_ON, 16, 5)
    change.outcome = "Successful with issues"
    base = next(i for i in world.wording.issues if i.key == "vpn-drops")
    count = dice.whole(29, 36)
    first = change.ended_at + 6 * 60
    openings = sorted(first + int(48 * 60 * dice.unit() ** 1.3) for _ in range(count - 1))
    repaired = instant(WAVE_ON, 10, 52)
    drafts = []
    for place, opened in enumerate([first - 100, *openings]):
        channel = dice.pick(("phone", "phone", "self_service", "chat", "email"))
        caller = dice.draw(world.organisation.likely_callers)
        draft = Draft(opened, base, change.item, 3, channel, caller, 0.5, calm=True)
        draft.priority = 1 if place == 0 else (4 if dice.chance(0.1) else 3)
        draft.texts = (
            story["wave_titles"][0] if place == 0 else dice.pick(story["wave_titles"]),
            dice.pick(story["wave_details"]),
        )
        notes = story["wave_notes"][0] if place == 0 else dice.pick(story["wave_notes"][1:])
        draft.resolution = ("Solved (Permanently)", notes)
        late = 0 if place == 0 else dice.between(120, 5 * HOUR)
        draft.duration = repaired + late - max(opened, instant(WAVE_ON, 8, 15))
        if place == 0:
            draft.duration = repaired - opened
        draft.route = ("Service Desk", "Network Operations")
        draft.marks = {"wave", "alone"}
        drafts.append(draft)
    tickets = lived(world, drafts)
    _gather(world, change, tickets)
    return change, tickets


def _gather(world: World, change: Change, tickets: list[Ticket]) -> None:
    """The first ticket becomes the major incident; more than half of the others its children."""
    dice = world.dice
    parent, *others = tickets
    declared = parent.opened_at + 34 * 60
    manager = dice.pick(world.organisation.agents["Service Desk"]).login
    insert(parent, Update(declared, manager, {"major": "accepted"}))
    insert(parent, Update(declared + 41 * 60, manager, {"caused_by": change}))
    for place, ticket in enumerate(others):
        if dice.chance(0.6):
            at = max(declared + dice.whole(60, 2400), ticket.logged_at + 60)
            fields: dict[str, object] = {"parent": parent}
            if place % 8 == 0:
                fields["caused_by"] = change
            insert(ticket, Update(at, manager, fields))


def shift_mix(world: World, tickets: list[Ticket], per_day: float) -> list[Ticket]:
    """A month with fewer urgent and more slow tickets, each priority as fast as ever.

    Tickets are chosen by the month of their resolution, which is where averages count them:
    in that month and its neighbours every priority gets tickets whose durations are spread
    alike, out of twice as many. So its mean moves only with the mix.
    """
    start, end = date(2025, 8, 10), date(2025, 11, 30)
    drafts = ordinary_drafts(world, round(per_day * ((end - start).days + 1)), (start, end))
    alternatives = _by_month(lived(world, drafts))
    usual = _by_month(tickets)
    chosen: list[Ticket] = []
    for priority in (2, 3, 4):
        months = [usual[month, priority] for month in _MONTHS]
        pattern = sorted(_seconds(ticket) for month in months for ticket in month)
        for month in _MONTHS:
            own = usual[month, priority]
            share = MIX_SHARES[priority] if month == MIX_MONTH[1] else 1.0
            candidates = own + alternatives[month, priority]
            chosen += _alike(candidates, pattern, round(len(own) * share))
    replaced = {id(ticket) for (_, p), month in usual.items() if p > 1 for ticket in month}
    return [ticket for ticket in tickets if id(ticket) not in replaced] + chosen


_MONTHS = tuple(range(MIX_MONTH[1] - 1, MIX_MONTH[1] + 2))


def _by_month(tickets: list[Ticket]) -> dict[tuple[int, int], list[Ticket]]:
    """The tickets resolved around the month that shifts, by month and priority."""
    found: dict[tuple[int, int], list[Ticket]] = {
        (month, priority): [] for month in _MONTHS for priority in (1, 2, 3, 4)
    }
    first = instant(date(MIX_MONTH[0], _MONTHS[0], 1))
    after = instant(date(MIX_MONTH[0], _MONTHS[-1] + 1, 1))
    for ticket in tickets:
        at = ticket.resolved_at
        if at is not None and first <= at < after:
            found[local(at).month, ticket.priority].append(ticket)
    return found


def _seconds(ticket: Ticket) -> int:
    return (ticket.resolved_at or ticket.opened_at) - ticket.opened_at


def _alike(tickets: list[Ticket], pattern: list[int], count: int) -> list[Ticket]:
    """So many of the tickets, with durations spread like those of the sorted pattern."""
    left = sorted(tickets, key=lambda ticket: (_seconds(ticket), ticket.opened_at, ticket.title))
    lengths = [_seconds(ticket) for ticket in left]
    found = []
    for place in range(min(count, len(left))):
        wanted = pattern[int((place + 0.5) * len(pattern) / count)]
        nearest = min(bisect_left(lengths, wanted), len(lengths) - 1)
        if nearest and wanted - lengths[nearest - 1] < lengths[nearest] - wanted:
            nearest -= 1
        found.append(left.pop(nearest))
        del lengths[nearest]
    return found
