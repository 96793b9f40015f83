/*
label       = "First contact"
title       = "First-contact resolution"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period that people resolved within the time for a first contact (of the
default calendar), never reassigned and never reopened and, where the export counts contacts, with
one. What a machine resolved is no contact.
"""
switches    = ["definitions.first_contact_within", "default_calendar"]

[needs]
reassignment_count = "this export carries neither a history of groups nor a count of reassignments: load the one or add the other"
resolved_at        = "this export carries no resolution instant: add the column with it (resolved_at)"
*/
select
    *,
    finished_at as counted_at,
    is_first_contact as value
from counted_tickets
where kind = 'incident'
    and is_finished
