/*
label       = "Repeats"
title       = "Repeat incidents"
unit        = "share"
aggregate   = "rate"
better      = "lower"
explanation = """
Incidents opened in the period that follow an earlier one with the same key within the policy's
days; the earlier one may lie before the period. The first of a chain is no repeat. An incident
without a complete key cannot be judged and lowers the coverage; children of a major incident and
cancelled ones are left out.
"""
switches    = ["definitions.repeat_key", "definitions.repeat_days"]

[needs]
is_repeat = "no incident carries every part of the repeat key ([definitions] repeat_key): add its columns"
*/
select
    *,
    opened_at as counted_at,
    is_repeat as value
from counted_tickets
where kind = 'incident'
    and state is distinct from 'cancelled'
    and not is_child_of_major
