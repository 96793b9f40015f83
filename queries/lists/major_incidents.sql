/*
Incidents opened in a period that were declared major, oldest first. Grain: one row per ticket.
`children` are the tickets under it; review columns are null where no review is known, and
`tells_of_reviews` is false where no export knows of any.
*/
with children as (
    select
        parent_id,
        count(*) as children
    from tickets
    where parent_id is not null
    group by parent_id
),

held_reviews as (
    select
        ticket_id,
        min(held_at) as review_held_at,
        count(action) as actions,
        count(action) filter (done_at is null) as open_actions
    from reviews
    group by ticket_id
)

select
    counted_tickets.* exclude (reviewed_at),
    tickets.number,
    tickets.title,
    coalesce(tickets.reviewed_at, held_reviews.review_held_at) as reviewed_at,
    coalesce(held_reviews.actions, 0) as actions,
    coalesce(held_reviews.open_actions, 0) as open_actions,
    (select count(*) from reviews) + (select count(reviewed_at) from tickets) > 0
        as tells_of_reviews,
    coalesce(children.children, 0) as children
from counted_tickets
inner join tickets on tickets.ticket_id = counted_tickets.ticket_id
left join children on children.parent_id in (tickets.ticket_id, tickets.number)
left join held_reviews on held_reviews.ticket_id = tickets.ticket_id
where counted_tickets.is_major
    and counted_tickets.kind = 'incident'
    and counted_tickets.state is distinct from 'cancelled'
    and counted_tickets.opened_at >= $from_at
    and counted_tickets.opened_at < $to_at
order by counted_tickets.opened_at, counted_tickets.ticket_id
