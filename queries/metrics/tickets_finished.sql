/*
label       = "Finished"
title       = "Tickets finished"
unit        = "count"
aggregate   = "count"
better      = "neither"
explanation = """
Times that a ticket of any kind left the backlog in the period: resolved, closed or cancelled. One
that came back and was finished again counts twice, so that over any days opening + opened +
reopened - finished = closing.
"""
*/
select
    *,
    to_at as counted_at,
    true as value
from open_intervals
where to_at is not null
