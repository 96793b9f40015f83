/*
label       = "Escalation on time"
title       = "Escalations made within their time"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Tickets for which the policy expects an escalation (a hand-over to another group, or a raised
priority) within a time after opening, and that were escalated in time. One that was resolved
within that time needed none and is left out. Counted at the time by which it was expected. The
conditions look at the priority that the ticket was opened with.
"""
switches    = ["escalation"]

[needs]
value       = "no ticket has a history of groups or priorities to see an escalation in: load their log"
*/
select
    ticket_id,
    due_at as counted_at,
    escalated_at is not null and escalated_at <= due_at as value
from escalations
where due_at <= exported_at
    and (finished_at is null or finished_at > due_at)
