-- One row per closed incident that the policy wants reviewed: until when, and when its first review
-- was held. Without a review it is on time for nobody once the time is over.
create or replace table reviews_due as
with held as (
    select
        ticket_id,
        min(held_at) as held_at
    from reviews
    where held_at is not null
    group by ticket_id
)
select
    counted_tickets.ticket_id,
    counted_tickets.closed_at + to_seconds(definitions.review_seconds) as due_at,
    least(held.held_at, counted_tickets.reviewed_at) as held_at,
    (select count(*) from held) + (select count(reviewed_at) from counted_tickets) > 0 as is_known
from counted_tickets
join tickets_to_review on tickets_to_review.ticket_id = counted_tickets.ticket_id
cross join definitions
left join held on held.ticket_id = counted_tickets.ticket_id
where counted_tickets.kind = 'incident'
    and counted_tickets.closed_at is not null
    and counted_tickets.state is distinct from 'cancelled';
