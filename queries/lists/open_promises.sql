/*
Clocks that still run, wait or are open past their deadline at the moment of their export, by the
time left in the clock's own calendar. Grain: one row per clock. `left_seconds` is negative once the
target is used up. {conditions} are the filters, by columns of clocks; every ticket that counts has
a kind.
*/
select
    clocks.ticket_id,
    clocks.number,
    tickets.title,
    clocks.priority,
    clocks.service,
    clocks.resolver_group,
    clocks.customer,
    clocks.sla,
    clocks.state as clock_state,
    clocks.due_at,
    clocks.target_seconds - clocks.elapsed_seconds as left_seconds
from clocks
inner join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.clock = $clock
    and clocks.stopped_at is null
    and clocks.state in ('running', 'paused', 'breached')
    and clocks.kind is not null
    and {conditions}
order by left_seconds, clocks.ticket_id
