"""GLPI: the list of tickets as CSV (or XLSX), in English, French, Spanish and Portuguese.

Delimiter `;`, UTF-8 with a BOM, labels in the language of the interface, a trailing `;`. Times are
in the zone of the server and the format of the user's preferences, to the minute or the second.
Numbers carry a blank as thousands mark (`52 267`). A cell may hold several values, one a line.

Traps: "Time to resolve" and "Time to own" are deadlines, not durations and not the resolution
(that is "Resolution date"); in their variants "+ Progress" a bar of open tickets stands below the
date. Durations in words (`1 dias 18 horas 47 minutos`) are the tool's own and only kept. "Time to
resolve exceeded" says No for tickets that have no deadline at all. Priorities in numbers run
upwards: 6 is major.
"""

from __future__ import annotations

from pipelines.languages import (
    DETECTIONS_IN_LANGUAGES,
    KINDS_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
    spelled,
)
from pipelines.sources import Derived, Form

NAME = "glpi"
TITLE = "GLPI"
HOW_TO_EXPORT = """
Assistance > Tickets > search by *Opening date* for the whole period, show the columns ID, Title,
Type, Status, Priority, Urgency, Impact, Category, Requester, Technician, Technician group, Opening
date, Resolution date, Closing date, Last update, Time to resolve, then *Export* > *All pages in
CSV*. Times are in the zone of the server: give it with `--timezone`.

The answer of the API is read too, as JSON: `GET /apirest.php/Ticket?range=0-999`, page by page.
"""

STATES = STATES_IN_LANGUAGES | {
    "1": "new",
    "2": "in_progress",
    "3": "in_progress",
    "4": "on_hold",
    "5": "resolved",
    "6": "closed",
}
# Six steps become five: what GLPI calls major is also a major incident.
MAJOR = ("major", "majeure", "mayor", "maior", "importante", "principal", "crítica", "6")
PRIORITIES = spelled(
    {
        "P1": (*MAJOR, "very high", "très haute", "muy alta", "muy urgente", "muito alta", "5"),
        "P2": ("high", "haute", "alta", "urgente", "4"),
        "P3": ("medium", "moyenne", "media", "mediana", "média", "3"),
        "P4": ("low", "basse", "baja", "baixa", "2"),
        "P5": ("very low", "très basse", "muy baja", "muito baixa", "1"),
    }
)
IS_MAJOR = dict.fromkeys(PRIORITIES, "false") | spelled({"true": MAJOR})
LEVELS = spelled(
    {
        "high": (
            "very high", "high", "très haute", "haute", "très haut", "haut", "muy alta", "alta",
            "muy alto", "alto", "muito alta", "muito alto", "5", "4",
        ),
        "medium": (
            "medium", "moyenne", "moyen", "media", "mediana", "medio", "mediano", "média",
            "médio", "3",
        ),
        "low": (
            "low", "very low", "basse", "très basse", "bas", "très bas", "baja", "muy baja",
            "bajo", "muy bajo", "baixa", "muito baixa", "baixo", "muito baixo", "2", "1",
        ),
    }
)  # fmt: skip
EXCEEDED = {"yes": "false", "oui": "false", "si": "false", "sí": "false", "sim": "false"} | {
    "no": "true",
    "non": "true",
    "não": "true",
    "nao": "true",
    "1": "false",
    "0": "true",
}

