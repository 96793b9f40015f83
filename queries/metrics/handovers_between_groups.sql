/*
label       = "Moves"
title       = "Hand-overs between groups"
unit        = "count"
aggregate   = "count"
better      = "lower"
one_row     = "move"
explanation = """
Times that an incident was handed from one group (from_group) to another (to_group) in the period,
read from the histories; is_return marks those that went straight back. An incident without a history
cannot tell and lowers the coverage.
"""

[needs]
value       = "this export carries no history of groups: load the log of changes of its tickets"
*/
select
    counted_tickets.*,
    from_group,
    to_group,
    is_return,
    handed_at as counted_at,
    true as value
from handovers
join counted_tickets on counted_tickets.ticket_id = handovers.ticket_id
where kind = 'incident'
union all
select
    *,
    null,
    null,
    null,
    opened_at,
    null
from counted_tickets
where kind = 'incident'
    and not has_group_history
