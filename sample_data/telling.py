"""A ticket told step by step: what was so before and after each update, up to the export.

Writers of tools that keep a history (Jira, Zendesk) tell the same steps in their own words. An
agent who takes a ticket answers its caller, and the regular word during a P1 is public; other
notes are internal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sample_data.rhythm import EXPORTED_AT
from sample_data.ticket import SYSTEM, Ticket, Update


@dataclass(frozen=True, slots=True)
class Situation:
    """How a ticket stands between two updates."""

    state: str = ""
    hold_reason: str = ""
    group: str = ""
    assignee: str = ""
    priority: int = 0
    impact: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One update: when, by whom, from what to what, and what was said with it, if anything."""

    at: int
    by: str
    name: str
    before: Situation
    after: Situation
    text: str = ""
    is_public: bool = False


@dataclass(slots=True)
class Story:
    """One ticket as it stands at the export, with the moments that led there."""

    ticket: Ticket
    moments: list[Moment]
    now: Situation
    names: dict[str, str]
    resolved_at: int | None = None
    closed_at: int | None = None
    reopened: int = 0
    regrouped: int = 0
    score: int | None = None
    resolution: str = ""
    holds: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def opened_at(self) -> int:
        return self.ticket.opened_at

    @property
    def updated_at(self) -> int:
        return self.moments[-1].at

    @property
    def state(self) -> str:
        return self.now.state

    @property
    def hold_reason(self) -> str:
        return self.now.hold_reason if self.now.state == "on_hold" else ""

    @property
    def priority(self) -> int:
        return self.now.priority

    @property
    def group(self) -> str:
        return self.now.group

    @property
    def assignee(self) -> str:
        return self.now.assignee

    @property
    def impact(self) -> str:
        return self.now.impact

    @property
    def urgency(self) -> str:
        return self.now.urgency

    @property
    def assignee_login(self) -> str:
        return next((login for login, name in self.names.items() if name == self.assignee), "")

    @property
    def caller_login(self) -> str:
        return self.ticket.caller.login if self.ticket.caller else "evt.integration"

    @property
    def duplicate_of(self) -> Ticket | None:
        """The ticket that this one only repeated, once somebody saw it."""
        for update in self.ticket.updates[: len(self.moments)]:
            other = update.fields.get("duplicate_of")
            if isinstance(other, Ticket):
                return other
        return None

    @property
    def stopped_at(self) -> int | None:
        """When work ended, resolved or not; None while it goes on."""
        return self.resolved_at or self.closed_at

    @property
    def first_answer_at(self) -> int | None:
        return next((m.at for m in self.moments if m.is_public and m.by != self.caller_login), None)

    @property
    def category_changed_at(self) -> int:
        """The last time that it became new, in work or done."""
        found = self.moments[0].at
        for moment in self.moments[1:]:
            if _category(moment.before.state) != _category(moment.after.state):
                found = moment.at
        return found


def _category(state: str) -> str:
    if state in ("in_progress", "on_hold"):
        return "in work"
    return "new" if state == "new" else "done"


def told(tickets: Iterable[Ticket]) -> Iterator[Story]:
    """The tickets of an export as stories, in their order."""
    for ticket in tickets:
        yield _story(ticket)


def _story(ticket: Ticket) -> Story:
    names = _names(ticket)
    story = Story(ticket, [], Situation(), names)
    for place, update in enumerate(ticket.updates):
        if update.at > EXPORTED_AT:
            break
        # the record is written as it is opened
        at = ticket.opened_at if place == 0 else update.at
        before = story.now
        after = replace(before, **{k: v for k, v in update.fields.items() if k in _SITUATION})
        if after.state != "on_hold":
            after = replace(after, hold_reason="")
        text, is_public = _said(update, before, after, story.caller_login) if place else ("", False)
        name = names.get(update.by, update.by)
        story.moments.append(Moment(at, update.by, name, before, after, text, is_public))
        story.now = after
        _count(story, at, update, before, after)
    return story


_SITUATION = ("state", "hold_reason", "group", "assignee", "priority", "impact", "urgency")


def _count(story: Story, at: int, update: Update, before: Situation, after: Situation) -> None:
    was_done = before.state in ("resolved", "closed")
    if was_done and after.state in ("in_progress", "on_hold"):
        story.reopened += 1
        story.resolved_at = story.closed_at = None
        story.resolution = ""
    if after.state == "resolved" and before.state != "resolved":
        story.resolved_at = at
    if after.state in ("closed", "cancelled") and story.closed_at is None:
        story.closed_at = at
    story.regrouped += bool(before.group) and before.group != after.group
    if (before.state == "on_hold") != (after.state == "on_hold"):
        if after.state == "on_hold":
            story.holds.append((at, None))
        else:
            story.holds[-1] = (story.holds[-1][0], at)
    code = update.fields.get("resolution_code")
    if isinstance(code, str):
        story.resolution = code
    score = update.fields.get("satisfaction")
    if isinstance(score, int):
        story.score = score


def _names(ticket: Ticket) -> dict[str, str]:
    """Login -> name, of everybody whom the ticket tells by both."""
    names = {SYSTEM: "Automation", "evt.integration": "Event Integration"}
    for person in (ticket.caller, ticket.opened_by):
        if person:
            names[person.login] = person.name
    last: str | None = None
    for update in ticket.updates:
        taken = update.fields.get("assignee")
        if isinstance(taken, str) and taken:
            last = taken
        if last is not None and update.by not in names:
            names[update.by] = last
    return names


def _said(
    update: Update, before: Situation, after: Situation, caller_login: str
) -> tuple[str, bool]:
    """What was written with an update, and whether the caller could read it."""
    if before.state == "new" and after.state == "in_progress":
        return "Thank you for reporting this, we are looking into it.", True
    if after.state == "resolved" and before.state != "resolved":
        return str(update.fields.get("resolution_notes", "")), True
    if before.state == "resolved" and after.state == "in_progress":
        return "It is back, please look again.", update.by == caller_login
    if not update.fields:
        return "Still working on it.", after.priority == 1
    return "", False
