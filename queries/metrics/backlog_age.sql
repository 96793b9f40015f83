/*
label       = "Backlog age"
title       = "Mean age of open tickets"
unit        = "duration"
aggregate   = "level"
better      = "lower"
explanation = """
Time since opening, around the clock, of the tickets of every kind that are open at the end of the
period, or at the moment of the newest export if that is earlier. A reopened ticket is as old as
its first opening.
"""
*/
select
    counted_tickets.*,
    open_intervals.from_at,
    open_intervals.to_at
from open_intervals
join counted_tickets on counted_tickets.ticket_id = open_intervals.ticket_id
