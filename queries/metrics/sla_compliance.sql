/*
label       = "SLA compliance"
title       = "Promises that fell due and were kept"
unit        = "share"
aggregate   = "rate"
better      = "higher"
one_row     = "promise"
explanation = """
Response and resolution clocks whose deadline fell in the period and before the moment of the
newest export of their ticket; one still open past its deadline counts as breached. Running and paused
clocks have no verdict, cancelled ones leave, and tickets without a clock are in the coverage of
service levels. Looking only at clocks that ended would hide old open breaches: see SLA completed.
"""

[needs]
value       = "no service level of the policy came due here: they fit tickets by priority, say"
*/
select
    *,
    due_at as counted_at,
    met as value
from promises
where clock in ('response', 'resolution')
    and verdict in ('met', 'breached')
    and due_at <= exported_at
