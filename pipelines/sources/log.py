"""A plain log of status changes of any tool: one row per change, with a ticket, a time, a status.

An assignee, a group, a priority, a person who did it and a title are read where there are columns
for them. Names are looked for in several spellings and languages, with blanks, underscores or
neither. A blank cell means that nothing changed. Rows may be in any order, newest first too.

The log is the only thing known of its tickets, so what a list would say is derived from it: opened
is the first row, resolved the last change into a resolved state (where the log knows none, into a
closed one), and the rest is as the last row left it. Loaded with `--source servicenow`, say, it
gives the tickets of that source their history, and makes none itself.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
    spelled,
)
from pipelines.sources import Derived, Form
from pipelines.sources._xes import TRACE_DOCUMENT

NAME = "log"
TITLE = "A log of status changes, of any tool"
HOW_TO_EXPORT = """
Export the history or audit log of the tickets (in many tools a report on *status changes* or
*activities*) with one row per change and at least the ticket's number, the time and the new
status; the assignee, the group and who did it are worth having. Take whole tickets: a history that
begins late makes durations too short. Event logs of process mining (XES) are read too. If the
tickets themselves are loaded from a list, load the log with the name of its source, for example
`--source servicenow`, and it becomes their history; so does an audit with one row per changed
field (ticket, time, field, old value, new value).
"""

SEQUENCE = "sequence"

# Some logs tell what was done in place of the status that it led to: "Resolve ticket".
_ACTS = {
    "new": ("create", "open", "insert", "register", "log", "submit", "assign seriousness"),
    "in_progress": (
        "assign", "reassign", "take in charge", "accept", "acknowledge", "start", "start work",
        "escalate", "reopen", "schedule intervention",
    ),
    "on_hold": ("suspend", "put on hold", "pause"),
    "resolved": ("resolve", "solve", "fix", "complete"),
    "closed": ("close",),
    "cancelled": ("cancel", "reject", "withdraw"),
}  # fmt: skip
_OBJECTS = ("", " ticket", " the ticket", " incident", " issue", " case", " request")
ACTS = {f"{act}{what}": state for state, acts in _ACTS.items() for act in acts for what in _OBJECTS}
STATES = ACTS | STATES_IN_LANGUAGES


def _spelled(*names: str) -> tuple[str, ...]:
    """Each name with blanks, with underscores, with hyphens and with nothing between its words."""
    return tuple(
        dict.fromkeys(mark.join(name.split(" ")) for name in names for mark in (" ", "_", "-", ""))
    )


TICKET = _spelled(
    "ticket", "ticket id", "ticket number", "ticket no", "ticket nr", "ticket key", "number",
    "case", "case id", "case number", "incident", "incident id", "incident number", "issue",
    "issue id", "issue key", "request", "request id", "request number", "reference", "key", "id",
    "sr number", "case:concept:name", "numéro", "numéro de ticket", "identifiant", "número",
    "número de ticket", "caso", "chamado", "número do chamado", "id ticket", "id do chamado",
    "nummer", "ticketnummer", "vorgang", "vorgangsnummer", "incidencia", "número de incidencia",
)  # fmt: skip
TIME = _spelled(
    "time", "timestamp", "at", "date", "datetime", "date time", "when", "event time", "event date",
    "event timestamp", "change time", "change date", "changed", "changed at", "changed on",
    "changed date", "change date+time", "status date", "status time", "status changed at",
    "date of change", "transition date", "transitioned at", "occurred at", "log time", "log date",
    "complete timestamp", "time:timestamp", "datestamp", "horodatage", "date de changement",
    "date et heure", "date du changement", "fecha", "fecha y hora", "fecha de cambio",
    "fecha del cambio", "fecha hora", "data", "data e hora", "data da alteração",
    "data da mudança", "data hora", "zeit", "zeitpunkt", "zeitstempel", "datum", "geändert am",
    "date/time", "date/heure", "fecha/hora", "data/hora",
)  # fmt: skip
STATUS = _spelled(
    "status", "state", "new status", "new state", "to status", "to state", "status to", "to",
    "status after", "current status", "ticket status", "status name", "concept:name", "activity",
    "estado", "nuevo estado", "estado nuevo", "statut", "nouveau statut", "état", "nouvel état",
    "novo status", "novo estado", "situação", "neuer status", "status neu", "zustand",
)  # fmt: skip

CHANGES = Form(
    source=NAME,
    name="status changes",
    title="status changes, one row each",
    table="tickets",
    columns={
        "number": TICKET,
        "updated_at": TIME,
        "state": STATUS,
        "source_state": STATUS,
        "hold_reason": _spelled("hold reason", "pending reason", "waiting reason"),
        "resolver_group": _spelled(
            "group", "assignment group", "assigned group", "team", "queue", "resolver group",
            "support group", "assigned team", "work group", "org:group", "involved st", "groupe",
            "équipe", "groupe d'affectation", "grupo", "grupo de asignación", "equipo", "equipe",
            "grupo de atribuição", "gruppe", "zuweisungsgruppe",
        ),
        "assignee": _spelled(
            "assignee", "assigned to", "owner", "agent", "resource", "org:resource", "technician",
            "handler", "assigned agent", "new assignee", "owner first name", "responsable",
            "assigné à", "attribué à", "affecté à", "technicien", "asignado a", "técnico",
            "responsável", "atribuído a", "atribuído para", "bearbeiter", "zugewiesen an",
            "zuständig",
        ),
        "priority": _spelled("priority", "priorité", "prioridad", "prioridade", "priorität"),
        "impact": _spelled("impact", "impacto", "sr latest impact"),
        "urgency": _spelled("urgency", "urgence", "urgencia", "urgência"),
        "kind": _spelled("type", "ticket type", "issue type", "kind", "tipo"),
        "title": _spelled(
            "title", "subject", "summary", "short description", "titre", "título", "asunto",
            "assunto", "betreff",
        ),
        "service": _spelled("service", "business service", "product", "servicio", "serviço"),
        "category": _spelled("category", "catégorie", "categoría", "categoria", "kategorie"),
        "customer": _spelled("customer", "client", "company", "cliente", "kunde"),
        "caller": _spelled("caller", "requester", "demandeur", "solicitante", "requerente"),
        "channel": _spelled("channel", "contact type", "canal"),
    },
    recognised_by=(TICKET, TIME, STATUS),
    values={
        "state": STATES,
        "priority": PRIORITIES_IN_LANGUAGES,
        "impact": LEVELS_IN_LANGUAGES,
        "urgency": LEVELS_IN_LANGUAGES,
        "kind": KINDS_IN_LANGUAGES,
    },
    derived={"detection": Derived("channel", DETECTIONS_IN_LANGUAGES)},
    history=SEQUENCE,
    actor=(
        "changed by", "changed_by", "actor", "author", "modified by", "modified_by", "updated by",
        "updated_by", "performed by", "performed_by", "by", "user",
    ),
    also=_spelled(
        "from", "from status", "old status", "previous status", "old state", "from state"
    ),
    is_log=True,
    cannot_give=(
        "anything but the changes: impact start, answers to the caller, the verdict of the tool; "
        "what happened before the first row and after the last one"
    ),
)  # fmt: skip

SUB_STATES = _spelled(
    "sub status", "sub state", "status detail", "status reason", "state reason", "sous statut",
    "subestado", "sub estado", "substatus", "unterstatus", "statusgrund",
)  # fmt: skip

# Where a sub-status is a state of its own it tells more than the status; else it says why a ticket
# waits, while it waits.
SUB_STATUS = replace(
    CHANGES,
    name="status changes with a sub-status",
    title="status changes with a sub-status, one row each",
    columns={**CHANGES.columns, "state": SUB_STATES, "hold_reason": SUB_STATES},
    recognised_by=(TICKET, TIME, STATUS, SUB_STATES),
    derived={
        **CHANGES.derived,
        "state": Derived("source_state", STATES, for_unknown_words=True),
    },
)

WAITS = ("wait", "wait - user", "wait - vendor", "wait - customer", "wait - implementation")

# Volvo's VINST and its like: the sub-status tells more than the status, and why a ticket waits.
REQUESTS = replace(
    CHANGES,
    name="status and sub-status changes",
    title="status and sub-status changes of service requests (SR), one row each",
    columns={
        **{name: names for name, names in CHANGES.columns.items() if name != "hold_reason"},
        "state": ("Sub Status", "Status"),
        "source_state": ("Sub Status", "Status"),
    },
    recognised_by=(("SR Number",), TIME, ("Sub Status",)),
    values={
        **CHANGES.values,
        "state": STATES | {"in call": "resolved", "unmatched": "unknown"},
    },
    derived={
        **CHANGES.derived,
        "hold_reason": Derived("source_state", {word: word.capitalize() for word in WAITS}),
    },
    also=("Involved ST Function Div", "Involved Org line 3", "Country", "Owner Country"),
)

# An audit: one row per change of any one field, with what it was and what it became.
FIELDS = _spelled(
    "field", "field name", "attribute", "column", "changed field", "property", "campo", "champ",
    "feld",
)  # fmt: skip
AFTER = _spelled(
    "new value", "new", "to value", "to string", "value after", "after", "valor nuevo",
    "nuevo valor", "nouvelle valeur", "novo valor", "neuer wert",
)  # fmt: skip
AUDIT_TIME = tuple(name for name in TIME if name != "at")  # which is the contract's own
FIELD_CHANGES = Form(
    source=NAME,
    name="field changes",
    title="changes of single fields, one row each: the history of tickets that a list tells of",
    table="ticket_events",
    columns={
        "number": TICKET,
        "at": AUDIT_TIME,
        "field": FIELDS,
        "old": _spelled(
            "old value", "old", "from value", "from string", "value before", "before",
            "previous value", "valor anterior", "ancienne valeur", "alter wert",
        ),
        "new": AFTER,
        "actor": CHANGES.actor,
    },
    recognised_by=(TICKET, AUDIT_TIME, FIELDS, AFTER),
    values={
        "field": spelled(
            {
                "state": ("status", "state", "incident state", "estado", "statut", "état"),
                "resolver_group": (
                    "assignment group", "assigned group", "assignment_group", "group", "team",
                    "queue", "grupo", "grupo de asignación", "groupe", "groupe d'affectation",
                    "gruppe", "zuweisungsgruppe",
                ),
                "assignee": (
                    "assigned to", "assigned_to", "assignee", "owner", "agent", "technician",
                    "asignado a", "affecté à", "zugewiesen an", "bearbeiter", "atribuído a",
                ),
                "priority": ("priority", "prioridad", "priorité", "prioridade", "priorität"),
                "hold_reason": ("hold reason", "on hold reason", "pending reason", "hold_reason"),
            }
        ),
    },
    cannot_give="tickets: load their list too, and this with `--source` and the list's source",
)  # fmt: skip

FORMS = (CHANGES, SUB_STATUS, REQUESTS, FIELD_CHANGES)
DOCUMENTS = (TRACE_DOCUMENT,)
