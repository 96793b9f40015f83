"""Changes and problems: the other records of the service desk, linked to tickets."""

from __future__ import annotations

from datetime import date, timedelta

from sample_data.chance import Weighted
from sample_data.lifecycle import Draft
from sample_data.ordinary import World, lived, new_draft, note_with
from sample_data.organisation import DATA_PLATFORM_SINCE, SERVICES, component
from sample_data.rhythm import EXPORTED_AT, FIRST_DAY, HOLIDAYS, LAST_DAY, STAFF, instant
from sample_data.texts import Scene, fill
from sample_data.ticket import Change, Problem, Ticket

HOUR = 3600
DAY = 24 * HOUR

_KINDS = Weighted((("Standard", 52), ("Normal", 40), ("Emergency", 8)))
_RISKS = Weighted((("Low", 58), ("Moderate", 32), ("High", 10)))
_OUTCOMES = Weighted(
    (
        ("Successful", 84),
        ("Successful with issues", 9),
        ("Unsuccessful", 4),
        ("Backed out", 3),
    )
)
_CATEGORIES = (
    "Software",
    "Network",
    "Hardware",
    "Database",
    "Applications Software",
    "Other",
)
_OWNERS = {
    "Remote Access": "Network Operations",
    "Corporate Network": "Network Operations",
    "Finance ERP": "ERP Support",
    "Customer Portal": "Web & Integration",
    "Order Management": "Business Applications",
    "Identity & Sign-on": "Identity & Access",
    "Data Platform": "Data & Reporting",
    "Workplace": "Workplace Support",
    "Email & Calendar": "Messaging & Collaboration",
    "Telephony": "Messaging & Collaboration",
}


def at_work(world: World, at: int) -> int:
    """The next moment at which the staff are there, within some minutes."""
    return STAFF.add(at, world.dice.between(20, 2400))


def new_change(
    world: World,
    service: str,
    start: int,
    hours: float,
    title: str = "",
    item: str = "",
) -> Change:
    """One change of a service, planned to begin at `start`; done unless it lies ahead."""
    dice = world.dice
    kind = dice.draw(_KINDS)
    item = item or component(dice, service)
    template = title or dice.pick(world.wording.free["change_titles"])
    filled = template.format(item=item, service=service, n=dice.whole(1, 9), m=dice.whole(0, 40))
    end = start + int(hours * HOUR)
    lead = dice.between(0.2, 3) * HOUR if kind == "Emergency" else dice.lognormal(9 * DAY, 0.5)
    raised_at = start - int(lead) if kind == "Emergency" else at_work(world, start - int(lead))
    change = Change(
        serial=0,
        title=filled,
        kind=kind,
        risk=dice.draw(_RISKS),
        service=service,
        item=item,
        category=dice.pick(_CATEGORIES),
        group=_OWNERS.get(service, "Server & Cloud Platform"),
        state="Scheduled",
        raised_at=raised_at,
        planned_start_at=start,
        planned_end_at=end,
        started_at=None,
        ended_at=None,
        closed_at=None,
        outcome="",
    )
    if start > EXPORTED_AT:
        change.state = dice.pick(("Scheduled", "Authorize", "Assess"))
        return change
    if dice.chance(0.03):
        change.state = "Canceled"
        change.closed_at = start - dice.whole(1, 40) * 600
        return change
    change.started_at = start + int(dice.between(-300, 1500))
    lasted = (end - start) * dice.between(0.4, 1.3)
    change.ended_at = min(change.started_at + int(lasted), EXPORTED_AT - 900)
    closed_at = at_work(world, change.ended_at + int(dice.lognormal(20 * HOUR, 0.8)))
    change.state, change.outcome = "Review", dice.draw(_OUTCOMES)
    if closed_at < EXPORTED_AT:
        change.state, change.closed_at = "Closed", closed_at
    return change


def ordinary_changes(world: World) -> list[Change]:
    """About eight changes a week, most in the evening; some still ahead at the export."""
    dice = world.dice
    services = sorted(SERVICES)
    changes = []
    day = FIRST_DAY
    while day <= LAST_DAY + timedelta(days=20):
        frozen = (day.month, day.day) >= (12, 15) or (day.month, day.day) <= (1, 7)
        busy = {1: 2, 2: 3, 3: 2, 5: 1}.get(day.weekday(), 1 if day.weekday() < 5 else 0)
        if day in HOLIDAYS or frozen:
            busy = 0
        for _ in range(dice.whole(0, 2 * busy) if busy else 0):
            service = dice.pick(services)
            if service == "Data Platform" and day < date(*DATA_PLATFORM_SINCE):
                continue
            hour = dice.pick((6, 7, 14, 19, 20, 20, 21, 22)) if day.weekday() < 5 else 9
            start = instant(day, hour, dice.pick((0, 0, 30)))
            changes.append(new_change(world, service, start, dice.pick((0.5, 1, 1.5, 2, 3))))
        day += timedelta(days=1)
    return changes


