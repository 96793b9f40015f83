"""Writing tickets as Jira Service Management would export them: CSV of the list, and REST JSON.

The CSV has names that repeat, minutes in the profile's zone (`25/Feb/26 10:17 PM`), `[CHART]` times
in another format beside them, and SLA cells that hold the time remaining. The REST pages carry the
changelog, newest entry first, the comments and the cycles of the SLAs. Jira knows one moment of
creation: a service desk that works in it writes the issue while the caller speaks.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sample_data.lifecycle import TARGETS
from sample_data.rhythm import EXPORTED_AT, TOOL_OFFICE, ZONE
from sample_data.telling import Moment, Story, told
from sample_data.ticket import Ticket

PAGE = 1_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SINGLE_COLUMNS = (
    "Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key", "Project name",
    "Priority", "Resolution", "Assignee", "Reporter", "Creator", "Created", "Updated",
    "Resolved", "Description", "Custom field (Request Type)", "Custom field (Impact)",
    "Custom field (Urgency)", "Custom field (Affected services)", "Custom field (Assignment group)",
    "Custom field (Organizations)", "Custom field (Category)", "Custom field (Subcategory)",
    "Custom field (Configuration item)", "Custom field (Time to first response)",
    "Custom field (Time to resolution)", "Custom field ([CHART] Date of First Response)",
    "Status Category", "Status Category Changed", "Outward issue link (Duplicate)",
)  # fmt: skip
STATUSES = {
    "new": "Open",
    "in_progress": "Work in progress",
    "on_hold": "Pending",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Canceled",
}
WAITING = {"caller": "Waiting for customer", "vendor": "Waiting for vendor"}
CATEGORIES = {
    "Open": ("new", "To Do"),
    "Work in progress": ("indeterminate", "In Progress"),
    "Pending": ("indeterminate", "In Progress"),
    "Waiting for customer": ("indeterminate", "In Progress"),
    "Waiting for vendor": ("indeterminate", "In Progress"),
    "Resolved": ("done", "Done"),
    "Closed": ("done", "Done"),
    "Canceled": ("done", "Done"),
}
PRIORITIES = {1: "Highest", 2: "High", 3: "Medium", 4: "Low"}
IMPACTS = {
    "high": "Extensive / Widespread",
    "medium": "Moderate / Limited",
    "low": "Minor / Localized",
}
URGENCIES = {"high": "Critical", "medium": "Medium", "low": "Low"}
CUSTOM_FIELDS = {
    "customfield_10010": "Request Type",
    "customfield_10004": "Impact",
    "customfield_10042": "Urgency",
    "customfield_10045": "Affected services",
    "customfield_10051": "Assignment group",
    "customfield_10002": "Organizations",
    "customfield_10052": "Category",
    "customfield_10053": "Subcategory",
    "customfield_10054": "Configuration item",
    "customfield_10030": "Time to first response",
    "customfield_10031": "Time to resolution",
}
RESPONSE_TARGETS = {1: 900, 2: 1_800, 3: 4 * 3_600, 4: 8 * 3_600}


def key_of(ticket: Ticket) -> str:
    """The issue's key: the serial that the other tools' numbers carry too."""
    return f"ITSM-{ticket.serial}"


def status_of(state: str, hold: str) -> str:
    return WAITING.get(hold, STATUSES[state]) if state == "on_hold" else STATUSES[state]


def profile_time(at: int | None) -> str:
    """As the navigator of an English profile shows it: `25/Feb/26 10:17 PM`, no zone."""
    if at is None:
        return ""
    local = datetime.fromtimestamp(at, ZONE)
    half = "AM" if local.hour < 12 else "PM"
    hour = (local.hour + 11) % 12 + 1
    month = MONTHS[local.month - 1]
    return f"{local.day:02}/{month}/{local:%y} {hour}:{local:%M} {half}"


def chart_time(at: int | None) -> str:
    """As the gadget's field stores it: `2026-02-25 16:38:58.679`."""
    return "" if at is None else f"{datetime.fromtimestamp(at, ZONE):%Y-%m-%d %H:%M:%S}.000"


def rest_time(at: int) -> str:
    return f"{datetime.fromtimestamp(at, ZONE):%Y-%m-%dT%H:%M:%S}.000{_offset(at)}"


def _offset(at: int) -> str:
    return f"{datetime.fromtimestamp(at, ZONE):%z}"


