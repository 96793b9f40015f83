/*
label       = "Open and overdue"
title       = "Clocks past their deadline and still open"
unit        = "count"
aggregate   = "level"
better      = "lower"
one_row     = "promise"
explanation = """
Response and resolution clocks that are past their deadline and have not stopped, at the end of
the period or at the moment of the newest export if that is earlier. One ticket may have two.
"""
*/
select
    *,
    breached_at as from_at,
    stopped_at as to_at
from promises
where clock in ('response', 'resolution')
    and verdict = 'breached'
