"""The shared words in the languages that tools are used in: English, French, Spanish, Portuguese
and German, in lower case, with and without accents.

The words of English stand first, because a file of millions of rows is compared with each in turn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from pipelines.words import DETECTIONS, KINDS, LEVELS, PRIORITIES, STATES


def spelled(ours: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The file's words -> ours, from ours -> the words for it; each also without its accents."""
    found: dict[str, str] = {}
    for our_word, words in ours.items():
        for word in words:
            found.setdefault(word, our_word)
            found.setdefault(without_accents(word), our_word)
    return found


def without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# fmt: off
STATES_IN_LANGUAGES = STATES | spelled({
    "new": (
        "created", "submitted", "registered", "logged", "queued", "to do", "awaiting assignment",
        "unassigned", "triage",
        "nouveau", "nouvelle", "ouvert", "ouverte", "à faire",
        "nuevo", "nueva", "abierto", "abierta", "registrado", "por hacer",
        "novo", "nova", "aberto", "aberta", "registrado",
        "neu", "offen", "eröffnet", "zu erledigen",
    ),
    "in_progress": (
        "accepted", "acknowledged", "working", "investigating", "ongoing", "processing", "started",
        "processing (assigned)", "processing (planned)", "under investigation", "reopened",
        "re-opened", "in process", "in-progress", "working on case", "working on it", "inprogress",
        "wip", "escalated", "customer responded", "waiting for support", "waiting on us",
        "en cours", "en cours (attribué)", "en cours (assigné)", "en cours (planifié)",
        "en cours de traitement", "attribué", "assigné", "affecté", "rouvert", "réouvert",
        "en curso", "en curso (asignada)", "en curso (asignado)", "en curso (planificada)",
        "en curso (planificado)", "en progreso", "en proceso", "asignado", "asignada",
        "planificado", "trabajo en curso", "reabierto",
        "em andamento", "em atendimento", "em atendimento (atribuído)",
        "em atendimento (planejado)", "em progresso", "em processamento",
        "em processamento (atribuído)", "em processamento (planeado)", "em curso",
        "em curso (atribuído)", "em curso (planeado)", "em curso (planejado)",
        "processando (atribuído)", "processando (planejado)", "processando",
        "atribuído", "trabalho em andamento", "reaberto",
        "in bearbeitung", "in arbeit", "zugewiesen", "aktiv", "wiedereröffnet",
        "in bearbeitung (zugewiesen)", "in bearbeitung (geplant)",
    ),
    "on_hold": (
        "hold", "onhold", "paused", "wait", "awaiting", "stopped", "awaiting user info",
        "awaiting caller", "awaiting customer", "awaiting vendor", "awaiting problem",
        "awaiting change", "awaiting evidence", "awaiting approval", "awaiting response",
        "awaiting user response", "awaiting customer response", "awaiting vendor response",
        "waiting on user", "waiting on vendor", "pending user", "pending response",
        "pending customer", "pending client", "pending-client", "pending-customer",
        "pending-vendor", "pending-internal", "pending internal", "on-hold",
        "pending vendor", "pending change", "pending approval",
        "waiting on customer", "waiting for customer", "waiting on third party",
        "waiting for third party", "waiting for approval", "waiting on contact",
        "wait - user", "wait - vendor", "wait - customer", "wait - implementation",
        "en attente", "suspendu", "en pause",
        "en espera", "pendiente", "suspendido", "detenido", "a la espera",
        "pendente", "em espera", "suspenso", "em pausa", "aguardando", "aguardando cliente",
        "aguardando usuário", "aguardando fornecedor",
        "wartend", "wartet", "in wartestellung", "angehalten", "ausstehend", "zurückgestellt",
        "pausiert",
    ),
    "resolved": (
        "fixed", "complete", "completed", "finished", "resolution",
        "résolu", "résolue", "résolus", "terminé",
        "resuelto", "resuelta", "resueltas", "resueltos", "solucionado", "solucionada",
        "completado", "finalizado",
        "resolvido", "resolvida", "solucionado", "concluído", "finalizado",
        "gelöst", "behoben", "erledigt",
    ),
    "closed": (
        "archived", "closed complete", "closed incomplete", "closed skipped",
        "clos", "close", "clôturé", "clôturée", "fermé", "fermée",
        "cerrado", "cerrada", "cerrados",
        "fechado", "fechada", "encerrado", "encerrada",
        "geschlossen", "abgeschlossen",
    ),
    "cancelled": (
        "rejected", "withdrawn", "deleted", "spam", "duplicate", "merged",
        "annulé", "annulée", "rejeté", "refusé",
        "cancelado", "cancelada", "anulado", "rechazado",
        "rejeitado",
        "abgebrochen", "storniert", "abgelehnt", "verworfen",
    ),
})

