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
with promised as (
    select distinct clock
    from slas
    where clock in ('response', 'resolution')
)
select
    counted_tickets.*,
    promised.clock,
    opened_at as counted_at,
    uncovered_clocks.ticket_id is null as value
from counted_tickets
cross join promised
left join uncovered_clocks
    on uncovered_clocks.ticket_id = counted_tickets.ticket_id
    and uncovered_clocks.clock = promised.clock