def induced(world: World, changes: list[Change]) -> list[Ticket]:
    """Tickets that a few changes brought about; half of them say so."""
    dice = world.dice
    tickets: list[Ticket] = []
    for change in changes:
        if change.ended_at is None or change.kind == "Standard":
            continue
        bad = change.outcome != "Successful"
        if not dice.chance(0.3 if bad else 0.045):
            continue
        issues = [i for i in world.wording.issues if i.service == change.service]
        issue = dice.pick(issues)
        drafts: list[Draft] = []
        for _ in range(dice.whole(1, 4)):
            opened = change.ended_at + int(dice.lognormal(5 * HOUR, 0.8))
            if opened < EXPORTED_AT - HOUR:
                draft = new_draft(world, opened, issue, dice.pick(("phone", "self_service")))
                draft.item = change.item
                drafts.append(draft)
        found = lived(world, drafts)
        for ticket in found:
            if dice.chance(0.5):
                note_with(ticket, ticket.logged_at, caused_by=change)
        tickets += found
    return tickets


def problems_of(world: World, tickets: list[Ticket], changes: list[Change]) -> list[Problem]:
    """Problem records for some of the recurring issues, linked from a part of their tickets."""
    dice = world.dice
    free = world.wording.free
    problems = []
    for issue in dice.shuffled(world.wording.issues)[:26]:
        day = FIRST_DAY + timedelta(days=dice.whole(20, 120))
        for _ in range(dice.whole(1, 3)):
            opened_at = at_work(world, instant(day, dice.whole(9, 16), dice.whole(0, 59)))
            if opened_at > EXPORTED_AT - 5 * DAY:
                break
            if issue.service == "Data Platform" and day < date(2025, 6, 1):
                break
            solved = at_work(world, opened_at + int(dice.lognormal(50 * DAY, 0.6)))
            done = solved < EXPORTED_AT
            closed = at_work(world, solved + int(dice.lognormal(9 * DAY, 0.5)))
            fixes = [
                c
                for c in changes
                if c.service == issue.service and opened_at < c.planned_start_at < solved
            ]
            known = dice.chance(0.55)
            state = "Closed" if closed < EXPORTED_AT else "Resolved"
            if not done:
                state = dice.pick(("New", "Assess", "Root Cause Analysis", "Fix in Progress"))
            item = component(dice, issue.service, issue.items)
            scene = Scene(item, "several sites", "several users", f"{dice.whole(8, 11)}:00")
            title = fill(dice, dice.pick(issue.en), scene)
            problems.append(
                Problem(
                    serial=0,
                    title=f"Recurring: {title}",
                    service=issue.service,
                    item=item if dice.chance(0.7) else "",
                    category=issue.category,
                    group=issue.group if issue.group != "Service Desk" else "Workplace Support",
                    priority=dice.pick((2, 3, 3, 4)),
                    state=state,
                    known_error=known,
                    workaround=dice.pick(free["workarounds"]) if known else "",
                    cause=dice.pick(free["problem_causes"]) if done or known else "",
                    change=fixes[-1] if done and fixes and dice.chance(0.7) else None,
                    opened_at=opened_at,
                    resolved_at=solved if done else None,
                    closed_at=closed if closed < EXPORTED_AT else None,
                    issue=issue.key,
                )
            )  # fmt: skip
            day += timedelta(days=dice.whole(120, 300))
    _link(world, tickets, problems)
    return problems


def _link(world: World, tickets: list[Ticket], problems: list[Problem]) -> None:
    by_issue: dict[str, list[Problem]] = {}
    for problem in problems:
        by_issue.setdefault(problem.issue, []).append(problem)
    for ticket in tickets:
        for problem in by_issue.get(ticket.issue, ()):
            end = problem.resolved_at or EXPORTED_AT
            near = problem.opened_at - 12 * DAY < ticket.opened_at < end
            if near and world.dice.chance(0.33):
                found = note_with(ticket, problem.opened_at, problem=problem)
                if found and problem.change and world.dice.chance(0.3):
                    note_with(ticket, problem.opened_at, change=problem.change)
                break
