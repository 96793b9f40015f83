/*
label       = "SLA coverage"
title       = "Tickets that a promise was made for"
unit        = "share"
aggregate   = "rate"
better      = "higher"
one_row     = "promise"
explanation = """
Tickets opened in the period that have a clock, of all tickets that count, once for response and
once for resolution. Where no service level fits, the calendar has no hours, or the export cannot
tell the instants, there is no clock, and the ticket stands in no other figure of service levels.
"""

[needs]
value       = "the policy promises neither a response nor a resolution"
*/
select
    counted_tickets.ticket_id,
    clocks.clock,
    opened_at as counted_at,
    bool_or(clocks.state <> 'no_clock') as value
from clocks
join counted_tickets on counted_tickets.ticket_id = clocks.ticket_id
where clocks.clock in ('response', 'resolution')
group by
    counted_tickets.ticket_id,
    clocks.clock,
    opened_at
