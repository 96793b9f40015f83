"""Writing tickets as Zendesk would export them: incremental pages with side-loads, and NDJSON.

Each page repeats a few tickets of the page before, as they stood then: the API gives a ticket again
whenever it was updated meanwhile. Metric events come in pages of their own. People and groups are
ids; organisations stand for the customers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

from sample_data.rhythm import TOOL_OFFICE
from sample_data.telling import Moment, Story, told
from sample_data.ticket import Ticket

PAGE = 1_000
REPEATED = 20
PRIORITIES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}
CHANNELS = {
    "phone": "voice",
    "email": "email",
    "self_service": "help_center",
    "chat": "chat",
    "monitoring": "api",
    "walk_in": "web",
}
WORK, WAIT, REPLY = "agent_work_time", "requester_wait_time", "reply_time"


def status_of(state: str, hold_reason: str) -> str:
    """Zendesk's word: what waits for its requester is pending, all else that waits is on hold."""
    if state == "on_hold":
        return "pending" if hold_reason == "caller" else "hold"
    words = {"in_progress": "open", "resolved": "solved", "cancelled": "deleted"}
    return words.get(state, state)


def instant(at: int | None) -> str | None:
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def identity(name: str) -> int:
    """The same id for the same name, in every page and on every machine."""
    return 360_000_000_000 + crc32(name.encode())


def write_zendesk(folder: Path, tickets: Sequence[Ticket]) -> None:
    """`tickets_NN.json` and `metric_events_NN.json`, pages of the incremental API."""
    folder.mkdir(parents=True, exist_ok=True)
    before: list[Story] = []
    for number, start in enumerate(range(0, len(tickets), PAGE), start=1):
        stories = list(told(tickets[start : start + PAGE]))
        again = [_ticket(story, as_of=len(story.moments) - 1) for story in before[-REPEATED:]]
        records = again + [_ticket(story) for story in stories]
        shown = [*before[-REPEATED:], *stories]
        document = {
            "tickets": records,
            "users": _users(shown),
            "groups": _named({story.group for story in shown}),
            "organizations": _named({_customer(story) for story in shown} - {""}),
            "metric_sets": [_metric_set(story) for story in shown],
            "count": len(records),
            "end_of_stream": start + PAGE >= len(tickets),
        }
        _write(folder / f"tickets_{number:02}.json", document)
        events = [event for story in stories for event in _metric_events(story)]
        _write(folder / f"metric_events_{number:02}.json", {"ticket_metric_events": events})
        before = stories


