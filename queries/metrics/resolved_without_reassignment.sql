/*
label       = "Without hand-over"
title       = "Resolved without reassignment"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period that were never reassigned to another group and never reopened.
"""

[needs]
reassignment_count = "this export carries neither a history of groups nor a count of reassignments: load the one or add the other"
reopen_count       = "this export carries neither a history of states nor a count of reopenings: load the one or add the other"
*/
select
    *,
    finished_at as counted_at,
    reassignment_count = 0 and reopen_count = 0 as value
from counted_tickets
where kind = 'incident'
    and is_finished
