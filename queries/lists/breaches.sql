/*
Clocks that fell due in a period and were breached, the latest first. Grain: one row per clock.
`late_seconds` counts in the clock's own calendar, without holds; an open one is late up to its export.
*/
select
    clocks.ticket_id,
    clocks.number,
    tickets.title,
    counted_tickets.* exclude (ticket_id, priority),
    clocks.priority,
    clocks.sla,
    clocks.clock,
    clocks.due_at,
    clocks.stopped_at,
    clocks.elapsed_seconds - clocks.target_seconds as late_seconds,
    clocks.stopped_at is null as still_open
from clocks
inner join counted_tickets on counted_tickets.ticket_id = clocks.ticket_id
inner join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.clock = $clock
    and clocks.state = 'breached'
    and clocks.due_at >= $from_at
    and clocks.due_at < $to_at
    and clocks.due_at <= clocks.exported_at
order by late_seconds desc, clocks.ticket_id
