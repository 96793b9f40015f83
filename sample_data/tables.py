"""Writing tickets as other tools would export them in tables: Freshdesk, Freshservice, GLPI in four
languages, ServiceNow by labels, its service levels of tasks, and a plain log of status changes.

Each file is written with the habits and the traps of its tool: local times without a zone, to the
second or the minute; ids with a blank as thousands mark; several values in one cell; deadlines that
look like resolutions; a log that runs backwards in time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from sample_data.glpi_words import LANGUAGES, Language
from sample_data.lifecycle import TARGETS
from sample_data.rhythm import EXPORTED_AT, TOOL_OFFICE, local
from sample_data.servicenow import number_of
from sample_data.telling import Story, told
from sample_data.ticket import Ticket

FRESH_STATUSES = {
    "new": "Open",
    "in_progress": "Open",
    "on_hold": "Pending",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Closed",
}
FRESH_PRIORITIES = {1: "Urgent", 2: "High", 3: "Medium", 4: "Low"}
LABEL_STATES = {
    "new": "New",
    "in_progress": "In Progress",
    "on_hold": "On Hold",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Canceled",
}
LABEL_PRIORITIES = {1: "1 - Critical", 2: "2 - High", 3: "3 - Moderate", 4: "4 - Low"}
LOG_STATES = {**LABEL_STATES, "on_hold": "Waiting", "cancelled": "Cancelled"}


def due_at(story: Story) -> int:
    """The tool's deadline: around the clock for the two highest priorities, holds not counted."""
    target = TARGETS[story.priority]
    around = story.priority <= 2
    return story.opened_at + target if around else TOOL_OFFICE.add(story.opened_at, target)


def is_kept(story: Story) -> bool | None:
    """The tool's verdict, once work has ended."""
    return None if story.stopped_at is None else story.stopped_at <= due_at(story)


def _seconds(at: int | None) -> str:
    return "" if at is None else f"{local(at):%Y-%m-%d %H:%M:%S}"


def _minutes(at: int | None) -> str:
    return "" if at is None else f"{local(at):%d-%m-%Y %H:%M}"


