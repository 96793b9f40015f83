/*
label       = "States nobody mapped"
explanation = """
The tool's word is not one of ours, so the state is unknown: whether the ticket is open is told by its
resolution and closure alone, and a hold is not seen. A mapping of the file's words settles it.
"""
among       = "tickets"

[affects]
mttr           = "excluded"
backlog        = "either"
sla_compliance = "either"
*/
select
    ticket_id,
    coalesce('state ' || source_state, 'state unknown') as detail
from counted_tickets
where state = 'unknown'
