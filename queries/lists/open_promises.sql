/*
Clocks that still run, wait or are open past their deadline at the moment of their export, by the
time left in the clock's own calendar, the first of them. Grain: one row per clock. `left_seconds`
is negative once the target is used up, `found` says how many there are. {conditions} are the
filters, by columns of clocks; every ticket that counts has a kind.
*/
with least_left as (
    select
        ticket_id,
        priority,
        service,
        resolver_group,
        customer,
        sla,
        state,
        due_at,
        target_seconds - elapsed_seconds as left_seconds,
        count(*) over () as found
    from clocks
    where clock = $clock
        and stopped_at is null
        and state in ('running', 'paused', 'breached')
        and kind is not null
        and {conditions}
    order by left_seconds, ticket_id
    limit $row_limit
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
    cast(clocks.state as varchar) as clock_state,
    clocks.due_at,
    clocks.left_seconds,
    clocks.found
from least_left as clocks
inner join tickets on tickets.ticket_id = clocks.ticket_id
order by clocks.left_seconds, clocks.ticket_id
