/*
label       = "Time held"
title       = "Time on hold"
unit        = "duration"
aggregate   = "sum"
better      = "lower"
one_row     = "hold"
explanation = """
All the time, around the clock, of the holds that ended in the period, over the incidents; n counts
holds. Cut it by hold_reason to see what was waited for. An incident without a history cannot tell
and lowers the coverage.
"""

[needs]
value       = "this export carries no history of states: load the log of changes of its tickets"
*/
select
    counted_tickets.* exclude (hold_reason),
    reason as hold_reason,
    to_at as counted_at,
    epoch(to_at) - epoch(from_at) as value
from holds
join counted_tickets on counted_tickets.ticket_id = holds.ticket_id
where kind = 'incident'
    and to_at is not null
union all
select
    * exclude (hold_reason),
    null,
    opened_at,
    null
from counted_tickets
where kind = 'incident'
    and not has_history
