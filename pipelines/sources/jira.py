"""Jira Service Management: CSV of the issue list, and REST JSON with changelog and SLA cycles.

CSV: names repeat as often as the data need (Comment, Watchers, links). Dates are in the exporting
user's zone and locale, minutes only (`25/Feb/26 10:17 PM`), while `[CHART]` fields beside them are
written as `2026-02-25 16:38:58.679`. SLA cells are time *remaining* (`-1:30` once breached), never
time elapsed, so only their sign is read. A comment does not say whether the caller could see it.

REST: `issues[]` with `fields` and, with `expand=changelog,names`, the history and the names of the
custom fields. `_jira_rest.py` writes those records as rows with the names of the CSV.
"""

from __future__ import annotations

from pipelines.sources import NULL_MARKERS, Derived, Form, Unread
from pipelines.sources._jira_rest import ISSUE_DOCUMENT
from pipelines.sources._jira_words import (
    CATEGORY_STATES,
    HOLD_REASONS,
    IMPACTS,
    ISSUE_KINDS,
    PRIORITY_WORDS,
    RESOLVER_GROUP_FIELDS,
    STATE_WORDS,
    URGENCIES,
)
from pipelines.sources._jira_xml import ITEM_DOCUMENT
from pipelines.words import ACTOR_ROLES, DETECTIONS

NAME = "jira"
TITLE = "Jira Service Management"
HOW_TO_EXPORT = """
    - *CSV*: in the issue navigator filter by *Updated* (not by *Resolved*, else open issues are
      missing), then *Export > Export CSV (all fields)*. Many sites cut at 1,000 issues: export
      month by month. Times are in the zone of your profile: say it with `--timezone`, and
      settle with `--date-order` what a locale leaves open that writes dates in digits alone.
    - *REST*: `GET /rest/api/2/search?jql=...&fields=*all&expand=changelog,names`, each page saved
      as one file of a folder. Only this form tells the history, answers and the instants of SLAs.
    - *XML* and *HTML* or *Excel* (a page named `.xls`) are read too; XML tells the offset of times.
    - *Data pipeline* (Data Center): load the issues file of an export; times are UTC. Its other
      files name issues by ids alone and are not read: for the history use REST.
    """


CUSTOM_FIELD = (
    "Custom field",
    "Benutzerdefiniertes Feld",
    "Champs personnalisés",
    "Champ personnalisé",
    "Campo personalizado",
)


def _custom(*names: str) -> tuple[str, ...]:
    """Names of custom fields, as a CSV writes them and as a list view shows them."""
    return tuple(
        shown
        for name in names
        for shown in (*(f"{custom} ({name})" for custom in CUSTOM_FIELD), name)
    )