def write_zendesk_ndjson(folder: Path, tickets: Sequence[Ticket]) -> None:
    """`tickets.ndjson`: one ticket a line with its metric set, as exporting scripts write it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "tickets.ndjson").open("w", encoding="utf-8", newline="\n") as file:
        for story in told(tickets):
            record = _ticket(story) | {"metric_set": _metric_set(story)}
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def _write(path: Path, document: Mapping[str, object]) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8", newline="\n")


def _customer(story: Story) -> str:
    return story.ticket.caller.customer if story.ticket.caller else ""


def _requester(story: Story) -> str:
    return story.ticket.caller.name if story.ticket.caller else "Event Integration"


def _users(stories: Iterable[Story]) -> list[dict[str, object]]:
    roles: dict[str, str] = {}
    for story in stories:
        roles.setdefault(_requester(story), "end-user")
        if story.assignee:
            roles[story.assignee] = "agent"
    return [
        {"id": identity(name), "name": name, "role": role} for name, role in sorted(roles.items())
    ]


def _named(names: Iterable[str]) -> list[dict[str, object]]:
    return [{"id": identity(name), "name": name} for name in sorted(names)]


def _ticket(story: Story, as_of: int | None = None) -> dict[str, object]:
    """One ticket, at the export or as it stood after one of its updates."""
    ticket = story.ticket
    last = story.moments[-1 if as_of is None else as_of]
    now = last.after
    tags = [ticket.category.lower().replace(" ", "_")]
    if as_of is None and story.duplicate_of is not None:
        tags.append("closed_by_merge")
    return {
        "id": ticket.serial,
        "created_at": instant(story.opened_at),
        "updated_at": instant(last.at),
        "status": status_of(now.state, now.hold_reason),
        "type": "incident",
        "priority": PRIORITIES[now.priority],
        "subject": ticket.title,
        "description": ticket.description,
        "group_id": identity(now.group),
        "assignee_id": identity(now.assignee) if now.assignee else None,
        "requester_id": identity(_requester(story)),
        "submitter_id": identity(_requester(story)),
        "organization_id": identity(_customer(story)) if _customer(story) else None,
        "tags": tags,
        "via": {"channel": CHANNELS[ticket.channel], "source": {"from": {}, "to": {}, "rel": None}},
        "custom_fields": [
            {"id": 360001, "value": ticket.service},
            {"id": 360002, "value": ticket.item},
            {"id": 360003, "value": ticket.symptom or None},
        ],
        "satisfaction_rating": {"score": _score(story)},
        "problem_id": None,
    }


def _score(story: Story) -> str:
    if story.score is None:
        return "offered" if story.resolved_at else "unoffered"
    return "good" if story.score >= 3 else "bad"


def _metric_set(story: Story) -> dict[str, object]:
    answered = story.first_answer_at
    replies = sum(m.is_public and m.by != story.caller_login for m in story.moments)
    people = {m.after.assignee for m in story.moments} - {""}
    changed = [m.at for m in story.moments if m.before.state != m.after.state]
    return {
        "ticket_id": story.ticket.serial,
        "group_stations": story.regrouped + 1,
        "assignee_stations": len(people),
        "reopens": story.reopened,
        "replies": replies,
        "solved_at": instant(story.resolved_at),
        "status_updated_at": instant(changed[-1]),
        "reply_time_in_minutes": _minutes(story, answered),
        "full_resolution_time_in_minutes": _minutes(story, story.resolved_at),
    }


def _minutes(story: Story, at: int | None) -> dict[str, int | None]:
    if at is None:
        return {"calendar": None, "business": None}
    office = TOOL_OFFICE.elapsed(story.opened_at, at)
    return {"calendar": (at - story.opened_at) // 60, "business": int(office) // 60}


def _metric_events(story: Story) -> Iterator[dict[str, object]]:
    """What Zendesk measures, beginning with the creation; answers end the wait for a reply."""
    number = 0
    instance = 1
    answering = True

    def event(at: int, metric: str, kind: str, instance: int) -> dict[str, object]:
        nonlocal number
        number += 1
        return {
            "id": story.ticket.serial * 1_000 + number,
            "ticket_id": story.ticket.serial,
            "metric": metric,
            "instance_id": instance,
            "type": kind,
            "time": instant(at),
        }

    for place, moment in enumerate(story.moments):
        if place == 0:
            for metric in (WORK, WAIT, REPLY):
                yield event(moment.at, metric, "activate", 1)
        if answering and moment.is_public and moment.by != story.caller_login:
            answering = False
            yield event(moment.at, REPLY, "fulfill", 1)
        came_back = moment.before.state in ("resolved", "closed")
        for metric, was, now in _measured(moment):
            if was == now:
                continue
            if came_back and now == "activate" and metric == WORK:
                instance += 1
            yield event(moment.at, metric, now, instance)


def _measured(moment: Moment) -> Iterator[tuple[str, str, str]]:
    """For each metric: what it did before this update, and what it does after."""
    words = {
        "new": ("activate", "activate"),
        "open": ("activate", "activate"),
        "pending": ("pause", "pause"),
        "hold": ("pause", "activate"),
    }
    if not moment.before.state:
        return
    before, after = (
        words.get(status_of(each.state, each.hold_reason), ("fulfill", "fulfill"))
        for each in (moment.before, moment.after)
    )
    for place, metric in enumerate((WORK, WAIT)):
        yield metric, before[place], after[place]
