/*
label       = "Update cadence"
title       = "Updates that came in time"
unit        = "share"
aggregate   = "rate"
better      = "higher"
one_row     = "update"
explanation = """
Stretches from one public update to the next, or to the resolution, that kept within the time that
the policy's update clocks promise (by default 15 minutes for P1 and major incidents). Where an
export has no public comments, every change of the record by a person is an update. A stretch
counts at its deadline.
"""

[needs]
value       = "no ticket of this export has an update clock that came to a verdict"
*/
select
    *,
    coalesce(due_at, stopped_at) as counted_at,
    met as value
from promises
where clock = 'update'
    and verdict in ('met', 'breached')
