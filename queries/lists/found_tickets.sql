/*
Tickets that count, found by words and filters. Grain: one row per ticket. {conditions} are tests
of `ticket` (counted_tickets) and `told` (tickets) with bound parameters, {order} is newest or
oldest opening first.
*/
select
    ticket.ticket_id,
    told.number,
    told.title,
    ticket.state,
    ticket.priority,
    ticket.service,
    ticket.resolver_group,
    ticket.opened_at,
    ticket.resolved_at,
    ticket.kind,
    ticket.category,
    ticket.customer,
    ticket.location,
    ticket.channel,
    ticket.assignee
from counted_tickets as ticket
inner join tickets as told on told.ticket_id = ticket.ticket_id
where {conditions}
order by ticket.opened_at {order}, ticket.ticket_id
