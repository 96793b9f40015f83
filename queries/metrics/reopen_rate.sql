/*
label       = "Reopened"
title       = "Reopen rate"
unit        = "share"
aggregate   = "rate"
better      = "lower"
explanation = """
Incidents finished in the period that had been reopened at least once.
"""

[needs]
reopen_count = "this export carries neither a history of states nor a count of reopenings: load the one or add the other"
*/
select
    *,
    finished_at as counted_at,
    reopen_count > 0 as value
from counted_tickets
where kind = 'incident'
    and is_finished
