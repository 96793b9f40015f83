"""ServiceNow: list exports with the labels of the fields as headers, as XLSX writes them.

Labels are in the language of the exporting user (English, German, French, Spanish, Portuguese
here), values too. The sheet may have a title line above the header. Times are in the user's zone
and format; an XLSX holds them as dates without a zone. Durations are whole seconds and recomputed.
The list exports the columns of its view, so a column that is not shown is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    LEVELS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)
from pipelines.sources import Derived, Form, servicenow

NAME = servicenow.NAME
TITLE = "ServiceNow, by field labels"
HOW_TO_EXPORT = """
Open the list (for example `incident.list`), filter by *Opened*, show the columns you need in the
list (*Personalize list*: State, Priority, Opened, Resolved, Closed, Updated, Assignment group,
Assigned to, Caller, Category, Subcategory, Service, Made SLA), right-click a column header >
*Export* > *Excel (.xlsx)*. More than 10,000 rows are cut silently: export month by month.
"""

# When a record was made: its opening too, where a list does not show that.
CREATIONS = (
    "Created", "Created on", "Erstellt", "Erstellt am", "Créé", "Créé le", "Creado", "Creado el",
    "Fecha de creación", "Criado", "Criado em", "Criado(a)",
)  # fmt: skip
OPENINGS = (
    "Opened", "Opened at", "Geöffnet", "Eröffnet", "Geöffnet am", "Ouvert", "Ouvert le",
    "Ouvert(e)", "Ouverture", "Abierto", "Abierto el", "Aberto", "Aberto em", "Aberto(a)",
    "Aberto(a) em",
)  # fmt: skip
INCIDENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("Number", "Nummer", "Numéro", "Número"),
    "kind": ("Task type", "Aufgabentyp", "Type de tâche", "Tipo de tarea", "Tipo de tarefa"),
    "title": (
        "Short description", "Kurzbeschreibung", "Brève description", "Description brève",
        "Description courte", "Breve descripción", "Descripción breve", "Descripción corta",
        "Descrição resumida", "Breve descrição", "Descrição breve", "Descrição curta",
    ),
    "description": ("Description", "Beschreibung", "Descripción", "Descrição"),
    "state": ("State", "Incident state", "Status", "État", "Statut", "Estado", "Zustand"),
    "source_state": ("State", "Incident state", "Status", "État", "Statut", "Estado", "Zustand"),
    "hold_reason": (
        "On hold reason", "Hold reason", "Grund für Wartestellung", "Wartegrund",
        "Motif de mise en attente", "Raison de la mise en attente", "Motivo de espera",
        "Motivo da espera", "Motivo de suspensão",
    ),
    "priority": ("Priority", "Priorität", "Priorité", "Prioridad", "Prioridade"),
    "impact": ("Impact", "Auswirkung", "Impacto"),
    "urgency": ("Urgency", "Dringlichkeit", "Urgence", "Urgencia", "Urgência"),
    "severity": ("Severity", "Schweregrad", "Gravité", "Gravedad", "Severidad", "Gravidade"),
    "service": (
        "Service", "Business service", "Service offering", "Service métier", "Servicio",
        "Servicio de negocio", "Serviço", "Serviço de negócios",
    ),
    "configuration_item": (
        "Configuration item", "Konfigurationselement", "Élément de configuration",
        "Elemento de configuración", "Item de configuração",
    ),
    "category": ("Category", "Kategorie", "Catégorie", "Categoría", "Categoria"),
    "subcategory": (
        "Subcategory", "Unterkategorie", "Sous-catégorie", "Subcategoría", "Subcategoria",
    ),
    "symptom": ("Symptom", "Symptôme", "Síntoma", "Sintoma"),
    "resolver_group": (
        "Assignment group", "Zuweisungsgruppe", "Groupe d'affectation", "Groupe d'assignation",
        "Grupo de asignación", "Grupo de asignaciones", "Grupo de atribuição",
    ),
    "assignee": (
        "Assigned to", "Zugewiesen an", "Zugewiesen zu", "Affecté à", "Assigné à", "Attribué à",
        "Asignado a", "Atribuído a", "Atribuído(a) a", "Atribuído para", "Atribuição a",
    ),
    "caller": (
        "Caller", "Opened for", "Requested for", "Anrufer", "Melder", "Appelant", "Demandeur",
        "Ouvert pour", "Solicitante", "Persona que llama", "Autor de la llamada", "Chamador",
        "Autor da chamada", "Geöffnet für", "Abierto para", "Aberto para",
    ),
    "customer": ("Company", "Account", "Unternehmen", "Firma", "Société", "Empresa", "Compañía"),
    "location": (
        "Location", "Standort", "Emplacement", "Lieu", "Ubicación", "Localização", "Local",
    ),
    "channel": ("Channel", "Contact type", "Kanal", "Kontakttyp", "Canal", "Type de contact",
                "Tipo de contacto", "Tipo de contato"),
    "opened_at": (*OPENINGS, *CREATIONS),
    "logged_at": CREATIONS,
    "first_response_at": ("First response", "Responded", "First response time"),
    "resolved_at": (
        "Resolved", "Resolved at", "Gelöst", "Gelöst am", "Behoben", "Résolu", "Résolu le",
        "Résolu(e)", "Resuelto", "Resuelto el", "Resolvido", "Resolvido em", "Resolvido(a)",
    ),
    "closed_at": (
        "Closed", "Closed at", "Geschlossen", "Geschlossen am", "Abgeschlossen", "Fermé",
        "Fermé(e)", "Fermé le", "Clos", "Clôturé", "Clôturé le", "Cerrado", "Cerrado el", "Fechado",
        "Fechado em", "Encerrado", "Encerrado em", "Encerrado(a)", "Fechado(a)",
    ),
    "updated_at": (
        "Updated", "Updated on", "Aktualisiert", "Aktualisiert am", "Mis à jour", "Mis à jour le",
        "Actualizado", "Actualizado el", "Atualizado", "Atualizado em", "Atualizado(a)",
    ),
    "reassignment_count": (
        "Reassignment count", "Anzahl der Neuzuweisungen", "Nombre de réaffectations",
        "Recuento de reasignaciones", "Contagem de reatribuições",
    ),
    "reopen_count": (
        "Reopen count", "Anzahl der Wiedereröffnungen", "Nombre de réouvertures",
        "Recuento de reaperturas", "Contagem de reaberturas",
    ),
    "parent_id": ("Parent Incident",),
    "problem_id": ("Problem", "Problème", "Problema"),
    "change_id": ("Change Request", "Change-Anforderung", "Demande de changement",
                  "Solicitud de cambio", "Solicitação de mudança"),
    "caused_by_change": ("Caused by Change",),
    "knowledge_used": ("Knowledge",),
    "resolution_code": (
        "Resolution code", "Close code", "Lösungscode", "Code de résolution",
        "Código de resolución", "Código de resolução", "Código de cierre", "Código de fechamento",
    ),
    "resolution_notes": (
        "Resolution notes", "Close notes", "Lösungshinweise", "Notes de résolution",
        "Notas de resolución", "Notas de resolução", "Notas de cierre", "Notas de fechamento",
    ),
    "is_major": ("Major incident state", "Major incident"),
    "tool_sla_met": ("Made SLA", "SLA erfüllt", "SLA respecté", "SLA cumplido", "SLA cumprido"),
    "tool_due_at": ("SLA due", "SLA fällig", "Échéance SLA", "Vencimiento de SLA",
                    "Vencimento do SLA"),
}  # fmt: skip

MARKS = tuple(
    name
    for column in (
        "title", "resolver_group", "caller", "updated_at", "logged_at", "hold_reason",
        "resolution_code", "tool_sla_met",
    )
    for name in INCIDENT_COLUMNS[column]
)  # fmt: skip

BOOKKEEPING = (
    "Resolve time",
    "Business resolve time",
    "Duration",
    "Business duration",
    "Updates",
)
STATES = STATES_IN_LANGUAGES | servicenow.STATE_WORDS
VALUES: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS_IN_LANGUAGES,
    "state": STATES,
    "hold_reason": servicenow.HOLD_CODES,
    "priority": PRIORITIES_IN_LANGUAGES,
    "impact": LEVELS_IN_LANGUAGES,
    "urgency": LEVELS_IN_LANGUAGES,
    "is_major": servicenow.INCIDENT_VALUES["is_major"],
}

INCIDENTS = Form(
    source=NAME,
    name="incident list by labels",
    title="incident list by field labels, XLSX or CSV, in five languages",
    table="tickets",
    columns=INCIDENT_COLUMNS,
    recognised_by=(
        INCIDENT_COLUMNS["number"],
        INCIDENT_COLUMNS["opened_at"],
        (*OPENINGS, *INCIDENT_COLUMNS["resolver_group"]),
        (*OPENINGS, *INCIDENT_COLUMNS["title"]),
        MARKS,
    ),
    values=VALUES,
    derived={
        "kind": Derived("number", servicenow.NUMBER_PREFIXES, by_prefix=True),
        "detection": Derived("channel", DETECTIONS_IN_LANGUAGES),
        "hold_reason": Derived("source_state", servicenow.HOLD_STATES),
    },
    blank_is_no=("is_major",),
    ignored=BOOKKEEPING,
    cannot_give="the history: hold intervals, hand-overs; " + servicenow.INCIDENT_CANNOT_GIVE,
)

CHANGES = replace(
    servicenow.CHANGES,
    name="change list by labels",
    title="change list by field labels, XLSX or CSV",
    columns={
        "number": ("Number",),
        "title": ("Short description",),
        "type": ("Type", "Model"),
        "state": ("State",),
        "risk": ("Risk",),
        "service": ("Service", "Business service", "Service offering"),
        "configuration_item": ("Configuration item",),
        "category": ("Category",),
        "resolver_group": ("Assignment group",),
        "opened_at": ("Opened", "Created"),
        "planned_start_at": ("Planned start date", "Planned start"),
        "planned_end_at": ("Planned end date", "Planned end"),
        "started_at": ("Actual start", "Actual start date"),
        "ended_at": ("Actual end", "Actual end date"),
        "closed_at": ("Closed",),
        "outcome": ("Close code",),
        "updated_at": ("Updated",),
    },
    recognised_by=(
        ("Number",),
        ("Planned start date", "Planned start", "Actual start", "Actual start date"),
    ),
    ignored=BOOKKEEPING,
)

PROBLEMS = replace(
    servicenow.PROBLEMS,
    name="problem list by labels",
    title="problem list by field labels, XLSX or CSV",
    columns={
        "number": ("Number",),
        "title": ("Problem statement", "Short description"),
        "state": ("Problem state", "State"),
        "priority": ("Priority",),
        "service": ("Service", "Business service"),
        "configuration_item": ("Configuration item",),
        "category": ("Category",),
        "resolver_group": ("Assignment group",),
        "is_known_error": ("Known error",),
        "workaround": ("Workaround",),
        "cause": ("Cause notes", "Root cause"),
        "change_id": ("Change request",),
        "opened_at": ("Opened", "Created"),
        "resolved_at": ("Resolved", "Fix applied"),
        "closed_at": ("Closed",),
        "updated_at": ("Updated",),
    },
    recognised_by=(
        ("Number",),
        ("Problem statement", "Problem state", "Known error", "Workaround", "Cause notes"),
    ),
    ignored=BOOKKEEPING,
)

FORMS = (INCIDENTS, CHANGES, PROBLEMS)