PRIORITIES_IN_LANGUAGES = PRIORITIES | spelled({
    "P1": (
        "urgent", "blocker", "emergency", "very high", "major", "highest", "top", "immediate",
        "immédiat", "inmediata", "imediata", "sofort",
        "critique", "très haute", "très élevée", "majeure", "urgente", "bloquante",
        "crítica", "crítico", "muy alta", "muy urgente", "mayor", "urgente",
        "muito alta", "urgente", "maior", "principal",
        "kritisch", "sehr hoch", "dringend",
    ),
    "P2": ("haute", "haut", "élevée", "alta", "alto", "elevada", "hoch"),
    "P3": (
        "normal", "average", "med", "moyenne", "modérée", "normale", "media", "mediana", "moderada",
        "normal", "média", "moderado", "mittel", "mäßig", "moderat",
    ),
    "P4": ("minor", "basse", "bas", "faible", "baja", "baixa", "niedrig", "gering"),
    "P5": (
        "very low", "lowest", "trivial", "très basse", "très faible", "planification",
        "muy baja", "planificación", "muito baixa", "planejamento", "planeamento",
        "sehr niedrig", "planung", "geplant",
    ),
})

LEVELS_IN_LANGUAGES = LEVELS | spelled({
    "high": (
        "critical", "very high", "urgent", "major", "extensive/widespread", "significant/large",
        "haute", "haut", "élevée", "élevé", "très haute", "très haut", "très élevé", "majeure",
        "majeur", "critique",
        "alta", "alto", "muy alta", "muy alto", "mayor", "crítica", "crítico", "urgente",
        "muito alta", "muito alto", "maior", "elevado", "elevada",
        "hoch", "sehr hoch", "kritisch",
    ),
    "medium": (
        "moderate", "normal", "med", "moderate/limited", "moyenne", "moyen", "modéré", "media",
        "medio", "mediana", "mediano", "média", "médio", "mittel",
    ),
    "low": (
        "very low", "minor", "minor/localized", "basse", "bas", "faible", "très basse", "très bas",
        "très faible", "baja", "bajo", "muy baja", "muy bajo", "baixa", "baixo", "muito baixa",
        "muito baixo", "niedrig", "sehr niedrig", "gering",
    ),
})

KINDS_IN_LANGUAGES = KINDS | spelled({
    "incident": (
        "incidents", "user service restoration", "infrastructure restoration",
        "infrastructure event", "incidencia", "incidencias", "incidente", "störung", "vorfall",
    ),
    "service_request": (
        "catalog task", "sc task", "service requests", "request for information",
        "demande", "demande de service", "requête",
        "solicitud", "petición", "requerimiento", "solicitud de servicio",
        "requisição", "solicitação", "pedido", "requisição de serviço", "solicitação de serviço",
        "anfrage", "serviceanfrage", "service-anfrage", "anforderung",
    ),
    "problem": ("problème", "problema", "problem"),
    "change": ("changement", "cambio", "mudança", "alteração", "änderung"),
})

DETECTIONS_IN_LANGUAGES = DETECTIONS | spelled({
    "monitoring": (
        "monitoring system", "alerts", "alert source", "supervision", "monitorización",
        "monitorización de eventos", "monitoramento", "monitorização", "systems management",
        "überwachung", "event management system",
    ),
    "user": (
        "helpdesk", "portal", "web", "web form", "web portal", "direct", "feedback widget",
        "mobile app", "mobile", "twitter", "facebook", "whatsapp", "sms", "slack", "ms teams",
        "microsoft teams", "chatbot", "self service portal", "walkup", "walk in", "direct input",
        "téléphone", "courriel", "e-mail", "mail", "formulaire",
        "teléfono", "correo", "correo electrónico", "llamada", "formulario", "autoservicio",
        "telefone", "correio eletrônico", "formulário", "autoatendimento", "ligação",
        "telefon", "selbstbedienung",
    ),
})
# fmt: on
