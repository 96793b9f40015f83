/*
label       = "Out of hours"
title       = "Opened outside of office hours"
unit        = "share"
aggregate   = "rate"
better      = "neither"
explanation = """
Tickets of every kind opened in the period at an instant at which the default calendar is closed:
nights, weekends, holidays, breaks. Every figure can be cut by out_of_hours, hour and weekday (those
of the reporting zone, at opening).
"""
switches    = ["default_calendar", "timezone"]
*/
select
    *,
    opened_at as counted_at,
    out_of_hours as value
from counted_tickets
