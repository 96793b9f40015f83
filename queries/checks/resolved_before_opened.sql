/*
label       = "Resolved before opened"
explanation = """
One of the two instants is wrong, so their duration is not used. It could be nothing, or as long as
the instants lie apart, had they been exchanged.
"""
among       = "finished"

[affects]
mttr                     = "values"
same_day_resolution      = "either"
first_contact_resolution = "either"
sla_compliance           = "either"
mtbf                     = "excluded"
availability             = "excluded"
*/
select
    ticket_id,
    'resolved ' || resolved_at || ', opened ' || opened_at as detail,
    0.0 as low,
    epoch(opened_at) - epoch(resolved_at) as high
from counted_tickets
where resolved_at < opened_at
