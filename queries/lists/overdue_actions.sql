/*
Actions of post-incident reviews that were due before the moment of the data and are not done, the
longest overdue first. Grain: one row per action. An action without a date is never overdue.
*/
select
    tickets.ticket_id,
    tickets.number,
    tickets.title,
    tickets.priority,
    tickets.service,
    reviews.action,
    reviews.owner,
    reviews.held_at,
    reviews.due_at,
    (epoch(data_span.data_at) - epoch(reviews.due_at)) / 86400 as days_overdue
from reviews
join tickets on tickets.ticket_id = reviews.ticket_id
cross join data_span
where reviews.action is not null
    and reviews.done_at is null
    and reviews.due_at < data_span.data_at
    and tickets.is_test is not true
    and tickets.merged_into is null
order by reviews.due_at, tickets.ticket_id, reviews.action
