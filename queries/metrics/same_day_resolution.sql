/*
label       = "Same day"
title       = "Resolved on the day of opening"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period whose resolution fell on the day of their opening, in the
reporting zone. One without a resolution instant cannot be judged and lowers the coverage.
"""
switches    = ["timezone"]

[needs]
resolved_at = "this export carries no resolution instant: add the column with it (resolved_at)"
*/
select
    *,
    finished_at as counted_at,
    is_resolved_same_day as value
from counted_tickets
where kind = 'incident'
    and is_finished
