"""Jira's words for states, kinds and levels, in lower case, shared by its forms."""

from __future__ import annotations

from pipelines.languages import (
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
    spelled,
)

# What a status means where its name says nothing: its category, as the CSV and REST write it.
CATEGORY_STATES = spelled(
    {
        "new": (
            "zu erledigen", "à faire", "por hacer", "tareas por hacer", "itens pendentes",
            "tarefas pendentes", "da completare",
        ),
        "in_progress": (
            "in bearbeitung", "in arbeit", "en cours", "en curso", "em andamento", "in corso",
        ),
        "closed": (
            "fertig", "erledigt", "terminé", "terminé(e)", "listo", "finalizada", "hecho",
            "itens concluídos", "concluído", "completato", "completata",
        ),
    }
) | {
    "to do": "new",
    "new": "new",
    "in progress": "in_progress",
    "indeterminate": "in_progress",
    "done": "closed",
}  # fmt: skip

# The statuses that Jira begins with are called like their categories.
STATE_WORDS = CATEGORY_STATES | STATES_IN_LANGUAGES | {
    "to do": "new",
    "backlog": "new",
    "reopened": "in_progress",
    "waiting for support": "new",
    "escalated": "in_progress",
    "in review": "in_progress",
    "under review": "in_progress",
    "under investigation": "in_progress",
    "investigating": "in_progress",
    "planning": "in_progress",
    "implementing": "in_progress",
    "waiting for customer": "on_hold",
    "waiting for approval": "on_hold",
    "waiting for vendor": "on_hold",
    "waiting for third party": "on_hold",
    "awaiting approval": "on_hold",
    "awaiting cab approval": "on_hold",
    "blocked": "on_hold",
    "completed": "closed",
    "declined": "cancelled",
    "rejected": "cancelled",
    "withdrawn": "cancelled",
    "won't do": "cancelled",
} | spelled(
    {
        "new": (
            "warten auf support", "en attente du support", "en attente de support",
            "esperando ayuda", "esperando al soporte", "aguardando suporte",
        ),
        "on_hold": (
            "warten auf kunden", "warten auf kunde", "warten auf genehmigung",
            "en attente du client", "en attente de client", "en attente d'approbation",
            "esperando al cliente", "esperando por el cliente", "esperando aprobación",
            "aguardando cliente", "aguardando pelo cliente", "aguardando aprovação",
        ),
    }
)  # fmt: skip

HOLD_REASONS = {
    "waiting for customer": "Awaiting Caller",
    "waiting for approval": "Awaiting Approval",
    "awaiting approval": "Awaiting Approval",
    "awaiting cab approval": "Awaiting Approval",
    "waiting for vendor": "Awaiting Vendor",
    "waiting for third party": "Awaiting Vendor",
}

ISSUE_KINDS = KINDS_IN_LANGUAGES | {
    "[system] incident": "incident",
    "[system] service request": "service_request",
    "[system] service request with approvals": "service_request",
    "service request with approvals": "service_request",
    "[system] problem": "problem",
    "[system] change": "change",
    "normal change": "change",
    "standard change": "change",
    "emergency change": "change",
}

IMPACTS = LEVELS_IN_LANGUAGES | {
    "extensive / widespread": "high",
    "significant / large": "high",
    "moderate / limited": "medium",
    "minor / localized": "low",
}

URGENCIES = LEVELS_IN_LANGUAGES | {"critical": "high"}

# Jira has no groups of its own: the custom fields that organisations keep them in.
RESOLVER_GROUP_FIELDS = (
    "Assignment group",
    "Assigned group",
    "Support group",
    "Resolver group",
    "Support team",
    "Team",
)

# Jira's two standard schemes; "critical" is the word of service desks, so the most urgent.
PRIORITY_WORDS = PRIORITIES_IN_LANGUAGES | {
    "höchste": "P1",
    "la plus élevée": "P1",
    "más alta": "P1",
    "mais alta": "P1",
    "niedrigste": "P5",
    "la plus faible": "P5",
    "más baja": "P5",
    "mais baixa": "P5",
    "highest": "P1",
    "blocker": "P1",
    "major": "P3",
    "minor": "P4",
    "lowest": "P5",
    "trivial": "P5",
}
