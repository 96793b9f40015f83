/*
Clocks that still run, wait or are open past their deadline at the moment of their export, by the
time left in the clock's own calendar. Grain: one row per clock. `left_seconds` is negative once the
target is used up.
*/
select
    clocks.ticket_id,
    clocks.number,
    tickets.title,
    counted_tickets.* exclude (ticket_id, priority),
    clocks.priority,
    clocks.sla,
    clocks.clock,
    clocks.state as clock_state,
    clocks.due_at,
    clocks.target_seconds - clocks.elapsed_seconds as left_seconds
from clocks
inner join counted_tickets on counted_tickets.ticket_id = clocks.ticket_id
inner join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.clock = $clock
    and clocks.stopped_at is null
    and clocks.state in ('running', 'paused', 'breached')
order by left_seconds, clocks.ticket_id
