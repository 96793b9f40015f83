/*
label       = "Closed without a resolution"
explanation = """
Nobody knows when they were resolved: at the earliest when they were opened, at the latest when they
were closed, which is often an automatism days later. Their duration is not used; their resolution
clocks run to the closing, so a breach may have been none.
"""
among       = "finished"

[affects]
mttr                     = "values"
same_day_resolution      = "either"
first_contact_resolution = "either"
sla_compliance           = "better"
mtbf                     = "values"
availability             = "values"
*/
select
    ticket_id,
    'closed ' || closed_at as detail,
    0.0 as low,
    epoch(closed_at) - epoch(opened_at) as high
from counted_tickets
where closed_at >= opened_at
    and resolved_at is null
