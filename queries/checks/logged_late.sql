/*
label       = "Written down long after opening"
explanation = """
The record was made more than a day after the opening that it states: somebody typed the opening
from memory. Counted from the moment of writing, the time to resolve would be shorter, and a breach
may have been none.
"""
among       = "tickets"

[affects]
mttr           = "values"
mtta           = "excluded"
sla_compliance = "better"
*/
select
    ticket_id,
    'opened ' || opened_at || ', written down ' || logged_at as detail,
    case
        when resolved_at >= opened_at then greatest(epoch(resolved_at) - epoch(logged_at), 0)
    end as low,
    case when resolved_at >= opened_at then epoch(resolved_at) - epoch(opened_at) end as high
from counted_tickets
where logged_at > opened_at + to_days(1)