ENGLISH: dict[str, tuple[str, ...]] = {
    "number": ("ID",),
    "kind": ("Type",),
    "title": ("Title",),
    "description": ("Description",),
    "state": ("Status",),
    "source_state": ("Status",),
    "hold_reason": ("Pending reason",),
    "priority": ("Priority",),
    "impact": ("Impact",),
    "urgency": ("Urgency",),
    "configuration_item": ("Associated elements", "Associated items"),
    "category": ("Category",),
    "resolver_group": (
        "Assigned to - Technician group",
        "Assigned to - Group in charge",
        "Technician group",
    ),
    "assignee": ("Assigned to - Technician", "Technician"),
    "caller": ("Requester - Requester", "Requester"),
    "customer": ("Entity",),
    "location": ("Location", "Locations"),
    "channel": ("Request source",),
    "opened_at": ("Opening date",),
    "logged_at": ("Creation date",),
    "resolved_at": ("Resolution date", "Date of solving", "Solve date"),
    "closed_at": ("Closing date", "Close date"),
    "updated_at": ("Last update",),
    "resolution_code": ("Solution - Solution type", "Solution type"),
    "resolution_notes": ("Solution - Solution", "Solution"),
    "satisfaction": ("Satisfaction survey - Satisfaction",),
    "tool_sla_met": ("Time to resolve exceeded", "Time to resolve exceedeed"),
    "tool_due_at": (
        "Time to resolve",
        "SLA - Time to resolve",
        "Due date",
        "Time to resolve + Progress",
    ),
}
FRENCH: dict[str, tuple[str, ...]] = {
    "number": ("ID", "Identifiant", "N°"),
    "kind": ("Type",),
    "title": ("Titre",),
    "description": ("Description",),
    "state": ("Statut",),
    "source_state": ("Statut",),
    "hold_reason": ("Raison de mise en attente", "Motif de mise en attente"),
    "priority": ("Priorité",),
    "impact": ("Impact",),
    "urgency": ("Urgence",),
    "configuration_item": ("Éléments associés", "Élément associé"),
    "category": ("Catégorie",),
    "resolver_group": (
        "Attribué à - Groupe de techniciens",
        "Attribué à - Groupe d'attribution",
        "Attribué à - Groupe technicien",
        "Attribué à - Groupe",
        "Assigné à - Groupe de techniciens",
        "Groupe de techniciens",
    ),
    "assignee": ("Attribué à - Technicien", "Assigné à - Technicien", "Technicien"),
    "caller": ("Demandeur - Demandeur", "Demandeur"),
    "customer": ("Entité",),
    "location": ("Lieu",),
    "channel": ("Source de la demande",),
    "opened_at": ("Date d'ouverture",),
    "logged_at": ("Date de création",),
    "resolved_at": ("Date de résolution", "Date de solution"),
    "closed_at": ("Date de clôture", "Date de fermeture"),
    "updated_at": ("Dernière modification", "Dernière mise à jour"),
    "resolution_code": ("Solution - Type de solution", "Type de solution"),
    "resolution_notes": ("Solution - Solution", "Solution"),
    "satisfaction": ("Enquête de satisfaction - Satisfaction",),
    "tool_sla_met": ("Temps de résolution dépassé",),
    "tool_due_at": (
        "Temps de résolution",
        "TTR",
        "SLA - Temps de résolution",
        "Date d'échéance",
        "Temps de résolution + Progression",
        "TTR + Progression",
    ),
}
SPANISH: dict[str, tuple[str, ...]] = {
    "number": ("ID", "Identificador", "Nº"),
    "kind": ("Tipo",),
    "title": ("Título",),
    "description": ("Descripción",),
    "state": ("Estado", "Estatus", "Estado del ticket"),
    "source_state": ("Estado", "Estatus", "Estado del ticket"),
    "hold_reason": ("Motivo de espera", "Motivo pendiente", "Razón pendiente"),
    "priority": ("Prioridad",),
    "impact": ("Impacto",),
    "urgency": ("Urgencia",),
    "configuration_item": ("Elementos asociados", "Elemento asociado"),
    "category": ("Categoría",),
    "resolver_group": (
        "Asignado a - Grupo de técnicos",
        "Asignado a: - Grupo de técnicos",
        "Asignada a - Grupo de técnicos",
        "Asignado a - Grupo técnico",
        "Asignado a: - Grupo técnico",
        "Asignada a - Grupo técnico",
        "Asignado a - Grupo asignado",
        "Asignada a - Grupo asignado",
        "Asignado a - Grupo",
        "Grupo de técnicos",
        "Grupo técnico",
    ),
    "assignee": (
        "Asignado a - Técnico",
        "Asignado a: - Técnico",
        "Asignada a - Técnico",
        "Técnico",
    ),
    "caller": ("Solicitante - Solicitante", "Solicitante", "Autor - Autor", "Autor"),
    "customer": ("Entidad",),
    "location": ("Ubicación", "Localización", "Lugar"),
    "channel": ("Origen de la solicitud", "Fuente de la solicitud", "Fuente solicitante"),
    "opened_at": ("Fecha de apertura",),
    "logged_at": ("Fecha de creación",),
    "resolved_at": ("Fecha de resolución", "Fecha de solución"),
    "closed_at": ("Fecha de cierre",),
    "updated_at": ("Última modificación", "Última actualización"),
    "resolution_code": ("Solución - Tipo de solución", "Tipo de solución"),
    "resolution_notes": ("Solución - Solución", "Soluciones - Soluciones", "Solución"),
    "satisfaction": ("Encuesta de satisfacción - Satisfacción",),
    "tool_sla_met": (
        "Se superó el tiempo de resolución",
        "Tiempo de resolución excedido",
        "Tiempo para resolver excedido",
        "Tiempo de solución excedido",
    ),
    "tool_due_at": (
        "Tiempo para resolver",
        "Tiempo para resolver + Progreso",
        "Tiempo de resolución",
        "Tiempo de resolución + Progreso",
        "Tiempo de solución",
        "Tiempo para solucionar",
        "Fecha de vencimiento",
        "Vencimiento",
        "Fecha límite",
    ),
}
PORTUGUESE: dict[str, tuple[str, ...]] = {
    "number": ("ID", "Identificador", "Nº"),
    "kind": ("Tipo",),
    "title": ("Título",),
    "description": ("Descrição",),
    "state": ("Status", "Estado"),
    "source_state": ("Status", "Estado"),
    "hold_reason": ("Motivo de pendência", "Motivo da pendência"),
    "priority": ("Prioridade",),
    "impact": ("Impacto",),
    "urgency": ("Urgência",),
    "configuration_item": ("Elementos associados", "Itens associados"),
    "category": ("Categoria",),
    "resolver_group": (
        "Atribuído - Grupo técnico",
        "Atribuído para - Grupo técnico",
        "Atribuído p/ - Grupo técnico",
        "Atribuído a - Grupo técnico",
        "Atribuído a - Grupo de técnicos",
        "Atribuído para - Grupo de técnicos",
        "Grupo técnico",
        "Grupo de técnicos",
    ),
    "assignee": (
        "Atribuído - Técnico",
        "Atribuído para - Técnico",
        "Atribuído p/ - Técnico",
        "Atribuído a - Técnico",
        "Técnico",
    ),
    "caller": ("Requerente - Requerente", "Requerente"),
    "customer": ("Entidade",),
    "location": ("Localização",),
    "channel": ("Origem da requisição", "Origem do pedido", "Fonte da requisição"),
    "opened_at": ("Data de abertura",),
    "logged_at": ("Data de criação",),
    "resolved_at": ("Data da solução", "Data de solução", "Data de resolução"),
    "closed_at": ("Data de fechamento", "Data de fecho", "Data de encerramento"),
    "updated_at": ("Última atualização", "Última modificação"),
    "resolution_code": ("Solução - Tipo de solução", "Tipo de solução"),
    "resolution_notes": ("Solução - Solução", "Solução"),
    "satisfaction": ("Pesquisa de satisfação - Satisfação", "Inquérito de satisfação - Satisfação"),
    "tool_sla_met": (
        "Tempo para solução excedido",
        "Tempo de solução excedido",
        "Tempo para resolver excedido",
        "Tempo para resolução excedido",
    ),
    "tool_due_at": (
        "Tempo para solução",
        "Tempo para solução + Progresso",
        "Tempo de solução",
        "Tempo para resolver",
        "Tempo para resolver + Progresso",
        "Tempo para resolução",
        "Data de vencimento",
    ),
}
MARKS = (
    "title",
    "state",
    "priority",
    "assignee",
    "resolver_group",
    "caller",
    "updated_at",
    "closed_at",
)


