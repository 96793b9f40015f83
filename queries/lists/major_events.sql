/*
What happened to the major incidents opened in a period: state, group and priority, in order. Grain:
one row per change.
*/
select
    ticket_events.ticket_id,
    ticket_events."at",
    ticket_events.field,
    ticket_events.new
from ticket_events
inner join counted_tickets on counted_tickets.ticket_id = ticket_events.ticket_id
where counted_tickets.is_major
    and counted_tickets.opened_at >= $from_at
    and counted_tickets.opened_at < $to_at
    and ticket_events.field in ('state', 'resolver_group', 'priority')
    and ticket_events.new is not null
order by ticket_events.ticket_id, ticket_events."at", ticket_events.sequence, ticket_events.field
