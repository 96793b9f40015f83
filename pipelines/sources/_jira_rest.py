"""Issues of Jira's REST search as rows with the names of the CSV, and their changelog as events.

A changelog does not say how an issue was created, and comes newest first on some sites: it is put
in order, and what a field was before its first change (or is, where it never changed) stands at
`created`. A changelog that was cut (`total` is more than it holds) claims nothing about that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.reading.unfolding import (
    Document,
    Row,
    SideLoad,
    SideLoads,
    Unfolded,
    member,
    members,
    plain,
    text,
)
from pipelines.sources._jira_words import (
    CATEGORY_STATES,
    HOLD_REASONS,
    PRIORITY_WORDS,
    RESOLVER_GROUP_FIELDS,
    STATE_WORDS,
)

ISSUES, HISTORY = "issues", "history"
FIRST_RESPONSE = ("time to first response", "first response time", "first response")
RESOLUTION = ("time to resolution", "time to resolve")
GROUP_FIELDS = frozenset(name.casefold() for name in RESOLVER_GROUP_FIELDS)
HOLD_FIELDS = frozenset(("pending reason", "hold reason"))

# Fields of Jira's own: the CSV's name -> where the value stands.
SYSTEM_FIELDS: dict[str, tuple[str, ...]] = {
    "Summary": ("summary",),
    "Issue Type": ("issuetype", "name"),
    "Status": ("status", "name"),
    "Status category key": ("status", "statusCategory", "key"),
    "Status Category Changed": ("statuscategorychangedate",),
    "Project key": ("project", "key"),
    "Project name": ("project", "name"),
    "Priority": ("priority", "name"),
    "Resolution": ("resolution", "name"),
    "Assignee": ("assignee", "displayName"),
    "Reporter": ("reporter", "displayName"),
    "Creator": ("creator", "displayName"),
    "Created": ("created",),
    "Updated": ("updated",),
    "Last Viewed": ("lastViewed",),
    "Resolved": ("resolutiondate",),
    "Due date": ("duedate",),
    "Parent key": ("parent", "key"),
    "Watchers": ("watches", "watchCount"),
}
# Said elsewhere, or nothing about the work: not kept.
LEFT_OUT = frozenset(path[0] for path in SYSTEM_FIELDS.values()) | {
    "aggregateprogress",
    "attachment",
    "comment",
    "components",
    "description",
    "environment",
    "issuelinks",
    "progress",
    "subtasks",
    "thumbnail",
    "votes",
    "worklog",
    "workratio",
}


def unfold_issue(record: dict[str, Any], sides: SideLoads) -> Unfolded:
    """One issue as a row, then its changes and comments as events."""
    yield ISSUES, _issue(record, sides)
    number = plain(record, "key")
    if number is None:
        return
    for event in _history(record, sides):
        yield HISTORY, {"Issue key of the change": number, **event}


def _issue(record: dict[str, Any], sides: SideLoads) -> Row:
    fields = member(record, "fields")
    row: Row = {"Issue key": plain(record, "key"), "Issue id": plain(record, "id")}
    row |= {name: plain(fields, *path) for name, path in SYSTEM_FIELDS.items()}
    # a date of the wrong kind is told as one that cannot be read, not as one that is missing
    row["Created"] = text(member(fields, "created"))
    row["Resolved"] = text(member(fields, "resolutiondate"))
    row["Description"] = prose(member(fields, "description"))
    row["Environment"] = prose(member(fields, "environment"))
    _add(row, "Component/s", [_shown(each) for each in members(fields, "components")])
    for label, keys in _links(fields).items():
        _add(row, label, keys)
    _add(row, "Comment", [_said(each) for each in members(fields, "comment", "comments")])
    if isinstance(fields, dict):
        for name, value in fields.items():
            if name not in LEFT_OUT and value not in (None, [], {}):
                _add_custom(row, _name_of(name, value, sides), value)
    return row


def _add(row: Row, label: str, values: list[str | None]) -> None:
    """A value under its name; of several the first, and all of them beside it as a JSON list."""
    there = [value for value in values if value]
    if there and row.get(label) is None:
        row[label] = there[0]
    if len(there) > 1:
        row[f"{label}, all"] = text(there)


def _name_of(name: str, value: object, sides: SideLoads) -> str:
    """What a field is called: custom fields by the export's `names`, an SLA by its own name."""
    named = text(sides.one("names", name))
    if named is None and _is_sla(value):
        named = plain(value, "name")
    return named or name


