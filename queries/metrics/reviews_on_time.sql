/*
label       = "Reviews on time"
title       = "Post-incident reviews held in time"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Closed incidents that the policy wants reviewed (by default every P1) whose review was held within
the policy's time after closure (by default 72 hours), before closure included. They count on the
day the time is over; one without a review is then not on time, and one whose time still runs is not
counted yet.
"""
switches    = ["reviews.where", "reviews.within"]

[needs]
value       = "this export carries no post-incident reviews: load a file of them (ticket_id, held_at) or add reviewed_at"
*/
select
    reviews_due.ticket_id,
    due_at as counted_at,
    case when is_known then coalesce(held_at <= due_at, false) end as value
from reviews_due
cross join data_span
where due_at <= data_at
