/*
label       = "Backlog"
title       = "Open tickets"
unit        = "count"
aggregate   = "level"
better      = "lower"
explanation = """
Tickets of every kind that are open at the end of the period, or at the moment of the newest
export if that is earlier. Over any days, opening + opened + reopened - finished = closing. It
has no interval: it is what it is, not a sample.
"""
*/
select *
from open_intervals
