/*
label       = "Overdue share"
title       = "Open clocks that are past their deadline, of all open clocks"
unit        = "share"
aggregate   = "level"
better      = "lower"
one_row     = "promise"
explanation = """
Of the response and resolution clocks that have started and not stopped at the end of the period,
or at the moment of the newest export if that is earlier, the share that is past its deadline.
Clocks without a verdict and cancelled ones are not among them.
"""

[needs]
sla         = "no service level of the policy fits a ticket: they fit by priority, say"
*/
select
    *,
    started_at as from_at,
    stopped_at as to_at,
    breached_at as since_at
from promises
where clock in ('response', 'resolution')
    and verdict in ('running', 'paused', 'met', 'breached')
