"""Jira's issues as XML (*Export > XML*, a feed of items) as rows with the names of the CSV."""

from __future__ import annotations

from typing import Any

from pipelines.reading.unfolding import Document, Row, SideLoads, Unfolded, member, text

ITEMS = "issues"
# The feed's element -> the CSV's name for it.
ELEMENTS = {
    "key": "Issue key",
    "type": "Issue Type",
    "summary": "Summary",
    "description": "Description",
    "environment": "Environment",
    "status": "Status",
    "priority": "Priority",
    "resolution": "Resolution",
    "assignee": "Assignee",
    "reporter": "Reporter",
    "project": "Project name",
    "component": "Component/s",
    "created": "Created",
    "updated": "Updated",
    "resolved": "Resolved",
    "due": "Due date",
    "parent": "Parent key",
}
# Where nothing is set the feed writes a word in the exporter's language beside this.
NOBODY = "-1"


def unfold_item(record: dict[str, Any], _: SideLoads) -> Unfolded:
    """One item of the feed as a row."""
    row: Row = {name: _shown(record.get(element)) for element, name in ELEMENTS.items()}
    row["Issue id"] = text(member(record, "key", "@id"))
    row["Project key"] = text(member(record, "project", "@key"))
    row["Status category key"] = text(member(record, "statusCategory", "@key"))
    for each in _all(member(record, "customfields", "customfield")):
        if name := text(member(each, "customfieldname")):
            values = member(each, "customfieldvalues")
            row[f"Custom field ({name})"] = _shown(
                member(values, "customfieldvalue") or member(values, "label")
            )
    yield ITEMS, row


def _all(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _shown(value: object) -> str | None:
    """The text of an element, of several elements the first, and nothing where nothing is set."""
    first = next(iter(_all(value)), None)
    if not isinstance(first, dict):
        return text(first)
    return (
        None if NOBODY in (first.get("@id"), first.get("@username")) else text(first.get("#text"))
    )


ITEM_DOCUMENT = Document(
    main=ITEMS,
    lists=(),
    told_by=(("key",), ("status",), ("created",), ("project", "statusCategory", "link")),
    never=("fields",),
    unfold=unfold_item,
)
