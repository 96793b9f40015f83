/*
label       = "Came back"
title       = "Tickets reopened"
unit        = "count"
aggregate   = "count"
better      = "lower"
explanation = """
Times that a ticket of any kind came back in the period after it had been resolved, closed or
cancelled, read from the histories. A ticket without a history cannot tell and lowers the coverage.
With the tickets opened and finished it explains every change of the backlog.
"""

[needs]
value       = "this export carries no history, so it cannot tell when a ticket came back: load the log of changes of its tickets"
*/
select
    *,
    from_at as counted_at,
    case when has_history then cycle > 1 end as value
from open_intervals
