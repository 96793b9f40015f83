/*
label       = "Ping-pong"
title       = "Handed straight back to a group that gave it away"
unit        = "share"
aggregate   = "rate"
better      = "lower"
explanation = """
Incidents finished in the period that one group handed to another and got straight back (A, B, A)
at least once, of those with a history.
"""

[needs]
value       = "this export carries no history of groups: load the log of changes of its tickets"
*/
select
    *,
    finished_at as counted_at,
    case
        when has_group_history then
            ticket_id in (select handovers.ticket_id from handovers where is_return)
    end as value
from counted_tickets
where kind = 'incident'
    and is_finished