def _form(language: str, labels: dict[str, tuple[str, ...]]) -> Form:
    """The ticket list in one language; what is not translated stands there in English."""
    columns = {
        column: tuple(dict.fromkeys((*labels[column], *ENGLISH[column]))) for column in ENGLISH
    }
    return Form(
        source=NAME,
        name=f"ticket list, {language}",
        title=f"ticket list in {language}, CSV or XLSX",
        table="tickets",
        columns=columns,
        recognised_by=(
            labels["number"],
            labels["opened_at"],
            tuple(name for column in MARKS for name in labels[column]),
        ),
        values={
            "kind": KINDS_IN_LANGUAGES,
            "state": STATES,
            "priority": PRIORITIES,
            "impact": LEVELS,
            "urgency": LEVELS,
            "tool_sla_met": EXCEEDED,
        },
        derived={
            "detection": Derived("channel", DETECTIONS_IN_LANGUAGES),
            "is_major": Derived("priority", IS_MAJOR),
        },
        first_of=(
            "assignee",
            "resolver_group",
            "caller",
            "category",
            "configuration_item",
            "tool_due_at",
        ),
        joined_digits=("number",),
        date_or_none=("tool_due_at",),
        void_without={"tool_sla_met": "tool_due_at"},
        cannot_give=(
            "the history: pending intervals, hand-overs, reopenings; first answers; which "
            "verdict of the tool means anything, where the deadline column is not exported"
        ),
    )


API_TICKETS = Form(
    source=NAME,
    name="tickets of the API",
    title="tickets of the API, as JSON",
    table="tickets",
    columns={
        "number": ("id",),
        "kind": ("type",),
        "title": ("name",),
        "description": ("content",),
        "state": ("status",),
        "source_state": ("status",),
        "priority": ("priority",),
        "impact": ("impact",),
        "urgency": ("urgency",),
        "category": ("itilcategories_id",),
        "customer": ("entities_id",),
        "location": ("locations_id",),
        "channel": ("requesttypes_id",),
        "opened_at": ("date",),
        "logged_at": ("date_creation",),
        "first_response_at": ("takeintoaccountdate",),
        "resolved_at": ("solvedate",),
        "closed_at": ("closedate",),
        "updated_at": ("date_mod",),
        "tool_due_at": ("time_to_resolve",),
    },
    recognised_by=(("id",), ("date",), ("date_mod",), ("solvedate",)),
    values={
        "kind": {"1": "incident", "2": "service_request"} | KINDS_IN_LANGUAGES,
        "state": STATES,
        "priority": PRIORITIES,
        "impact": LEVELS,
        "urgency": LEVELS,
    },
    derived={"is_major": Derived("priority", IS_MAJOR)},
    cannot_give="the history, and who worked on a ticket: people, groups and categories are ids",
)

FORMS = (
    _form("English", ENGLISH),
    _form("French", FRENCH),
    _form("Spanish", SPANISH),
    _form("Portuguese", PORTUGUESE),
    API_TICKETS,
)
