/*
Closed incidents that the policy wants reviewed and whose time for it is over without a review, the
longest overdue first. Grain: one row per ticket. `days_overdue` runs from the end of that time to
the moment of the data. No row where the exports carry no reviews at all: then nobody knows.
*/
select
    tickets.ticket_id,
    tickets.number,
    tickets.title,
    tickets.priority,
    tickets.service,
    tickets.resolver_group,
    tickets.opened_at,
    tickets.closed_at,
    reviews_due.due_at,
    (epoch(data_span.data_at) - epoch(reviews_due.due_at)) / 86400 as days_overdue
from reviews_due
join tickets on tickets.ticket_id = reviews_due.ticket_id
cross join data_span
where reviews_due.is_known
    and reviews_due.held_at is null
    and reviews_due.due_at <= data_span.data_at
order by reviews_due.due_at, tickets.ticket_id
