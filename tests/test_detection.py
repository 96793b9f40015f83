"""Which source a header is: look-alikes told apart, near misses refused with a way out."""

from __future__ import annotations

import pytest

from pipelines.sources import detect, folded, forms
from policies.refusal import Refused

# header -> source and form
LOOK_ALIKES = {
    "Ticket ID,Subject,Status,Priority,Group,Agent,Created time,Resolved time,Last update time": (
        "freshdesk", "ticket export"),
    "Ticket ID,Subject,Status,Category,Sub-Category,Product,Created time,Due by Time": (
        "freshdesk", "ticket export"),
    "Ticket ID,Subject,Status,Priority,Category,Item,Requester Name,Created time,Due by Time": (
        "freshservice", "ticket export"),
    "ID;Title;Status;Opening date": ("glpi", "ticket list, English"),
    "ID;Titre;Statut;Date d'ouverture": ("glpi", "ticket list, French"),
    "ID;Título;Estado;Fecha de apertura": ("glpi", "ticket list, Spanish"),
    "ID;Título;Estado;Data de abertura": ("glpi", "ticket list, Portuguese"),
    "number,opened_at,short_description,state": ("servicenow", "incident list"),
    "Number,Opened,Short description,State": ("servicenow", "incident list by labels"),
    "Número,Abierto,Breve descripción,Estado": ("servicenow", "incident list by labels"),
    "number,opened_at,state,priority": ("generic", "tickets"),
    "number,at,field,old,new": ("generic", "ticket_events"),
    "number,sla,has_breached,started_at": ("generic", "tool_slas"),
    "task,sla,stage,has_breached,start_time,end_time": ("servicenow", "service levels of tasks"),
    "ticket,time,status,assignee": ("log", "status changes"),
    "ticket_id,timestamp,status,owner": ("log", "status changes"),
    "Case ID,Activity,Complete Timestamp,Resource": ("log", "status changes"),
    "Request ID,Subject,Created Time,Completed Time,Technician,Overdue Status": (
        "servicedesk_plus", "requests without a resolved time"),
    "Incident Number,Assigned Group,Reported Date,Last Resolved Date,SLM Status": (
        "bmc_helix", "incidents"),
    "id,incident_number,service_name,created_at,resolved_at,seconds_to_resolve": (
        "pagerduty", "incidents"),
    "Ticket#;Age;Created;Closed;State;Queue;Owner;CustomerID": ("otrs", "ticket list"),
    "Number;Ticket#;Title;Created;Close Time;Queue;Agent/Owner;StateType": ("otrs", "ticket list"),
    "Ticket Number,Date Created,Subject,From Email,Department,Current Status": (
        "osticket", "ticket export"),
    "Incident ID;Status;Open Time;Close Time;Closure Code": (
        "service_manager", "incident records"),
}  # fmt: skip
NEAR_MISSES = (
    "Ticket ID,Subject,Status,Priority",  # no time at all
    "Number,Short description,State",
    "ID;Titre;Statut",
    "Number,Opened",  # nothing that says whose
    "name,amount,currency",
    "sla,stage,has_breached",  # no ticket
)


def header(text: str) -> tuple[str, ...]:
    return tuple(text.split(";" if ";" in text else ","))


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_are_told_apart(text: str) -> None:
    first = detect(header(text), "export.csv", None)[0]
    assert (first.source, first.name) == LOOK_ALIKES[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses_are_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Refused, match="meantime sources"):
        detect(header(text), "export.csv", None)


def test_every_form_knows_the_header_that_it_asks_for() -> None:
    """The first name of each group is enough."""
    for form in forms():
        names = tuple(group[0] for group in form.recognised_by)
        assert form.recognises(names), form.name


def test_names_are_compared_without_case_accents_and_extra_blanks() -> None:
    assert folded("Fecha  de Resolución ") == folded("FECHA DE RESOLUCION")
    assert folded("Date d’ouverture") == folded("date d'ouverture")
    assert folded("opened_at") != folded("opened at")
