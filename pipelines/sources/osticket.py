"""osTicket: the tickets of a queue as CSV.

Header: `Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,
Current Status,Last Updated,SLA Due Date,Due Date,Closed Date,Overdue,Answered,Agent Assigned,Team
Assigned,Thread Count ...`, then the form's own fields. Delimiter by the browser's language, times
in the zone and format of the agent's profile.

Traps: a department is agents, not the caller's. A status of the state "closed" (Resolved, Closed)
sets the closed date: that is the resolution. "Overdue" is taken back when a ticket is closed, so it
is no verdict and only kept.
"""

from __future__ import annotations

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)
from pipelines.sources import NULL_MARKERS, Derived, Form

NAME = "osticket"
TITLE = "osTicket"
HOW_TO_EXPORT = """
Agent panel > Tickets > search by *Date Created* for the whole period > *Export*: tick Ticket
Number, Date Created, Subject, From, Priority, Department, Help Topic, Source, Current Status, Last
Updated, Due Date, *Closed Date* (it is not ticked at first), Agent Assigned, Team Assigned, Reopen
Count. Times are in the zone of your profile: give it with `--timezone`.
"""

TICKETS = Form(
    source=NAME,
    name="ticket export",
    title="tickets of a queue, as CSV",
    table="tickets",
    columns={
        "number": ("Ticket Number",),
        "kind": ("Type",),
        "title": ("Subject",),
        "state": ("Current Status", "Status"),
        "source_state": ("Current Status", "Status"),
        "priority": ("Priority",),
        "category": ("Help Topic", "Category"),
        "resolver_group": ("Team Assigned", "Department"),
        "assignee": ("Agent Assigned",),
        "caller": ("From", "From Email"),
        "customer": ("Organization",),
        "channel": ("Source",),
        "opened_at": ("Date Created",),
        "resolved_at": ("Closed Date",),
        "closed_at": ("Closed Date",),
        "updated_at": ("Last Updated",),
        "reopen_count": ("Reopen Count",),
        "tool_due_at": ("Due Date", "SLA Due Date"),
    },
    recognised_by=(
        ("Ticket Number",),
        ("Date Created",),
        (
            "Current Status",
            "Help Topic",
            "From Email",
            "Agent Assigned",
            "Team Assigned",
            "Thread Count",
        ),
    ),
    values={
        "kind": KINDS_IN_LANGUAGES | {"incident / problem": "incident"},
        "state": STATES_IN_LANGUAGES,
        "priority": PRIORITIES_IN_LANGUAGES,
    },
    derived={"detection": Derived("channel", DETECTIONS_IN_LANGUAGES)},
    also=("Overdue", "Answered", "Merged", "Linked", "Attachment Count", "Task Count"),
    null_markers=NULL_MARKERS,
    own_types=True,
    cannot_give=(
        "the history: hand-overs, waiting, first answers; a resolution apart from the closing; "
        "when a ticket ended, where *Closed Date* is not exported"
    ),
)

FORMS = (TICKETS,)
