/*
Clocks that fell due in a period and were breached, the latest first: the first of all, and of each
priority the first. Grain: one row per clock. `late_seconds` counts in the clock's own calendar,
without holds; an open one is late up to its export. `place` is that among all, `found` says how
many there are. {conditions} are the filters, by columns of clocks; every ticket that counts has a
kind.
*/
with breached as (
    select
        ticket_id,
        priority,
        service,
        resolver_group,
        customer,
        sla,
        due_at,
        stopped_at,
        elapsed_seconds - target_seconds as late_seconds,
        row_number() over (order by late_seconds desc, ticket_id) as place,
        row_number() over (partition by priority order by late_seconds desc, ticket_id)
            as place_in_priority,
        count(*) over () as found
    from clocks
    where clock = $clock
        and state = 'breached'
        and kind is not null
        and due_at >= $from_at
        and due_at < $to_at
        and due_at <= exported_at
        and {conditions}
    qualify place <= $row_limit
        or place_in_priority = 1
)

-- titles are wide: they are joined to what is left
select
    clocks.ticket_id,
    tickets.number,
    tickets.title,
    cast(clocks.priority as varchar) as priority,
    cast(clocks.service as varchar) as service,
    cast(clocks.resolver_group as varchar) as resolver_group,
    cast(clocks.customer as varchar) as customer,
    cast(clocks.sla as varchar) as sla,
    clocks.due_at,
    clocks.stopped_at,
    clocks.late_seconds,
    clocks.stopped_at is null as still_open,
    clocks.place,
    clocks.found
from breached as clocks
inner join tickets on tickets.ticket_id = clocks.ticket_id
order by clocks.place
