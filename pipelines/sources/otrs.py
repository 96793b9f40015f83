"""OTRS, Znuny and OTOBO: the ticket list of a report, or what a search found, as CSV or XLSX.

Header of a report: `Number;Ticket#;Age;Title;Created;Last Changed;Close Time;Queue;State;Priority;
Customer User;CustomerID;Service;SLA;Agent/Owner;Responsible ...`, then names of the tool's own
(`StateType`, `SolutionTimeWorkingTime` ...) in English whatever the language; of a search:
`Ticket#;Age;Created;Closed;FirstLock;FirstResponse;State;Priority;Queue;Lock;Owner ...`. Delimiter
`;` or `,`, all cells in quotes, times in the zone of the server, `2026-02-25 16:38:58`.

Traps: "Number" counts the rows of the list and is no ticket's number. "Solution in minutes" counts
the hours of the tool's calendar and is 0 for a ticket that is open. Priorities count upwards: 5 is
very high. There is no resolved state: an agent closes, and that is the resolution. What was merged
into another ticket, or removed, is cancelled.
"""

from __future__ import annotations

from pipelines.languages import (
    KINDS_IN_LANGUAGES,
    PRIORITIES_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
    spelled,
)
from pipelines.sources import NULL_MARKERS, Derived, Form

NAME = "otrs"
TITLE = "OTRS, Znuny and OTOBO"
HOW_TO_EXPORT = """
Reports > *Add* > *TicketList*: take the columns Ticket#, Title, Created, Last Changed, Close Time,
First Response, Queue, State, Priority, Type, Service, Customer User, CustomerID, Agent/Owner and
*StateType*, restrict Create Time to the whole period, then *Run now* as CSV. Or search the tickets
and choose CSV as the result form. Times are in the zone of the server: give it with `--timezone`.
"""

# fmt: off
# An open ticket is being worked on: what nobody has touched is new.
STATES = STATES_IN_LANGUAGES | spelled({
    "in_progress": ("open", "offen", "ouvert", "ouverte", "ouvrir", "abierto", "aberto", "aperto"),
    "on_hold": (
        "pending reminder", "pending auto", "pending auto close", "pending auto close+",
        "pending auto close-", "warten zur erinnerung", "warten auf erinnerung", "warten auto",
        "warten auf erfolgreich schließen", "warten auf erfolglos schließen",
        "attente du rappel", "recordatorio pendiente", "lembrete pendente",
    ),
    "closed": (
        "closed successful", "closed unsuccessful", "closed with workaround",
        "erfolgreich geschlossen", "erfolglos geschlossen",
        "clos (résolu)", "clos (non résolu)", "clôture réussie", "clôture manquée",
        "fermée (résolue)", "fermée (non résolue)",
        "cerrado exitosamente", "cerrado con éxito", "cerrado sin éxito",
        "fechado com êxito", "fechado sem êxito", "fechado com sucesso", "fechado sem sucesso",
        "succesvol gesloten", "niet succesvol gesloten",
        "chiuso con successo", "chiuso senza successo",
    ),
    "cancelled": ("removed", "entfernt", "zusammengefügt", "fusionné", "fusionnée", "eliminado"),
})
STATE_TYPES = {
    "new": "new",
    "open": "in_progress",
    "pending reminder": "on_hold",
    "pending auto": "on_hold",
    "closed": "closed",
    "merged": "cancelled",
    "removed": "cancelled",
}
PRIORITIES = PRIORITIES_IN_LANGUAGES | spelled({
    "P1": (
        "5", "5 very high", "5 sehr hoch", "5 très élevé", "5 très haute", "5 muy alta",
        "5 muy alto", "5 muito alta", "5 muito alto",
    ),
    "P2": ("4", "4 high", "4 hoch", "4 élevé", "4 haute", "4 alta", "4 alto"),
    "P3": ("3", "3 normal", "3 normale"),
    "P4": ("2", "2 low", "2 niedrig", "2 bas", "2 basse", "2 baja", "2 bajo", "2 baixa", "2 baixo"),
    "P5": (
        "1", "1 very low", "1 sehr niedrig", "1 très bas", "1 très basse", "1 muy baja",
        "1 muy bajo", "1 muito baixa", "1 muito baixo",
    ),
})
KINDS = KINDS_IN_LANGUAGES | {
    "incident::disaster": "incident",
    "servicerequest": "service_request",
    "problem::knownerror": "problem",
    "problem::pendingrfc": "problem",
    "rfc": "change",
}
CREATED = ("Created", "Erstellt", "Ticket erstellt", "Créé", "Creado", "Criado", "Creato")
CLOSED = (
    "Close Time", "Closed", "Closed Time", "Ticket geschlossen", "Geschlossen", "Schließzeit",
    "Date de clôture", "Date de fermeture", "Clos", "Fermé", "Fecha de cierre", "Hora de cierre",
    "Cerrado", "Hora de Fechamento", "Fechado", "Data/Hora de Fechamento",
)
NUMBER = (
    "Ticket#", "Ticket Number", "TicketNumber", "Ticketnummer", "Ticket Nummer", "Ticket-Nummer",
    "Numéro de ticket", "Número de ticket", "Número do Chamado",
)
# fmt: on

