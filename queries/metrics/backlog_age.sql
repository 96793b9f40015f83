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
select *
from open_intervals
