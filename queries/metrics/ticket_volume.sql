/*
label       = "Volume"
title       = "Tickets opened"
unit        = "count"
aggregate   = "count"
better      = "neither"
explanation = """
Tickets opened in the period, of every kind, whatever became of them. Tests and tickets merged
into another are left out.
"""
*/
select
    *,
    opened_at as counted_at,
    true as value
from counted_tickets