def _add_custom(row: Row, name: str, value: object) -> None:
    if _is_sla(value):
        _add_sla(row, name, value)
    elif isinstance(value, list):
        _add(row, f"Custom field ({name})", [_shown(each) for each in value])
    else:
        row[f"Custom field ({name})"] = _shown(value)


def _shown(value: object) -> str | None:
    """The value of a field as people see it."""
    if isinstance(value, dict):
        for path in (("value",), ("displayName",), ("requestType", "name"), ("name",), ("rating",)):
            if (found := plain(value, *path)) is not None:
                return found
        return prose(value) if value.get("type") == "doc" else plain(value, "key") or text(value)
    return text(value)


def prose(value: object) -> str | None:
    """A text, or a document of the newer API as one: its texts, a line for each block."""
    if not isinstance(value, dict):
        return text(value)
    lines: list[str] = []

    def walk(node: object, depth: int) -> None:
        if not isinstance(node, dict) or depth > 100:
            return
        if isinstance(node.get("text"), str):
            lines[-1:] = [(lines[-1] if lines else "") + node["text"]]
        inner = members(node, "content")
        if inner and node.get("type") in ("paragraph", "heading", "codeBlock", "listItem"):
            lines.append("")
        for each in inner:
            walk(each, depth + 1)

    walk(value, 0)
    return "\n".join(line for line in lines if line) or None


def _links(fields: object) -> dict[str, list[str | None]]:
    """`Inward issue link (Problem/Incident)` -> the keys it leads to."""
    found: dict[str, list[str | None]] = {}
    for link in members(fields, "issuelinks"):
        name = plain(link, "type", "name") or "Link"
        for side, label in (("inwardIssue", "Inward"), ("outwardIssue", "Outward")):
            if (key := plain(link, side, "key")) is not None:
                found.setdefault(f"{label} issue link ({name})", []).append(key)
    return found


def _said(comment: dict[str, Any]) -> str | None:
    """A comment as the CSV writes it: when;who;what."""
    author = plain(comment, "author", "displayName") or ""
    return f"{plain(comment, 'created') or ''};{author};{prose(comment.get('body')) or ''}"


def _is_sla(value: object) -> bool:
    return isinstance(value, dict) and ("completedCycles" in value or "ongoingCycle" in value)


def _add_sla(row: Row, name: str, value: object) -> None:
    """When a promise was kept, whether, and its deadline; a running cycle has no verdict yet."""
    completed, ongoing = members(value, "completedCycles"), member(value, "ongoingCycle")
    cycles = [*completed, ongoing] if isinstance(ongoing, dict) else completed
    breaches = [each.get("breached") for each in cycles]
    met: bool | None = None
    if True in breaches:
        met = False
    elif completed and not isinstance(ongoing, dict):
        met = True
    label = name
    if name.casefold() in FIRST_RESPONSE:
        label = "Time to first response"
    elif name.casefold() in RESOLUTION:
        label = "Time to resolution"
    stops = [_instant(each, "stopTime") for each in completed]
    dues = [due for each in cycles if (due := _instant(each, "breachTime")) is not None]
    row[f"{label}, met"] = text(met)
    row[f"{label}, stopped"] = min((stop for stop in stops if stop), default=None)
    row[f"{label}, due"] = dues[-1] if dues else None


def _instant(cycle: object, name: str) -> str | None:
    return plain(cycle, name, "iso8601") or plain(cycle, name, "jira")


