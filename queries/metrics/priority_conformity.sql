/*
label       = "Priority by the matrix"
title       = "Priority conformity"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents opened in the period whose last priority is the one that the policy's matrix gives for
their impact and urgency. One without any of the three cannot be judged and lowers the coverage.
"""
switches    = ["priority_matrix"]

[needs]
priority               = "this export carries no priority: add the column with it"
impact                 = "this export carries no impact: add the column with it"
urgency                = "this export carries no urgency: add the column with it"
is_priority_conforming = "the policy's priority matrix has no field for any of these tickets"
*/
select
    *,
    opened_at as counted_at,
    is_priority_conforming as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
