"""What tickets lead to: major incidents with children, duplicates, and reviews."""

from __future__ import annotations

from sample_data.lifecycle import Draft
from sample_data.ordinary import World, insert, lived, new_draft
from sample_data.rhythm import EXPORTED_AT, STAFF
from sample_data.ticket import Review, Ticket, Update

HOUR = 3600
DAY = 24 * HOUR


def declare_major(world: World, tickets: list[Ticket]) -> list[Ticket]:
    """Declare most P1s and few P2s major incidents; returns the children they collected."""
    dice = world.dice
    children: list[Ticket] = []
    for ticket in tickets:
        priority = ticket.priority
        if priority > 2 or not dice.chance(0.8 if priority == 1 else 0.02):
            continue
        end = ticket.resolved_at
        if end is None:
            continue
        proposed = ticket.logged_at + int(dice.lognormal(8 * 60, 0.6))
        decided = proposed + int(dice.lognormal(9 * 60, 0.7))
        if decided >= end:
            continue
        manager = dice.pick(world.organisation.agents["Service Desk"]).login
        verdict = "accepted" if dice.chance(0.86) else "rejected"
        insert(ticket, Update(proposed, manager, {"major": "proposed"}))
        insert(ticket, Update(decided, manager, {"major": verdict}))
        if verdict == "accepted" and dice.chance(0.45) and "alone" not in ticket.marks:
            children += _children(world, ticket, decided, end)
    return children


def _children(world: World, parent: Ticket, start: int, end: int) -> list[Ticket]:
    """Callers who report what is already known; resolved together with their parent."""
    dice = world.dice
    issue = next((i for i in world.wording.issues if i.key == parent.issue), None)
    if issue is None:
        return []
    drafts = []
    for _ in range(dice.whole(1, 5)):
        opened = int(dice.between(parent.logged_at + 120, end - 60))
        draft = _reported_again(world, opened, parent)
        draft.priority = 3
        drafts.append(draft)
    children = lived(world, drafts)
    for child in children:
        linked = max(child.logged_at + dice.whole(60, 900), start)
        _end_with_parent(world, child, linked, max(end + dice.whole(20, 2400), linked + 60), parent)
    return children


def _reported_again(world: World, opened: int, ticket: Ticket) -> Draft:
    dice = world.dice
    issue = next(i for i in world.wording.issues if i.key == ticket.issue)
    draft = new_draft(world, opened, issue, dice.pick(("phone", "self_service", "chat")))
    draft.item = ticket.item
    draft.calm = True
    draft.marks = {"child"}
    draft.holds_before_deadline = False
    draft.route = None
    draft.duration = None
    return draft


def _end_with_parent(
    world: World, child: Ticket, linked: int, end: int, parent: Ticket, **fields: object
) -> None:
    """Replace the child's own ending: linked to its parent, resolved with it, closed later."""
    person = world.dice.pick(world.organisation.agents["Service Desk"])
    group = child.updates[0].fields["group"]
    agents = world.organisation.agents[str(group)]
    taker = agents[0] if person not in agents else person
    child.updates = child.updates[:1]
    taken = {"state": "in_progress", "assignee": taker.name, "parent": parent}
    child.updates.append(Update(max(linked, child.logged_at), taker.login, dict(taken)))
    resolution: dict[str, object] = {
        "state": "resolved",
        "resolution_code": "Solved with Parent",
        "resolution_notes": "Resolved with the parent incident",
        "resolved_by": taker.name,
    }
    child.updates.append(Update(end, taker.login, resolution | fields))
    closing = (end + 5 * DAY) // HOUR * HOUR + HOUR + world.dice.whole(0, 50)
    child.updates.append(Update(closing, "system", {"state": "closed"}))


def duplicates(world: World, tickets: list[Ticket], share: float = 0.011) -> list[Ticket]:
    """The same thing reported twice by the same caller, and closed as a duplicate."""
    dice = world.dice
    known = {issue.key for issue in world.wording.issues}
    doubles = []
    for ticket in tickets:
        if ticket.caller is None or ticket.issue not in known or ticket.marks:
            continue
        if ticket.priority < 3 or not dice.chance(share):
            continue
        draft = _reported_again(world, ticket.logged_at + dice.whole(300, 3 * HOUR), ticket)
        draft.caller, draft.priority = ticket.caller, ticket.priority
        draft.texts = (ticket.title, ticket.description)
        (double,) = lived(world, [draft])
        double.marks = {"duplicate"}
        linked = double.logged_at + dice.whole(600, 5 * HOUR)
        notes: dict[str, object] = {
            "resolution_code": "Duplicate",
            "resolution_notes": "Duplicate, see the first ticket",
            "duplicate_of": ticket,
        }
        _end_with_parent(world, double, linked, linked + dice.whole(5, 50), ticket, **notes)
        doubles.append(double)
    return doubles


def last_word(world: World, tickets: list[Ticket]) -> None:
    """A note of the night shift just before the export, so that the file shows its moment."""
    waiting = [
        ticket
        for ticket in tickets
        if ticket.priority >= 3
        and ticket.logged_at < EXPORTED_AT - DAY
        and len(ticket.updates) > 2
        and ticket.updates[1].at < EXPORTED_AT < ticket.updates[2].at
    ]
    for place, ticket in enumerate(world.dice.shuffled(waiting)[:3]):
        ticket.updates.insert(2, Update(EXPORTED_AT - 40 - 190 * place, ticket.updates[1].by))


def reviews_of(world: World, tickets: list[Ticket]) -> list[Review]:
    """Reviews of most P1s and some P2s; P1s that never got one are marked `no_review`."""
    dice = world.dice
    reviews: list[Review] = []
    for ticket in tickets:
        priority, resolved_at = ticket.priority, ticket.resolved_at
        if priority > 2 or resolved_at is None or resolved_at > EXPORTED_AT - 12 * DAY:
            continue
        closed_at = ticket.updates[-1].at
        if priority == 2:
            if not dice.chance(0.05):
                continue
            held_at = closed_at - int(dice.between(0, 3 * DAY))
        else:
            fate = dice.unit()
            if fate < 0.22:
                ticket.marks.add("no_review")
                continue
            late = fate < 0.31
            held_at = closed_at + int(
                dice.between(4 * DAY, 11 * DAY) if late else dice.between(-4 * DAY, 1 * DAY)
            )
        held_at = STAFF.add(max(held_at, resolved_at + 1800), 1) // 1800 * 1800 + 1800
        if held_at < EXPORTED_AT:
            reviews += _review(world, ticket, held_at)
        elif priority == 1:
            ticket.marks.add("no_review")
    return reviews


def _review(world: World, ticket: Ticket, held_at: int) -> list[Review]:
    dice = world.dice
    free = world.wording.free
    summary = dice.pick(free["review_summaries"])
    actions = dice.shuffled(free["review_actions"])[: dice.whole(0, 3)]
    if not actions:
        return [Review(ticket, held_at, summary)]
    found = []
    for action in actions:
        group = dice.pick(sorted(world.organisation.agents))
        due_at = held_at // DAY * DAY + dice.whole(10, 60) * DAY + 16 * HOUR
        done_at: int | None = STAFF.add(held_at, dice.lognormal(180 * HOUR, 0.6)) // 60 * 60
        if dice.chance(0.2) or (done_at and done_at > EXPORTED_AT):
            done_at = None
        owner = dice.pick(world.organisation.agents[group]).name if dice.chance(0.92) else ""
        found.append(Review(ticket, held_at, summary, action, owner, due_at, done_at))
    return found