def _clock(seconds: int) -> str:
    """Hours, minutes and seconds as one text, as many hours as there are."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _channel(ticket: Ticket) -> str:
    words = {"self_service": "Portal", "monitoring": "Alert", "walk_in": "Walk-in"}
    return words.get(ticket.channel, ticket.channel.capitalize())


def _write(
    path: Path, rows: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        quoting = csv.QUOTE_ALL if delimiter == ";" else csv.QUOTE_MINIMAL
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)
        writer.writerows(rows)


def _fresh_cells(story: Story) -> dict[str, str]:
    """What both tools of the house export alike; hours are business hours, often not there."""
    answered, kept = story.first_answer_at, is_kept(story)
    ended = story.resolved_at
    return {
        "Subject": story.ticket.title,
        "Status": FRESH_STATUSES[story.state],
        "Priority": FRESH_PRIORITIES[story.priority],
        "Source": _channel(story.ticket),
        "Type": "Incident",
        "Agent": story.assignee or "No Agent",
        "Group": story.group or "No Group",
        "Created time": _seconds(story.opened_at),
        "Due by Time": _seconds(due_at(story)),
        "Resolved time": _seconds(ended),
        "Closed time": _seconds(story.closed_at),
        "Last update time": _seconds(story.updated_at),
        "Initial response time": _seconds(answered),
        "First response time (in hrs)": _clock(TOOL_OFFICE.elapsed(story.opened_at, answered))
        if answered
        else "",
        "Resolution time (in hrs)": _clock(TOOL_OFFICE.elapsed(story.opened_at, ended))
        if ended
        else "",
        "Agent interactions": str(sum(moment.is_public for moment in story.moments)),
        "Resolution status": {True: "Within SLA", False: "SLA Violated", None: ""}[kept],
        "Tags": "",
    }


def write_freshdesk(folder: Path, stories: Sequence[Story]) -> None:
    """`freshdesk_tickets.csv`."""
    rows = [{"Ticket ID": str(story.ticket.serial)} | _fresh_cells(story) for story in stories]
    _write(folder / "freshdesk_tickets.csv", [list(rows[0]), *(list(r.values()) for r in rows)])


def write_freshservice(folder: Path, stories: Sequence[Story]) -> None:
    """`freshservice_tickets.csv`: names in another case, and the fields of the requester."""
    rows = []
    for story in stories:
        ticket, cells = story.ticket, _fresh_cells(story)
        row = {"Ticket Id": f"INC-{ticket.serial}"} | {
            name.title().replace("(In Hrs)", "(in Hrs)"): cell for name, cell in cells.items()
        }
        row |= {
            "Urgency": story.urgency.capitalize(),
            "Impact": story.impact.capitalize(),
            "Requester Name": ticket.caller.name if ticket.caller else "",
            "Department": ticket.caller.customer if ticket.caller else "",
            "Category": ticket.category,
            "Sub-Category": ticket.subcategory,
            "Item": ticket.symptom,
            "Description": ticket.description,
        }
        rows.append(row)
    _write(folder / "freshservice_tickets.csv", [list(rows[0]), *(list(r.values()) for r in rows)])


def write_glpi(folder: Path, stories: Sequence[Story], name: str, language: Language) -> None:
    """`glpi_<language>.csv`: a BOM, all cells quoted, a delimiter at the end of every line."""
    rows: list[list[str]] = [[*language.labels, ""]]
    for story in stories:
        kept = is_kept(story)
        groups = [story.group, *(m.before.group for m in reversed(story.moments))]
        agents = [story.assignee, *(m.before.assignee for m in reversed(story.moments))]
        exceeded = kept is False or (kept is None and due_at(story) < EXPORTED_AT)
        rows.append(
            [
                f"{story.ticket.serial:,}".replace(",", " "),
                story.ticket.title,
                language.incident,
                language.states[story.state],
                _minutes(story.opened_at),
                language.priorities[story.priority],
                story.ticket.caller.name if story.ticket.caller else "",
                "\n".join(dict.fromkeys(each for each in agents if each)),
                "\n".join(dict.fromkeys(each for each in groups if each)),
                f"{story.ticket.category} > {story.ticket.subcategory}",
                _minutes(story.resolved_at),
                _minutes(story.closed_at),
                _minutes(story.updated_at),
                _minutes(due_at(story)),
                language.yes if exceeded else language.no,
                language.spent(sum((end or EXPORTED_AT) - at for at, end in story.holds)),
                "",
            ]
        )
    _write(folder / f"glpi_{name}.csv", rows, delimiter=";", encoding="utf-8-sig")


def write_servicenow_labels(folder: Path, stories: Sequence[Story]) -> None:
    """`servicenow_incidents.xlsx`: dates as dates without a zone, durations as whole seconds."""
    labels = (
        "Number", "Opened", "Short description", "Caller", "Priority", "State", "Category",
        "Subcategory", "Service", "Assignment group", "Assigned to", "Updated", "Resolved",
        "Closed", "Resolution code", "Impact", "Urgency", "Channel", "Made SLA", "SLA due",
        "Resolve time",
    )  # fmt: skip
    options = {"remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(folder / "servicenow_incidents.xlsx", options) as book:
        book.set_properties({"created": local(EXPORTED_AT)})
        as_date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet("Page 1")
        sheet.write_row(0, 0, labels)
        for place, story in enumerate(stories, start=1):
            ticket, ended = story.ticket, story.resolved_at
            cells: tuple[object, ...] = (
                number_of(ticket), local(story.opened_at), ticket.title,
                ticket.caller.name if ticket.caller else "", LABEL_PRIORITIES[story.priority],
                LABEL_STATES[story.state], ticket.category, ticket.subcategory, ticket.service,
                story.group, story.assignee, local(story.updated_at), ended and local(ended),
                story.closed_at and local(story.closed_at), story.resolution,
                story.impact.capitalize(), story.urgency.capitalize(), _channel(ticket),
                is_kept(story) is not False, local(due_at(story)),
                ended and ended - story.opened_at,
            )  # fmt: skip
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(place, column, cell, as_date)
                elif cell not in (None, ""):
                    sheet.write(place, column, cell)


def write_task_sla(folder: Path, stories: Sequence[Story]) -> None:
    """`task_sla.csv`: two rows a ticket, the view's names, the times of the user's zone."""
    header = (
        "inc_number", "taskslatable_sla", "taskslatable_stage", "taskslatable_has_breached",
        "taskslatable_start_time", "taskslatable_end_time", "taskslatable_planned_end_time",
    )  # fmt: skip
    rows: list[Sequence[str]] = [header]
    for story in stories:
        number, opened = number_of(story.ticket), _seconds(story.opened_at)
        answered, ended, due = story.first_answer_at, story.stopped_at, due_at(story)
        name = f"Priority {story.priority}"
        rows.append(
            (number, f"{name} response", "Completed" if answered else "In progress", "false",
             opened, _seconds(answered), "")
        )  # fmt: skip
        late = "true" if (ended or EXPORTED_AT) > due else "false"
        rows.append(
            (number, f"{name} resolution", "Completed" if ended else "In progress", late, opened,
             _seconds(ended), _seconds(due))
        )  # fmt: skip
    _write(folder / "task_sla.csv", rows, encoding="cp1252")


def write_log(folder: Path, stories: Sequence[Story]) -> None:
    """`status_log.csv`: one row per change of status, group or assignee, the newest first."""
    rows = []
    for story in stories:
        for place, moment in enumerate(story.moments):
            before, after = moment.before, moment.after
            told_of = ("state", "group", "assignee", "priority")
            if any(getattr(before, name) != getattr(after, name) for name in told_of):
                cells = (
                    number_of(story.ticket), _seconds(moment.at), LOG_STATES[after.state],
                    after.assignee, after.group, f"P{after.priority}", moment.name,
                )  # fmt: skip
                rows.append((moment.at, number_of(story.ticket), place, cells))
    rows.sort(reverse=True)
    header = ("Ticket", "Changed at", "Status", "Assignee", "Group", "Priority", "Changed by")
    _write(folder / "status_log.csv", [header, *(cells for *_, cells in rows)], delimiter="\t")


def write_tables(folder: Path, tickets: Sequence[Ticket]) -> list[Story]:
    """All files of this page, of the same tickets; what they tell, as stories."""
    folder.mkdir(parents=True, exist_ok=True)
    stories = list(told(tickets))
    write_freshdesk(folder, stories)
    write_freshservice(folder, stories)
    for name, language in LANGUAGES.items():
        write_glpi(folder, stories, name, language)
    write_servicenow_labels(folder, stories)
    write_task_sla(folder, stories)
    write_log(folder, stories)
    return stories
