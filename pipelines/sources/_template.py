"""TOOL: copy this file to `pipelines/sources/<tool>.py` and fill it in.

Say in this docstring what the export looks like: header, zone and format of its dates, encoding,
limits, and the traps. Then put an export of it into `sample_data/`, as the tool writes it.
"""

from __future__ import annotations

from pipelines.sources import Form
from pipelines.words import PRIORITIES, STATES

NAME = "tool"
TITLE = "The tool's name as its users write it"
HOW_TO_EXPORT = """
    Where a user of the tool clicks, which columns and which period to choose, in which zone the
    times will be, and what cuts an export short. Markdown; shown in `docs/sources.md`.
    """

TICKETS = Form(
    source=NAME,
    name="ticket list",
    title="ticket list, as CSV",
    table="tickets",
    # Contract column -> the names the export uses for it; the first with a value wins.
    columns={
        "number": ("Ticket ID",),
        "title": ("Subject",),
        "state": ("Status",),
        "source_state": ("Status",),
        "priority": ("Priority",),
        "opened_at": ("Created time",),
        "resolved_at": ("Resolved time",),
        "closed_at": ("Closed time",),
        "updated_at": ("Last update time",),
    },
    # A header is this form's when each of these groups has a name in it.
    recognised_by=(("Ticket ID",), ("Created time",), ("Last update time",)),
    # The export's words, in lower case -> ours.
    values={"state": STATES, "priority": PRIORITIES},
    cannot_give="what an export of this tool cannot tell, in the words of its users",
)

FORMS = (TICKETS,)