# The names of the fields follow the language of whoever exports; custom fields are the site's own.
# fmt: off
KEYS = (
    "Issue key", "Work item key", "Vorgangsschlüssel", "Clé de ticket",
    "Clave de incidencia", "Chave da item", "Chave do item", "Chave da pendência",
)
# What a list that is saved as a page calls them: of any tool, but for the types beside them.
SHOWN_KEYS = ("Key", "Schlüssel", "Clé", "Clave", "Chave")
TYPES_OF_JIRA = ("Issue Type", "Work type", "Vorgangstyp", "Type de ticket", "Tipo de Incidencia")
TYPES = (
    "Issue Type", "Work type", "Vorgangstyp", "Type de ticket", "Type de demande",
    "Tipo de Incidencia", "Tipo de item", "Tipo de pendência",
)
STATUSES = ("Status", "État", "Statut", "Estado")
CREATED = (
    "Created", "Erstellt", "Création", "Créée", "Créé", "Creada", "Creado", "Criado", "Criada",
)
# Where a workflow sets no resolution, what is done was so since its category changed.
CATEGORY_CHANGED = (
    "Status Category Changed", "Statuskategorie geändert", "Catégorie d'état modifiée",
    "Catégorie de statut modifiée", "Categoría de estado cambiada",
    "Categoria do status alterada", "Categoria de status alterada",
)
# fmt: on
DONE = tuple(word for word, ours in CATEGORY_STATES.items() if ours == "closed")
DONE_SINCE = dict.fromkeys(CATEGORY_CHANGED, ("status_category", DONE))
ISSUE_COLUMNS = {
    "number": (*KEYS, *SHOWN_KEYS),
    "kind": TYPES,
    "title": ("Summary", "Zusammenfassung", "Résumé", "Resumen", "Resumo"),
    "description": ("Description", "Beschreibung", "Descripción", "Descrição"),
    "state": STATUSES,
    "source_state": STATUSES,
    "status_category": (
        "Status Category",
        "Statuskategorie",
        "Catégorie d'état",
        "Catégorie de statut",
        "Categoría de estado",
        "Categoria do status",
        "Categoria de status",
    ),
    "hold_reason": _custom("Pending reason", "Hold reason"),
    "priority": ("Priority", "Priorität", "Priorité", "Prioridad", "Prioridade"),
    "impact": _custom("Impact"),
    "urgency": _custom("Urgency"),
    "severity": _custom("Severity"),
    "service": _custom("Affected services", "Affected service", "Business service", "Service"),
    "configuration_item": (
        *_custom("Configuration item", "Affected CI"),
        "Component/s",
        "Components",
    ),
    "category": _custom("Category", "Request Type"),
    "subcategory": _custom("Subcategory"),
    "symptom": _custom("Symptom"),
    "resolver_group": _custom(*RESOLVER_GROUP_FIELDS),
    "assignee": (
        "Assignee",
        "Zugewiesene Person",
        "Bearbeiter",
        "Attribution",
        "Personne assignée",
        "Persona asignada",
        "Responsable",
        "Responsável",
    ),
    "caller": ("Reporter", "Autor", "Melder", "Rapporteur", "Informador", "Relator"),
    "customer": _custom("Organizations", "Organization", "Customer"),
    "location": _custom("Location", "Site"),
    "channel": _custom("Request channel type", "Channel", "Source"),
    "impact_started_at": _custom("Impact start", "Incident start"),
    "detected_at": _custom("Detected at", "Detection time"),
    "opened_at": CREATED,
    "first_response_at": (
        "Time to first response, stopped",
        *_custom("[CHART] Date of First Response"),
    ),
    "resolved_at": (
        "Resolved",
        "Erledigt",
        "Gelöst",
        "Résolue",
        "Résolu",
        "Resuelta",
        "Resuelto",
        "Resolvido",
        "Resolvida",
        *CATEGORY_CHANGED,
    ),
    "closed_at": _custom("Closed at"),
    "updated_at": (
        "Updated",
        "Aktualisiert",
        "Mise à jour",
        "Mis à jour",
        "Actualizada",
        "Actualizado",
        "Atualizado",
        "Atualizado(a)",
    ),
    "satisfaction": (
        "Satisfaction rating",
        "Zufriedenheitsbewertung",
        "Note de satisfaction",
        "Évaluation de la satisfaction",
        "Calificación de satisfacción",
        "Classificação de satisfação",
        *_custom("Satisfaction"),
    ),
    "parent_id": ("Parent key", *_custom("Parent incident")),
    "is_major": _custom("Major incident"),
    "merged_into": ("Outward issue link (Duplicate)",),
    "problem_id": ("Inward issue link (Problem/Incident)",),
    "resolution_code": ("Resolution", "Lösung", "Résolution", "Resolución", "Resolução"),
    "resolution_notes": _custom("Resolution notes", "Root cause"),
    "time_to_resolution_left": _custom(
        "Time to resolution", "Time to resolve", "Time to done", "Tiempo hasta resolución"
    ),
}

ISSUE_VALUES = {
    "kind": ISSUE_KINDS,
    "state": STATE_WORDS,
    "priority": PRIORITY_WORDS,
    "impact": IMPACTS,
    "urgency": URGENCIES,
    "is_major": {"major incident": "true", "major_incident": "true"},
}

# What is left of the target: a minus says that it was missed. `3:20` says nothing of how long.
TIME_LEFT = {"-": "false"} | dict.fromkeys("0123456789", "true")

ISSUE_DERIVED = {
    "state": Derived("status_category", CATEGORY_STATES, for_unknown_words=True),
    "hold_reason": Derived("source_state", HOLD_REASONS),
    "detection": Derived("channel", DETECTIONS),
    "tool_sla_met": Derived("time_to_resolution_left", TIME_LEFT, by_prefix=True),
}

JUNK = ("{}", "[]")
# A list that is saved as a page writes so where nothing is set.
NOTHING_SET = (
    "Unassigned", "Unresolved", "Nicht zugewiesen", "Nicht erledigt", "Non attribué",
    "Non assigné", "Non résolu", "Sin asignar", "Sin resolver", "Não atribuído", "Não resolvido",
)  # fmt: skip