TICKETS = Form(
    source=NAME,
    name="ticket list",
    title="ticket list of a report or a search, CSV or XLSX",
    table="tickets",
    columns={
        "number": NUMBER,
        "kind": ("Type", "Typ", "Tipo"),
        "title": ("Title", "Subject", "Titel", "Betreff", "Titre", "Sujet", "Título", "Assunto"),
        "state": ("State", "Status", "État", "Estado"),
        "source_state": ("State", "Status", "État", "Estado"),
        "priority": ("Priority", "Priorität", "Priorité", "Prioridad", "Prioridade"),
        "service": ("Service", "Servicio", "Serviço"),
        "resolver_group": ("Queue", "File", "Cola", "Fila", "Coda"),
        "assignee": (
            "Agent/Owner",
            "Owner",
            "Agent/Besitzer",
            "Besitzer",
            "Opérateur/Propriétaire",
            "Technicien/Propriétaire",
            "Propriétaire",
            "Agente/Propietario",
            "Propietario",
            "Atendente/Proprietário",
            "Proprietário",
        ),
        "caller": (
            "Customer User",
            "CustomerUser",
            "CustomerUserID",
            "Customer Realname",
            "CustomerName",
            "Kundenbenutzer",
            "Client utilisateur",
            "Usuario del cliente",
            "Usuário Cliente",
            "Usuário do Cliente",
            "From",
        ),
        "customer": (
            "CustomerID",
            "Customer ID",
            "Kundennummer",
            "Kunden-ID",
            "ID client",
            "Número de cliente",
            "ID del cliente",
            "ID do Cliente",
        ),
        "opened_at": CREATED,
        "first_response_at": (
            "First Response",
            "FirstResponse",
            "Erste Reaktion",
            "Première réponse",
            "Primera respuesta",
            "Primeira Resposta",
        ),
        "resolved_at": CLOSED,
        "closed_at": CLOSED,
        "updated_at": (
            "Last Changed",
            "Changed",
            "Zuletzt geändert",
            "Dernière modification",
            "Último cambio",
            "Última Alteração",
        ),
        "tool_due_at": ("SolutionTimeDestinationDate",),
        "state_type": ("StateType", "State Type"),
    },
    recognised_by=(
        NUMBER,
        CREATED,
        (
            "StateType",
            "FirstLock",
            "First Lock",
            "ArticleTree",
            "SolutionInMin",
            "SolutionTime",
            "UnlockTimeout",
            "EscalationTime",
            "Agent/Owner",
            "Agent/Besitzer",
            "Opérateur/Propriétaire",
            "Technicien/Propriétaire",
            "Agente/Propietario",
            "Atendente/Proprietário",
            "CustomerID",
            "Customer ID",
            "Customer User",
            "Kundenbenutzer",
        ),
        ("Queue", "File", "Cola", "Fila", "Coda"),
    ),
    values={"kind": KINDS, "state": STATES, "priority": PRIORITIES},
    derived={"state": Derived("state_type", STATE_TYPES, for_unknown_words=True)},
    ignored=("Number", "Nummer", "Numéro", "Número"),
    date_or_none=("first_response_at", "tool_due_at"),
    null_markers=(*NULL_MARKERS, "Unclassified", "Unklassifiziert"),
    own_types=True,
    cannot_give=(
        "the history: pending intervals, hand-overs, reopenings; a resolution apart from the "
        "closing; durations in calendar time (those in minutes are the hours of the tool's own "
        "calendar and only kept)"
    ),
)

FORMS = (TICKETS,)
