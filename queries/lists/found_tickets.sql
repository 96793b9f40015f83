/*
Tickets that count, found by words and filters. Grain: one row per ticket. {conditions} are tests
of `ticket` (counted_tickets) and `told` (tickets) with bound parameters, {order} is newest or
oldest opening first.
*/
select
    ticket.ticket_id,
    told.number,
    told.title,
    cast(ticket.state as varchar) as state,
    cast(ticket.priority as varchar) as priority,
    cast(ticket.service as varchar) as service,
    cast(ticket.resolver_group as varchar) as resolver_group,
    ticket.opened_at,
    ticket.resolved_at,
    cast(ticket.kind as varchar) as kind,
    cast(ticket.category as varchar) as category,
    cast(ticket.customer as varchar) as customer,
    cast(ticket.location as varchar) as location,
    cast(ticket.channel as varchar) as channel,
    cast(ticket.assignee as varchar) as assignee
from counted_tickets as ticket
inner join tickets as told on told.ticket_id = ticket.ticket_id
where {conditions}
order by ticket.opened_at {order}, ticket.ticket_id
