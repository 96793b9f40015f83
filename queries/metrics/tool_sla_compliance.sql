/*
label       = "SLA (tool's flag)"
title       = "SLA compliance as the tool flags it"
unit        = "share"
aggregate   = "rate"
better      = "higher"
explanation = """
Incidents finished in the period that the tool itself flags as having met their service level. It
is believed, not computed, and blind to tickets that are still open past their deadline.
"""

[needs]
tool_sla_met = "this export carries no service-level flag: add the column with it (made_sla, SLA status), or load the tool's service levels"
*/
select
    *,
    finished_at as counted_at,
    tool_sla_met as value
from counted_tickets
where kind = 'incident'
    and is_finished
