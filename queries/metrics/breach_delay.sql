/*
label       = "Breach delay"
title       = "How late the breached clocks ended"
unit        = "duration"
aggregate   = "mean"
better      = "lower"
one_row     = "promise"
explanation = """
Elapsed time beyond the target, in the hours of the clock's calendar and without holds, over the
response and resolution clocks that breached and stopped in the period. Those still open are not
in it: see the open overdue clocks.
"""

[needs]
value       = "no breached clock ended here"
*/
select
    *,
    stopped_at as counted_at,
    elapsed_seconds - target_seconds as value
from promises
where clock in ('response', 'resolution')
    and verdict = 'breached'
    and stopped_at is not null
