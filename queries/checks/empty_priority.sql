/*
label       = "Incidents without a priority"
explanation = """
No service level that asks for a priority fits them, so they have no clock. SLA compliance could be
as low, or as high, as if each had missed or kept one promise more.
"""
among       = "incidents"

[affects]
sla_compliance = "missing"
mtbf           = "missing"
availability   = "missing"
*/
select
    ticket_id,
    'no priority' as detail
from counted_tickets
where kind = 'incident'
    and priority is null
