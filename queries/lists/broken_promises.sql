/*
Clocks that fell due in a period and were breached, with what decided them, the latest first. Grain:
one row per clock. Seconds count in the clock's own calendar, without holds; an open one is late up
to its export.
*/
select
    clocks.ticket_id,
    tickets.number,
    tickets.title,
    counted_tickets.* exclude (ticket_id, priority),
    cast(clocks.priority as varchar) as priority,
    clocks.sla,
    cast(clocks.clock as varchar) as clock,
    cast(clocks.calendar as varchar) as calendar,
    clocks.started_at,
    clocks.due_at,
    clocks.stopped_at,
    clocks.target_seconds,
    clocks.paused_seconds,
    clocks.elapsed_seconds - clocks.target_seconds as late_seconds,
    clocks.reason
from clocks
inner join counted_tickets on counted_tickets.ticket_id = clocks.ticket_id
inner join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.clock in ('response', 'resolution')
    and clocks.state = 'breached'
    and clocks.due_at >= $from_at
    and clocks.due_at < $to_at
    and clocks.due_at <= clocks.exported_at
order by late_seconds desc, clocks.ticket_id, clocks.clock, clocks.cycle
