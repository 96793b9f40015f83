/*
What came back: the chains of repeats with a repeat opened in a period. Grain: one row per chain and
ticket of it opened before the period's end, in order. `is_inside` tells those of the period, which
alone cost anything here; `open_seconds` run from opened to resolved, null while open.
*/
with touched as (
    select distinct repeats.chain
    from repeats
    inner join counted_tickets on counted_tickets.ticket_id = repeats.ticket_id
    where counted_tickets.opened_at >= $from_at
        and counted_tickets.opened_at < $to_at
),

members as (
    select
        chain,
        ticket_id
    from repeats
    where chain in (select chain from touched)
    union
    select
        chain,
        chain
    from touched
)

select
    members.chain,
    counted_tickets.*,
    tickets.number,
    tickets.title,
    counted_tickets.opened_at >= $from_at as is_inside,
    epoch(counted_tickets.resolved_at) - epoch(counted_tickets.opened_at) as open_seconds
from members
inner join counted_tickets on counted_tickets.ticket_id = members.ticket_id
inner join tickets on tickets.ticket_id = members.ticket_id
where counted_tickets.opened_at < $to_at
order by
    members.chain,
    counted_tickets.opened_at,
    members.ticket_id