def _history(record: dict[str, Any], sides: SideLoads) -> Iterator[Row]:
    """All events of one issue, oldest first."""
    fields = member(record, "fields")
    histories = sorted(
        members(record, "changelog", "histories"),
        key=lambda each: (plain(each, "created") or "", (plain(each, "id") or "").zfill(20)),
    )
    changes = [
        (entry, item, kind)
        for entry in histories
        for item in members(entry, "items")
        if (kind := _kind(item)) is not None
    ]
    if member(record, "changelog", "histories") is not None and _is_whole(record):
        yield from _creation(record, fields, changes, sides)
    reporter = _identity(member(fields, "reporter"))
    for entry, item, kind in changes:
        who = member(entry, "author")
        stamp: Row = {
            "Changed": plain(entry, "created"),
            "Author": plain(who, "displayName"),
            "Author role": _role(who, reporter),
        }
        sides_of = (plain(item, "fromString"), plain(item, "toString"))
        yield from _change(kind, sides_of, stamp, sides)
    for comment in members(fields, "comment", "comments"):
        public = comment.get("jsdPublic")
        if not isinstance(public, bool):
            continue
        who = member(comment, "author")
        yield {
            "Changed": plain(comment, "created"),
            "Field": "public_comment" if public else "private_comment",
            "Author": plain(who, "displayName"),
            "Author role": _role(who, reporter),
        }


def _kind(item: dict[str, Any]) -> str | None:
    """Which field of ours a change is about."""
    name = (plain(item, "field") or "").casefold()
    if name in ("status", "assignee", "priority"):
        return name
    if name in GROUP_FIELDS:
        return "resolver_group"
    return "hold_reason" if name in HOLD_FIELDS else None


def _is_whole(record: dict[str, Any]) -> bool:
    """Whether the changelog holds all of its entries."""
    total = member(record, "changelog", "total")
    return not isinstance(total, int) or total <= len(members(record, "changelog", "histories"))


def _creation(
    record: dict[str, Any],
    fields: object,
    changes: list[tuple[dict[str, Any], dict[str, Any], str]],
    sides: SideLoads,
) -> Iterator[Row]:
    """What each field was when the issue was created."""
    row = _issue(record, sides)
    group = next(
        (
            value
            for name, value in row.items()
            if value
            and name.removeprefix("Custom field (").removesuffix(")").casefold() in GROUP_FIELDS
        ),
        None,
    )
    now = {
        "status": row.get("Status"),
        "priority": row.get("Priority"),
        "assignee": row.get("Assignee"),
        "resolver_group": group,
    }
    who = member(fields, "creator")
    stamp: Row = {
        "Changed": plain(fields, "created"),
        "Author": plain(who, "displayName"),
        "Author role": _role(who, _identity(member(fields, "reporter"))),
    }
    for kind, current in now.items():
        first = next((item for _, item, each in changes if each == kind), None)
        value = plain(first, "fromString") if first is not None else current
        if value is not None:
            yield from _change(kind, (None, value), stamp, sides)


def _change(
    kind: str, values: tuple[str | None, str | None], stamp: Row, sides: SideLoads
) -> Iterator[Row]:
    """One change as events: a status in our words and in Jira's, and why it waits."""
    old, new = values
    if kind == "priority":
        old, new = (PRIORITY_WORDS.get((word or "").casefold(), word) for word in values)
    if kind != "status":
        yield {**stamp, "Field": kind, "From": old, "To": new}
        return
    before, after = (_state(word, sides) for word in values)
    if before != after:
        yield {**stamp, "Field": "state", "From": before, "To": after}
    yield {**stamp, "Field": "source_state", "From": old, "To": new}
    left, entered = (HOLD_REASONS.get((word or "").casefold()) for word in values)
    if left != entered:
        yield {**stamp, "Field": "hold_reason", "From": left, "To": entered}


def _state(word: str | None, sides: SideLoads) -> str | None:
    """Our word for a status: by its name, else by the category it has on another issue."""
    if word is None:
        return None
    category = plain(sides.one("statuses", word), "statusCategory", "key") or ""
    return STATE_WORDS.get(word.casefold()) or CATEGORY_STATES.get(category, "unknown")


def _identity(who: object) -> str | None:
    return plain(who, "accountId") or plain(who, "name") or plain(who, "displayName")


def _role(who: object, reporter: str | None) -> str | None:
    """Caller, agent or system; a Jira that does not say is one where people are told by name."""
    identity = _identity(who)
    if identity is None:
        return None
    account = plain(who, "accountType")
    if account == "app":
        return "system"
    return "caller" if account == "customer" or identity == reporter else "agent"


ISSUE_DOCUMENT = Document(
    main=ISSUES,
    lists=("issues", "issue"),
    told_by=(("key",), ("fields",)),
    unfold=unfold_issue,
    side_loads={
        "names": SideLoad("names"),
        "statuses": SideLoad("issues.item.fields.status", "name"),
    },
)