ISSUES = Form(
    source=NAME,
    name="issue list",
    title="issue list, as CSV",
    table="tickets",
    columns=ISSUE_COLUMNS,
    recognised_by=(
        (*KEYS, *SHOWN_KEYS),
        (*KEYS, *TYPES_OF_JIRA),
        CREATED,
        STATUSES,
        (*TYPES, "Issue id", "Project key", "Vorgangs-ID", "Projektschlüssel"),
    ),
    values=ISSUE_VALUES,
    derived=ISSUE_DERIVED,
    blank_is_no=("is_major",),
    counts_where=DONE_SINCE,
    null_markers=(*NULL_MARKERS, *JUNK, *NOTHING_SET),
    cannot_give=(
        "the history (holds, hand-overs, reopenings), closing times, and when an SLA was met: its "
        "SLA cells hold time remaining; whether a comment could be seen by the caller, so comments "
        "are kept in `extra` and none counts as an answer; groups, unless a custom field names them"
    ),
)

REST_ISSUES = Form(
    source=NAME,
    name="issues",
    title="issues of the REST search, as JSON",
    table="tickets",
    columns=ISSUE_COLUMNS
    | {
        "status_category": ("Status category key",),
        "tool_sla_met": ("Time to resolution, met",),
        "tool_due_at": ("Time to resolution, due",),
    },
    recognised_by=(("Issue key",), ("Status category key",)),
    values=ISSUE_VALUES,
    derived={name: each for name, each in ISSUE_DERIVED.items() if name != "tool_sla_met"},
    blank_is_no=("is_major",),
    counts_where=DONE_SINCE,
    null_markers=(*NULL_MARKERS, *JUNK),
    cannot_give=(
        "groups and hand-overs between them, unless a custom field names the group; the history "
        "where the search was made without `expand=changelog`; answers where comments do not say "
        "whether the caller could see them"
    ),
)

REST_HISTORY = Form(
    source=NAME,
    name="history",
    title="changelog and comments of the REST search, as JSON",
    table="ticket_events",
    columns={
        "ticket_id": ("Issue key of the change",),
        "at": ("Changed",),
        "field": ("Field",),
        "old": ("From",),
        "new": ("To",),
        "actor": ("Author",),
        "actor_role": ("Author role",),
    },
    recognised_by=(("Issue key of the change",), ("Changed",), ("Field",)),
    values={"actor_role": ACTOR_ROLES},
    cannot_give="what was changed before the oldest entry of a changelog that was cut",
)

PIPELINE_ISSUES = Form(
    source=NAME,
    name="issues of the data pipeline",
    title="issues of the data pipeline (Data Center), as CSV",
    table="tickets",
    columns={
        "number": ("key",),
        "kind": ("issue_type",),
        "title": ("summary",),
        "description": ("description",),
        "state": ("status",),
        "source_state": ("status",),
        "status_category": ("status_category",),
        "priority": ("priority_name",),
        "assignee": ("assignee_name", "assignee_id"),
        "caller": ("reporter_name", "reporter_id"),
        "opened_at": ("created_date",),
        "resolved_at": ("resolution_date",),
        "updated_at": ("updated_date",),
        "resolution_code": ("resolution",),
    },
    recognised_by=(("key",), ("project_key",), ("issue_type",), ("created_date",)),
    values=ISSUE_VALUES,
    derived={name: ISSUE_DERIVED[name] for name in ("state", "hold_reason")},
    also=("id", "instance_url", "url", "project_name", "project_type", "priority_sequence"),
    null_markers=(*NULL_MARKERS, *JUNK),
    cannot_give=(
        "the history, answers and SLAs: its other files name issues by ids alone; custom fields, "
        "and with them services and groups"
    ),
)

_BY_IDS = "it names Jira's issues by ids, not by keys; load the issues file of the same export, and"
_SEARCH = "save the REST search with fields=*all and expand=changelog,names instead"
UNREAD = (
    Unread(
        ("issue_id", "changelog_id", "to_string"),
        f"{_BY_IDS} for the history the answers of the REST search with expand=changelog",
    ),
    Unread(
        ("sla_name", "issue_id", "cycle_type"),
        f"{_BY_IDS} write your service levels into the policy, or load the REST search",
    ),
    Unread(
        ("issueid", "changehistories"), f"it names Jira's issues by ids, not by keys; {_SEARCH}"
    ),
    Unread(
        ("author.displayname", "created", "items"),
        f"it is the changelog of an issue that it does not name; {_SEARCH}",
    ),
    Unread(
        ("name", "completedcycles"),
        f"it holds the service levels of an issue that it does not name; {_SEARCH}",
    ),
    Unread(
        ("issuekey", "currentstatus.status", "createddate.iso8601"),
        f"it does not say when a request was resolved; {_SEARCH}",
    ),
)

FORMS = (ISSUES, REST_ISSUES, REST_HISTORY, PIPELINE_ISSUES)
DOCUMENTS = (ISSUE_DOCUMENT, ITEM_DOCUMENT)
