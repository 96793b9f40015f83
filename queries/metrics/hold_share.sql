/*
label       = "Hold share"
title       = "Share of a resolution's hours spent on hold"
unit        = "share"
aggregate   = "mean"
better      = "lower"
explanation = """
For each resolution clock that stopped in the period, the hours of its calendar in which it was
paused, of all of its hours; the mean over the clocks. A clock that lived outside its hours has no
share.
"""

[needs]
value       = "no resolution clock that could pause ended here: it takes a service level for resolution and a history of states"
*/
select
    *,
    stopped_at as counted_at,
    paused_seconds / nullif(paused_seconds + elapsed_seconds, 0) as value
from promises
where clock = 'resolution'
    and verdict in ('met', 'breached')
    and stopped_at is not null
    and basis = 'events'
