/*
The repeats of one incident and of those that it repeats, oldest first, itself among them. Grain:
one row per ticket of the chain; none where nothing is repeated. `seconds_since_previous` is null
for the first, which repeats nothing.
*/
with own as (
    select coalesce(max(chain), $ticket_id) as chain
    from repeats
    where ticket_id = $ticket_id
),

members as (
    select
        ticket_id,
        seconds_since_previous
    from repeats
    where chain = (select chain from own)
)

select
    tickets.ticket_id,
    tickets.number,
    tickets.title,
    tickets.opened_at,
    tickets.resolved_at,
    tickets.resolver_group,
    members.seconds_since_previous
from tickets
left join members on members.ticket_id = tickets.ticket_id
where members.ticket_id is not null
    or (
        tickets.ticket_id = (select chain from own)
        and exists (select 1 from members)
    )
order by tickets.opened_at, tickets.ticket_id
