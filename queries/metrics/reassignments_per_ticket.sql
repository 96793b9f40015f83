/*
label       = "Hand-overs"
title       = "Reassignments per ticket"
unit        = "count"
aggregate   = "mean"
better      = "lower"
explanation = """
Moves between groups per incident, over the incidents finished in the period.
"""

[needs]
reassignment_count = "this export carries neither a history of groups nor a count of reassignments: load the one or add the other"
*/
select
    *,
    finished_at as counted_at,
    reassignment_count as value
from counted_tickets
where kind = 'incident'
    and is_finished