def remaining(seconds: int) -> str:
    """Time left of a target, as a cell: `3:20`, or `-1:30` once it was missed."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}"


def _left(story: Story, target: int, stopped_at: int | None) -> int:
    """What is left of a target that pauses on hold; around the clock for the two highest."""
    end = stopped_at or EXPORTED_AT
    around = story.priority <= 2

    def spent(start: int, stop: int) -> int:
        return stop - start if around else TOOL_OFFICE.elapsed(start, stop)

    held = sum(spent(start, min(stop or end, end)) for start, stop in story.holds if start < end)
    return target - (spent(story.opened_at, end) - held)


def issue_row(story: Story) -> dict[str, str]:
    """One issue as the cells of the CSV that occur once."""
    ticket, status = story.ticket, status_of(story.state, story.hold_reason)
    answered = story.first_answer_at
    return {
        "Summary": ticket.title,
        "Issue key": key_of(ticket),
        "Issue id": str(100_000 + ticket.serial),
        "Issue Type": "[System] Incident",
        "Status": status,
        "Project key": "ITSM",
        "Project name": "IT Service Desk",
        "Priority": PRIORITIES[story.priority],
        "Resolution": story.resolution,
        "Assignee": story.assignee,
        "Reporter": ticket.caller.name if ticket.caller else "Event Integration",
        "Creator": ticket.opened_by.name if ticket.opened_by else "Event Integration",
        "Created": profile_time(ticket.opened_at),
        "Updated": profile_time(story.updated_at),
        "Resolved": profile_time(story.resolved_at),
        "Description": ticket.description,
        "Custom field (Request Type)": "Report a system problem (ITSM)",
        "Custom field (Impact)": IMPACTS[story.impact],
        "Custom field (Urgency)": URGENCIES[story.urgency],
        "Custom field (Affected services)": ticket.service,
        "Custom field (Assignment group)": story.group,
        "Custom field (Organizations)": ticket.caller.customer if ticket.caller else "",
        "Custom field (Category)": ticket.category,
        "Custom field (Subcategory)": ticket.subcategory,
        "Custom field (Configuration item)": ticket.item,
        "Custom field (Time to first response)": remaining(
            _left(story, RESPONSE_TARGETS[story.priority], answered)
        ),
        "Custom field (Time to resolution)": remaining(
            _left(story, TARGETS[story.priority], story.stopped_at)
        ),
        "Custom field ([CHART] Date of First Response)": chart_time(answered),
        "Status Category": CATEGORIES[status][1],
        "Status Category Changed": profile_time(story.category_changed_at),
        "Outward issue link (Duplicate)": key_of(other) if (other := story.duplicate_of) else "",
    }


def write_jira_csv(folder: Path, tickets: Sequence[Ticket]) -> None:
    """`jira_issues_NN.csv`: as the navigator gives them, so many that none was cut."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(_pages(tickets, PAGE - 1), start=1):
        stories = list(told(page))
        said = [_comments(story) for story in stories]
        most = max((len(each) for each in said), default=0)
        with (folder / f"jira_issues_{number:02}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*SINGLE_COLUMNS, *["Watchers"] * 2, *["Comment"] * most])
            for story, comments in zip(stories, said, strict=True):
                row = issue_row(story)
                watchers = [row["Reporter"], story.assignee]
                cells = [*(row[name] for name in SINGLE_COLUMNS), *watchers, *comments]
                writer.writerow(cells + [""] * (most - len(comments)))


def _comments(story: Story) -> list[str]:
    return [
        f"{profile_time(moment.at)};{_account(moment.by)};{moment.text}"
        for moment in story.moments
        if moment.text
    ]


def _account(login: str) -> str:
    return f"557058:{login}"


def write_jira_rest(folder: Path, tickets: Sequence[Ticket]) -> None:
    """`jira_search_NN.json`: pages of the REST search with changelog and names."""
    folder.mkdir(parents=True, exist_ok=True)
    start = 0
    for number, page in enumerate(_pages(tickets, PAGE), start=1):
        issues = [_issue(story) for story in told(page)]
        document = {
            "expand": "schema,names",
            "startAt": start,
            "maxResults": PAGE,
            "total": len(tickets),
            "issues": issues,
            "names": {"summary": "Summary", "status": "Status", **CUSTOM_FIELDS},
        }
        start += len(issues)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (folder / f"jira_search_{number:02}.json").write_text(text, encoding="utf-8", newline="\n")


def _pages(tickets: Sequence[Ticket], size: int) -> Iterator[Sequence[Ticket]]:
    for start in range(0, len(tickets), size):
        yield tickets[start : start + size]


def _issue(story: Story) -> dict[str, object]:
    row = issue_row(story)
    fields: dict[str, object] = {
        "summary": row["Summary"],
        "issuetype": {"id": "10007", "name": row["Issue Type"], "subtask": False},
        "project": {"key": "ITSM", "name": "IT Service Desk"},
        "status": _status(row["Status"]),
        "priority": {"name": row["Priority"], "id": str(story.priority)},
        "resolution": {"name": story.resolution} if story.resolution else None,
        "assignee": _user(story.assignee, story.assignee_login) if story.assignee else None,
        "reporter": _user(row["Reporter"], story.caller_login, "customer"),
        "creator": _user(row["Creator"], story.ticket.updates[0].by),
        "created": rest_time(story.opened_at),
        "updated": rest_time(story.updated_at),
        "resolutiondate": rest_time(story.resolved_at) if story.resolved_at else None,
        "description": row["Description"],
        "comment": {"comments": list(_rest_comments(story)), "startAt": 0},
        "issuelinks": list(_links(story)),
    }
    for identifier, name in CUSTOM_FIELDS.items():
        if name.startswith("Time to"):
            fields[identifier] = _sla(story, name)
        else:
            fields[identifier] = _option(name, row[f"Custom field ({name})"])
    return {
        "id": row["Issue id"],
        "key": row["Issue key"],
        "fields": fields,
        "changelog": _changelog(story),
    }


def _option(name: str, value: str) -> object:
    if not value:
        return None
    if name == "Request Type":
        return {"requestType": {"id": "25", "name": value}}
    if name in ("Affected services", "Organizations"):
        return [{"name": value}]
    return {"value": value}


def _links(story: Story) -> Iterator[dict[str, object]]:
    if (other := story.duplicate_of) is not None:
        kind = {"name": "Duplicate", "inward": "is duplicated by", "outward": "duplicates"}
        yield {"type": kind, "outwardIssue": {"key": key_of(other)}}


def _status(name: str) -> dict[str, object]:
    key, category = CATEGORIES[name]
    return {"name": name, "statusCategory": {"key": key, "name": category}}


def _user(name: str, login: str, kind: str = "atlassian") -> dict[str, object]:
    account = "app" if login in ("system", "evt.integration") else kind
    return {"accountId": _account(login), "displayName": name, "accountType": account}


def _rest_comments(story: Story) -> Iterator[dict[str, object]]:
    for moment in story.moments:
        if moment.text:
            kind = "customer" if moment.by == story.caller_login else "atlassian"
            yield {
                "author": _user(moment.name, moment.by, kind),
                "body": moment.text,
                "created": rest_time(moment.at),
                "jsdPublic": moment.is_public,
            }


def _changelog(story: Story) -> dict[str, object]:
    """The changes after creation, newest first."""
    histories = [
        {
            "id": str(1_000_000 + 100 * story.ticket.serial + place),
            "author": _user(moment.name, moment.by),
            "created": rest_time(moment.at),
            "items": items,
        }
        for place, moment in enumerate(story.moments)
        if place and (items := list(_items(moment)))
    ]
    histories.reverse()
    return {
        "startAt": 0,
        "maxResults": len(histories),
        "total": len(histories),
        "histories": histories,
    }


def _items(moment: Moment) -> Iterable[dict[str, object]]:
    before, after = moment.before, moment.after
    pairs = {
        "status": tuple(status_of(each.state, each.hold_reason) for each in (before, after)),
        "assignee": (before.assignee, after.assignee),
        "priority": (PRIORITIES.get(before.priority, ""), PRIORITIES[after.priority]),
        "Assignment group": (before.group, after.group),
    }
    for field, (old, new) in pairs.items():
        if old != new:
            kind = "custom" if field == "Assignment group" else "jira"
            yield {
                "field": field,
                "fieldtype": kind,
                "fromString": old or None,
                "toString": new or None,
            }


def _sla(story: Story, name: str) -> dict[str, object]:
    """One completed cycle, or the running one. A cycle that never answered has neither stop."""
    is_response = name == "Time to first response"
    target = (RESPONSE_TARGETS if is_response else TARGETS)[story.priority]
    stopped_at = story.first_answer_at if is_response else story.stopped_at
    left = _left(story, target, stopped_at)
    cycle: dict[str, object] = {
        "startTime": _both(story.opened_at),
        "breached": left < 0,
        "goalDuration": {"millis": target * 1_000},
        "remainingTime": {"millis": left * 1_000, "friendly": remaining(left)},
    }
    found: dict[str, object] = {"id": "1" if is_response else "2", "name": name}
    if stopped_at is None:
        return found | {"completedCycles": [], "ongoingCycle": cycle | {"paused": False}}
    return found | {"completedCycles": [cycle | {"stopTime": _both(stopped_at)}]}


def _both(at: int) -> dict[str, object]:
    utc = datetime.fromtimestamp(at, UTC)
    return {"iso8601": f"{utc:%Y-%m-%dT%H:%M:%S}+0000", "epochMillis": at * 1_000}
