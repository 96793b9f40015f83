/*
label       = "SLA completed"
title       = "Promises kept among the clocks that ended"
unit        = "share"
aggregate   = "rate"
better      = "higher"
one_row     = "promise"
explanation = """
Response and resolution clocks that stopped in the period, kept or breached. It is blind to what
is still open past its deadline: read SLA compliance and the open overdue clocks beside it.
"""

[needs]
value       = "no clock of the policy's service levels ended here: they fit tickets by priority, say"
*/
select
    *,
    stopped_at as counted_at,
    met as value
from promises
where clock in ('response', 'resolution')
    and verdict in ('met', 'breached')
    and stopped_at is not null
