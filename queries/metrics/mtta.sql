/*
label       = "MTTA"
title       = "Mean time to acknowledge"
unit        = "duration"
aggregate   = "mean"
better      = "lower"
explanation = """
From opened to the first sign that somebody has it - an assignee, leaving New, or an agent's
answer - around the clock, over the incidents opened in the period. Those nobody acknowledged yet
have no time and lower the coverage; an automatic answer acknowledges nothing.
"""

[needs]
acknowledged_at = "this export carries neither a history nor a first response: load the one or add the other (first_response_at)"
*/
select
    *,
    opened_at as counted_at,
    acknowledge_seconds as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
