/*
Clocks that fell due in a period and were breached, the latest first. Grain: one row per clock.
`late_seconds` counts in the clock's own calendar, without holds; an open one is late up to its
export. {conditions} are the filters, by columns of clocks; every ticket that counts has a kind.
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
    clocks.due_at,
    clocks.stopped_at,
    clocks.elapsed_seconds - clocks.target_seconds as late_seconds,
    clocks.stopped_at is null as still_open
from clocks
inner join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.clock = $clock
    and clocks.state = 'breached'
    and clocks.kind is not null
    and clocks.due_at >= $from_at
    and clocks.due_at < $to_at
    and clocks.due_at <= clocks.exported_at
    and {conditions}
order by late_seconds desc, clocks.ticket_id
