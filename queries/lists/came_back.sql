/*
Tickets that some candidate of what keeps coming back holds, opened in a stretch of time that ends
with the period. Grain: one row per ticket. `working_seconds` run from opened to resolved in the
default calendar, null while open.
*/
select
    counted_tickets.*,
    counted_tickets.resolve_working_seconds as working_seconds
from counted_tickets
where counted_tickets.ticket_id in (select ticket_id from candidate_tickets)
    and counted_tickets.opened_at >= $from_at
    and counted_tickets.opened_at < $to_at
order by counted_tickets.opened_at, counted_tickets.ticket_id
